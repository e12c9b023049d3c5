package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.ClientProof;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way to be let in. The secret is always a header's, or a token request's body's. */
class AuthTest extends OverHttp {
    @Test
    void a_header_of_any_name() {
        assertThat(sent(new Auth.Header("X-Api-Key", "SSWS ${token}")).header("X-Api-Key")).isEqualTo("SSWS " + TOKEN);
    }

    @Test
    void a_bearer_token() {
        assertThat(sent(new Auth.Bearer("${token}")).header("Authorization")).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void user_and_password() {
        assertThat(sent(new Auth.Basic("bridge", "${token}")).header("Authorization")).isEqualTo("Basic YnJpZGdlOnQwcC1zM2NyZXQ=");
    }

    @Test
    void nothing_of_camels_goes_out() {
        assertThat(sent(new Auth.None()).headers().keySet().stream().map(String::toLowerCase))
            .containsExactlyInAnyOrder("accept", "accept-encoding", "host", "connection", "user-agent");
    }

    @Test
    void a_client_token_is_renewed_when_four_fifths_of_its_life_are_over() {
        idp.on("/token", token("one"), token("two"));
        idp.on("/users?first=0", Reply.of(429, "").with("Retry-After", "239"), Reply.json("[{\"id\":\"a\"}]"));
        idp.on("/users?first=1", Reply.of(429, "").with("Retry-After", "1"), Reply.json("[{\"id\":\"b\"}]"));
        idp.on("/users?first=2", "[]");
        read(client().by(new Paging.Offset("first")).read("users"));
        assertThat(idp.seen()).extracting(seen -> seen.address() + " " + seen.header("Authorization")).containsExactly(
            "/token ", "/users?first=0 Bearer one", "/users?first=0 Bearer one", "/users?first=1 Bearer one",
            "/token ", "/users?first=1 Bearer two", "/users?first=2 Bearer two");
        assertThat(idp.seen().getFirst().body()).isEqualTo("grant_type=client_credentials&client_id=bridge&client_secret=" + TOKEN + "&scope=https%3A%2F%2Fx%2F.default");
        assertThat(idp.seen().getFirst().header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    void a_token_that_is_refused_in_mid_read_is_renewed_once() {
        idp.on("/token", token("one"), token("two"));
        idp.on("/users?first=0", "[{\"id\":\"a\"}]").on("/users?first=1", Reply.of(401, "{}"), Reply.json("[]"));
        read(client().by(new Paging.Offset("first")).read("users"));
        assertThat(told.users).containsOnlyKeys("a");
        assertThat(idp.asked()).filteredOn("/token"::equals).hasSize(2);
    }

    @Test
    void a_second_refusal_ends_the_run_and_says_what_to_look_at() {
        idp.on("/token", token("one"), token("two")).on("/users", Reply.of(401, "{\"errorCode\":\"E0000011\",\"errorSummary\":\"" + TOKEN + "\"}"));
        assertThat(refusal(client().read("users"))).isEqualTo("users: page 1: HTTP 401 (E0000011) from " + idp.url()
            + "/users; the credentials are refused: look at the source's secret settings");
        assertThat(idp.asked()).containsExactly("/token", "/users", "/token", "/users");
    }

    @Test
    void a_wrong_secret_is_told_without_the_secret() {
        idp.on("/token", Reply.of(401, "{\"error\":\"unauthorized_client\",\"error_description\":\"" + TOKEN + " is wrong\"}"));
        assertThat(refusal(client().read("users"))).startsWith("token: HTTP 401 (unauthorized_client) from " + idp.url() + "/token; ");
    }

    @Test
    void a_setting_with_a_line_end_cannot_smuggle_a_header() {
        Given given = new Given().read("users");
        given.auth = new Auth.Header("X", "${token}\r\nHost: evil");
        assertThat(refusal(given)).startsWith("auth: the header X would hold a line end");
    }

    private IdpServer.Seen sent(Auth auth) {
        idp.on("/users", "[]");
        Given given = new Given().read("users");
        given.auth = auth;
        read(given);
        return idp.seen().getFirst();
    }

    private Given client() {
        Given given = new Given();
        given.auth = new Auth.ClientCredentials("${url}/token", "bridge", new ClientProof.Secret("${token}"), Optional.of("https://x/.default"));
        return given;
    }

    private static Reply token(String value) {
        return Reply.json("{\"access_token\":\"" + value + "\",\"expires_in\":300}");
    }
}
