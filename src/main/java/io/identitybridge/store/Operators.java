package io.identitybridge.store;

import io.identitybridge.model.OperatorRole;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Named operators of the admin API, each with roles and one token, kept as SHA-256. Revoking and expiring work with the next request, on every bridge. */
@Repository
public class Operators {
    /** How each of their tokens begins. */
    public static final String PREFIX = "pibo_";
    /** Small letters, digits and {@code . _ @ -}, so that a name is never taken for another actor of the audit, as {@code source:okta} is. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    /** Who else stands in the audit. */
    private static final Set<String> TAKEN = Set.of("operator", "system");

    private final Sql sql;
    private final TransactionTemplate transactions;

    public Operators(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** What a token shown to the admin API is worth. */
    public sealed interface Check {
        record Good(String name, Set<OperatorRole> roles) implements Check {
        }

        /** Was one once; its time is over. */
        record Expired(String name) implements Check {
        }

        /** Never made here, or revoked. */
        record Unknown() implements Check {
        }
    }

    /**
     * Makes an operator and gives the token, this once.
     *
     * @param life   empty: until it is revoked
     * @throws BadQuery where the name is none, is somebody else's, or has a living token already
     */
    public String create(String name, Collection<OperatorRole> roles, Optional<Duration> life, String by) {
        if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
            throw new BadQuery("a name has 1 to 64 of a-z, 0-9 and . _ @ -, and is none of " + TAKEN.stream().sorted().toList());
        }
        if (roles.isEmpty()) {
            throw new BadQuery("say at least one role: viewer, operator or approver");
        }
        String secret = Secrets.made(PREFIX);
        List<String> words = EnumSet.copyOf(roles).stream().map(OperatorRole::toString).toList();
        try {
            transactions.executeWithoutResult(tx -> {
                sql.run("insert into operator (id, name, roles, hash, created_by, expires_at) values (?, ?, ?::text[], ?, ?, now() + make_interval(secs => ?::double precision))",
                        Ids.next(), name, words, Secrets.hash(secret), by, life.map(Duration::toSeconds).map(Long::doubleValue).orElse(null));
                note("create operator " + name + " (" + String.join(", ", words) + ")", name, by);
            });
        } catch (DuplicateKeyException taken) {
            throw new BadQuery("there is an operator '" + name + "' already; revoke it first, and make it anew");
        }
        return secret;
    }

    /** Ends an operator's token at once; false where none of that name has a living one. */
    public boolean revoke(String name, String by) {
        return Boolean.TRUE.equals(transactions.execute(tx -> {
            boolean ended = sql.run("update operator set revoked_at = now() where name = ? and revoked_at is null", name) == 1;
            if (ended) {
                note("revoke operator " + name, name, by);
            }
            return ended;
        }));
    }

    /** Looks a token up by its hash, so that no comparison takes longer for a nearer guess. When it was used is written once a minute at most. */
    public Check check(String secret) {
        if (!Secrets.shaped(secret, PREFIX)) {
            return new Check.Unknown();
        }
        byte[] hash = Secrets.hash(secret);
        Check check = sql.row("select name, roles, expires_at <= now() as over from operator where hash = ? and revoked_at is null", (rs, n) -> rs.getBoolean("over") ? new Check.Expired(rs.getString("name"))
                : new Check.Good(rs.getString("name"), roles(Sql.texts(rs, "roles"))), hash).orElseGet(Check.Unknown::new);
        if (check instanceof Check.Good) {
            sql.run("update operator set last_used = now() where hash = ? and (last_used is null or last_used < now() - interval '1 minute')", hash);
        }
        return check;
    }

    private static Set<OperatorRole> roles(List<String> words) {
        return Set.copyOf(words.stream().flatMap(word -> OperatorRole.of(word).stream()).toList());
    }

    private void note(String what, String name, String by) {
        sql.run("insert into audit (actor, via, origin, set_hash, changes) values (?, 'operator', ?, coalesce((select hash from active_set order by seq desc limit 1), ''), array[?])", by, "operator:" + name, what);
    }
}
