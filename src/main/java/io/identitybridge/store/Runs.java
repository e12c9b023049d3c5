package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs, leases and cursors: one bridge at a time reads a source. */
public final class Runs {
    /** What stands for portkey.yaml's word on a source that may only observe: whatever it is later, everybody is looked at then. */
    public static final String OBSERVED = "observed";
    /** What stands for the files that some were looked at by: no files mean that. */
    private static final String PARTLY = "partly";
    /** Who takes over what nobody has gone on with for a day. */
    private static final String NOBODY = "nobody";
    /** What is said of a run that was reading when its source was paused. */
    public static final String PAUSED = "paused; it goes on at its page after source resume";
    /** Ends a source's lease, and each write under it. */
    private static final String NO_LEASE = "lease_owner = null, lease_until = null, lease_token = s.lease_token + 1";
    private final Sql sql;
    private final TransactionTemplate transactions;

    public Runs(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** A run that may go on. {@code resumed}: an earlier reading broke off and goes on where it was. */
    public record Started(UUID id, boolean resumed, boolean fullWanted) {
    }

    /** The database's time. */
    public Instant now() {
        return sql.row("select now()", (rs, n) -> rs.getTimestamp(1).toInstant()).orElseThrow();
    }

    /** Every source that ever had files here. */
    public List<SourceName> sources() {
        return sql.rows("select source from source_state order by source", (rs, n) -> new SourceName(rs.getString(1)));
    }

    /** Whether pulls of this source are paused or the source was released. */
    public boolean paused(SourceName source) {
        return sql.row("select paused or released_at is not null from source_state where source = ?", (rs, n) -> rs.getBoolean(1), source.value()).orElse(false);
    }

    /**
     * Who is reading the source stops where he is, and whoever goes on later does so there; what is applied already goes on to its end. To go on also ends a quarantine: somebody has
     * looked. After a release all is read: changes alone would bring back only who has changed.
     */
    public void pause(SourceName source, boolean paused) {
        alone(source, () -> {
            pausedNow(source, paused);
            boolean reads = paused && sql.run("update run r set message = ? where r.source = ? and r.status = 'reading' and not exists (select 1 from run o where o.source = r.source and o.status = 'applying')", PAUSED, source.value()) > 0;
            if (reads) {
                sql.run("update source_state s set " + NO_LEASE + " where s.source = ?", source.value());
            }
        });
    }

    private void pausedNow(SourceName source, boolean paused) {
        sql.run("insert into source_state (source, paused) values (?, ?) on conflict (source) do update set paused = excluded.paused, full_wanted = source_state.full_wanted or not excluded.paused and source_state.released_at is not null, released_at = case when excluded.paused then source_state.released_at end,"
                + " quarantined_at = case when excluded.paused then source_state.quarantined_at end, quarantine_why = case when excluded.paused then source_state.quarantine_why end,"
                + " rated_since = case when excluded.paused then source_state.rated_since else now() end", source.value(), paused);
    }

    /** Whoever is reading the source writes nothing of it any more. */
    public void released(SourceName source) {
        alone(source, () -> {
            sql.run("update source_state s set paused = true, released_at = now(), " + NO_LEASE + " where s.source = ?", source.value());
            sql.run("update run set status = 'failed', ended_at = now(), message = 'the source was released meanwhile' where source = ? and status in ('reading', 'applying')", source.value());
        });
    }

    /** Does the work while nobody writes under the source's lease. */
    private void alone(SourceName source, Runnable work) {
        transactions.executeWithoutResult(tx -> {
            sql.run("insert into source_state (source) values (?) on conflict do nothing", source.value());
            sql.rows("select 1 from source_state where source = ? for update", (rs, n) -> 0, source.value());
            work.run();
        });
    }

    /** Takes the source's lease; empty while another bridge has it. Asks for a full run later, if one was wanted. Waits for whoever is in the middle of a write under the lease that ran out. */
    public Optional<Lease> lease(SourceName source, String bridge, Duration length, boolean full) {
        sql.run("insert into source_state (source) values (?) on conflict do nothing", source.value());
        Optional<Lease> taken = sql.row("update source_state s set lease_owner = ?, lease_until = now() + make_interval(secs => ?), lease_token = s.lease_token + 1"
                + " from (select source from source_state where source = ? and (lease_until is null or lease_until < now() or lease_owner = ?) for update) free where s.source = free.source returning s.lease_token",
                (rs, n) -> new Lease(source, rs.getLong(1)), bridge, (double) length.toSeconds(), source.value(), bridge);
        if (taken.isEmpty()) {
            wanted(source, full);
        }
        return taken;
    }

    /** A full run that cannot be had now follows, once. */
    public void wanted(SourceName source, boolean full) {
        if (full) {
            sql.run("insert into source_state (source, full_wanted, full_asked) values (?, true, true) on conflict (source) do update set full_wanted = true, full_asked = true", source.value());
        }
    }

    /** Takes the sources that nobody reads any more and for which a full run was asked meanwhile. */
    public List<SourceName> queued() {
        return sql.rows("update source_state set full_asked = false where full_asked and (lease_until is null or lease_until < now()) returning source", (rs, n) -> new SourceName(rs.getString(1)));
    }

    /** Keeps the lease; false when it was lost. */
    public boolean beat(Hold hold, Duration length) {
        boolean kept = sql.run("update source_state set lease_until = now() + make_interval(secs => ?) where source = ? and lease_token = ?", (double) length.toSeconds(), hold.source().value(), hold.lease().token()) == 1;
        if (kept) {
            sql.run("update run set beat_at = now() where id = ?", hold.run());
        }
        return kept;
    }

    public void unlease(Lease lease) {
        sql.run("update source_state set lease_owner = null, lease_until = null where source = ? and lease_token = ?", lease.source().value(), lease.token());
    }

    /** Begins a run, or goes on with one of the same kind, files and reading that broke off within a day. */
    public Started start(Lease lease, boolean complete, String actor, String bridge, String setHash, String reading) {
        return held(lease, () -> started(lease.source(), complete, actor, bridge, setHash, reading));
    }

    private Started started(SourceName source, boolean complete, String actor, String bridge, String setHash, String reading) {
        if (paused(source)) {
            throw new Lease.Lost("it was paused just now");
        }
        if (sql.row("select 1 from run where source = ? and status = 'applying' limit 1", (rs, n) -> true, source.value()).isPresent()) {
            wantFull(source); // the bridge died over it: some of what it read is taken in, and the cursor is not
        }
        boolean full = sql.row("select full_wanted from source_state where source = ?", (rs, n) -> rs.getBoolean(1), source.value()).orElse(false);
        boolean whole = complete || full;
        Optional<UUID> broken = sql.row("select r.id from run r where r.source = ? and r.status = 'reading' and r.complete = ? and r.set_hash = ? and r.reading = ? and r.started_at > now() - interval '1 day'"
                + " and exists (select 1 from run_page p where p.run_id = r.id) and exists (select 1 from stage_run s where s.run_id = r.id) order by r.started_at desc limit 1", (rs, n) -> rs.getObject(1, UUID.class), source.value(), whole, setHash, reading);
        sql.run("update run set status = 'failed', ended_at = now(), message = 'broken off: the bridge stopped' where source = ? and status in ('reading', 'applying') and id is distinct from ?::uuid",
                source.value(), broken.map(UUID::toString).orElse(null));
        if (broken.isPresent()) {
            sql.run("update run set bridge = ?, beat_at = now(), message = null where id = ?", bridge, broken.get());
            return new Started(broken.get(), true, whole);
        }
        UUID id = Ids.next();
        sql.run("insert into run (id, source, complete, status, actor, bridge, set_hash, reading) values (?, ?, ?, 'reading', ?, ?, ?, ?)", id, source.value(), whole, actor, bridge, setHash, reading);
        return new Started(id, false, whole);
    }

    /** How a run that read all of a source ended. */
    public record Whole(boolean well, String message) {
    }

    /** The last whole run of a source that began after a moment and is over. */
    public Optional<Whole> wholeSince(SourceName source, Instant moment) {
        return sql.row("select status <> 'failed', coalesce(message, '') from run where source = ? and complete and started_at >= ?::timestamptz and ended_at is not null and status <> 'skipped' order by started_at desc limit 1",
                (rs, n) -> new Whole(rs.getBoolean(1), rs.getString(2)), source.value(), moment);
    }

    /** Runs that ended and left staging behind: what they had marked as due is converged by anybody. */
    public List<UUID> stale() {
        return sql.rows("select r.id from run r where r.status not in ('reading', 'applying') and exists (select 1 from stage_run p where p.run_id = r.id)", (rs, n) -> rs.getObject(1, UUID.class));
    }

    /** Ends runs of which no bridge has said anything for a day: nobody goes on with them any more, also who slept for so long. */
    public void endLost() {
        String lost = "status in ('reading', 'applying') and beat_at < now() - interval '1 day'";
        sql.rows("select distinct source from run where " + lost, (rs, n) -> new SourceName(rs.getString(1))).forEach(source -> lease(source, NOBODY, Duration.ZERO, false).ifPresent(lease -> {
            sql.run("update run set status = 'failed', ended_at = now(), message = 'broken off: the bridge stopped; nobody was removed' where source = ? and " + lost, source.value());
            unlease(lease);
        }));
    }

    /** When the run began; where it was broken off and goes on, when it first did. */
    public Instant began(UUID run) {
        return sql.row("select started_at from run where id = ?", (rs, n) -> rs.getTimestamp(1).toInstant(), run).orElseThrow();
    }

    /** The hash of the files that a run was begun by; empty for records that were only asked for again. */
    public Optional<String> files(UUID run) {
        return sql.row("select set_hash from run where id = ?", (rs, n) -> rs.getString(1), run);
    }

    /** The hash of the files by which a run of this source was being applied when its bridge died over it; for whoever has the source's lease. */
    public Optional<String> brokenBy(SourceName source) {
        return sql.row("select set_hash from run where source = ? and status = 'applying' order by started_at desc limit 1", (rs, n) -> rs.getString(1), source.value());
    }

    /** What answers said of the source's rate buckets, as JSON: {@code {"/users": {"limit": 600, "left": 512}}}. */
    public void budget(UUID run, String budget) {
        sql.run("update run set budget = ?::jsonb where id = ?", budget, run);
    }

    /** All was read, and is applied from now on. */
    public void applying(Hold hold, Map<String, Long> seen, int changed) {
        transactions.executeWithoutResult(tx -> {
            hold.check(sql);
            sql.run("update run set status = 'applying', seen = ?::jsonb, changed = ?, beat_at = now() where id = ?", Sql.numbers(seen), changed, hold.run());
        });
    }

    /** Does the work, unless another bridge has taken the source over. */
    private <T> T held(Lease lease, Supplier<T> work) {
        return transactions.execute(tx -> {
            lease.check(sql);
            return work.get();
        });
    }

    /** Whether a group was pushed so lately that what this whole run read of it was passed over. Changes told later stand on what was not taken in, so it is to be read again. */
    public boolean passedOver(UUID run, SourceName source, Duration lag) {
        return sql.row("select 1 from directory_group g join run r on r.id = ? where g.source = ? and g.gone_at is null and g.pushed_at > g.pulled_at and g.pushed_at + make_interval(secs => ?) >= r.started_at limit 1",
                (rs, n) -> true, run, source.value(), (double) lag.toSeconds()).isPresent();
    }

    /** Ends a run that was read and applied, and its lease with it: who sees the one over may begin the next. {@code complete}: whether it read everything, be that because changes could not be asked for; {@code again}: the next is to be a whole one. */
    public void done(Hold hold, boolean complete, boolean again, Map<String, Long> applied, int held, int letters, String message) {
        held(hold.lease(), () -> {
            sql.run("update run set status = ?, complete = ?, ended_at = now(), applied = ?::jsonb, held = ?, letters = ?, message = ? where id = ?",
                    held > 0 ? "held" : "done", complete, Sql.numbers(applied), held, letters, message.isEmpty() ? null : message, hold.run());
            return sql.run("""
                    update source_state set last_success = now(), pulled_before = true, last_complete = case when ? then now() else last_complete end, full_wanted = full_wanted and not ? or ?,
                      lease_owner = null, lease_until = null where source = ?""", complete, complete, again, hold.source().value());
        });
    }

    /** Ends a run that has failed, and the lease with it. */
    public void failed(Hold hold, String message) {
        held(hold.lease(), () -> {
            unlease(hold.lease());
            return sql.run("update run set status = 'failed', ended_at = now(), message = ? where id = ? and ended_at is null", message, hold.run());
        });
    }

    /** Whether this run reads its source otherwise than the last that ended well; not where there was none. */
    public boolean readsOtherwise(UUID run) {
        return sql.row("select s.reading <> r.reading from run r join source_state s on s.source = r.source where r.id = ? and s.reading is not null", (rs, n) -> rs.getBoolean(1), run).orElse(false);
    }

    /** The time between the last run that read a source in the old way and the first that reads it in the new one. */
    public record Edited(Instant after, Instant until) {
    }

    /** When this source was last read in a new way; empty if it was always read as it is now. */
    public Optional<Edited> edited(SourceName source) {
        return sql.row("select reading_after, reading_since from source_state where source = ? and reading_since is not null",
                (rs, n) -> new Edited(rs.getTimestamp(1).toInstant(), rs.getTimestamp(2).toInstant()), source.value());
    }

    /** A run is the first to read this source in a new way. Edits within a month count as one: whom the first of them missed may not be proved gone yet. */
    public void edited(SourceName source, Instant at) {
        sql.run("""
                update source_state set reading_since = ?::timestamptz, reading_after = case when reading_since > now() - interval '30 days' then reading_after
                  else coalesce(last_success, timestamptz '2000-01-01') end where source = ?""", at, source.value());
    }

    public Map<String, String> cursors(SourceName source, String reading) {
        Map<String, String> cursors = new java.util.HashMap<>();
        sql.rows("select resource, value from cursor where source = ? and read_hash = ?", (rs, n) -> cursors.put(rs.getString(1), rs.getString(2)), source.value(), reading);
        return cursors;
    }

    /** When a run of this source last ended well. */
    public Optional<Instant> lastSuccess(SourceName source) {
        return sql.row("select last_success from source_state where source = ?", (rs, n) -> Sql.instant(rs, "last_success"), source.value()).flatMap(at -> at);
    }

    public boolean pulledBefore(SourceName source) {
        return sql.row("select pulled_before from source_state where source = ?", (rs, n) -> rs.getBoolean(1), source.value()).orElse(false);
    }

    /** What the last complete pull of this source kept of each record; empty before one. */
    public Optional<Set<String>> fields(SourceName source) {
        return sql.row("select fields from source_state where source = ? and fields is not null", (rs, n) -> Set.copyOf(Sql.texts(rs, "fields")), source.value());
    }

    /** The hash of the mapping that everything stored of this source was last read with. */
    public Optional<String> evaluated(SourceName source) {
        return sql.row("select evaluated from source_state where source = ?", (rs, n) -> Sql.text(rs, "evaluated"), source.value()).flatMap(m -> m);
    }

    /** The hash of what portkey.yaml said of this source when everybody of it was last looked at. */
    public Optional<String> ruled(SourceName source) {
        return sql.row("select ruled from source_state where source = ?", (rs, n) -> Sql.text(rs, "ruled"), source.value()).flatMap(r -> r);
    }

    /** Everything stored of this source was looked at by these two. */
    public void looked(SourceName source, String meaning, String ruled) {
        sql.run("insert into source_state (source, evaluated, ruled) values (?, ?, ?) on conflict (source) do update set evaluated = excluded.evaluated, ruled = excluded.ruled", source.value(), meaning, ruled);
    }

    /** Some of what is stored of this source was last looked at by another mapping, or by another portkey.yaml, than the rest: everybody is to be looked at again. */
    public void partly(SourceName source, boolean mapping, boolean organisation) {
        sql.run("update source_state set evaluated = case when ? then ? else evaluated end, ruled = case when ? then ? else ruled end where source = ?", mapping, PARTLY, organisation, PARTLY, source.value());
    }

    /** The next run of this source reads everything. */
    public void wantFull(SourceName source) {
        sql.run("insert into source_state (source, full_wanted) values (?, true) on conflict (source) do update set full_wanted = true", source.value());
    }

    /** What this run finds absent is taken for true, however much it is: so an operator has said, for this one run. */
    public void accept(UUID run, String why) {
        sql.run("update run set accepted = ? where id = ?", why, run);
    }

    /** Who said why that this run's reading is true; empty where nobody did. */
    public Optional<String> accepted(UUID run) {
        return sql.row("select accepted from run where id = ?", (rs, n) -> Sql.text(rs, "accepted"), run).flatMap(why -> why);
    }

    /** Whether this run has begun to apply what it read. */
    public boolean applies(UUID run) {
        return sql.row("select status <> 'reading' from run where id = ?", (rs, n) -> rs.getBoolean(1), run).orElse(false);
    }
}
