package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.whitelist.rule.WhitelistRules;
import io.identitybridge.source.IdpServer.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The validator that other tests lean on sees what is wrong, in both directions. */
class ContractTest {
    private static final String GROUP = "{\"id\":\"00g1\",\"type\":\"OKTA_GROUP\",\"profile\":{\"name\":\"x\",\"description\":%s}}";
    private final Contract contract = Contract.of("okta-management-subset.json", "");
    private IdpServer okta;

    @BeforeEach
    void start() {
        okta = new IdpServer(List.of(new ContractFilter(contract, path -> path.startsWith("/api/"))));
    }

    @AfterEach
    void stop() {
        okta.close();
    }

    @Test
    void what_the_specification_has_passes() throws Exception {
        okta.on("/api/v1/groups?limit=200", json("[" + GROUP.formatted("\"y\"") + "]"));
        ask("/api/v1/groups?limit=200", "SSWS t");
        ask("/oauth2/v1/token", "SSWS t");
        assertThat(contract.faults()).isEmpty();
        assertThat(contract.met()).containsExactly("GET /api/v1/groups");
    }

    @Test
    void a_wrong_question_is_seen() throws Exception {
        okta.on("/api/v1/apps/0oa1/users?limit=501&colour=red", json("[]"));
        ask("/api/v1/apps/0oa1/users?limit=501&colour=red", "SSWS t");
        assertThat(contract.faults()).hasSize(2).anySatisfy(fault -> assertThat(fault).contains("colour")).anySatisfy(fault -> assertThat(fault).contains("501"));
        ask("/api/v1/people", "SSWS t");
        assertThat(contract.faults()).hasSize(3).last().asString().contains("No API path found that matches request '/api/v1/people'");
    }

    @Test
    void a_question_without_credentials_is_seen() throws Exception {
        okta.on("/api/v1/groups", json("[]"));
        ask("/api/v1/groups", "");
        assertThat(contract.faults()).singleElement().asString().contains("Authorization");
    }

    @Test
    void a_wrong_answer_is_seen_unless_the_test_names_it() throws Exception {
        okta.on("/api/v1/groups", json("[" + GROUP.formatted("null") + "]"));
        ask("/api/v1/groups", "SSWS t");
        assertThat(contract.faults()).singleElement().asString().contains("/0/profile");

        Contract lenient = Contract.of("okta-management-subset.json", "", Map.of("Okta's own examples have it", WhitelistRules.messageContainsSubstring("/profile")));
        lenient.exchange(new Contract.Exchange("GET", "/api/v1/groups", Map.of("Authorization", List.of("SSWS t")), new byte[0], 200,
            Map.of("Content-Type", List.of("application/json")), ("[" + GROUP.formatted("null") + "]").getBytes()));
        assertThat(lenient.faults()).isEmpty();
    }

    @Test
    void any_server_may_be_down_but_not_answer_a_status_of_its_own() throws Exception {
        okta.on("/api/v1/groups", Reply.of(503, "busy"));
        ask("/api/v1/groups", "SSWS t");
        assertThat(contract.faults()).isEmpty();
        okta.on("/api/v1/groups", Reply.of(418, "{}").with("Content-Type", "application/json"));
        ask("/api/v1/groups", "SSWS t");
        assertThat(contract.faults()).singleElement().asString().contains("418");
    }

    private static Reply json(String body) {
        return Reply.json(body).with("Content-Type", "application/json");
    }

    private void ask(String address, String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(okta.url() + address));
        HttpRequest request = (authorization.isEmpty() ? asked : asked.header("Authorization", authorization)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
