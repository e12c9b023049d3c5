package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** When the next run of a source that tells changes has to read everything, and who may go on with one. */
class RunsTest {
    private static final SourceName ENTRA = new SourceName("entra");
    private static final Staging.Staged MISSING = new Staging.Staged("u", "missing", Optional.empty(), Optional.empty(), Optional.empty(), Instant.now());
    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final Duration LAG = Duration.ofMinutes(5);
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(database));
    private final Runs runs = new Runs(sql, transactions);
    private final Staging staging = new Staging(sql, transactions);

    @Test
    void after_a_run_that_died_while_it_was_applied_the_same_changes_are_not_asked_for_again_but_everything() {
        runs.applying(start(false).hold(), Map.of(), 1);
        assertThat(start(false).run().fullWanted()).as("some of it is taken in, and the cursor is not").isTrue();
    }

    @Test
    void a_run_that_died_while_it_read_leaves_the_next_to_changes() {
        start(false);
        assertThat(start(false).run().fullWanted()).isFalse();
    }

    @Test
    void a_whole_run_that_passed_over_a_group_for_a_push_has_another_follow_it() {
        Hold run = start(true).hold();
        sql.update("insert into directory_group (id, source, external_id, pulled_at, pushed_at) values (?, 'entra', 'g1', now() - interval '1 hour', now() - interval '4 minutes')", Ids.next());
        assertThat(runs.passedOver(run.run(), ENTRA, LAG)).isTrue();
        runs.done(run, true, true, Map.of(), 0, 0, "");
        assertThat(start(false).run().fullWanted()).isTrue();
    }

    @Test
    void a_run_for_changes_that_had_to_read_everything_was_a_whole_one() {
        runs.done(start(false).hold(), true, false, Map.of(), 0, 0, "");
        assertThat(runs.wholeSince(ENTRA, Instant.EPOCH)).contains(new Runs.Whole(true, ""));
    }

    @Test
    void one_that_passed_over_none_has_not() {
        Hold run = start(true).hold();
        sql.update("insert into directory_group (id, source, external_id, pulled_at, pushed_at) values (?, 'entra', 'g1', now() - interval '1 hour', now() - interval '6 minutes'), (?, 'entra', 'g2', now(), now() - interval '4 minutes'),"
                + " (?, 'entra', 'g3', null, now())", Ids.next(), Ids.next(), Ids.next());
        assertThat(runs.passedOver(run.run(), ENTRA, LAG)).isFalse();
        runs.done(run, true, false, Map.of(), 0, 0, "");
        assertThat(start(false).run().fullWanted()).isFalse();
    }

    @Test
    void whoever_slept_longer_than_his_lease_lasts_writes_nothing_more() {
        Hold slept = start(true).hold();
        Hold awake = start(true).hold();
        List<ThrowingCallable> writes = List.of(() -> runs.applying(slept, Map.of(), 1), () -> runs.done(slept, true, false, Map.of(), 0, 0, ""), () -> runs.failed(slept, "x"),
                () -> staging.begin(slept, "users"), () -> staging.page(slept, "users", new Staging.Reached(1, Optional.empty(), new byte[0]), Instant.now(), List.of(), Map.of()),
                () -> staging.list(slept, "g", new byte[24], Instant.now(), List.of("u"), Optional.empty(), Map.of()), () -> staging.direct(slept, "g", List.of("u"), List.of(), Instant.now()),
                () -> staging.changes(slept, "g", List.of(), List.of("u"), Instant.now()), () -> staging.records(slept, "users", List.of(MISSING)), () -> staging.notWhole(slept, MISSING), () -> staging.clear(slept));
        assertThat(writes).allSatisfy(write -> assertThatThrownBy(write).isInstanceOf(Lease.Lost.class).hasMessage("the source was paused or released, or another bridge took it over, while it was read"));
        assertThat(runs.beat(slept, LENGTH)).isFalse();
        runs.unlease(slept.lease());
        assertThat(runs.lease(ENTRA, "third", LENGTH, false)).as("it is the other's still").isEmpty();
        staging.page(awake, "users", new Staging.Reached(1, Optional.empty(), new byte[0]), Instant.now(), List.of(), Map.of());
        runs.applying(awake, Map.of(), 0);
        runs.done(awake, true, false, Map.of(), 0, 0, "");
        assertThat(runs.lease(ENTRA, "third", LENGTH, false)).isPresent();
    }

    @Test
    void nobody_takes_a_source_over_in_the_middle_of_a_write() throws Exception {
        Hold run = start(true).hold();
        sql.update("update source_state set lease_until = now() - interval '1 second'");
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Lease>> takes = transactions.execute(tx -> {
                run.check(new Sql(sql));
                Future<Optional<Lease>> waits = others.submit(() -> runs.lease(ENTRA, "other", LENGTH, false));
                try {
                    for (int i = 0; i < 2_400 && others.submit(this::locked).get() == 0; i++) { // by a connection of its own: within a transaction it stays what it was
                        LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
                    }
                    assertThat(others.submit(this::locked).get()).as("it waits").isOne();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
                assertThat(waits.isDone()).isFalse();
                return waits;
            });
            assertThat(takes.get()).hasValueSatisfying(lease -> assertThat(lease.token()).isGreaterThan(run.lease().token()));
        }
    }

    @Test
    void a_lease_is_kept_while_its_run_writes() {
        Hold run = start(true).hold();
        transactions.executeWithoutResult(tx -> {
            run.check(new Sql(sql));
            assertThat(CompletableFuture.supplyAsync(() -> runs.beat(run, LENGTH)).orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
        });
    }

    @Test
    void whoever_slept_for_a_day_finds_his_run_ended() {
        Hold slept = start(true).hold();
        sql.update("update run set beat_at = now() - interval '25 hours'");
        sql.update("update source_state set lease_until = now() - interval '24 hours'");
        runs.endLost();
        assertThat(runs.stale()).containsExactly(slept.run());
        assertThatThrownBy(() -> runs.applying(slept, Map.of(), 1)).isInstanceOf(Lease.Lost.class);
    }

    @Test
    void what_a_crash_of_the_database_took_of_a_reading_is_missed() {
        Hold run = start(true).hold();
        sql.execute("truncate stage_run, run_page, stage_record, stage_member"); // unlogged: that is what a crash leaves of them
        assertThatThrownBy(() -> staging.records(run, "users", List.of(MISSING))).isInstanceOf(Lease.Lost.class).hasMessageContaining("the database has lost what was read so far");
        assertThatThrownBy(() -> runs.applying(run, Map.of(), 1)).isInstanceOf(Lease.Lost.class);
        runs.failed(run, "it crashed");
        assertThat(runs.lease(ENTRA, "other", LENGTH, false)).as("and the source is free").isPresent();
    }

    private int locked() {
        return sql.queryForObject("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", Integer.class);
    }

    private record Begun(Runs.Started run, Hold hold) {
    }

    /** Begun by a bridge whose name is new, after the lease of whoever had it. */
    private Begun start(boolean full) {
        if (full) {
            runs.wantFull(ENTRA);
        }
        sql.update("update source_state set lease_until = now() - interval '1 second'");
        Lease lease = runs.lease(ENTRA, UUID.randomUUID().toString(), LENGTH, false).orElseThrow();
        Runs.Started run = runs.start(lease, full, "test", "bridge", "hash", "reading");
        Hold hold = new Hold(lease, run.id());
        staging.open(hold);
        return new Begun(run, hold);
    }
}
