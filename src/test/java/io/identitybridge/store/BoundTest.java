package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An operator says which workspace at Portkey one of ours is. */
class BoundTest {
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final Adoption adoption = new Adoption(sql, new TransactionTemplate(new JdbcTransactionManager(database)));
    private final UUID sales = UUID.randomUUID();

    @Test
    void a_slug_that_is_not_there_changes_nothing_of_what_a_workspace_is_known_as() {
        sql.update("insert into workspace (id, name, name_folded) values (?, 'Sales', 'sales')", sales);
        sql.update("insert into target_workspace (uuid, slug, name, name_folded, active, owner, workspace_id, asked_at, absent_at) values ('w1', 'sales', 'Sales', 'sales', false, 'managed', ?, now(), now())", sales);
        assertThat(adoption.bind(sales, "slaes")).isEmpty();
        assertThat(bound()).as("deleted there by hand, and not to be made again").containsExactly("w1");
        sql.update("insert into target_workspace (uuid, slug, name, name_folded, active, owner, asked_at) values ('w2', 'sales-2', 'Sales 2', 'sales 2', true, 'unmanaged', now())");
        assertThat(adoption.bind(sales, "sales-2")).contains("Sales 2");
        assertThat(bound()).containsExactly("w2");
        assertThat(adoption.bind(sales, "nowhere")).isEmpty();
        assertThat(bound()).containsExactly("w2");
    }

    @Test
    void what_an_operator_has_said_holds_over_the_next_reading_whatever_it_is_called_there() {
        sql.update("insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.acme.com/v1', '7/5')");
        sql.update("insert into workspace (id, name, name_folded) values (?, 'Sales', 'sales')", sales);
        read();
        assertThat(bound()).isEmpty();
        assertThat(adoption.bind(sales, "team-emea")).contains("Team EMEA");
        read();
        assertThat(bound()).containsExactly("w3");
        assertThat(adoption.propose("day one", "x")).isPresent();
        assertThat(sql.queryForList("select sentence || ': ' || reason from plan_line", String.class)).containsExactly("adopt workspace Sales: an operator has bound it (team-emea)");
        sql.update("update workspace set status = 'archived' where id = ?", sales);
        read();
        assertThat(bound()).as("it has ended here").isEmpty();
    }

    private void read() {
        TargetStage stage = new TargetStage(sql, new TransactionTemplate(new JdbcTransactionManager(database)), Duration.ofMinutes(10));
        TargetStage.Reading reading = stage.begin(true).orElseThrow();
        stage.page(reading, List.of(new Shown.Workspace("w3", Optional.of("w3"), Optional.of("team-emea"), "Team EMEA", false, true)));
        stage.merge(reading, Duration.ZERO, new TargetStage.Guarded(Set.of(), Set.of()), false, Optional.of("not asked for"));
        stage.end(reading, Optional.empty());
    }

    private List<String> bound() {
        return sql.queryForList("select uuid from target_workspace where workspace_id = ?", String.class, sales);
    }
}
