package io.identitybridge.store;

import io.identitybridge.model.Failure;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Reaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys that may differ at Portkey. A key is leased in a short transaction to one bridge at a time, worked on without any lock, and done when its
 * generation is still the one that was leased. What a dead bridge held is taken over after its lease, in doubt.
 */
public final class Outbox {
    private static final int TRIES = 3;

    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Seals seals;

    public Outbox(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
        this.seals = seals;
    }

    /** How a key's turn ended. */
    public sealed interface End {
        /** Equal, as far as is known. */
        record Done() implements End {
        }

        /** Something else must come first: it is woken by that, or looked at again then. */
        record Waits(Duration again) implements End {
        }

        /**
         * Something failed.
         *
         * @param again   when it is tried next; empty: only after something has changed
         * @param doubt   a call may have had its effect all the same
         * @param letter  the letter about it; none while a target that is down explains it
         */
        record Failed(Optional<Instant> again, boolean doubt, Optional<Letter> letter) implements End {
        }

        /** Nothing was tried: it goes back to where it was. @param doubt a call may have had its effect all the same */
        record Back(boolean doubt) implements End {
        }
    }

    /**
     * What becomes of a key that failed.
     *
     * @param next    when it is tried next by itself
     * @param failure what Portkey answered, where it did
     */
    public record Letter(Problem problem, String step, Reaction.Next next, Optional<Failure> failure) {
    }

    /** One key's turn: what was learnt, and how it ended. */
    public record Turn(OutboxKey key, List<Effect> effects, End end) {
        public Turn {
            effects = List.copyOf(effects);
        }
    }

    /** These keys may differ now: within the transaction that changed them. */
    static void wants(Sql sql, String kind, Collection<UUID> keys, Collection<UUID> leavers) {
        Script script = new Script(sql);
        wants(script, kind, keys, leavers);
        script.send();
    }

    /** Likewise, in a script. */
    static void wants(Script script, String kind, Collection<UUID> keys, Collection<UUID> leavers) {
        if (!keys.isEmpty()) {
            script.run("insert into outbox (kind, key, leaver) select ?, t.id, t.id = any(?::uuid[]) from unnest(?::uuid[]) as t (id) order by t.id"
                    + " on conflict (kind, key) do update set generation = excluded.generation, leaver = outbox.leaver or excluded.leaver, due_at = now(), attempts = 0, first_failed_at = null, blocked = false,"
                    + " since = case when excluded.leaver and not outbox.leaver then now() else outbox.since end", kind, leavers, keys);
        }
    }

    /** Has these keys looked at now, as if they had changed. */
    public void again(OutboxKey.Kind kind, Collection<UUID> keys) {
        transactions.executeWithoutResult(tx -> wants(sql, kind.toString(), keys, List.of()));
    }

    /** Takes keys that are due, the longest due first. The lease has a short name, so that the row that grows by it stays where it is. */
    public List<OutboxKey> lease(boolean leavers, int most, Duration time) {
        String lease = UUID.randomUUID().toString();
        return transactions.execute(tx -> sql.rows("update outbox o set leased_by = ?, lease_until = now() + ? * interval '1 millisecond', doubt = o.doubt or o.lease_until is not null"
                        + " where o.ctid = any(array(select ctid from outbox where " + (leavers ? "leaver" : "not leaver") + " and due_at <= now() and (reads_first is null or reads_first < (select read_at from target)) and (lease_until is null or lease_until < now()) order by due_at limit ? for update skip locked))"
                        + " returning o.kind, o.key, o.generation, o.leaver, o.since, o.attempts, o.first_failed_at, o.doubt",
                (rs, n) -> new OutboxKey(OutboxKey.Kind.valueOf(rs.getString(1).toUpperCase(java.util.Locale.ROOT)), rs.getObject(2, UUID.class), rs.getLong(3), rs.getBoolean(4), rs.getTimestamp(5).toInstant(),
                        rs.getInt(6), Sql.instant(rs, "first_failed_at"), rs.getBoolean(8), lease), lease, time.toMillis(), most));
    }

    /** Writes down what was found at Portkey, or made there, apart from any key's turn. */
    public void found(List<Effect> effects) {
        if (!effects.isEmpty()) {
            again(() -> transactions.executeWithoutResult(tx -> new Observed(sql).record(effects, Optional.empty())));
        }
    }

    /**
     * Writes down what is about to be written at Portkey: should this bridge die over it, whoever takes the keys over knows whose it is. False, and nothing is written down, where this key, leased with the
     * others that it is about, is not this bridge's any more: another Portkey is published to by now, perhaps.
     */
    public boolean intend(OutboxKey key, List<Effect> effects) {
        AtomicBoolean ours = new AtomicBoolean(true);
        if (!effects.isEmpty()) {
            again(() -> transactions.executeWithoutResult(tx -> {
                ours.set(sql.row("select 1 from outbox where kind = ? and key = ? and leased_by = ? for share", (rs, n) -> true, key.kind().toString(), key.id(), key.lease()).isPresent());
                if (ours.get()) {
                    new Observed(sql).record(effects, Optional.empty());
                }
            }));
        }
        return ours.get();
    }

    /** Ends the turns of keys that this bridge still holds; what it learnt about others is left to whoever took them over. */
    public void settle(List<Turn> turns, Instant askedAt, String setHash) {
        again(() -> transactions.executeWithoutResult(tx -> new OutboxSettling(sql, seals).settle(turns, askedAt, setHash)));
    }

    /** Two bridges and the pushes between them may come to a deadlock: one of them is asked to try again. */
    private static void again(Runnable transaction) {
        for (int tries = 1; ; tries++) {
            try {
                transaction.run();
                return;
            } catch (TransientDataAccessException deadlock) {
                if (tries == TRIES) {
                    throw deadlock;
                }
            }
        }
    }

    /** How many keys wait, and how many of them are leavers. */
    public Waiting waiting() {
        return sql.row("select count(*), count(*) filter (where leaver), count(*) filter (where blocked), count(*) filter (where leaver and since < now() - interval '15 minutes') from outbox",
                (rs, n) -> new Waiting(rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4))).orElseThrow();
    }

    /** @param late leavers who have waited for more than 15 minutes */
    public record Waiting(long keys, long leavers, long blocked, long late) {
    }
}
