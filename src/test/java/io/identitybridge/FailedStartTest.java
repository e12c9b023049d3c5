package io.identitybridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.admin.Certificate;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A start that cannot be is told in words: what, where, and what to do. */
class FailedStartTest {
    private static final String BUNDLE = "SPRING_SSL_BUNDLE_PEM_PUBLIC_KEYSTORE_";
    @TempDir
    Path folder;

    @Test
    @Tag("real")
    void a_taken_admin_port_is_named_as_what_it_is() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failed(folder.resolve("data"), Map.of("BRIDGE_ADMIN_PORT", String.valueOf(taken.getLocalPort()))))
                    .contains("The admin listener cannot listen on port " + taken.getLocalPort() + " of 127.0.0.1: Address already in use", "set BRIDGE_ADMIN_PORT").doesNotContain("\tat ");
        }
    }

    @Test
    @Tag("real")
    void a_data_directory_that_cannot_be_written_says_why() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(failed(file, Map.of("BRIDGE_ADMIN_TOKEN", ""))).contains("The data directory cannot be used: " + file, "set BRIDGE_DATA").doesNotContain("\tat ");
    }

    @Test
    @Tag("real")
    void one_for_a_database_of_its_own_that_cannot_be_written_says_why_too() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(failed(file, Map.of("SPRING_DATASOURCE_URL", ""))).contains("The data directory cannot be used: " + file + " cannot be written: ", " is no directory", "set BRIDGE_DATA").doesNotContain("\tat ");
    }

    @Test
    @Tag("real")
    void another_secret_than_the_database_was_written_with_is_refused_and_not_shown() {
        List<String> database = TestDatabase.freshAddress();
        JdbcTemplate sql = new JdbcTemplate(new DriverManagerDataSource(database.get(0), database.get(1), database.get(2)));
        sql.update("insert into bridge_key (salt, key, bare) values ('\\x00', '\\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', false)");
        String other = "another-secret-of-32-characters-here";
        assertThat(failed(folder.resolve("data"), Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2), "BRIDGE_SECRET", other)))
                .contains("BRIDGE_SECRET is 'not the one'", "set BRIDGE_SECRET to what the other bridges have").doesNotContain("\tat ", other);
    }

    @Test
    @Tag("real")
    void a_certificate_that_is_not_there_says_so() throws Exception {
        assertThat(failed(folder.resolve("data"), certificate())).contains("The SSL bundle of the public listener cannot be used: ", folder.resolve("none.crt") + " (No such file", "operations.md#tls").doesNotContain("\tat ");
    }

    @Test
    @Tag("real")
    void a_certificate_with_another_key_and_a_bundle_that_is_not_there_say_so() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        Certificate.make(folder).write(other);
        Map<String, String> mixed = new HashMap<>(certificate());
        mixed.put(BUNDLE + "CERTIFICATE", "file:" + other.resolve("tls.crt"));
        assertThat(failed(folder.resolve("data"), mixed)).contains("Private key in keystore matches none of the certificates").doesNotContain("\tat ");
        mixed.put("SERVER_SSL_BUNDLE", "other");
        mixed.put(BUNDLE + "PRIVATEKEY", "file:" + other.resolve("tls.key"));
        assertThat(failed(folder.resolve("data"), mixed)).contains("cannot be used: SSL bundle name 'other' cannot be found", "SERVER_SSL_BUNDLE").doesNotContain("\tat ");
    }

    private Map<String, String> certificate() throws Exception {
        Certificate.make(folder).write(folder);
        return Map.of("SERVER_SSL_BUNDLE", "public", BUNDLE + "CERTIFICATE", "file:" + folder.resolve("none.crt"), BUNDLE + "PRIVATEKEY", "file:" + folder.resolve("tls.key"));
    }

    private String failed(Path data, Map<String, String> more) {
        List<String> database = TestDatabase.freshAddress();
        Map<String, String> settings = new HashMap<>(Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2)));
        settings.putAll(more);
        BridgeProcess bridge = BridgeProcess.start(BridgeFiles.of(folder.resolve("files" + TestBridge.unique())), data, folder.resolve("log"), settings);
        bridge.says("APPLICATION FAILED TO START");
        bridge.close();
        return bridge.log();
    }
}
