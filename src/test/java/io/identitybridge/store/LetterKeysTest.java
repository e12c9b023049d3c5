package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Where an IdP's id is an address, letters are filed under its hash, and those of earlier versions are brought there. */
class LetterKeysTest {
    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final Sql sql = new Sql(jdbc);
    private final Seals seals = new Seals(sql, Aes.random(32));
    private final LetterKeys keys = new LetterKeys(sql, seals);

    @Test
    void only_an_address_is_hashed_by_the_secret_and_in_whatever_case() {
        assertThat(seals.key("00u1f3")).isEqualTo("00u1f3");
        assertThat(seals.key("Ada@acme.com")).startsWith("hash:").isEqualTo(seals.key("ada@ACME.com")).isEqualTo(seals.key(seals.key("ada@acme.com"))).isNotEqualTo(new Seals(sql, Aes.random(32)).key("ada@acme.com"));
    }

    @Test
    void letters_of_earlier_versions_lose_the_address_and_keep_whom_they_are_about() {
        UUID account = UUID.randomUUID();
        jdbc.update("insert into account (id, source, external_id, standing) values (?, 'ldap', 'ada@acme.com', 'IN')", account);
        long stored = letter("user", "ada@acme.com");
        long unknown = letter("user", "bob@acme.com");
        long group = letter("group", "sales@acme.com");
        long plain = letter("user", "00u1");
        long older = letter("user", "Bob@acme.com");
        assertThat(keys.hide()).isEqualTo(4);
        assertThat(keys.hide()).isZero();
        assertThat(jdbc.queryForList("select d::text from dead_letter d", String.class)).noneMatch(row -> row.contains("@"));
        assertThat(jdbc.queryForObject("select key || ' ' || sentence from dead_letter where id = ?", String.class, stored)).isEqualTo(seals.key("ada@acme.com") + " user ...: x");
        assertThat(jdbc.queryForObject("select record_id from dead_letter where id = ?", UUID.class, stored)).isEqualTo(account);
        assertThat(jdbc.queryForObject("select key from dead_letter where id = ?", String.class, plain)).isEqualTo("00u1");
        assertThat(jdbc.queryForObject("select status from dead_letter where id = ?", String.class, unknown)).as("one open letter a key").isEqualTo("superseded");
        jdbc.update("insert into account (id, source, external_id, standing) values (gen_random_uuid(), 'ldap', 'Bob@acme.com', 'IN')");
        assertThat(keys.addresses(java.util.List.of(stored, older, group, plain))).isEqualTo(Map.of(stored, "ada@acme.com", older, "Bob@acme.com", group, "sales@acme.com"));
        assertThat(jdbc.queryForObject("select count(*) from dead_letter where id = ? and record_id is not null", Long.class, older)).as("stored by now").isOne();
    }

    private long letter(String resource, String key) {
        return jdbc.queryForObject("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('ldap', ?, ?, 1, 'BUG', 'map', ? || ' ' || ? || ': x', 'f', 'run:1', 'h') returning id", Long.class, resource, key, resource, key);
    }
}
