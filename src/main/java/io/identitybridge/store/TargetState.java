package io.identitybridge.store;

import io.identitybridge.model.Breaker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** How things stand with the one Portkey that everything is published to, the same for all bridges. */
public final class TargetState {
    /** For so long (100 ms) one look serves all calls. */
    private static final long FRESH = 100_000_000;

    /** That workspace {@code w} may be made though target {@code t} does not show whether it is there; so may all before anybody was asked. */
    static final String AGREED = "coalesce(greatest(w.created_at, w.changed_at) <= t.made_until, true)";

    private final Sql sql;
    private final TransactionTemplate transactions;
    private final AtomicLong words = new AtomicLong();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Looked looked = new Looked(Optional.empty(), 0, -1);

    public TargetState(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /**
     * @param place   its kind and address
     * @param applies whether anything is written there
     * @param stopped why it lets us in no more, since when
     * @param waits   until when nothing is sent: it asked for that, or the circuit breaker is open
     * @param leaversWait until when nothing is sent of whoever leaves either
     * @param cautious the breaker was open, and nothing has gone well since: one key at a time
     * @param quarantined why only leavers go on: too much fails
     */
    public record Now(String place, boolean applies, Optional<String> why, Optional<String> stopped, Optional<Instant> stoppedAt, Optional<Instant> waits, Optional<Instant> leaversWait, boolean cautious, Optional<Instant> readAt, Optional<String> quarantined, Instant at) {
        /** Whether it is the one of this kind and address that everything is published to. */
        public boolean isAt(String kind, String address) {
            return place.equals(kind + " " + address);
        }

        /** Whether calls that write may go out now. */
        public boolean open(boolean leavers) {
            return applies && stopped.isEmpty() && (leavers ? leaversWait : waits).filter(until -> until.isAfter(at)).isEmpty();
        }

        /** Whether nothing is asked of it that can wait: it wants to be left alone, or fails. */
        public boolean rests() {
            return waits.filter(until -> until.isAfter(at)).isPresent();
        }

        /** Whether those go out who have not left, too. */
        public boolean openToAll() {
            return open(false) && quarantined.isEmpty();
        }
    }

    /**
     * Takes up with the target of these files. Another kind or address is another Portkey: what was known of the one before is forgotten, and
     * nothing is written until an operator says so. So it is where another database server than the one that wrote the row has it: it was restored.
     */
    public Now meet(String kind, String address) {
        Now met = transactions.execute(tx -> {
            String server = sql.row("select system_identifier || '/' || (select oid from pg_database where datname = current_database()) from pg_control_system()", (rs, n) -> rs.getString(1)).orElseThrow();
            sql.run("insert into target (kind, address, mode_why, database) values (?, ?, 'a Portkey that was not published to before', ?) on conflict (id) do nothing", kind, address, server);
            boolean other = sql.number("select count(*) from target where kind <> ? or address <> ?", kind, address) > 0;
            if (other) {
                forget();
                observe("another Portkey than before", "system");
            }
            if (sql.number("select count(*) from target where database <> ?", server) > 0) {
                observe("the database was restored on another server: what Portkey holds may be newer", "system");
            }
            sql.run("update target set kind = ?, address = ?, database = ?, stopped_at = case when ? then null else stopped_at end, stopped_why = case when ? then null else stopped_why end where kind <> ? or address <> ? or database <> ?", kind, address, server, other, other, kind, address, server);
            return now();
        });
        words.incrementAndGet();
        return met;
    }

    /**
     * What is known of the Portkey before, a reading of it that goes on, and what an operator has decided about it say nothing of this one; and what it refused this one may take. Keys that are being worked on
     * are nobody's any more: what their turns learn is about the one before.
     */
    private void forget() {
        sql.rows("select 1 from outbox where due_at > now() or leased_by is not null order by kind, key for update", (rs, n) -> 1); // in the order in which turns are settled
        sql.run("update outbox set due_at = now(), attempts = 0, first_failed_at = null, blocked = false, leased_by = null, lease_until = null where due_at > now() or leased_by is not null");
        List.of("target_person", "target_workspace", "target_group", "target_mapping", "target_left", "target_had", "target_gone", "target_drift").forEach(table -> sql.run("delete from " + table));
        sql.run("update target set quarantined_at = null, quarantine_why = null, trial_at = null, rated_since = now(), made_until = null, reading = null, reading_until = null, read_at = null, read_failed_at = null, read_why = null, read_wanted = false,"
                + " mappings_why = null, compared_at = null, matching = 0, adopted_at = null, failures = 0, failed_at = null, open_until = null, paused_until = null, leavers_paused_until = null, met_at = now()");
        sql.run("update target_finding set closed_at = now() where closed_at is null");
        Adoption.close(sql, "another Portkey is published to");
    }

    private void observe(String why, String by) {
        sql.run("update target set mode = 'observe', mode_by = ?, mode_at = now(), mode_why = ?", by, why);
    }

    public Now now() {
        return known().orElseThrow(() -> new IllegalStateException("no target was met yet"));
    }

    /** Empty before any target was met. */
    public Optional<Now> known() {
        return sql.row("select kind || ' ' || address as place, mode = 'apply' as applies, mode_why, stopped_why, stopped_at, greatest(open_until, paused_until) as waits, greatest(open_until, leavers_paused_until) as leavers_wait, open_until is not null as cautious, read_at, quarantine_why, now() as at from target",
                (rs, n) -> new Now(rs.getString("place"), rs.getBoolean("applies"), Sql.text(rs, "mode_why"), Sql.text(rs, "stopped_why"), Sql.instant(rs, "stopped_at"), Sql.instant(rs, "waits"), Sql.instant(rs, "leavers_wait"), rs.getBoolean("cautious"), Sql.instant(rs, "read_at"), Sql.text(rs, "quarantine_why"), rs.getTimestamp("at").toInstant()));
    }

    /** How things stood at most 100 ms ago; what has changed by this process since counts at once. Asked before each call. */
    public Now lately() {
        Optional<Now> fresh = looked.now(words.get());
        if (fresh.isPresent()) {
            return fresh.get();
        }
        looking.lock(); // a monitor would hold a virtual thread's carrier over the statement, on Java 21
        try {
            long word = words.get();
            Optional<Now> others = looked.now(word);
            if (others.isPresent()) {
                return others.get();
            }
            long at = System.nanoTime();
            Now now = now();
            looked = new Looked(Optional.of(now), at, word);
            return now;
        } finally {
            looking.unlock();
        }
    }

    /** @param word how often this process had said something itself before it looked */
    private record Looked(Optional<Now> was, long at, long word) {
        Optional<Now> now(long words) {
            return was.filter(some -> word == words && System.nanoTime() - at < FRESH);
        }
    }

    private int said(int rows) {
        words.incrementAndGet();
        return rows;
    }

    /** How far this database is. @param database its name among all, which another server or a copy beside it has not; @param generation the last of the outbox */
    public record Knowledge(String database, long generation) {
    }

    public Knowledge knows() {
        return sql.row("select t.database, s.last_value from target t, outbox_generation s", (rs, n) -> new Knowledge(rs.getString(1), rs.getLong(2))).orElseThrow(() -> new IllegalStateException("no target was met yet"));
    }

    /** Writes go out from now on, or none do. Audited by the caller. */
    public void mode(boolean applies, String by, String why) {
        said(sql.run("update target set mode = ?, mode_by = ?, mode_at = now(), mode_why = ?", applies ? "apply" : "observe", by, why));
    }

    /** Whoever says that has looked: the workspaces that are here by now and not shown there may be made; of later ones it is asked again. */
    public void agreed() {
        transactions.executeWithoutResult(tx -> {
            sql.run("update target set made_until = now()");
            Outbox.wants(sql, "workspace", sql.rows("select w.id from workspace w where " + TargetReads.TO_BE_MADE, (rs, n) -> rs.getObject(1, UUID.class)), List.of());
        });
    }

    /** What is known of how much fails there. */
    public TargetQuarantine quarantine() {
        return new TargetQuarantine(sql);
    }

    /**
     * It lets us in no more; gives whether that is new, so that there is one alarm. Where the small call that tries it goes well, and what stopped it is refused again for the same reason
     * within a quarter of an hour, nothing is new: a right to write is missing.
     */
    public boolean stopped(String why) {
        return sql.row("with was as (select id, resumed_why is not distinct from ? and resumed_at > now() - interval '15 minutes' as told from target where stopped_at is null for update)"
                + " update target t set stopped_at = now(), stopped_why = ?, probe_at = now() + case when was.told then interval '5 minutes' else interval '1 minute' end from was where t.id = was.id returning not coalesce(was.told, false)",
                (rs, n) -> said(1) == 1 && rs.getBoolean(1), why, why).orElse(false);
    }

    /** It lets us in again. */
    public boolean resumed() {
        return said(sql.run("update target set stopped_at = null, stopped_why = null, probe_at = null, resumed_at = now(), resumed_why = stopped_why where stopped_at is not null")) > 0;
    }

    /** Whether this bridge is to try once whether it lets us in again: one bridge, once in five minutes. */
    public boolean probes() {
        return sql.run("update target set probe_at = now() + interval '5 minutes' where stopped_at is not null and coalesce(probe_at, now()) <= now()") > 0;
    }

    /** It asked to be left alone; whoever leaves does not wait for longer than {@code leavers} before he is tried. */
    public void pause(Duration wait, Duration leavers) {
        said(sql.run("update target set paused_until = greatest(paused_until, now() + ? * interval '1 millisecond'), leavers_paused_until = greatest(leavers_paused_until, now() + ? * interval '1 millisecond')",
                wait.toMillis(), Math.min(wait.toMillis(), leavers.toMillis())));
    }

    /**
     * Calls went well, or failed for reasons of the target's own: so many in a row, and nothing is sent for a while, doubled with each as many more up to ten minutes.
     * Gives whether that begins now.
     */
    public boolean went(int failures, boolean anyWell, Breaker breaker) {
        if (anyWell) {
            sql.run("update target set failures = 0, failed_at = null, open_until = null where failures > 0");
            return false;
        }
        return failures > 0 && sql.row("with counted as (select case when failed_at < now() - ? * interval '1 millisecond' and open_until is null then 0 else failures end + ? as n from target for update)"
                        + " update target set failures = n, failed_at = now(), open_until = case when n >= ? then now() + least(interval '10 minutes', ? * interval '1 millisecond' * power(2, least(10, n / ? - 1))) end from counted"
                        + " returning n >= ? and n - ? < ?",
                (rs, n) -> rs.getBoolean(1), breaker.within().toMillis(), failures, breaker.failures(), breaker.open().toMillis(), breaker.failures(), breaker.failures(), failures, breaker.failures()).orElse(false);
    }

    /**
     * Takes calls from the budget that all bridges share; gives how many there were, at most those asked for. Whoever left waits for no budget:
     * {@code leavers} get what they ask for, and the others wait for it longer.
     */
    public int take(int calls, int perSecond, boolean leavers) {
        return sql.row("with budget as (select least(?, calls_left + extract(epoch from clock_timestamp() - calls_at) * ?) as have from target for update),"
                        + " taken as (select have, case when ? then ? else greatest(0, least(?, floor(have))) end as n from budget)"
                        + " update target set calls_left = have - n, calls_at = clock_timestamp() from taken returning n::int",
                (rs, n) -> rs.getInt(1), perSecond, perSecond, leavers, calls, calls).orElse(0);
    }
}
