package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Bearer tokens, any number a source, kept only as SHA-256. Revoking and expiring work at once: every check asks the store.
 * When a token was last used is written at most once a minute, beside the requests.
 */
public final class Tokens implements AutoCloseable {
    /** How every token begins, so that secret scanners and people recognise one. */
    public static final String PREFIX = "pib_";
    private static final int BYTES = 32;
    private static final int LONGEST = 512;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sql sql;
    private final Set<UUID> used = ConcurrentHashMap.newKeySet();
    private final Ticker ticker;

    public Tokens(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
        this.ticker = new Ticker("token-use", Duration.ofMinutes(1), this::writeUse);
    }

    /** A new token; {@code secret} is shown this once. */
    public record Made(UUID id, String secret) {
        @Override
        public String toString() {
            return "token " + id;
        }
    }

    /** Makes a token; without {@code life} it holds until it is revoked. */
    public Made create(SourceName source, String label, Optional<Duration> life, String by) {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        Made made = new Made(Ids.next(), PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        sql.run("insert into token (id, source, hash, label, created_by, expires_at) values (?, ?, ?, ?, ?, now() + make_interval(secs => ?::double precision))",
                made.id(), source.value(), hash(made.secret()), label, by, life.map(Duration::toSeconds).map(Long::doubleValue).orElse(null));
        return made;
    }

    /** The tokens of a source, newest first, revoked ones too. */
    public List<Token> list(SourceName source) {
        return sql.rows("select id, source, label, created_at, created_by, expires_at, revoked_at, last_used from token where source = ? order by created_at desc, id desc", (rs, n) -> row(rs), source.value());
    }

    /** When the living tokens of each source that has some were last used; empty where none ever was. Up to a minute late. */
    public Map<SourceName, Optional<Instant>> living() {
        Map<SourceName, Optional<Instant>> living = new TreeMap<>();
        sql.rows("select source, max(last_used) as last_used from token where revoked_at is null and (expires_at is null or expires_at > now()) group by source",
                (rs, n) -> living.put(new SourceName(rs.getString(1)), Sql.instant(rs, "last_used")));
        return living;
    }

    /** Ends a token at once; false when the source has no living token of this id. */
    public boolean revoke(SourceName source, UUID id) {
        return sql.run("update token set revoked_at = now() where source = ? and id = ? and revoked_at is null", source.value(), id) == 1;
    }

    /** Looks a presented token up by its hash, so that no comparison of secrets takes longer for a nearer guess. */
    public TokenCheck check(String secret) {
        if (secret.length() > LONGEST) {
            return new TokenCheck.Unknown();
        }
        Optional<TokenCheck> found = sql.row("select id, source, expires_at <= now() as over from token where hash = ? and revoked_at is null", (rs, n) -> rs.getBoolean("over")
                ? new TokenCheck.Expired() : new TokenCheck.Good(rs.getObject("id", UUID.class), new SourceName(rs.getString("source"))), hash(secret));
        found.ifPresent(check -> {
            if (check instanceof TokenCheck.Good good) {
                used.add(good.token());
            }
        });
        return found.orElseGet(TokenCheck.Unknown::new);
    }

    /** Writes which tokens were used since the last time. */
    void writeUse() {
        Set<UUID> now = new HashSet<>(used);
        if (!now.isEmpty()) {
            used.removeAll(now);
            sql.run("update token set last_used = now() where id = any(?::uuid[])", now);
        }
    }

    @Override
    public void close() {
        ticker.close();
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Token row(ResultSet rs) throws SQLException {
        return new Token(rs.getObject("id", UUID.class), new SourceName(rs.getString("source")), rs.getString("label"), rs.getTimestamp("created_at").toInstant(), rs.getString("created_by"),
                Sql.instant(rs, "expires_at"), Sql.instant(rs, "revoked_at"), Sql.instant(rs, "last_used"));
    }
}
