package io.identitybridge.source;

import static io.identitybridge.source.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped google.source.yaml against answers of Google's Directory API, each question and answer held against its OpenAPI. */
class GoogleSamplesTest extends OverHttp {
    private static final String BASE = "/admin/directory/v1";
    private static final String UNITS = BASE + "/customer/my_customer/orgunits?type=allIncludingParent";
    private static final String USERS = BASE + "/users?customer=my_customer&maxResults=500";
    private static final String GROUPS = BASE + "/groups?customer=my_customer&maxResults=200";
    private static final String U = "10000000000000000000";
    private static final String KEY = TestKeys.pem(TestKeys.rsa().getPrivate());
    private final Contract contract = Contract.of("google-directory-subset.json", "");
    private final SourceFile file = Samples.shipped("google");
    private String nested = "false";
    private Samples samples;

    @BeforeEach
    @Override
    void idp() {
        idp = new IdpServer(List.of(new ContractFilter(contract, path -> !path.endsWith("/token"))));
        samples = new Samples("google", "https://admin.googleapis.com", idp.url());
        idp.on("/token", samples.reply("token_response")).on(UNITS, samples.reply("org_units"));
        idp.on(USERS, samples.reply("users_page1")).on(USERS + "&pageToken=A0FEcXJzdHV2d3h5", samples.reply("users_page2_last"));
        idp.on(GROUPS, samples.reply("groups_page1")).on(GROUPS + "&pageToken=Q0l3", samples.reply("groups_page2_last"));
        idp.on(members("01aaa"), samples.reply("members_page1")).on(members("01aaa") + "&pageToken=CjQKI2R", samples.reply("members_page2_last"));
        idp.on(members("01bbb"), samples.reply("members_empty")).on(members("01ccc"), samples.reply("members_empty"));
    }

    @AfterEach
    void as_the_specification_has_it() {
        assertThat(contract.faults()).isEmpty();
    }

    private String members(String group) {
        return BASE + "/groups/" + group + "/members?maxResults=200&includeDerivedMembership=" + nested;
    }

    @Override
    Settings settings() {
        String account;
        try {
            account = new ObjectMapper().writeValueAsString(Map.of("private_key", KEY, "private_key_id", "k", "client_email", "bridge@acme.iam.gserviceaccount.com"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Samples.settings(file, Map.of("key", account, "admin", "reader@acme.example", "nested", nested, "directory", idp.url(), "token", idp.url() + "/token"), Set.of("key"));
    }

    private Reading read() {
        return reader(file, Limits.USUAL).read(false, Map.of(), told);
    }

    @Test
    void everything_is_read_and_only_people_are_members() {
        Reading all = read();
        assertThat(all.complete()).isTrue();
        assertThat(told.users).containsOnlyKeys(U + "1", U + "2", U + "3", U + "4", U + "5");
        assertThat(told.members).containsEntry("01aaa", List.of(U + "1", U + "3", "117000000000000000000")).containsEntry("01bbb", List.of()).containsEntry("01ccc", List.of());
        assertThat(told.joined.get("units")).extracting(Item::id).containsExactlyInAnyOrder("/", "/Research", "/Research/Lab");
        assertThat(contract.met()).containsExactly("GET /admin/directory/v1/customer/{customerId}/orgunits", "GET /admin/directory/v1/groups",
            "GET /admin/directory/v1/groups/{groupKey}/members", "GET /admin/directory/v1/users");
    }

    @Test
    void a_list_that_is_left_out_is_an_empty_one_only_in_an_answer_of_its_kind() {
        idp.on(USERS, samples.reply("users_empty"));
        read();
        assertThat(told.users).isEmpty();
        idp.on(USERS, json("{\"kind\":\"admin#directory#users\",\"nextPageToken\":\"A0FEcXJzdHV2d3h5\"}"));
        read();
        assertThat(told.users).as("an empty page with a token is no end").hasSize(3);
        idp.on(USERS, samples.reply("members_empty"));
        assertThat(refusal(this::read)).isEqualTo("users: page 1: there is no list at /users; look at items in the source file");
    }

    @Test
    void quotas_are_waited_for_and_a_missing_right_is_not() {
        idp.on(USERS, samples.reply(403, "error_403_userRateLimitExceeded"), samples.reply(403, "error_403_quotaExceeded"), samples.reply(429, "error_429_rateLimitExceeded"),
            samples.reply("users_page1"));
        read();
        assertThat(waits).hasSize(3).isSorted();
        waits.clear();
        idp.on(GROUPS, samples.reply(403, "error_403_forbidden"));
        assertThat(refusal(this::read)).isEqualTo("groups: page 1: HTTP 403 (forbidden) from " + idp.url() + BASE + "/groups; the credentials may not read this: give them the right to");
        assertThat(waits).isEmpty();
    }

    @Test
    void a_delegation_that_is_missing_is_told_by_its_code() {
        idp.on("/token", samples.reply(401, "error_token_unauthorized_client"));
        assertThat(refusal(this::read)).startsWith("token: HTTP 401 (unauthorized_client) from " + idp.url() + "/token; the credentials are refused");
    }

    @Test
    void a_page_token_that_leads_back_ends_the_run_and_a_page_that_comes_twice_counts_once() {
        idp.on(USERS + "&pageToken=A0FEcXJzdHV2d3h5", json(samples.text("users_page1").replace("A0FEcXJzdHV2d3h5", "third")))
            .on(USERS + "&pageToken=third", samples.reply("users_page2_last"));
        assertThat(read().unique()).containsEntry("users", 5L);
        idp.on(USERS + "&pageToken=A0FEcXJzdHV2d3h5", samples.reply("users_page1"));
        assertThat(refusal(this::read)).isEqualTo("users: the list leads back to a page that was read already; the source's answer is broken");
    }

    @Test
    void the_people_of_groups_inside_are_asked_for_by_choice() {
        nested = "true";
        idp.on(members("01aaa"), samples.reply("members_page2_last")).on(members("01bbb"), samples.reply("members_empty")).on(members("01ccc"), samples.reply("members_empty"));
        read();
        assertThat(told.members.get("01aaa")).containsExactly(U + "3", "117000000000000000000");
    }

    @Test
    void a_deleted_user_is_gone_or_comes_with_the_time_of_his_deletion() throws IOException {
        idp.on(BASE + "/users/" + U + "9", samples.first("users_show_deleted", "users"));
        assertThat(reader(file, Limits.USUAL).pointRead(U + "9")).isInstanceOfSatisfying(PointRead.Found.class, found -> assertThat(found.record()).containsKey("deletionTime"));
        idp.on(BASE + "/users/" + U + "9", samples.reply(404, "error_404_notFound"));
        assertThat(reader(file, Limits.USUAL).pointRead(U + "9")).isInstanceOf(PointRead.Gone.class);
    }

    /** The scopes asked for are those that the operations met need, and the setup page names the same. */
    @Test
    void no_scope_is_asked_for_that_is_not_needed() throws IOException {
        Set<String> needed = new TreeSet<>();
        JsonNode spec = new ObjectMapper().readTree(GoogleSamplesTest.class.getResourceAsStream("/specs/google-directory-subset.json"));
        read();
        contract.met().forEach(operation -> spec.get("paths").get(operation.substring("GET ".length())).at("/get/security/0/oauth2").forEach(scope -> needed.add(scope.asText())));
        assertThat(Set.of(((Auth.JwtBearer) file.auth()).scope().orElseThrow().split(" "))).isEqualTo(needed).hasSize(4);
        assertThat(Files.readString(Path.of("src/docs/setup-google.md"))).contains(needed.stream().map(scope -> "| `" + scope + "` |").toList());
    }
}
