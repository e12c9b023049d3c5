package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

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
}
