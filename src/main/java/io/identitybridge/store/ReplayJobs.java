package io.identitybridge.store;

import io.identitybridge.model.LetterControls.Filter;
import io.identitybridge.model.LetterControls.Mode;
import io.identitybridge.model.LetterControls.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Replays of many letters: a row each, which any bridge goes on with, so that none is lost with the bridge that began it. */
@Repository
public class ReplayJobs {
    private static final String MATCHES = "d.status in ('open', 'retrying') and (j.ids is null or d.id = any(j.ids)) and (j.fingerprint is null or d.fingerprint = j.fingerprint) and (j.source is null or d.source = j.source)"
            + " and (j.cause is null or d.cause = j.cause) and (j.resource is null or d.resource = j.resource) and (j.older_than is null or d.first_at <= j.created_at - j.older_than)"
            + " and (j.q is null or strpos(lower(d.sentence), lower(j.q)) > 0 or strpos(lower(d.key), lower(j.q)) > 0)";
    private static final String FILTER = "?::bigint[] as ids, ?::text as fingerprint, ?::text as source, ?::text as cause, ?::text as resource, ?::text as q, make_interval(secs => ?::float8) as older_than";
    private static final String MEANT = " from (select " + FILTER + ", now() as created_at) j join dead_letter d on " + MATCHES;
    private static final int SAID = 20;
    /** Letters about Portkey that have been closed since the job made them due: counted in for good at its end. */
    private static final String LATER = "case j.status when 'running' then (select count(*) from dead_letter d where d.replay = j.id and d.status not in ('open', 'retrying')) else 0 end";

    private static final Listing JOBS = Listing.of("replays", "replay_job j").shows("id", "j.id").field("status", "j.status", List.of("running", "stopped", "done")).field("mode", "j.mode").shows("fingerprint", "j.fingerprint").field("source", "j.source")
            .shows("cause", "j.cause").shows("resource", "j.resource").shows("q", "j.q").shows("letters", "j.ids").shows("rate", "j.rate").shows("forced", "j.forced").shows("actor", "j.actor")
            .shows("total", "j.total").shows("done", "j.done").shows("left", "case j.status when 'running' then greatest(j.total - j.done, 0) else 0 end").shows("closed", "j.closed + " + LATER)
            .shows("open", "j.done - j.closed - " + LATER + " - j.skipped").shows("waits", "(select count(*) from dead_letter d where d.replay = j.id and " + TargetLetters.WAITING + ")").shows("skipped", "j.skipped").shows("said", "j.said").shows("createdAt", "j.created_at").shows("endedAt", "j.ended_at").shows("endedBy", "j.ended_by")
            .filter("id", "j.id = ?::bigint", id -> id).by("j.id", "bigint").newestFirst();

    private final Sql sql;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    public ReplayJobs(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** A job that this bridge goes on with. */
    public record Job(long id, Mode mode, Optional<Integer> rate, boolean forced, String actor, Instant createdAt) {
    }

    /**
     * Letters of one cause.
     *
     * @param needsHuman how many of them were replayed too often
     */
    public record Bar(String cause, String fingerprint, String example, long count, long needsHuman) {
    }

    /** How many letters are meant, by what they have in common, the commonest first. */
    public List<Bar> histogram(Filter filter, int replays) {
        return sql.rows("select d.cause, d.fingerprint, min(d.sentence), count(*), count(*) filter (where d.replays >= ?)" + MEANT + " group by d.cause, d.fingerprint order by 4 desc, 2 limit 200",
                (rs, n) -> new Bar(rs.getString(1), rs.getString(2), rs.getString(3), rs.getLong(4), rs.getLong(5)), arguments(new Object[] {replays}, filter));
    }

    /** How many letters are meant. */
    public long count(Filter filter) {
        return sql.number("select count(*)" + MEANT, arguments(new Object[0], filter));
    }

    /** The letters that are meant after one of them, oldest first. */
    public List<Long> letters(Filter filter, long after, int most) {
        List<Object> arguments = new ArrayList<>(Arrays.asList(arguments(new Object[0], filter)));
        arguments.addAll(List.of(after, most));
        return sql.rows("select d.id" + MEANT + " where d.id > ? order by d.id limit ?", (rs, n) -> rs.getLong(1), arguments.toArray());
    }

    /** Opens a job; letters that open later are none of its own. Gives its number; its total is 0 where no letter is meant. */
    public Job open(Order order, String actor, String setHash) {
        return transactions.execute(tx -> {
            List<Object> arguments = new ArrayList<>(Arrays.asList(order.mode().toString(), order.rate().orElse(null), order.forced(), actor, setHash));
            arguments.addAll(Arrays.asList(arguments(new Object[0], order.filter())));
            long id = sql.number("insert into replay_job (mode, rate, forced, actor, set_hash, last_id, total, ids, fingerprint, source, cause, resource, q, older_than)"
                    + " select ?, ?::int, ?, ?, ?, 0, 0, f.* from (select " + FILTER + ") f returning id", arguments.toArray());
            sql.run("with meant as (select d.id from replay_job j join dead_letter d on " + MATCHES + " where j.id = ? order by d.id limit ?)"
                    + " update replay_job set last_id = coalesce((select max(id) from meant), 0), total = (select count(*) from meant) where id = ?", id, order.most(), id);
            long total = sql.number("select total from replay_job where id = ?", id);
            Instant created = sql.row("select created_at from replay_job where id = ?", (rs, n) -> rs.getTimestamp(1).toInstant(), id).orElseThrow();
            sql.run("insert into audit (actor, via, origin, set_hash, changes) values (?, 'replay', 'replay:' || ?::bigint, ?, array[?])", actor, id, setHash, "replay " + id + " begins (" + order.mode() + ", " + total + " letters)");
            return new Job(id, order.mode(), order.rate(), order.forced(), actor, created);
        });
    }

    /** Takes a job that nobody works on, or goes on with this bridge's own but for {@code others}; it is free again two minutes after its bridge was last heard of. */
    public Optional<Job> take(String bridge, Collection<Long> others) {
        return sql.row("update replay_job set lease_owner = ?, lease_until = now() + interval '2 minutes' where id = (select id from replay_job where status = 'running'"
                + " and (lease_until is null or lease_until < now() or lease_owner = ?) and not id = any(?::bigint[]) order by id limit 1 for update skip locked) returning id, mode, rate, forced, actor, created_at", (rs, n) ->
                new Job(rs.getLong(1), Mode.of(rs.getString(2)).orElseThrow(), Optional.ofNullable((Integer) rs.getObject(3)), rs.getBoolean(4), rs.getString(5), rs.getTimestamp(6).toInstant()), bridge, bridge, others);
    }

    /** Keeps a job with this bridge while it works on it. False where it was stopped, or is another bridge's by now. */
    public boolean keep(long job, String bridge) {
        return sql.run("update replay_job set lease_until = now() + interval '2 minutes' where id = ? and status = 'running' and lease_owner = ?", job, bridge) == 1;
    }

    /** The job's next letters that are still open, oldest first; none once it has come to its end, or was stopped. */
    public List<Long> next(long job, int most) {
        return sql.rows("select d.id from replay_job j join dead_letter d on " + MATCHES + " where j.id = ? and j.status = 'running' and d.id > j.at_id and d.id <= j.last_id order by d.id limit ?", (rs, n) -> rs.getLong(1), job, most);
    }

    /** Notes how far a job has come, and keeps it with this bridge. False where it was stopped, or is another bridge's by now. */
    public boolean came(long job, String bridge, long letter, long tried, long closed, long skipped, List<String> said) {
        return sql.run("update replay_job set at_id = ?, done = least(total, done + ?), closed = closed + ?, skipped = skipped + ?, lease_until = now() + interval '2 minutes',"
                + " said = (select coalesce(array_agg(s order by o), '{}') from (select s, max(o) as o from unnest(said || ?::text[]) with ordinality as t (s, o) group by s order by 2 desc limit " + SAID + ") last) where id = ? and status = 'running' and lease_owner = ?",
                letter, tried, closed, skipped, said, job, bridge) == 1;
    }

    /** How many of the job's letters the publisher has not come to yet, and will in a moment. */
    public long waits(long job) {
        return sql.number("select count(*) from dead_letter d where d.replay = ? and " + TargetLetters.WAITING, job);
    }

    /** Ends a job: {@code done}, or {@code stopped} by somebody. False where it had ended. */
    public boolean end(long job, String status, String actor) {
        return sql.run("with ended as (update replay_job set status = ?, closed = closed + (select count(*) from dead_letter d where d.replay = replay_job.id and d.status not in ('open', 'retrying')), ended_at = now(), ended_by = ?, lease_owner = null, lease_until = null, done = case when ? = 'done' then total else done end,"
                + " skipped = case when ? = 'done' then greatest(skipped + total - done, 0) else skipped end where id = ? and status = 'running' returning *)"
                + " insert into audit (actor, via, origin, set_hash, changes) select ?, 'replay', 'replay:' || id, set_hash, array['replay ' || id || ' ' || status || ' (' || closed || ' of ' || total || ' letters closed)'] from ended",
                status, actor, status, status, job, actor) == 1;
    }

    /** Jobs, newest first, as operators see them. */
    public Page jobs(Query query) {
        return JOBS.read(jdbc, query);
    }

    private static Object[] arguments(Object[] first, Filter filter) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(Arrays.asList(filter.ids().isEmpty() ? null : filter.ids(), filter.fingerprint().orElse(null), filter.source().orElse(null), filter.cause().orElse(null), filter.resource().orElse(null),
                filter.q().map(String::strip).orElse(null), filter.olderThan().map(age -> (Object) (double) age.toSeconds()).orElse(null)));
        return all.toArray();
    }
}
