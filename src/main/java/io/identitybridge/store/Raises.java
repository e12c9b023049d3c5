package io.identitybridge.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Letters on their way to where operators look. Every new letter is in one {@link Raise}: the first of its cause (fingerprint and source) at once, those
 * that follow gathered for a minute. A raise is told at least once, by one bridge at a time, and outlives each of them.
 */
public final class Raises {
    /** A bridge that has not said within so long how its message ended is taken for dead. */
    public static final Duration LEASE = Duration.ofMinutes(2);
    private static final int CHUNK = 5_000;
    /** How many letters a raise names; it counts all. */
    private static final int NAMED = 20;

    private static final String GATHER = """
            with fresh as materialized (
              select id, source, fingerprint from dead_letter where raised_at is null order by id limit ? for update skip locked
            ), marked as (
              update dead_letter d set raised_at = now() from fresh f where d.id = f.id
            ), grouped as (
              select encode(sha256(convert_to(source || '|' || fingerprint, 'UTF8')), 'hex') as digest, count(*)::int as n, (array_agg(id order by id))[1:%1$d] as ids from fresh group by 1
            ), told as (
              insert into letter_raise (digest, letters, ids, due_at)
              select g.digest, g.n, g.ids, greatest(now(), (select max(l.due_at) + interval '1 minute' from letter_raise l where l.digest = g.digest)) from grouped g order by g.digest
              on conflict (digest) where tried = 0 do update set letters = letter_raise.letters + excluded.letters, ids = (letter_raise.ids || excluded.ids)[1:%1$d]
            )
            select count(*) from fresh""".formatted(NAMED);

    /** One cause is told in order: while a raise of it fails, those after it gather. */
    private static final String TAKE = """
            update letter_raise set tried = tried + 1, lease_until = now() + interval '%d seconds' where id = (
              select r.id from letter_raise r where r.sent_at is null and r.due_at <= now() and (r.lease_until is null or r.lease_until < now())
                and not exists (select 1 from letter_raise e where e.digest = r.digest and e.id < r.id and e.sent_at is null)
              order by r.due_at, r.id limit 1 for update skip locked)
            returning id""".formatted(LEASE.toSeconds());

    private static final String READ = """
            select r.id, r.letters, array_to_string(r.ids, ',') as ids, d.id as letter, d.source, d.cause, d.resource, d.key, d.step, d.fingerprint, d.generation,
              (select count(*) from dead_letter o where o.fingerprint = d.fingerprint and o.source = d.source and o.status in ('open', 'retrying')) as open
            from letter_raise r join dead_letter d on d.id = any(r.ids) where r.id = ? order by d.id limit 1""";

    private final Sql sql;

    public Raises(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /**
     * New letters of one cause, and the first of them.
     *
     * @param id          the same when it is told again
     * @param letters     how many they are
     * @param ids         the first of them
     * @param key         whom or what the letter is about: an id that may be a person's
     * @param fingerprint what letters of one cause share; may quote what the IdP said
     * @param open        letters of that cause and source that wait now, earlier ones among them
     */
    public record Raise(long id, long letters, List<Long> ids, long letter, String source, String cause, String resource, String key, String step, String fingerprint, long generation, long open) {
    }

    /** Puts every new letter into a raise, in short transactions of at most 5,000. */
    public void gather() {
        while (sql.number(GATHER, CHUNK) == CHUNK) {
            Thread.onSpinWait();
        }
    }

    /** The next that is due, leased for two minutes; empty where none is. One whose letters were all closed and deleted meanwhile is passed over. */
    public Optional<Raise> take() {
        for (Optional<Long> id = lease(); id.isPresent(); id = lease()) {
            Optional<Raise> raise = sql.row(READ, Raises::raise, id.get());
            if (raise.isPresent()) {
                return raise;
            }
            sent(id.get());
        }
        return Optional.empty();
    }

    private Optional<Long> lease() {
        return sql.row(TAKE, (rs, n) -> rs.getLong(1));
    }

    public void sent(long raise) {
        sql.run("update letter_raise set sent_at = now(), lease_until = null where id = ?", raise);
    }

    /** Could not be told: tried again after 5 seconds, then twice as long each time, at most 5 minutes. */
    public void failed(long raise) {
        sql.run("update letter_raise set due_at = now() + least(interval '5 minutes', interval '5 seconds' * power(2, least(tried, 10) - 1)), lease_until = null where id = ? and sent_at is null", raise);
    }

    private static Raise raise(ResultSet rs, int n) throws SQLException {
        List<Long> ids = List.of(rs.getString("ids").split(",")).stream().map(Long::valueOf).toList();
        return new Raise(rs.getLong("id"), rs.getLong("letters"), ids, rs.getLong("letter"), rs.getString("source"), rs.getString("cause"), rs.getString("resource"), rs.getString("key"),
                rs.getString("step"), rs.getString("fingerprint"), rs.getLong("generation"), rs.getLong("open"));
    }
}
