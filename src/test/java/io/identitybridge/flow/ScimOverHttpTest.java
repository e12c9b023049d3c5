package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What pushes come to, over real HTTP: in the directory, in the membership, and in the answers. */
class ScimOverHttpTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab", "okta").manyMayLeave());

    @Test
    void a_pushed_group_is_a_workspace_and_its_members_have_its_role() {
        String name = TestBridge.unique();
        String ada = create("ada." + name);
        Answer group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + name + "-role-manager\",\"members\":[{\"value\":\"" + ada + "\"}]}");
        assertThat(group.status()).isEqualTo(201);
        assertThat(group.headers().get("location").getFirst()).isEqualTo(group.body().at("/meta/location").asText()).startsWith("http://127.0.0.1:");
        assertThat(bridge.memberships()).contains(name + "/ada." + name + "@acme.com=manager");
        bridge.scim("lab", "PATCH", "/Groups/" + id(group), "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"id\":\"" + id(group) + "\",\"displayName\":\"ws-" + name + "-role-member\"}}]}");
        assertThat(bridge.memberships()).contains(name + "/ada." + name + "@acme.com=member");
        assertThat(bridge.scim("lab", "DELETE", "/Groups/" + id(group), "").status()).isEqualTo(204);
        assertThat(bridge.memberships()).noneMatch(line -> line.startsWith(name + "/"));
    }

    @Test
    void a_disabled_person_is_archived_at_once_and_comes_back_with_the_same_id() {
        String name = "leaver." + TestBridge.unique();
        String id = create(name);
        Answer off = bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertThat(off.body().get("active").asBoolean()).isFalse();
        assertThat(bridge.people("archived")).contains(name + "@acme.com");
        assertThat(bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + name.toUpperCase() + "@ACME.com\"", "").body().get("totalResults").asInt()).isOne();
        Answer back = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@acme.com", true));
        assertThat(back.status()).isEqualTo(201);
        assertThat(id(back)).isEqualTo(id);
        assertThat(bridge.people("active")).contains(name + "@acme.com");
    }

    @Test
    void a_deleted_person_is_gone_twice_over_and_may_come_again() {
        String name = "deleted." + TestBridge.unique();
        String id = create(name);
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).contains(name + "@acme.com");
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(404);
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(404);
        assertThat(bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user("x", name + "@acme.com", true)).status()).as("a PUT creates nobody").isEqualTo(404);
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@acme.com", true)).status()).isEqualTo(201);
    }

    @Test
    void a_name_that_a_living_person_holds_is_taken_in_any_case() {
        String name = "holder." + TestBridge.unique();
        create(name);
        Answer second = bridge.scim("lab", "POST", "/Users", TestBridge.user("other-" + name, name.toUpperCase() + "@acme.com", true));
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().get("scimType").asText()).isEqualTo("uniqueness");
    }

    @Test
    void a_member_who_is_not_known_yet_is_joined_when_he_appears() {
        String name = TestBridge.unique();
        String gone = create("early." + name);
        bridge.scim("lab", "DELETE", "/Users/" + gone, "");
        String group = id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + name + "-role-member\"}"));
        Answer added = bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + gone + "\"},{\"value\":\"" + UUID.randomUUID() + "\"}]}]}");
        assertThat(added.status()).isEqualTo(204);
        bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-early." + name, "early." + name + "@acme.com", true));
        assertThat(bridge.memberships()).contains(name + "/early." + name + "@acme.com=member");
    }

    @Test
    void a_whole_group_sets_its_members_and_one_that_names_none_leaves_them() {
        String name = TestBridge.unique();
        String one = create("one." + name);
        String two = create("two." + name);
        String group = id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + name + "-role-member\",\"members\":[{\"value\":\"" + one + "\"}]}"));
        bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-" + name + "-role-member\",\"members\":[{\"value\":\"" + two + "\"}]}");
        assertThat(in(name)).containsExactly(name + "/two." + name + "@acme.com=member");
        bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-" + name + "-role-member\"}");
        assertThat(in(name)).hasSize(1);
        bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-" + name + "-role-member\",\"members\":[]}");
        assertThat(in(name)).isEmpty();
    }

    @Test
    void what_portkeys_rules_refuse_is_stored_answered_and_a_letter() {
        String name = "stranger." + TestBridge.unique();
        Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@elsewhere.example", true));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(bridge.people("active")).doesNotContain(name + "@elsewhere.example");
        assertThat(bridge.api("GET", "/explain?person=" + name + "@elsewhere.example", "").body().toString()).contains("may not become a member");
        assertThat(bridge.api("GET", "/dead-letters?status=open&q=ext-" + name, "").body().toString()).contains("domain 'elsewhere.example' may not become a member");
        bridge.scim("lab", "PATCH", "/Users/" + id(answer), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"" + name + "@acme.com\"}]}");
        assertThat(bridge.people("active")).contains(name + "@acme.com");
        assertThat(bridge.api("GET", "/dead-letters?status=open&q=ext-" + name, "").body().get("total").asInt()).as("a newer state supersedes it").isZero();
    }

    @Test
    void tokens_open_their_own_source_only_and_two_live_at_once() throws Exception {
        String one = bridge.token("lab");
        Answer made = bridge.api("POST", "/sources/lab/tokens", "{}");
        String two = made.body().get("token").asText();
        assertThat(List.of(status("lab", "Bearer " + one), status("lab", "bearer " + two))).containsOnly(200);
        assertThat(status("lab", null)).isEqualTo(401);
        assertThat(status("lab", "Bearer nonsense")).isEqualTo(401);
        assertThat(status("lab", "Basic YTpi")).isEqualTo(401);
        assertThat(status("okta", "Bearer " + one)).isEqualTo(403);
        assertThat(status("nobody", "Bearer " + one)).isEqualTo(403);
        bridge.api("DELETE", "/sources/lab/tokens/" + made.body().get("id").asText(), "");
        assertThat(status("lab", "Bearer " + two)).isEqualTo(401);
        assertThat(bridge.count("select count(*) from token where hash = ?::bytea", one)).as("only hashes are kept").isZero();
    }

    @Test
    void every_refusal_is_a_scim_error() throws Exception {
        for (String[] row : new String[][] {{"GET", "/Nothing", "", "404"}, {"POST", "/Bulk", "{}", "400"}, {"GET", "/Bulk", "", "405"}, {"POST", "/Bulk/x", "{}", "404"}, {"GET", "/Me", "", "501"}, {"DELETE", "/Users", "", "405"}, {"POST", "/Users", "{", "400"}, {"POST", "/Users", "[1]", "400"},
            {"POST", "/Users", "{\"userName\":\"\"}", "400"}, {"GET", "/Users?filter=userName zz 1", "", "400"}, {"GET", "/Users?count=many", "", "400"}, {"GET", "/Users/" + UUID.randomUUID(), "", "404"},
            {"POST", "/Users", "{\"userName\":\"" + "x".repeat(1_100_000) + "\"}", "413"}, {"POST", "/Users", "[".repeat(40) + "]".repeat(40), "400"}}) {
            Answer answer = bridge.scim("lab", row[0], row[1], row[2]);
            assertThat(answer.status()).as(row[0] + " " + row[1]).isEqualTo(Integer.parseInt(row[3]));
            assertThat(answer.body().at("/schemas/0").asText()).as(row[0] + " " + row[1]).isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
            assertThat(answer.body().get("status").asText()).isEqualTo(row[3]);
            assertThat(answer.headers().get("content-type").getFirst()).startsWith("application/scim+json");
        }
        assertThat(send("POST", bridge.scimBase("lab") + "/Users", "Bearer " + bridge.token("lab"), "application/x-www-form-urlencoded", "a=b").statusCode()).isEqualTo(400);
        assertThat(send("OPTIONS", bridge.scimBase("lab") + "/Users", "Bearer " + bridge.token("lab"), "application/scim+json", "").body()).contains("scim:api:messages:2.0:Error");
    }

    @Test
    void versions_are_kept_and_looked_at() {
        String id = create("version." + TestBridge.unique());
        Answer user = bridge.scim("lab", "GET", "/Users/" + id, "");
        assertThat(user.headers().get("etag").getFirst()).isEqualTo(user.body().at("/meta/version").asText());
        assertThat(user.headers().keySet()).noneMatch(name -> name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("user-agent"));
        Answer head = bridge.scim("lab", "HEAD", "/Users/" + id, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body().isNull()).isTrue();
    }

    @Test
    void an_answer_says_how_long_it_is() throws Exception {
        String id = create("length." + TestBridge.unique());
        for (String path : List.of("/Users/" + id, "/Users?count=1", "/Users/" + UUID.randomUUID())) {
            HttpResponse<String> answer = send("GET", bridge.scimBase("lab") + path, "Bearer " + bridge.token("lab"), "application/scim+json", "");
            assertThat(answer.headers().firstValueAsLong("content-length")).as(path).hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
            assertThat(answer.headers().map()).as(path).doesNotContainKey("transfer-encoding");
        }
        assertThat(bridge.scim("lab", "GET", "/Schemas", "").body().get("Resources")).as("longer than the server's buffer").hasSize(3);
    }

    @Test
    void what_is_advertised_is_true() {
        assertThat(bridge.scim("lab", "GET", "/ServiceProviderConfig", "").body().at("/patch/supported").asBoolean()).isTrue();
        assertThat(bridge.scim("lab", "GET", "/Schemas", "").body().get("totalResults").asInt()).isEqualTo(3);
        bridge.scim("lab", "GET", "/ResourceTypes", "").body().get("Resources").forEach(type -> assertThat(bridge.scim("lab", "GET", "/Schemas/" + type.get("schema").asText(), "").status()).isEqualTo(200));
    }

    @Test
    void requests_are_noted_in_words_and_without_the_person() {
        String name = "noted." + TestBridge.unique();
        String id = create(name);
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        String noted = "";
        for (int i = 0; i < 200 && !noted.contains("deactivate user"); i++) {
            TestBridge.pause(50);
            noted = bridge.api("GET", "/requests?resourceId=" + id, "").body().toString();
        }
        assertThat(noted).contains("deactivate user", "create user").doesNotContain(name);
    }

    private static String create(String name) {
        Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@acme.com", true));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return id(answer);
    }

    private static List<String> in(String workspace) {
        return bridge.memberships().stream().filter(line -> line.startsWith(workspace + "/")).toList();
    }

    private static String id(Answer answer) {
        return answer.body().get("id").asText();
    }

    private static int status(String source, String authorization) throws Exception {
        return send("GET", bridge.scimBase(source) + "/Users?count=1", authorization, "application/scim+json", "").statusCode();
    }

    private static HttpResponse<String> send(String method, String address, String authorization, String type, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).header("Content-Type", type).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
