package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A plan that was made when a table was empty does not outlive that. */
class StatisticsTest {
    private final DataSource database = TestDatabase.fresh();

    @Test
    void a_table_that_has_grown_is_looked_at_once_and_plans_made_before_are_made_anew() throws Exception {
        SingleConnectionDataSource one = new SingleConnectionDataSource(database.getConnection(), true);
        try {
            JdbcTemplate sql = new JdbcTemplate(one);
            sql.execute("set plan_cache_mode = force_generic_plan");
            sql.execute("prepare settled (text[], uuid[]) as delete from outbox o using unnest($1, $2) as t (kind, key) where o.kind = t.kind and o.key = t.key");
            assertThat(plan(sql)).as("there was nothing to look for by an index").contains("Seq Scan on outbox");
            sql.update("insert into outbox (kind, key) select 'person', gen_random_uuid() from generate_series(1, 20000)");
            sql.execute("select pg_stat_force_next_flush()");
            assertThat(new Statistics(sql).refresh()).containsExactly("outbox");
            sql.execute("select pg_stat_force_next_flush()");
            assertThat(new Statistics(sql).refresh()).as("not again").isEmpty();
            assertThat(plan(sql)).contains("Index Scan").doesNotContain("Seq Scan on outbox");
        } finally {
            one.destroy();
        }
    }

    private static String plan(JdbcTemplate sql) {
        List<String> lines = sql.queryForList("explain execute settled ('{person}', '{00000000-0000-0000-0000-000000000001}')", String.class);
        return String.join("\n", lines);
    }
}
