package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A bearer token's life, as an IdP and an operator see it over HTTP (RFC 6750). */
class BearerTokensTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab", "okta");
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void a_token_with_days_ends_with_them_and_says_that_it_has_expired() throws Exception {
        JsonNode made = create("{\"days\": 1, \"label\": \"for a day\"}");
        assertThat(get("Bearer " + made.get("token").asText()).statusCode()).isEqualTo(200);
        assertThat(listed(made).get("expiresAt").asText()).isNotEmpty();
        bridge.sql.update("update token set expires_at = now() where id = ?::uuid", made.get("id").asText());
        HttpResponse<String> over = get("Bearer " + made.get("token").asText());
        assertThat(over.statusCode()).isEqualTo(401);
        assertThat(over.body()).contains("this token has expired", "urn:ietf:params:scim:api:messages:2.0:Error");
        assertThat(challenge(over)).isEqualTo("Bearer realm=\"scim\", error=\"invalid_token\", error_description=\"this token has expired\"");
        assertThat(listed(made).get("live").asBoolean()).isFalse();
    }

    @Test
    void a_wrong_token_is_named_as_wrong_and_none_at_all_is_asked_for() throws Exception {
        assertThat(challenge(get("Bearer pib_nonsense"))).startsWith("Bearer ").contains("error=\"invalid_token\"");
        assertThat(challenge(get("Bearer"))).isEqualTo("Bearer realm=\"scim\"");
        assertThat(challenge(get("Basic YTpi"))).isEqualTo("Bearer realm=\"scim\"");
        assertThat(challenge(get(null))).isEqualTo("Bearer realm=\"scim\"");
    }

    @Test
    void a_revoked_token_is_out_with_the_next_request_while_another_goes_on() throws Exception {
        JsonNode old = create("{}");
        JsonNode fresh = create("{}");
        assertThat(get("Bearer " + old.get("token").asText()).statusCode()).isEqualTo(200);
        assertThat(bridge.api("DELETE", "/sources/lab/tokens/" + old.get("id").asText(), "").status()).isEqualTo(204);
        assertThat(challenge(get("Bearer " + old.get("token").asText()))).contains("invalid_token");
        assertThat(get("bearer   " + fresh.get("token").asText()).statusCode()).isEqualTo(200);
        assertThat(listed(old).get("revokedAt").asText()).isNotEmpty();
    }

    @Test
    void a_label_too_long_days_out_of_bounds_and_an_unknown_kind_are_refused() {
        for (String bad : new String[] {"{\"label\": \"" + "x".repeat(101) + "\"}", "{\"days\": 0}", "{\"days\": 3651}", "{\"kind\": \"access\"}", "{\"kind\": \"\"}", "{\"lable\": \"x\"}"}) {
            assertThat(bridge.api("POST", "/sources/lab/tokens", bad).status()).as(bad).isEqualTo(400);
        }
    }

    private static JsonNode create(String body) {
        return bridge.api("POST", "/sources/lab/tokens", body).body();
    }

    private static JsonNode listed(JsonNode made) {
        for (JsonNode token : bridge.api("GET", "/sources/lab/tokens", "").body().get("items")) {
            if (token.get("id").equals(made.get("id"))) {
                return token;
            }
        }
        throw new AssertionError("not listed: " + made.get("id"));
    }

    private static String challenge(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type).startsWith("application/scim+json"));
        return answer.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private HttpResponse<String> get(String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + "/Users?count=1"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
