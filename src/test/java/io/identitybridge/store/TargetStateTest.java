package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.model.OrgRole;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How things stand with Portkey, whichever bridge asks. */
class TargetStateTest {
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final TargetState state = new TargetState(sql, new TransactionTemplate(new JdbcTransactionManager(database)));

    @Test
    void a_right_to_write_that_is_missing_is_one_alarm_however_often_a_reading_call_is_let_in() {
        state.meet("portkey-admin-api", "https://portkey.acme.com/v1");
        assertThat(state.stopped("PUT: 403")).isTrue();
        assertThat(state.stopped("DELETE: 403")).as("it is stopped already").isFalse();
        for (int probe = 0; probe < 3; probe++) {
            assertThat(state.resumed()).isTrue();
            assertThat(state.stopped("PUT: 403")).as("the same again").isFalse();
            assertThat(state.now().stopped()).contains("PUT: 403");
        }
        state.resumed();
        assertThat(state.stopped("POST: 402")).as("something else").isTrue();
        state.resumed();
        sql.update("update target set resumed_at = now() - interval '16 minutes'");
        assertThat(state.stopped("POST: 402")).as("it went well meanwhile").isTrue();
    }

    @Test
    void another_Portkey_was_never_read_and_nobody_has_decided_on_it() {
        TargetReads reads = new TargetReads(sql);
        state.meet("portkey-admin-api", "https://portkey.acme.com/v1");
        sql.update("update target set read_at = now(), compared_at = now(), matching = 5, adopted_at = now(), mode = 'apply', paused_until = now() + interval '1 hour'");
        sql.update("insert into plan (source, cause, set_hash, status, decided_at, decided_by) values ('portkey', 'adopt', 'x', 'rejected', now() - interval '1 day', 'ada')");
        long held = sql.queryForObject("insert into plan (source, cause, set_hash) values ('portkey', 'adopt', 'x') returning id", Long.class);
        sql.update("insert into plan_line (plan_id, n, class, sentence, reason, facts) values (?, 1, 'other', 'adopt ada@acme.com', '', '')", held);
        sql.update("insert into target_drift (key_kind, key, part, kind, sentence) values ('person', gen_random_uuid(), 'user', 'missing', 'create user ada@acme.com')");
        sql.update("insert into target_finding (kind, subject, sentence, todo) values ('unmanaged', 'x', 'somebody', 'adopt him')");
        sql.update("insert into outbox (kind, key, leaver, due_at, attempts, blocked) values ('person', gen_random_uuid(), false, 'infinity', 3, true)");
        assertThat(reads.adoptedBefore()).isTrue();

        TargetState.Now now = state.meet("portkey-admin-api", "https://portkey.example.com/v1");
        assertThat(now.applies()).isFalse();
        assertThat(now.readAt()).as("what was read is the one before").isEmpty();
        assertThat(now.waits()).as("which asked to be left alone").isEmpty();
        assertThat(reads.adoptedBefore()).as("as was what an operator has decided").isFalse();
        assertThat(sql.queryForList("select status from plan where id = ?", String.class, held)).as("its lines are about nobody here").containsExactly("closed");
        assertThat(reads.drift()).containsEntry("missing", 0L).containsEntry("matching", 0L);
        assertThat(sql.queryForList("select sentence from target_finding where closed_at is null", String.class)).isEmpty();
        assertThat(sql.queryForList("select 1 from outbox where due_at <= now() and not blocked and attempts = 0", Integer.class)).as("what the one before refused").hasSize(1);
        sql.update("update target set mode = 'apply', read_at = now(), adopted_at = now()");
        assertThat(state.meet("portkey-admin-api", "https://portkey.example.com/v1").readAt()).as("the same again").isPresent();
        assertThat(reads.adoptedBefore()).isTrue();
    }

    @Test
    void whom_the_bridge_has_taken_out_of_another_Portkey_is_not_its_own_in_this_one() {
        TargetStage stage = new TargetStage(sql, new TransactionTemplate(new JdbcTransactionManager(database)), Duration.ofMinutes(10));
        state.meet("portkey-admin-api", "https://portkey.acme.com/v1");
        sql.update("insert into target_gone (email_folded, owner, at) values ('ada@acme.com', 'managed', now())");
        state.meet("portkey-admin-api", "https://portkey.example.com/v1");
        TargetStage.Reading reading = stage.begin(true).orElseThrow();
        stage.page(reading, List.of(new Shown.User("u1", "ada@acme.com", Optional.empty(), OrgRole.MEMBER)));
        stage.merge(reading, Duration.ZERO, new TargetStage.Guarded(Set.of(), Set.of()), false, Optional.of("not asked for"));
        assertThat(sql.queryForList("select owner from target_person", String.class)).containsExactly("unmanaged");
    }

    @Test
    void what_is_being_read_of_another_Portkey_counts_for_nothing_in_this_one() {
        TargetStage stage = new TargetStage(sql, new TransactionTemplate(new JdbcTransactionManager(database)), Duration.ofMinutes(10));
        state.meet("portkey-admin-api", "https://portkey.acme.com/v1");
        TargetStage.Reading reading = stage.begin(true).orElseThrow();
        stage.page(reading, List.of(new Shown.User("u1", "ada@acme.com", Optional.empty(), OrgRole.MEMBER)));
        state.meet("portkey-scim", "https://portkey.acme.com/v2/scim");
        assertThatThrownBy(() -> stage.merge(reading, Duration.ZERO, new TargetStage.Guarded(Set.of(), Set.of()), false, Optional.of("not asked for"))).isInstanceOf(TargetStage.Lost.class);
        assertThat(sql.queryForList("select email from target_person", String.class)).isEmpty();
        assertThat(stage.begin(true)).as("this one is read").isPresent();
    }
}
