package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class TokensTest {
    @TempDir
    Path data;

    @Test
    void without_the_admin_token_the_api_says_where_it_is_and_never_what_it_is(CapturedOutput log) {
        try (AdminServer bridge = AdminServer.start(data)) {
            for (String wrong : new String[] {"", "x", bridge.token() + "x"}) {
                AdminServer.Answer answer = bridge.send("GET", bridge.listeners.adminPort(), "/api/members", "", wrong);
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.type()).startsWith("application/problem+json");
                assertThat(answer.response().headers().firstValue("WWW-Authenticate")).isPresent();
                assertThat(answer.text()).contains("admin-token").doesNotContain(bridge.token());
            }
            assertThat(bridge.send("GET", bridge.listeners.adminPort(), "/api/nosuch", "", "").status()).isEqualTo(401);
            assertThat(log.getAll()).doesNotContain(bridge.token());
        }
    }

    @Test
    void a_source_token_is_shown_once_and_kept_as_its_hash(CapturedOutput log) throws Exception {
        try (AdminServer bridge = AdminServer.start(data)) {
            AdminServer.Answer made = bridge.post("/api/sources/lab/tokens", "{\"label\": \"Okta, new\", \"days\": 30}");
            assertThat(made.status()).isEqualTo(201);
            String value = made.json().get("token").asText();
            byte[] kept = bridge.sql.queryForObject("select hash from token", byte[].class);
            assertThat(kept).isEqualTo(MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
            JsonNode listed = bridge.get("/api/sources/lab/tokens").json().get("items").get(0);
            assertThat(listed.get("label").asText()).isEqualTo("Okta, new");
            assertThat(listed.get("live").asBoolean()).isTrue();
            assertThat(listed.toString()).doesNotContain(value);
            assertThat(bridge.get("/api/audit").text()).doesNotContain(value);
            assertThat(log.getAll()).doesNotContain(value);
        }
    }

    @Test
    void a_revoked_token_is_no_longer_live_and_cannot_be_revoked_again() {
        try (AdminServer bridge = AdminServer.start(data)) {
            String id = bridge.post("/api/sources/lab/tokens", "").json().get("id").asText();
            bridge.post("/api/sources/lab/tokens", "{}");
            int admin = bridge.listeners.adminPort();
            assertThat(bridge.send("DELETE", admin, "/api/sources/okta/tokens/" + id, "", bridge.token()).status()).isEqualTo(404);
            assertThat(bridge.send("DELETE", admin, "/api/sources/lab/tokens/" + id, "", bridge.token()).status()).isEqualTo(204);
            assertThat(bridge.send("DELETE", admin, "/api/sources/lab/tokens/" + id, "", bridge.token()).status()).isEqualTo(404);
            assertThat(bridge.sql.queryForObject("select count(*) from token where revoked_at is null", Integer.class)).isEqualTo(1);
            assertThat(bridge.get("/api/audit?via=operator").json().get("total").asInt()).isEqualTo(3);
        }
    }

    @Test
    void the_admin_token_is_made_once_for_its_owner_only() throws IOException {
        AdminToken.of("", data);
        Path file = data.resolve("admin-token");
        String first = Files.readString(file);
        assertThat(first.strip()).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        AdminToken again = AdminToken.of(" ", data);
        assertThat(Files.readString(file)).isEqualTo(first);
        assertThat(again.matches(first.strip())).isTrue();
        assertThat(again.toString()).doesNotContain(first.strip());
        assertThat(Files.list(data)).containsExactly(file);
    }

    @Test
    void a_given_admin_token_is_used_and_written_nowhere() throws IOException {
        AdminToken given = AdminToken.of("a-token-of-mine", data);
        assertThat(given.matches("a-token-of-mine")).isTrue();
        assertThat(given.matches("another")).isFalse();
        assertThat(given.place()).isEqualTo("BRIDGE_ADMIN_TOKEN");
        assertThat(Files.list(data)).isEmpty();
    }

    @Test
    void a_body_without_a_length_or_over_two_megabytes_is_refused() {
        try (AdminServer bridge = AdminServer.start(data)) {
            String text = "x".repeat(TokenFilter.LONGEST_BODY);
            assertThat(bridge.post("/api/sources/okta/preview", "{\"mapping\": \"" + text + "\"}").status()).isEqualTo(413);
        }
    }
}
