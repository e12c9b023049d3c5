package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.store.Outbox.End;
import io.identitybridge.store.Outbox.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
        assertThat(outbox.lease(false, 10, "other", LONG)).isEmpty();
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
        assertThat(outbox.lease(false, 10, "bridge", LONG)).isEmpty();
        OutboxKey leaver = outbox.lease(true, 10, "bridge", Duration.ZERO).getFirst();
        PublishStore.wants(sql, List.of(key), List.of(key));
        OutboxKey again = outbox.lease(true, 10, "bridge", LONG).getFirst();
        assertThat(again.since()).isEqualTo(leaver.since());
        assertThat(again.generation()).isGreaterThan(leaver.generation());
    }

    private OutboxKey lease(Duration time) {
        return outbox.lease(false, 10, "bridge", time).getFirst();
    }

    private long left() {
        return sql.queryForObject("select count(*) from outbox", Long.class);
    }
}
