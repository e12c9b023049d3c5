package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** OAuth 2.0 client credentials over real HTTP: a secret becomes a token, the token opens SCIM. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class ClientCredentialsTest {
    @TempDir
    static Path folder;
    static List<String> database;
    static BridgeFiles files;
    static TestBridge bridge;
    static TokenAsker asker;

    @BeforeAll
    static void start() {
        database = TestDatabase.freshAddress();
        files = BridgeFiles.of(folder, "lab", "okta", "entra", "keycloak");
        bridge = TestBridge.start(database, files, folder);
        asker = new TokenAsker(bridge);
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void a_client_secret_becomes_a_token_of_one_hour_that_opens_its_own_source() {
        String secret = secret("lab");
        for (TokenAsker.Answer answer : List.of(asker.basic("lab", secret), asker.post("lab", secret))) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.body().get("token_type").asText()).isEqualTo("Bearer");
            assertThat(answer.body().get("expires_in").asInt()).as("Entra wants at least an hour").isEqualTo(3600);
            assertThat(answer.header("Content-Type")).startsWith("application/json");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Set-Cookie")).isEmpty();
            assertThat(asker.scim("lab", token(answer)).status()).isEqualTo(200);
            assertThat(asker.scim("okta", token(answer)).status()).isEqualTo(403);
        }
    }

    @Test
    void a_scope_that_somebody_typed_in_does_not_matter() {
        String secret = secret("lab");
        TokenAsker.Answer answer = asker.send(asker.form(Map.of("grant_type", "client_credentials", "client_id", "lab", "client_secret", secret, "scope", "anything <b>", "resource", "x")));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("scope").asText()).isEqualTo("scim");
    }

    @Test
    void two_secrets_live_at_once_and_revoking_one_ends_its_tokens_only() {
        JsonNode old = asker.secret("entra");
        JsonNode fresh = asker.secret("entra");
        String ofOld = token(asker.basic("entra", old.get("token").asText()));
        String ofFresh = token(asker.basic("entra", fresh.get("token").asText()));
        assertThat(bridge.api("DELETE", "/sources/entra/tokens/" + old.get("id").asText(), "").status()).isEqualTo(204);
        assertThat(asker.scim("entra", ofOld).status()).isEqualTo(401);
        assertThat(asker.basic("entra", old.get("token").asText()).status()).isEqualTo(401);
        assertThat(asker.scim("entra", ofFresh).status()).isEqualTo(200);
    }

    @Test
    void every_bridge_on_the_same_database_takes_a_token_and_refuses_it_once_another_has_revoked_it() {
        JsonNode secret = asker.secret("lab");
        String access = token(asker.post("lab", secret.get("token").asText()));
        JsonNode bearer = bridge.api("POST", "/sources/lab/tokens", "{}").body();
        try (TestBridge other = TestBridge.start(database, files, folder.resolve("other"))) {
            TokenAsker there = new TokenAsker(other);
            assertThat(there.scim("lab", access).status()).isEqualTo(200);
            assertThat(there.scim("lab", bearer.get("token").asText()).status()).isEqualTo(200);
            assertThat(bridge.api("DELETE", "/sources/lab/tokens/" + bearer.get("id").asText(), "").status()).isEqualTo(204);
            assertThat(bridge.api("DELETE", "/sources/lab/tokens/" + secret.get("id").asText(), "").status()).isEqualTo(204);
            assertThat(there.scim("lab", bearer.get("token").asText()).status()).isEqualTo(401);
            assertThat(there.scim("lab", access).status()).isEqualTo(401);
            assertThat(there.post("lab", secret.get("token").asText()).status()).isEqualTo(401);
        }
    }

    @Test
    void secrets_and_tokens_are_kept_as_hashes_and_shown_once(CapturedOutput log) {
        JsonNode made = asker.secret("okta");
        String token = token(asker.post("okta", made.get("token").asText()));
        JsonNode listed = bridge.api("GET", "/sources/okta/tokens?kind=client-secret", "").body().get("items");
        assertThat(listed.findValuesAsText("id")).containsExactly(made.get("id").asText());
        assertThat(bridge.api("GET", "/sources/okta/tokens", "").body().get("items").findValuesAsText("kind")).as("access tokens are no operator's work").containsOnly("client-secret");
        String everything = bridge.sql.queryForList("select t::text from token t", String.class) + bridge.api("GET", "/audit", "").body().toString() + listed + log.getAll();
        assertThat(everything).contains("create client secret " + made.get("id").asText()).doesNotContain(made.get("token").asText(), token);
    }

    @Test
    void a_secret_is_no_token_and_a_token_is_no_secret() {
        String secret = secret("lab");
        TokenAsker.Answer answer = asker.scim("lab", secret);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body().get("detail").asText()).contains("/oauth2/token");
        assertThat(asker.basic("lab", bridge.token("lab")).status()).isEqualTo(401);
        assertThat(asker.basic("lab", token(asker.basic("lab", secret))).status()).isEqualTo(401);
        assertThat(asker.basic("okta", secret).status()).as("another source's").isEqualTo(401);
    }

    @Test
    void a_secret_that_has_expired_gives_no_more_tokens_and_no_token_outlives_its_secret() {
        JsonNode made = asker.secret("lab");
        bridge.sql.update("update token set expires_at = now() + interval '600 s' where id = ?::uuid", made.get("id").asText());
        assertThat(asker.basic("lab", made.get("token").asText()).body().get("expires_in").asInt()).isBetween(580, 600);
        bridge.sql.update("update token set expires_at = now() where id = ?::uuid", made.get("id").asText());
        TokenAsker.Answer late = asker.basic("lab", made.get("token").asText());
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.body().get("error_description").asText()).contains("expired");
    }

    @Test
    void what_is_refused_is_refused_as_rfc_6749_says() {
        String secret = secret("lab");
        assertRefused(asker.basic("lab", secret + "x"), 401, "invalid_client");
        assertRefused(asker.basic("nobody", secret), 401, "invalid_client");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "client_credentials"))), 401, "invalid_client");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "client_credentials", "client_id", "lab"))), 401, "invalid_client");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "password", "client_id", "lab", "client_secret", secret))), 400, "unsupported_grant_type");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "authorization_code", "code", "x", "client_id", "lab", "client_secret", secret))), 400, "unsupported_grant_type");
        assertRefused(asker.send(asker.form(Map.of("client_id", "lab", "client_secret", secret))), 400, "invalid_request");
        assertRefused(asker.send(asker.form(Map.of("client_id", "l\u00e4b", "client_secret", secret))), 400, "invalid_request");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "x".repeat(20_000)))), 400, "invalid_request");
        assertRefused(asker.send(asker.form(Map.of()).POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[100_000])))), 400, "invalid_request");
        assertRefused(asker.send(HttpRequest.newBuilder(asker.endpoint).header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"))), 400, "invalid_request");
        assertRefused(asker.send(asker.form(Map.of("grant_type", "client_credentials")).setHeader("Content-Type", "application/x-www-form-urlencoded; charset=nonsense")), 401, "invalid_client");
        assertRefused(asker.send(HttpRequest.newBuilder(asker.endpoint)), 405, "invalid_request");
        assertRefused(asker.send(HttpRequest.newBuilder(URI.create(asker.endpoint + "?grant_type=client_credentials&client_id=lab&client_secret=" + secret)).header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.noBody())), 401, "invalid_client");
    }

    @Test
    void a_fault_of_the_bridge_is_said_in_oauths_words_and_tells_nothing_of_the_inside() {
        String secret = secret("lab");
        bridge.sql.execute("alter table token rename to hidden");
        try {
            TokenAsker.Answer answer = asker.post("lab", secret);
            assertRefused(answer, 503, "server_error");
            assertThat(answer.header("Retry-After")).isEqualTo("5");
            assertThat(answer.response().body()).doesNotContain("Exception", "hidden", "relation");
        } finally {
            bridge.sql.execute("alter table hidden rename to token");
        }
    }

    @Test
    void nothing_else_of_an_authorization_server_is_there(CapturedOutput log) {
        for (String path : List.of("/oauth2/authorize", "/oauth2/jwks", "/oauth2/introspect", "/oauth2/revoke", "/oauth2/device_authorization", "/oauth2/token/", "/oauth2/token/x", "/login", "/logout", "/userinfo", "/connect/register",
                "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")) {
            for (String method : List.of("GET", "POST")) {
                String open = asker.endpoint.resolve(path).toString();
                assertThat(asker.send(HttpRequest.newBuilder(URI.create(open)).method(method, BodyPublishers.noBody())).status()).as(method + " " + open).isEqualTo(404);
                assertThat(asker.send(HttpRequest.newBuilder(URI.create(bridge.adminUrl() + path)).method(method, BodyPublishers.noBody())).status()).as(method + " admin " + path).isEqualTo(404);
            }
        }
        assertThat(asker.send(HttpRequest.newBuilder(URI.create(bridge.adminUrl() + "/oauth2/token")).POST(BodyPublishers.noBody())).status()).as("on the admin listener").isEqualTo(404);
        assertThat(log.getAll()).doesNotContain("generated security password");
    }

    @Test
    void guessing_is_slowed_down_and_keeps_the_client_itself_not_out() {
        String secret = secret("keycloak");
        List<TokenAsker.Answer> guesses = IntStream.range(0, 40).mapToObj(i -> asker.sendOnce(asker.basicRequest("keycloak", secret.substring(0, 10) + "x".repeat(secret.length() - 10)))).toList();
        assertThat(guesses).extracting(TokenAsker.Answer::status).containsOnly(401, 429);
        TokenAsker.Answer slow = guesses.stream().filter(answer -> answer.status() == 429).findFirst().orElseThrow();
        assertThat(Integer.parseInt(slow.header("Retry-After"))).isPositive();
        assertThat(asker.sendOnce(asker.basicRequest("keycloak", secret)).status()).isEqualTo(200);
        assertThat(IntStream.range(0, 40).mapToObj(i -> asker.sendOnce(asker.basicRequest("keycloak", secret)).status())).contains(200, 429).containsOnly(200, 429);
    }

    @Test
    void a_life_out_of_bounds_ends_the_start_and_says_what_to_set(CapturedOutput log) {
        assertThat(AccessTokenLife.of("90m")).hasMinutes(90);
        assertThat(AccessTokenLife.of("PT6H")).hasHours(6);
        for (String bad : List.of("59m", "7h", "long", "")) {
            assertThatThrownBy(() -> AccessTokenLife.of(bad)).hasMessage("BRIDGE_ACCESS_TOKEN_LIFE is '" + bad + "'");
        }
        assertThatThrownBy(() -> TestBridge.start(files, folder.resolve("bad"), "bridge.access.token.life=30m"));
        assertThat(log.getAll()).contains("BRIDGE_ACCESS_TOKEN_LIFE is '30m'", "from 1h to 6h");
    }

    private static void assertRefused(TokenAsker.Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.body().get("error").asText()).isEqualTo(error);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(status == 401 ? "Basic realm=\"bridge\"" : "");
    }

    private static String secret(String source) {
        return asker.secret(source).get("token").asText();
    }

    private static String token(TokenAsker.Answer answer) {
        return answer.body().get("access_token").asText();
    }
}
