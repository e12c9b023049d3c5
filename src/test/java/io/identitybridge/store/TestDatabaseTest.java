package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TestDatabaseTest {
    @Test
    void each_fresh_database_has_the_schema_and_nothing_of_another_test() {
        DataSource one = TestDatabase.fresh();
        JdbcClient.create(one).sql("insert into source_state (source) values ('okta')").update();
        JdbcClient two = JdbcClient.create(TestDatabase.fresh());
        assertThat(two.sql("select count(*) from source_state").query(Integer.class).single()).isZero();
        assertThat(two.sql("select count(*) from qrtz_triggers").query(Integer.class).single()).isZero();
    }
}
