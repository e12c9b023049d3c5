package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.model.BadSetting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** Keys for personal data: derived as the standards say, opened by one secret only, and gone when they are destroyed. */
@ExtendWith(OutputCaptureExtension.class)
class SealsTest {
    private static final String ONE = "one-secret-of-at-least-32-characters";
    private static final String OTHER = "another-secret-of-at-least-32-chars";
    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final Sql sql = new Sql(jdbc);
    @TempDir
    Path data;

    @Test
    void a_derived_key_is_that_of_rfc_5869() { // appendix A.3, zero-length salt and info; its first 32 bytes
        byte[] derived = Aes.derived(HexFormat.of().parseHex("0b".repeat(22)), new byte[32], "");
        assertThat(HexFormat.of().formatHex(derived)).isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    @Test
    void what_is_sealed_is_opened_by_its_key_and_for_its_subject_only() {
        byte[] key = Aes.random(32);
        byte[] text = "ada@acme.com".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = Aes.seal(key, text, new byte[] {1});
        assertThat(Aes.open(key, sealed, new byte[] {1})).hasValueSatisfying(open -> assertThat(open).isEqualTo(text));
        assertThat(Aes.open(key, sealed, new byte[] {2})).isEmpty();
        assertThat(Aes.open(Aes.random(32), sealed, new byte[] {1})).isEmpty();
        assertThat(Aes.seal(key, text, new byte[] {1})).isNotEqualTo(sealed);
        sealed[sealed.length - 1] ^= 1;
        assertThat(Aes.open(key, sealed, new byte[] {1})).as("a changed text").isEmpty();
    }

    @Test
    void two_bridges_have_one_key_and_the_secret_does_not_stand_in_the_database() {
        byte[] first = master(ONE);
        assertThat(master(ONE)).isEqualTo(first);
        byte[] stored = jdbc.queryForObject("select key from bridge_key", byte[].class);
        assertThat(HexFormat.of().formatHex(stored)).doesNotContain(HexFormat.of().formatHex(first), HexFormat.of().formatHex(ONE.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void another_secret_or_none_is_refused_with_what_to_do() {
        master(ONE);
        for (Optional<BridgeSecret> wrong : List.of(BridgeSecret.given("BRIDGE_SECRET", OTHER), Optional.<BridgeSecret>empty())) {
            assertThatThrownBy(() -> new MasterKey(sql).opened(wrong, List.of())).isInstanceOfSatisfying(BadSetting.class, bad ->
                    assertThat(bad.todo()).contains("set BRIDGE_SECRET to what the other bridges have", "BRIDGE_SECRET_BEFORE").doesNotContain(OTHER));
        }
    }

    @Test
    void a_changed_secret_takes_over_once_it_is_told_the_one_before() {
        byte[] key = master(ONE);
        assertThat(new MasterKey(sql).opened(BridgeSecret.given("BRIDGE_SECRET", OTHER), BridgeSecret.given("BRIDGE_SECRET_BEFORE", ONE).stream().toList())).isEqualTo(key);
        assertThat(master(OTHER)).isEqualTo(key);
        assertThatThrownBy(() -> master(ONE)).isInstanceOf(BadSetting.class);
    }

    @Test
    void a_shared_database_without_a_secret_works_and_takes_one_later() {
        byte[] key = new MasterKey(sql).opened(Optional.empty(), List.of());
        assertThat(new MasterKey(sql).opened(Optional.empty(), List.of())).isEqualTo(key);
        assertThat(master(ONE)).isEqualTo(key);
        assertThat(jdbc.queryForObject("select bare from bridge_key", Boolean.class)).isFalse();
        assertThatThrownBy(() -> new MasterKey(sql).opened(Optional.empty(), List.of())).isInstanceOf(BadSetting.class);
    }

    @Test
    void a_key_in_the_place_of_a_lost_one_says_whom_nobody_knows_any_more(CapturedOutput log) {
        master(ONE);
        jdbc.update("insert into person (id, email, email_folded, user_name, display_name, status, archived_at, revoked_at, revoked_by, forgotten_at) values (gen_random_uuid(), 'person:1', ?, 'person:1', 'person:1', 'archived', now(), now(), 'operator', now())",
                Forgetting.hashed(new Seals(sql, master(ONE)), "bad@acme.com"));
        jdbc.execute("delete from bridge_key");
        jdbc.execute("delete from person_cipher");
        master(OTHER);
        assertThat(log).contains("1 whom an operator has revoked and who were forgotten since").contains("comes in again");
    }

    @Test
    void a_short_secret_is_refused_and_not_shown() {
        assertThatThrownBy(() -> BridgeSecret.given("BRIDGE_SECRET", "short-secret")).isInstanceOfSatisfying(BadSetting.class, bad ->
                assertThat(bad.getMessage() + bad.todo()).contains("BRIDGE_SECRET", "12 characters", "at least 32").doesNotContain("short-secret"));
    }

    @Test
    void a_mounted_file_is_as_good_as_the_variable_and_one_that_says_nothing_is_refused_by_its_name() throws Exception {
        Path file = Files.writeString(data.resolve("mounted"), ONE + "\n");
        byte[] key = master(ONE);
        assertThat(new MasterKey(sql).opened(BridgeSecret.mounted("BRIDGE_SECRET_FILE", file.toString()), List.of())).isEqualTo(key);
        assertThat(BridgeSecret.mounted("BRIDGE_SECRET_FILE", " ")).isEmpty();
        Path other = Files.writeString(data.resolve("other"), OTHER);
        assertThatThrownBy(() -> new MasterKey(sql).opened(BridgeSecret.mounted("BRIDGE_SECRET_FILE", other.toString()), List.of())).isInstanceOfSatisfying(BadSetting.class, bad ->
                assertThat(bad.todo()).as("which setting and which file").contains("BRIDGE_SECRET_FILE (" + other + ")").doesNotContain(OTHER));
        Files.writeString(other, "short");
        for (String bad : List.of(data.resolve("nothing").toString(), data.toString(), other.toString(), Files.writeString(data.resolve("empty"), "\n").toString())) {
            assertThatThrownBy(() -> BridgeSecret.mounted("BRIDGE_SECRET_FILE", bad)).as(bad).isInstanceOfSatisfying(BadSetting.class, fault -> assertThat(fault.getMessage() + fault.todo()).contains("BRIDGE_SECRET_FILE", bad));
        }
    }

    @Test
    void without_one_the_own_database_gets_one_that_only_the_owner_reads() throws Exception {
        assertThat(BridgeSecret.left(data)).isEmpty();
        byte[] salt = new byte[32];
        byte[] key = BridgeSecret.kept(data).key(salt);
        assertThat(BridgeSecret.kept(data).key(salt)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret")))).isEqualTo("rw-------");
        assertThat(BridgeSecret.kept(data).toString()).doesNotContain(Files.readString(data.resolve("secret")).strip());
    }

    @Test
    void a_destroyed_key_opens_nothing_any_more_and_a_new_one_nothing_old() {
        Seals seals = new Seals(sql, Aes.random(32));
        String ada = seals.subject("okta", "user", "u1");
        byte[] sealed = seals.keys(List.of(ada)).get(ada).seal("ada@acme.com");
        assertThat(seals.keys(List.of(ada)).get(ada).open(sealed)).hasValue("ada@acme.com");
        jdbc.update("update person_cipher set key = null, forgotten_at = now()");
        assertThat(seals.known(List.of(ada))).isEmpty();
        assertThat(seals.keys(List.of(ada)).get(ada).open(sealed)).isEmpty();
        assertThat(seals.name("Ada@ACME.com ")).isEqualTo(seals.name("ada@acme.com")).isNotEqualTo(new Seals(sql, Aes.random(32)).name("ada@acme.com"));
    }

    private byte[] master(String secret) {
        return new MasterKey(sql).opened(BridgeSecret.given("BRIDGE_SECRET", secret), List.of());
    }
}
