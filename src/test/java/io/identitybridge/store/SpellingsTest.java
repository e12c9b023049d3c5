package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Names that Unicode writes in several ways (RFC 7644, 5), in the store. */
class SpellingsTest {
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);

    @Test
    void a_store_that_has_two_of_one_name_is_migrated_and_takes_no_third() {
        sql.execute("drop schema public cascade");
        sql.execute("create schema public");
        Flyway.configure().dataSource(database).target("85.1").load().migrate();
        user("okta", "jos\u00e9@acme.com");
        user("okta", "JOSE\u0301@acme.com");
        user("entra", "jos\u00e9@acme.com");
        group("\u00e9quipe");
        group("E\u0301quipe");
        Flyway.configure().dataSource(database).load().migrate();
        assertThat(sql.queryForList("select user_name from account where twin", String.class)).hasSize(1);
        assertThat(sql.queryForList("select display_name from directory_group where twin", String.class)).hasSize(1);
        assertThatThrownBy(() -> user("okta", "JOS\u00c9@acme.com")).isInstanceOf(DuplicateKeyException.class);
        assertThatThrownBy(() -> group("\u00c9quipe")).isInstanceOf(DuplicateKeyException.class);
        user("ldap", "JOS\u00c9@acme.com");
    }

    private void user(String source, String name) {
        sql.update("insert into account (id, source, user_name, standing, pushed, pushed_at) values (gen_random_uuid(), ?, ?, 'IN', '{}', now())", source, name);
    }

    private void group(String name) {
        sql.update("insert into directory_group (id, source, display_name, pushed, pushed_at) values (gen_random_uuid(), 'okta', ?, '{}', now())", name);
    }
}
