package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class RequestLogTest {
    private final JdbcTemplate sql = new JdbcTemplate(TestDatabase.fresh());

    @Test
    void an_entry_is_there_within_a_second_and_for_30_days() throws InterruptedException {
        try (RequestLog log = new RequestLog(sql)) {
            UUID id = Ids.next();
            log.add(entry(id));
            for (long begin = System.nanoTime(); count(id) == 0 && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(30); ) { // a second on a quiet machine
                Thread.sleep(10);
            }
            assertThat(count(id)).isOne();
            sql.update("insert into request_log (id, at, source, method, path, meaning, status, millis)"
                    + " select gen_random_uuid(), now() - make_interval(days => 29 + n % 2 * 2), 'okta', 'GET', '/', 'read user', 200, 1 from generate_series(1, 12000) n");
            log.purge();
            assertThat(sql.queryForObject("select count(*) from request_log where at < now() - interval '30 days'", Long.class)).isZero();
            assertThat(sql.queryForObject("select count(*) from request_log", Long.class)).isEqualTo(6_001);
        }
    }

    @Test
    void an_entry_that_the_database_cannot_hold_takes_no_others_along() {
        UUID good = Ids.next();
        try (RequestLog log = new RequestLog(sql)) {
            log.add(new RequestLog.Entry(Ids.next(), Instant.now(), "okta", "GET", "/", "a\u0000b", Optional.empty(), 200, 1, List.of(), Optional.empty(), Optional.empty()));
            log.add(entry(good));
        }
        assertThat(count(good)).isOne();
    }

    @Test
    void what_is_written_beside_the_requests_goes_on_after_any_failure() throws InterruptedException {
        AtomicInteger times = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        try (Ticker ticker = new Ticker("test", Duration.ofMillis(5), () -> {
            third.countDown();
            switch (times.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("of a test");
                case 2 -> throw new IllegalStateException("of a test");
                default -> { }
            }
        })) {
            assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private long count(UUID id) {
        return sql.queryForObject("select count(*) from request_log where id = ?", Long.class, id);
    }

    private static RequestLog.Entry entry(UUID id) {
        return new RequestLog.Entry(id, Instant.now(), "okta", "PATCH", "/okta/Users", "deactivate user", Optional.empty(), 200, 1, List.of("a repair"), Optional.of("{\"active\":false}"), Optional.empty());
    }
}
