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

/** A reading of Portkey counts whole, or not at all. */
class TargetStageTest {
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final TargetStage stage = new TargetStage(sql, new TransactionTemplate(new JdbcTransactionManager(database)), Duration.ofMinutes(10));

    @Test
    void what_a_crash_of_the_database_has_halved_is_no_reading() {
        sql.update("insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.acme.com/v1', '7/5')");
        TargetStage.Reading whole = stage.begin(true).orElseThrow();
        stage.page(whole, List.of(user("a"), user("b")));
        merge(whole);
        stage.end(whole, Optional.empty());
        TargetStage.Reading halved = stage.begin(true).orElseThrow();
        stage.page(halved, List.of(user("a")));
        sql.queryForList("select relname from pg_class where relname like 'stage\\_target%' and relkind = 'r' and relpersistence = 'u'", String.class).forEach(table -> sql.execute("truncate " + table)); // unlogged: that is what a crash leaves of them
        assertThatThrownBy(() -> stage.page(halved, List.of(user("b")))).isInstanceOf(TargetStage.Lost.class).hasMessageContaining("the database has lost what was read so far");
        assertThatThrownBy(() -> merge(halved)).isInstanceOf(TargetStage.Lost.class);
        assertThat(sql.queryForList("select user_id from target_person order by 1", String.class)).containsExactly("a", "b");
        stage.end(halved, Optional.of("it crashed"));
        assertThat(stage.begin(true)).as("it is read again").isPresent();
    }

    private void merge(TargetStage.Reading reading) {
        stage.merge(reading, Duration.ZERO, new TargetStage.Guarded(Set.of(), Set.of()), false, Optional.of("not asked for"));
    }

    private static Shown.User user(String id) {
        return new Shown.User(id, id + "@acme.com", Optional.empty(), OrgRole.MEMBER);
    }
}
