package io.identitybridge.source;

import static io.identitybridge.source.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import io.identitybridge.files.FileReader;
import io.identitybridge.files.SourceFile;
import io.identitybridge.source.IdpServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped entra.source.yaml against answers of Microsoft Graph, each question and answer held against its OpenAPI. */
class EntraSamplesTest extends OverHttp {
    private static final String USERS = "/v1.0/users/delta?$select=id,userPrincipalName,mail,displayName,accountEnabled,userType";
    private static final String GROUPS = "/v1.0/groups/delta?$select=id,displayName,securityEnabled,members";
    private static final String APP = "/v1.0/servicePrincipals(appId='55555555-0000-4000-8000-000000000009')";
    private static final String U = "00000000-0000-4000-8000-00000000000";
    private static final String G = "11111111-0000-4000-8000-00000000000";
    private static final String IN_G1 = "/v1.0/groups/" + G + "1/members?$select=id&$top=999";
    private final Contract contract = Contract.of("msgraph-subset.json", "/v1.0");
    private SourceFile file = Samples.shipped("entra");
    private Samples samples;

    @BeforeEach
    @Override
    void idp() {
        idp = new IdpServer(List.of(new ContractFilter(contract, path -> !path.endsWith("/token"))));
        samples = new Samples("entra", "https://graph.microsoft.com", idp.url());
        idp.on("/acme/oauth2/v2.0/token", samples.reply("token_response"));
        idp.on(APP + "/appRoleAssignedTo", samples.reply("app_role_assigned_to"));
        idp.on(IN_G1, samples.reply("group_members_page1")).on("/v1.0/groups/" + G + "1/members?$top=4&$skiptoken=RFNwdAoAAQM", samples.reply("group_members_page2_last"));
    }

    @AfterEach
    void as_the_specification_has_it() {
        assertThat(contract.faults()).isEmpty();
    }

    @Override
    Settings settings() {
        return Samples.settings(file, Map.of("tenant", "acme", "client-id", "c", "client-secret", TOKEN, "app-id", "55555555-0000-4000-8000-000000000009",
            "graph", idp.url() + "/v1.0", "login", idp.url()), Set.of("client-secret"));
    }

    private Reading read(boolean full, Map<String, String> cursors) {
        return reader(file, Limits.USUAL).read(full, cursors, told);
    }

    private void initial() throws IOException {
        idp.on(APP, samples.first("service_principal", "value"));
        idp.on(USERS, samples.reply("users_delta_initial_page1")).on("/v1.0/users/delta?$skiptoken=7PF2oXV4n1", samples.reply("users_delta_initial_page2_empty_but_next"))
            .on("/v1.0/users/delta?$skiptoken=7PF2oXV4n2", samples.reply("users_delta_initial_page3_last"));
        idp.on(GROUPS, samples.reply("groups_delta_initial_page1")).on("/v1.0/groups/delta?$skiptoken=pqwSUjGYvb3j1", samples.reply("groups_delta_initial_page2_same_group_again"));
    }

    @Test
    void everything_is_read_over_an_empty_page_and_a_group_that_comes_twice() throws IOException {
        initial();
        Reading all = read(false, Map.of());
        assertThat(all.complete()).isTrue();
        assertThat(told.users).containsOnlyKeys(U + "1", U + "2", U + "3", U + "4", U + "5", U + "6", U + "7", "00000000-0000-4000-8000-000000000099");
        assertThat(told.users.get("00000000-0000-4000-8000-000000000099").removed()).as("an explicit deletion may come in the first round").isTrue();
        assertThat(told.users.get(U + "4").record()).containsEntry("mail", null);
        assertThat(told.calls).as("devices, groups and service principals are no members").containsSubsequence("changes " + G + "1 +[" + U + "1] -[]", "changes " + G + "1 +[" + U + "2] -[]", "whole " + G + "1");
        assertThat(all.cursors()).containsEntry("users", idp.url() + "/v1.0/users/delta?$deltatoken=oEcOySpF_hWYmTIUZBOI");
        assertThat(told.joined.get("app")).extracting(Item::id).containsExactly("77777777-0000-4000-8000-000000000001");
        assertThat(told.joined.get("assignments")).as("one principal has two roles, and one more by a group").extracting(Item::id).filteredOn((U + "1")::equals).hasSize(3);
        assertThat(contract.met()).containsExactly("GET /groups/delta", "GET /groups/{id}/members", "GET /servicePrincipals(appId='{appId}')", "GET /servicePrincipals(appId='{appId}')/appRoleAssignedTo", "GET /users/delta");
    }

    @Test
    void changes_are_merged_in_their_order_and_deletions_told() throws IOException {
        initial();
        Map<String, String> cursors = read(false, Map.of()).cursors();
        idp.on("/v1.0/users/delta?$deltatoken=oEcOySpF_hWYmTIUZBOI", samples.reply("users_delta_round2"));
        idp.on("/v1.0/groups/delta?$deltatoken=sZwAFZibx-LQOdZIo1hHhmmDhHzCY0Hs6snoIHJCSIfCHdqKdWNZ2VX3kErpyna9GygROwBk", samples.reply("groups_delta_round2"));
        told.calls.clear();
        Reading changes = read(false, cursors);
        assertThat(changes.complete()).isFalse();
        assertThat(told.users.get(U + "1").record()).as("the same person twice on one page").isEqualTo(Map.of("id", U + "1", "accountEnabled", false, "displayName", "Ada Lovelace"));
        assertThat(told.users.values().stream().filter(Item::removed).map(Item::id)).containsExactly(U + "3", U + "4");
        assertThat(told.groups.values().stream().filter(Item::removed).map(Item::id)).containsExactly(G + "2", G + "6");
        assertThat(told.calls).contains("changes " + G + "1 +[" + U + "6] -[" + U + "2]").noneMatch(call -> call.startsWith("whole"));
        assertThat(changes.cursors().get("users")).endsWith("oEcOySpF_round2");
    }

    @Test
    void whoever_is_in_a_group_that_is_assigned_is_assigned() throws IOException {
        initial();
        read(false, Map.of());
        List<Item> rows = told.joined.get("assignments");
        assertThat(rows).as("over two pages; neither devices nor contacts, and nobody of a group inside it").filteredOn(row -> "Group".equals(row.record().get("principalType"))).extracting(Item::id).containsExactly(G + "1", U + "1", U + "3");
        assertThat(rows).as("his own rows stay beside it").filteredOn(row -> row.id().equals(U + "1")).extracting(row -> row.record().get("id")).containsExactly("A1", "A4", "A2");
    }

    @Test
    void a_group_whose_members_may_not_be_read_ends_the_reading() throws IOException {
        initial();
        String second = "/v1.0/groups/" + G + "1/members?$top=4&$skiptoken=RFNwdAoAAQM";
        for (String page : List.of(IN_G1, second)) {
            Reply right = page.equals(second) ? samples.reply("group_members_page2_last") : samples.reply("group_members_page1");
            told.joined.clear();
            idp.on(page, samples.reply(403, "error_403"));
            assertThat(refusal(() -> read(false, Map.of()))).as(page).startsWith("assignments");
            assertThat(told.joined).doesNotContainKey("assignments");
            assertThat(told.users).isEmpty();
            idp.on(page, right);
        }
    }

    @Test
    void an_assigned_group_that_is_not_found_is_no_fault_and_who_had_its_row_keeps_it() throws IOException {
        initial();
        idp.on(IN_G1, samples.reply(404, "error_404"));
        told.had = Map.of(G + "1", List.of(U + "3"));
        Reading reading = read(false, Map.of());
        assertThat(told.joined.get("assignments")).filteredOn(row -> "Group".equals(row.record().get("principalType"))).extracting(Item::id).containsExactly(G + "1", U + "3");
        assertThat(reading.notes()).containsExactly("assignments: group " + G + "1 has a row there and is not found itself; the 1 people who had it keep it, until its assignment is taken away at the source or the group has not been found for long");
        told.had = Map.of();
        assertThat(refusal(() -> read(false, Map.of()))).as("where nobody can tell who had it").isEqualTo("assignments: group " + G + "1 has a row there and is not found itself; if it stays so, take its assignment away at the source");
    }

    @Test
    void assigned_groups_are_bounded_like_every_list() throws IOException {
        initial();
        Limits few = new Limits(100_000, 5_000_000, 5, Duration.ofMinutes(5), 4, 16);
        assertThat(refusal(() -> reader(file, few).read(false, Map.of(), told))).isEqualTo("assignments: more than 5 records with the people of its groups");
    }

    @Test
    void an_expired_cursor_makes_it_read_everything_in_the_same_run() throws IOException {
        for (Reply expired : List.of(samples.reply(410, "error_410_resync").with("Location", idp.url() + "/v1.0/users/delta?$deltatoken="), samples.reply(400, "error_410_resync"))) {
            initial();
            idp.on("/v1.0/users/delta?$deltatoken=old", expired);
            Reading all = read(false, Map.of("users", idp.url() + "/v1.0/users/delta?$deltatoken=old", "groups", idp.url() + "/v1.0/groups/delta?$deltatoken=old"));
            assertThat(all.complete()).isTrue();
            assertThat(all.notes()).containsExactly("the cursor had expired, so everything was read");
            assertThat(all.cursors().get("users")).endsWith("oEcOySpF_hWYmTIUZBOI");
        }
    }

    @Test
    void a_cursor_that_expires_half_way_leaves_nothing_behind_of_what_was_read_before() throws IOException {
        initial();
        idp.on("/v1.0/users/delta?$deltatoken=old", samples.reply("users_delta_round2")).on("/v1.0/groups/delta?$deltatoken=old", samples.reply(410, "error_410_resync"));
        assertThat(read(false, Map.of("users", idp.url() + "/v1.0/users/delta?$deltatoken=old", "groups", idp.url() + "/v1.0/groups/delta?$deltatoken=old")).complete()).isTrue();
        assertThat(told.users.get(U + "3").removed()).as("the deletion came with the old cursor; the list has him").isFalse();
    }

    @Test
    void it_waits_as_long_as_it_is_told() throws IOException {
        initial();
        idp.on(USERS, samples.reply(429, "error_429").with("Retry-After", "10"), samples.reply("users_delta_initial_page1"));
        assertThat(read(false, Map.of()).complete()).isTrue();
        assertThat(waits).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void a_token_that_ends_half_way_is_renewed_and_a_right_that_is_missing_ends_the_run() throws IOException {
        initial();
        idp.on("/v1.0/users/delta?$skiptoken=7PF2oXV4n1", samples.reply(401, "error_401"), samples.reply("users_delta_initial_page2_empty_but_next"));
        idp.on(GROUPS, samples.reply(403, "error_403"));
        assertThat(refusal(() -> read(false, Map.of()))).isEqualTo("groups: page 1: HTTP 403 (Authorization_RequestDenied) from " + idp.url()
            + "/v1.0/groups/delta; the credentials may not read this: give them the right to");
        assertThat(told.users).hasSize(8);
    }

    @Test
    void a_wrong_secret_is_told_by_its_code() throws IOException {
        initial();
        idp.on("/acme/oauth2/v2.0/token", samples.reply(401, "error_aad_token"));
        assertThat(refusal(() -> read(false, Map.of()))).startsWith("token: HTTP 401 (invalid_client) from " + idp.url() + "/acme/oauth2/v2.0/token; the credentials are refused");
    }

    @Test
    void a_certificate_is_taken_before_a_secret(@TempDir Path folder) throws Exception {
        initial();
        KeyStore.PrivateKeyEntry certified = TestKeys.certified(folder);
        String pem = TestKeys.pem(certified.getPrivateKey()) + TestKeys.pem((X509Certificate) certified.getCertificate());
        Settings both = Samples.settings(file, Map.of("tenant", "acme", "client-id", "c", "client-secret", TOKEN, "certificate", pem, "graph", idp.url() + "/v1.0", "login", idp.url()),
            Set.of("client-secret", "certificate"));
        new Reader(file, both, fetch, time -> { }, clock).read(false, Map.of(), told);
        IdpServer.Seen asked = idp.seen().getFirst();
        assertThat(asked.body()).contains("client_assertion_type=urn%3Aietf").contains("scope=https%3A%2F%2Fgraph.microsoft.com%2F.default").doesNotContain("client_secret");
        JWSHeader header = SignedJWT.parse(asked.body().replaceAll(".*client_assertion=([^&]+).*", "$1")).getHeader();
        assertThat(header.getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
        assertThat(header.toJSONObject()).containsKey("x5t#S256");
    }

    @Test
    void pages_that_repeat_that_lead_back_and_that_break_off() throws IOException {
        initial();
        idp.on("/v1.0/users/delta?$skiptoken=7PF2oXV4n1", json(samples.text("users_delta_initial_page1").replace("7PF2oXV4n1", "7PF2oXV4n2")));
        assertThat(read(false, Map.of()).unique()).as("a page that came twice counts once").containsEntry("users", 7L);
        idp.on("/v1.0/users/delta?$skiptoken=7PF2oXV4n1", samples.reply("users_delta_initial_page1"));
        assertThat(refusal(() -> read(false, Map.of()))).isEqualTo("users: the list leads back to a page that was read already; the source's answer is broken");
        idp.on(USERS, json("{\"value\":[],\"@odata.nextLink\":\"https://graph.evil.example/v1.0/users/delta?$skiptoken=x\"}"));
        assertThat(refusal(() -> read(false, Map.of()))).isEqualTo("users: next page is at https://graph.evil.example, not at " + idp.url());
        idp.on(USERS, json("{\"value\":[{\"id\":\"a\"}]}"));
        assertThat(refusal(() -> read(false, Map.of()))).startsWith("users: the last page has neither a next page nor a cursor");
    }

    @Test
    void without_an_application_its_roles_and_assignments_are_not_read() throws IOException {
        initial();
        Settings without = Samples.settings(file, Map.of("tenant", "acme", "client-id", "c", "client-secret", TOKEN, "graph", idp.url() + "/v1.0", "login", idp.url()), Set.of("client-secret"));
        new Reader(file, without, fetch, time -> { }, clock).read(false, Map.of(), told);
        assertThat(contract.met()).containsExactly("GET /groups/delta", "GET /users/delta");
    }

    @Test
    void one_user_is_asked_for_by_his_id() {
        String address = "/v1.0/users/" + U + "1?$select=id,userPrincipalName,mail,displayName,accountEnabled,userType";
        idp.on(address, json("{\"id\":\"" + U + "1\",\"mail\":null}"), samples.reply(404, "error_404"));
        assertThat(reader(file, Limits.USUAL).pointRead(U + "1")).isInstanceOf(PointRead.Found.class);
        assertThat(reader(file, Limits.USUAL).pointRead(U + "1")).isInstanceOf(PointRead.Gone.class);
    }

    @Test
    void the_setup_page_names_the_least_permissions_of_what_is_asked() throws IOException {
        initial();
        read(false, Map.of());
        JsonNode spec = new ObjectMapper().readTree(EntraSamplesTest.class.getResourceAsStream("/specs/msgraph-subset.json"));
        String page = Files.readString(Path.of("src/docs/setup-entra.md"));
        assertThat(contract.met()).isNotEmpty().allSatisfy(operation -> assertThat(page)
            .contains("| `" + spec.get("paths").get(operation.substring("GET ".length())).at("/get/x-least-privilege-application-permission").asText() + "` |"));
    }

    /** The page says how to read the people of nested groups; what it says is tried here. */
    @Test
    void nested_groups_are_read_as_the_setup_page_says() throws IOException {
        file = nested();
        String people = "/v1.0/users?$select=id,userPrincipalName,mail,displayName,accountEnabled,userType&$top=999";
        idp.on(APP, samples.first("service_principal", "value"));
        idp.on(people, samples.reply("users_page1")).on("/v1.0/users?$select=id,userPrincipalName&$top=4&$skiptoken=RFNwdAIAAQAAABg6YWRh", samples.reply("users_page2_last"));
        idp.on("/v1.0/groups?$select=id,displayName,securityEnabled&$top=999", samples.reply("groups_page1")).on("/v1.0/groups?$top=3&$skiptoken=RFNwdAoAAQ", samples.reply("groups_page2_last"));
        for (int group = 1; group <= 6; group++) {
            idp.on("/v1.0/groups/" + G + group + "/transitiveMembers?$select=id&$top=999", group == 1 ? samples.reply("group_transitive_members") : json("{\"value\":[]}"));
        }
        assertThat(read(false, Map.of()).complete()).isTrue();
        assertThat(told.users).hasSize(7);
        assertThat(told.members).hasSize(6).containsEntry(G + "1", List.of(U + "1", U + "2"));
        assertThat(contract.met()).contains("GET /groups/{id}/transitiveMembers");
    }

    @Test
    void members_without_properties_are_people_all_the_same() throws IOException {
        file = nested();
        idp.on("/v1.0/groups/" + G + "1/transitiveMembers?$select=id&$top=999", samples.reply("group_members_page1"))
            .on("/v1.0/groups/" + G + "1/members?$top=4&$skiptoken=RFNwdAoAAQM", samples.reply("group_members_page2_last"));
        assertThat(reader(file, Limits.USUAL).members(file.read().get("members")).of(G + "1"))
            .isInstanceOfSatisfying(MemberLists.Found.All.class, all -> assertThat(all.people()).containsExactly(U + "1", U + "3"));
    }

    private static SourceFile nested() throws IOException {
        Matcher block = Pattern.compile("```yaml\n(read:\n.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("src/docs/setup-entra.md")));
        assertThat(block.find()).isTrue();
        Map<String, String> texts = new TreeMap<>(FileReader.texts(Path.of("routes"), Path.of("mappings")));
        String shipped = texts.get("routes/entra.source.yaml");
        int users = shipped.indexOf("  users:\n");
        String edited = shipped.substring(0, users) + block.group(1).replace("read:\n", "");
        texts.put("routes/entra.source.yaml", edited);
        return Samples.shipped(texts, "entra");
    }
}
