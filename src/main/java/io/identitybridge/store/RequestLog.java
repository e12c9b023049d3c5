package io.identitybridge.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The SCIM requests of the last 30 days, and those for access tokens, written beside them: twice a second, in one statement. A crash loses at most
 * the last half second. While the log cannot be written the last 20,000 entries wait; what is more is lost and counted, and no request is held up.
 */
public final class RequestLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int WAITING = 20_000;
    private static final int BATCH = 5_000;
    private final Sql sql;
    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final Ticker writer;
    private final Ticker cleaner;

    public RequestLog(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
        this.writer = new Ticker("request-log", Duration.ofMillis(500), this::write);
        this.cleaner = new Ticker("request-log-end", Duration.ofHours(1), this::purge);
    }

    /** One request, without a word of what it said about a person. */
    public record Entry(UUID id, java.time.Instant at, String source, String method, String path, String meaning, Optional<String> resource, int status, long millis,
                        List<String> repairs, Optional<String> body, Optional<String> client) {
    }

    /** Notes one; never waits, and never fails. */
    public void add(Entry entry) {
        if (!waiting.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    /** Ends what is older than 30 days, 5,000 rows at a time. */
    void purge() {
        int last = BATCH;
        while (last == BATCH) {
            last = sql.run("delete from request_log where ctid = any(array(select ctid from request_log where at < now() - interval '30 days' limit ?))", BATCH);
        }
    }

    void write() {
        List<Entry> batch = new ArrayList<>();
        while (waiting.drainTo(batch, BATCH) > 0) {
            try {
                write(batch);
            } catch (DataIntegrityViolationException unfit) {
                batch.forEach(this::alone);
            } catch (RuntimeException | Error e) {
                batch.forEach(this::add);
                throw e;
            }
            batch.clear();
        }
        long gone = lost.getAndSet(0);
        if (gone > 0) {
            LOG.warn("{} requests are not in the request log: more came than could be written, or they could not be kept", gone);
        }
    }

    /** Counts those that told something on the way: what push reliability is measured against. */
    private void write(List<Entry> batch) {
        Columns rows = new Columns(12);
        batch.forEach(e -> rows.add(e.id(), e.at(), e.source(), e.method(), e.path(), e.meaning(), e.resource(), e.status(), e.millis(), Sql.joined(e.repairs()), e.body(), e.client()));
        rows.write(sql, "with written as (insert into request_log (id, at, source, method, path, meaning, resource_id, status, millis, repairs, body, client)"
                + " select t.id, t.at, t.source, t.method, t.path, t.meaning, t.resource_id, t.status, t.millis, string_to_array(t.repairs, chr(31)), t.body, t.client"
                + " from unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::int[], ?::text[], ?::jsonb[], ?::text[])"
                + " as t (id, at, source, method, path, meaning, resource_id, status, millis, repairs, body, client) on conflict do nothing returning source, method, path, status, at)"
                + " insert into push_told (source, day, n) select source, (at at time zone 'UTC')::date, count(*) from written where status between 200 and 299 and method in ('POST', 'PUT', 'PATCH', 'DELETE')"
                + " and path not like '%/.search%' and path not like '/oauth2/%' group by 1, 2 order by 1, 2 on conflict (source, day) do update set n = push_told.n + excluded.n");
    }

    /** One that the database cannot hold takes no others along. */
    private void alone(Entry entry) {
        try {
            write(List.of(entry));
        } catch (DataIntegrityViolationException unfit) {
            lost.incrementAndGet();
        }
    }

    @Override
    public void close() {
        writer.close();
        cleaner.close();
    }
}
