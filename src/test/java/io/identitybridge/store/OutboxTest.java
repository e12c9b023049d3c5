package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.store.Outbox.End;
import io.identitybridge.store.Outbox.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private final UUID key = UUID.randomUUID();
    private JdbcTemplate sql;
    private Outbox outbox;

    @BeforeEach
    void start() {
        DataSource source = TestDatabase.fresh();
        sql = new JdbcTemplate(source);
        outbox = PublishStore.outbox(sql, new TransactionTemplate(new DataSourceTransactionManager(source)));
        outbox.again(OutboxKey.Kind.PERSON, List.of(key));
    }

    @Test
    void a_key_is_one_bridge_s_at_a_time_and_over_when_nothing_newer_came() {
        OutboxKey leased = lease(LONG);
        assertThat(outbox.lease(false, 10, LONG)).isEmpty();
        outbox.settle(List.of(new Turn(leased, List.of(), new End.Done())), Instant.now(), "set");
        assertThat(left()).isZero();
    }

    @Test
    void what_came_meanwhile_is_looked_at_again() {
        OutboxKey leased = lease(LONG);
        outbox.again(OutboxKey.Kind.PERSON, List.of(key));
        outbox.settle(List.of(new Turn(leased, List.of(), new End.Done())), Instant.now(), "set");
        assertThat(lease(LONG).generation()).isGreaterThan(leased.generation());
    }

    @Test
    void whoever_takes_a_key_over_is_in_doubt() {
        assertThat(lease(Duration.ZERO).doubt()).isFalse();
        assertThat(lease(LONG).doubt()).isTrue();
    }

    @Test
    void who_is_to_be_asked_for_first_stays_so_over_the_end_of_a_turn_that_was_under_way() {
        for (End end : List.of(new End.Done(), new End.Back(false))) {
            OutboxKey leased = lease(LONG);
            outbox.again(OutboxKey.Kind.PERSON, List.of(key));
            sql.update("update outbox set doubt = true");
            outbox.settle(List.of(new Turn(leased, List.of(), end)), Instant.now(), "set");
            assertThat(lease(Duration.ZERO).doubt()).as("%s", end).isTrue();
            sql.update("update outbox set doubt = false, lease_until = null");
        }
    }

    /** Found by killing publishers at random moments: a bridge that was slow took over from itself, and its first turn ended the second. */
    @Test
    void a_turn_whose_lease_is_over_settles_nothing_not_even_where_the_same_bridge_has_the_next_one() {
        OutboxKey late = lease(Duration.ZERO);
        OutboxKey now = lease(LONG);
        Effect learnt = new Effect.Found(new Effect.Finding("missing", key.toString(), "old news", "nothing"));
        outbox.settle(List.of(new Turn(late, List.of(learnt), new End.Done())), Instant.now(), "set");
        assertThat(left()).isOne();
        assertThat(sql.queryForObject("select count(*) from target_finding", Long.class)).isZero();
        outbox.settle(List.of(new Turn(now, List.of(), new End.Done())), Instant.now(), "set");
        assertThat(left()).isZero();
    }

    @Test
    void leavers_have_a_lane_of_their_own_and_keep_the_time_at_which_they_left() {
        PublishStore.wants(sql, List.of(key), List.of(key));
        assertThat(outbox.lease(false, 10, LONG)).isEmpty();
        OutboxKey leaver = outbox.lease(true, 10, Duration.ZERO).getFirst();
        PublishStore.wants(sql, List.of(key), List.of(key));
        OutboxKey again = outbox.lease(true, 10, LONG).getFirst();
        assertThat(again.since()).isEqualTo(leaver.since());
        assertThat(again.generation()).isGreaterThan(leaver.generation());
    }

    /** Found by killing bridges: the end of a workspace's turn woke those who wait for it in no order, against a push of two of them. */
    @Test
    void a_push_of_people_who_wait_for_a_workspace_and_the_end_of_its_turn_wait_for_each_other_in_one_order() throws Exception {
        UUID place = new UUID(3, 3);
        UUID first = new UUID(1, 1);
        UUID second = new UUID(2, 2);
        sql.update("delete from outbox");
        sql.update("insert into workspace (id, name, name_folded) values (?, 'Sales', 'sales')", place);
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, 'a@acme.com', 'a@acme.com', 'a', 'A', 'active')", first);
        sql.update("insert into membership (person_id, workspace_id, role) values (?, ?, 'member')", first, place);
        outbox.again(OutboxKey.Kind.PERSON, List.of(second));
        outbox.again(OutboxKey.Kind.WORKSPACE, List.of(place));
        List<Turn> turns = outbox.lease(false, 10, LONG).stream().map(key -> new Turn(key, List.of(), new End.Done())).toList();
        outbox.again(OutboxKey.Kind.PERSON, List.of(first));
        TransactionTemplate push = new TransactionTemplate(new DataSourceTransactionManager(sql.getDataSource()));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> settled = push.execute(tx -> {
                sql.execute("set local deadlock_timeout = '10ms'"); // the push would be the one to give way
                PublishStore.wants(sql, List.of(first), List.of());
                Future<?> other = threads.submit(() -> outbox.settle(turns, Instant.now(), "set"));
                TestDatabase.waitForLocks(sql, other, 1);
                PublishStore.wants(sql, List.of(second), List.of());
                return other;
            });
            settled.get();
        }
        assertThat(left()).as("the workspace is done, and both people are looked at").isEqualTo(2);
    }

    private OutboxKey lease(Duration time) {
        return outbox.lease(false, 10, time).getFirst();
    }

    private long left() {
        return sql.queryForObject("select count(*) from outbox", Long.class);
    }
}
