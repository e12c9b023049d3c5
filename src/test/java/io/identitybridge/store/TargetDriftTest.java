package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TargetDriftTest {
    private final JdbcTemplate sql = new JdbcTemplate(TestDatabase.fresh());
    private final TargetDrift drift = new TargetDrift(sql, new TransactionTemplate(new DataSourceTransactionManager(sql.getDataSource())));

    @Test
    void a_workspace_that_is_missing_and_not_to_be_made_is_waited_for_and_does_not_fail_to_converge() {
        sql.update("insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.acme.com/v1', '7/5')");
        sql.update("insert into workspace (id, name, name_folded) values (?, 'Sales', 'sales')", UUID.randomUUID());
        for (int reading = 0; reading < 5; reading++) {
            drift.finish(Instant.now(), 0, true, true, Creates.NONE, Set.of());
        }
        assertThat(differences()).isEqualTo("waits: workspace Sales is not at Portkey, and is not to be made");
        assertThat(drift.repair()).isZero();
        assertThat(unconverged()).isZero();
        for (int reading = 0; reading < 5; reading++) {
            drift.finish(Instant.now(), 0, true, true, Creates.ALL, Set.of());
        }
        assertThat(differences()).isEqualTo("missing: create workspace Sales");
        assertThat(unconverged()).as("made each time, and never there").isEqualTo(1);
    }

    private String differences() {
        return sql.queryForObject("select string_agg(kind || ': ' || sentence, ', ') from target_drift", String.class);
    }

    private long unconverged() {
        return sql.queryForObject("select count(*) from target_finding where kind = 'unconverged' and closed_at is null", Long.class);
    }
}
