package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.source.Contract;
import io.identitybridge.source.ContractFilter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lab's IdP: the same company at every start, spoken to as Okta is, at fault when asked to be. */
class StandInOktaTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
    private final HttpClient http = HttpClient.newHttpClient();
    private final Contract contract = Contract.of("okta-management-subset.json", "");
    private StandInOkta okta;

    @BeforeEach
    void start() throws IOException {
        okta = new StandInOkta(Company.usual(), "secret", 0, new ContractFilter(contract, path -> path.startsWith("/api/")));
    }

    @AfterEach
    void stop() {
        okta.close();
    }

    @Test
    void the_company_is_the_same_at_every_start_with_names_one_would_believe() {
        List<Company.Person> people = Company.usual().people("", 1000);
        assertThat(people).isEqualTo(Company.usual().people("", 1000)).hasSize(200);
        assertThat(Company.usual().groups("", 100)).hasSize(12);
        assertThat(new HashSet<>(people.stream().map(Company.Person::email).toList())).hasSize(200);
        assertThat(people).allSatisfy(person -> assertThat(person.firstName()).matches("\\p{Lu}[\\p{L}' -]+"));
    }

    @Test
    void pages_lead_on_by_the_link_header_to_the_last_and_are_as_oktas_openapi_says() throws Exception {
        assertThat(ids("/users?limit=60")).hasSize(200).doesNotHaveDuplicates();
        assertThat(ids("/groups?limit=5")).hasSize(12);
        assertThat(ids("/groups/00g00000001/users?limit=20")).hasSize(46);
        assertThat(get("/users/00u00000001").statusCode()).isEqualTo(200);
        assertThat(get("/users/nobody").statusCode()).isEqualTo(404);
        assertThat(contract.faults()).isEmpty();
        assertThat(contract.met()).hasSize(4);
    }

    @Test
    void a_wrong_token_and_an_unknown_person_are_errors_in_oktas_shape() throws Exception {
        HttpResponse<String> wrong = http.send(HttpRequest.newBuilder(URI.create(okta.url() + "/api/v1/users")).header("Authorization", "SSWS other").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("E0000011");
        assertThat(get("/users/nobody").statusCode()).isEqualTo(404);
        assertThat(get("/users/00u00000001").body()).contains("\"lastName\"");
    }

    @Test
    void each_fault_happens_as_often_as_it_was_asked_for() throws Exception {
        fault(Faults.Kind.STATUS_503, 1);
        assertThat(get("/users?limit=50").statusCode()).isEqualTo(503);
        assertThat(get("/users?limit=50").statusCode()).isEqualTo(200);
        fault(Faults.Kind.SHORT, 1);
        assertThat(json(get("/users?limit=50"))).hasSize(25);
        fault(Faults.Kind.EMPTY, 1);
        assertThat(get("/users?limit=50").headers().allValues("Link")).noneMatch(link -> link.contains("next"));
        fault(Faults.Kind.CUT, 1);
        assertThatThrownBy(() -> get("/users?limit=50")).isInstanceOf(IOException.class);
        fault(Faults.Kind.REPEATED, 1);
        HttpResponse<String> repeated = get("/users?limit=50");
        assertThat(next(repeated)).contains(okta.url() + "/api/v1/users?limit=50");
    }

    @Test
    void faults_are_set_shown_and_ended_over_http() throws Exception {
        HttpRequest set = HttpRequest.newBuilder(URI.create(okta.url() + "/lab/faults")).PUT(HttpRequest.BodyPublishers.ofString("[{\"kind\":\"SLOW\",\"path\":\"/users\",\"page\":1,\"times\":1,\"millis\":1}]")).build();
        assertThat(http.send(set, HttpResponse.BodyHandlers.ofString()).body()).contains("SLOW");
        assertThat(get("/users?limit=50").statusCode()).isEqualTo(200);
        assertThat(okta.faults().all()).as("used up").isEmpty();
    }

    @Test
    void nonsense_is_answered_with_what_is_taken_and_changes_nothing() throws Exception {
        fault(Faults.Kind.SLOW, 1);
        for (String body : List.of("", "nonsense", "{}", "[{\"kind\":\"STATUS_504\",\"path\":\"/users\"}]", "[{\"kind\":\"CUT\"}]", "[{\"kind\":\"CUT\",\"path\":\"/users\",\"page\":-1}]", "[null]")) {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(okta.url() + "/lab/faults")).PUT(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(json(answer).get("error").asText()).as(body).isNotBlank();
        }
        assertThat(okta.faults().all()).hasSize(1);
        assertThat(get("/users?limit=many").statusCode()).isEqualTo(400);
    }

    private void fault(Faults.Kind kind, int times) {
        okta.faults().set(List.of(new Faults.Fault(kind, "/users", 1, times, 0)));
    }

    private List<String> ids(String path) throws Exception {
        List<String> ids = new ArrayList<>();
        for (Optional<String> page = Optional.of(okta.url() + "/api/v1" + path); page.isPresent(); ) {
            HttpResponse<String> answer = send(page.get());
            json(answer).forEach(record -> ids.add(record.get("id").asText()));
            page = next(answer);
        }
        return ids;
    }

    private static Optional<String> next(HttpResponse<String> answer) {
        return answer.headers().allValues("Link").stream().map(NEXT::matcher).filter(Matcher::find).map(link -> link.group(1)).findFirst();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(okta.url() + "/api/v1" + path);
    }

    private HttpResponse<String> send(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).header("Authorization", "SSWS secret").build(), HttpResponse.BodyHandlers.ofString());
    }
}
