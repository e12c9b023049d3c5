package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What answers show, what only the server sets, the forms of roles, and versions; over real HTTP. */
class ScimAttributesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab");
    private final String name = TestBridge.unique();

    @Test
    void every_answer_shows_what_is_asked_for() {
        String body = user("'title':'t','nickName':'n'");
        JsonNode made = bridge.scim("lab", "POST", "/Users?attributes=userName", body).body();
        assertThat(made.fieldNames()).toIterable().containsExactlyInAnyOrder("schemas", "id", "userName");
        String path = "/Users/" + made.get("id").asText();
        assertThat(bridge.scim("lab", "PUT", path + "?attributes=title,meta.location", body).body().toString()).contains("\"title\"", "\"location\"").doesNotContain("nickName", "created");
        assertThat(patch(path + "?excludedAttributes=nickName,emails,id", "{'op':'replace','path':'title','value':'u'}").body().fieldNames()).toIterable().contains("id", "title", "userName").doesNotContain("nickName", "emails");
        assertThat(bridge.scim("lab", "GET", path + "?attributes=" + ENTERPRISE + ":department", "").body().fieldNames()).toIterable().containsExactly("schemas", "id");
        assertThat(bridge.scim("lab", "GET", "/Users?attributes=nickname&filter=userName eq \"" + name + "@acme.com\"", "").body().at("/Resources/0/nickName").asText()).isEqualTo("n");
    }

    @Test
    void a_schema_by_its_urn_is_all_that_is_in_it_and_what_is_said_twice_is_asked_for_twice() {
        String core = "urn:ietf:params:scim:schemas:core:2.0:User";
        JsonNode made = bridge.scim("lab", "POST", "/Users", user("'title':'t','groups':[],'" + ENTERPRISE + "':{'department':'D','division':'V'}")).body();
        String path = "/Users/" + made.get("id").asText();
        assertThat(shown(path + "?attributes=" + core)).contains("userName", "title", "emails", "active", "meta").doesNotContain(ENTERPRISE, "groups");
        assertThat(shown(path + "?attributes=" + core.toUpperCase(java.util.Locale.ROOT) + "," + ENTERPRISE)).contains("userName", ENTERPRISE);
        assertThat(shown(path + "?attributes=" + ENTERPRISE)).containsExactlyInAnyOrder("schemas", "id", ENTERPRISE);
        assertThat(shown(path + "?attributes=" + core + ":title")).containsExactlyInAnyOrder("schemas", "id", "title");
        assertThat(shown(path + "?excludedAttributes=" + core)).containsExactlyInAnyOrder("schemas", "id", ENTERPRISE);
        assertThat(shown(path + "?attributes=urn:ietf:params:scim:schemas:core:2.0:Group:displayName")).as("of another type").containsExactlyInAnyOrder("schemas", "id");
        assertThat(shown(path + "?attributes=title&attributes=userName")).containsExactlyInAnyOrder("schemas", "id", "title", "userName");
        assertThat(shown(path + "?excludedAttributes=title&excludedattributes=userName")).contains("emails").doesNotContain("title", "userName");
        assertThat(bridge.scim("lab", "GET", path + "?attributes=" + core + ",groups", "").status()).isEqualTo(200);
        String group = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"g-" + name + "\",\"members\":[{\"value\":\"" + made.get("id").asText() + "\"}]}"));
        assertThat(shown(group + "?attributes=urn:ietf:params:scim:schemas:core:2.0:Group")).contains("displayName", "members");
        assertThat(shown(group + "?excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:Group")).containsExactlyInAnyOrder("schemas", "id");
        assertThat(shown(path + "?attributes=" + core + ",groups")).contains("userName", "groups");
    }

    @Test
    void a_name_is_the_same_composed_and_decomposed_and_keeps_its_own_spelling() {
        String composed = "jos\u00e9" + name + "@acme.com";
        String decomposed = "JOSE\u0301" + name + "@acme.com";
        Answer made = bridge.scim("lab", "POST", "/Users", TestBridge.user("c-" + name, composed, true));
        assertThat(made.status()).isEqualTo(201);
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("d-" + name, decomposed, true)).body().path("scimType").asText()).isEqualTo("uniqueness");
        assertThat(bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + decomposed + "\" and active eq true", "").body().at("/Resources/0/userName").asText()).isEqualTo(composed);
        assertThat(bridge.scim("lab", "GET", "/Users?filter=not (userName eq \"" + decomposed + "\") and externalId eq \"c-" + name + "\"", "").body().get("totalResults").asInt()).isZero();
        assertThat(bridge.scim("lab", "PUT", "/Users/" + id(made), TestBridge.user("c-" + name, decomposed, true)).body().get("userName").asText()).as("another spelling of his own").isEqualTo(decomposed);
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id(made), "").status()).isEqualTo(204);
        assertThat(id(bridge.scim("lab", "POST", "/Users", TestBridge.user("c-" + name, composed, true)))).as("he is back").isEqualTo(id(made));
        assertThat(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"\u00e9quipe " + name + "\"}").status()).isEqualTo(201);
        assertThat(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"e\u0301quipe " + name + "\"}").status()).isEqualTo(409);
        assertThat(bridge.scim("lab", "GET", "/Groups?filter=displayName eq \"e\u0301quipe " + name + "\"", "").body().get("totalResults").asInt()).isOne();
    }

    private static List<String> shown(String path) {
        List<String> names = new java.util.ArrayList<>();
        bridge.scim("lab", "GET", path, "").body().fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void what_has_none_of_the_parts_that_are_asked_for_is_not_shown_empty() {
        String path = "/Users/" + id(bridge.scim("lab", "POST", "/Users", user("'name':{'givenName':'G'},'phoneNumbers':[{'value':'1'},{'value':'2','display':'D'}]")));
        assertThat(bridge.scim("lab", "GET", path + "?attributes=name.middleName,emails.display,phoneNumbers.display", "").body().toString()).contains("\"phoneNumbers\":[{\"display\":\"D\"}]").doesNotContain("name", "emails", "{}");
    }

    @Test
    void an_extension_that_is_empty_or_in_a_list_is_read_as_any_other_value() {
        String path = "/Users/" + id(bridge.scim("lab", "POST", "/Users", user("'" + ENTERPRISE + "':[{'department':'D'}]")));
        assertThat(bridge.scim("lab", "GET", path, "").body().at("/" + ENTERPRISE + "/department").asText()).isEqualTo("D");
        for (String nothing : List.of("''", "[]", "null")) {
            Answer cleared = bridge.scim("lab", "PUT", path, user("'" + ENTERPRISE + "':" + nothing));
            assertThat(cleared.status()).as(nothing).isEqualTo(200);
            assertThat(cleared.body().has(ENTERPRISE)).as(nothing).isFalse();
        }
    }

    @Test
    void a_group_patched_is_answered_only_where_something_is_asked_for() {
        String path = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"g-" + name + "\"}"));
        assertThat(patch(path, "{'op':'replace','path':'displayName','value':'h-" + name + "'}").status()).isEqualTo(204);
        Answer asked = patch(path + "?attributes=displayName", "{'op':'replace','path':'displayName','value':'i-" + name + "'}");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.body().fieldNames()).toIterable().containsExactlyInAnyOrder("schemas", "id", "displayName");
    }

    @Test
    void the_groups_of_a_user_are_shown_and_found_where_they_are_asked_for() {
        String id = id(bridge.scim("lab", "POST", "/Users", user("'groups':[{'value':'x'}]")));
        String group = id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"g-" + name + "\",\"members\":[{\"value\":\"" + id + "\"}]}"));
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").body().has("groups")).isFalse();
        JsonNode shown = bridge.scim("lab", "GET", "/Users/" + id + "?attributes=groups", "").body().at("/groups/0");
        assertThat(List.of(shown.get("value").asText(), shown.get("display").asText(), shown.get("type").asText(), shown.get("$ref").asText())).containsExactly(group, "g-" + name, "direct", bridge.scimBase("lab") + "/Groups/" + group);
        for (String filter : List.of("groups.value eq \"" + group + "\"", "groups eq \"" + group + "\"", "groups[display eq \"G-" + name + "\"]", "groups pr and userName eq \"" + name + "@acme.com\"")) {
            JsonNode found = bridge.scim("lab", "GET", "/Users?attributes=groups&filter=" + filter, "").body();
            assertThat(found.get("totalResults").asInt()).as(filter).isOne();
            assertThat(found.at("/Resources/0/groups/0/value").asText()).isEqualTo(group);
        }
        assertThat(bridge.scim("lab", "GET", "/Users?filter=groups.value eq \"x\"", "").body().get("totalResults").asInt()).isZero();
        bridge.scim("lab", "DELETE", "/Groups/" + group, "");
        assertThat(bridge.scim("lab", "GET", "/Users/" + id + "?attributes=groups", "").body().has("groups")).isFalse();
    }

    @Test
    void what_only_the_server_sets_is_passed_over_in_a_resource_and_refused_as_a_path() {
        Answer made = bridge.scim("lab", "POST", "/Users", user("'id':'mine','meta':{'created':'x'},'password':'secret','" + ENTERPRISE + "':{'manager':{'value':'m','displayName':'Boss'}}"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().toString()).doesNotContain("mine", "secret", "Boss");
        for (String path : List.of("id", "meta.created", "schemas", "groups", "groups[value eq ~x~]", ENTERPRISE + ":manager.displayName")) {
            Answer refused = patch("/Users/" + id(made), "{'op':'replace','path':'" + path + "','value':'x'}");
            assertThat(refused.status()).as(path).isEqualTo(400);
            assertThat(refused.body().get("scimType").asText()).as(path).isEqualTo("mutability");
        }
        assertThat(bridge.scim("lab", "POST", "/Users", "{\"title\":\"t\"}").body().get("detail").asText()).contains("'userName' is missing");
        assertThat(bridge.scim("lab", "POST", "/Groups", "{}").body().get("detail").asText()).contains("'displayName' is missing");
    }

    @Test
    void email_is_read_as_the_addresses_of_a_user_and_the_repair_is_noted() {
        bridge.scim("lab", "POST", "/Users", user("'title':'t'"));
        assertThat(bridge.scim("lab", "GET", "/Users?filter=email eq \"" + name.toUpperCase() + "@ACME.com\"", "").body().get("totalResults").asInt()).isOne();
        assertThat(bridge.scim("lab", "GET", "/Users?filter=email eq \"nobody." + name + "@acme.com\"", "").body().get("totalResults").asInt()).isZero();
        String noted = "";
        for (int i = 0; i < 200 && !noted.contains("email for emails.value"); i++) {
            TestBridge.pause(50);
            noted = bridge.api("GET", "/requests?source=lab", "").body().toString();
        }
        assertThat(noted).contains("email for emails.value");
    }

    @Test
    void of_a_role_that_is_a_text_its_value_is_all_that_can_be_asked_for() {
        String path = "/Users/" + id(bridge.scim("lab", "POST", "/Users", user("'roles':['admin']")));
        assertThat(bridge.scim("lab", "GET", path + "?attributes=roles.value", "").body().path("roles").toString()).isEqualTo("[\"admin\"]");
        assertThat(bridge.scim("lab", "GET", path + "?excludedAttributes=roles.type", "").body().path("roles").toString()).isEqualTo("[\"admin\"]");
        assertThat(shown(path + "?attributes=roles.type")).containsExactlyInAnyOrder("schemas", "id");
        assertThat(shown(path + "?excludedAttributes=roles.value")).contains("userName").doesNotContain("roles");
        assertThat(shown(path + "?attributes=userName.type")).containsExactlyInAnyOrder("schemas", "id");
    }

    @Test
    void roles_are_answered_in_the_form_received() throws IOException {
        for (String form : List.of("'owner'", "['owner','member']", "{'value':'owner'}", "[{'value':'owner','type':'Primary'}]", "[{'primary':false,'type':'WindowsAzureActiveDirectoryRole','display':'Owner','value':'Owner'}]",
                "[{'value':'{~id~:~25~,~value~:~owner~,~displayName~:~Owner~}'}]")) {
            String mail = TestBridge.unique() + "@acme.com";
            JsonNode wanted = JSON.readTree(json(form));
            String person = "'userName':'" + mail + "','emails':[{'value':'" + mail + "'}]";
            Answer made = bridge.scim("lab", "POST", "/Users", json("{" + person + ",'roles':" + form + "}"));
            assertThat(made.body().get("roles")).as("POST " + form).isEqualTo(wanted);
            String path = "/Users/" + id(made);
            assertThat(bridge.scim("lab", "GET", path, "").body().get("roles")).as("GET " + form).isEqualTo(wanted);
            assertThat(bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + mail + "\" and roles co \"owner\"", "").body().at("/Resources/0/roles")).as("a list, " + form).isEqualTo(wanted);
            assertThat(bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + mail + "\" and roles.value pr and roles[value pr and not (value eq null)]", "").body().path("totalResults").asInt()).as("its value is there, " + form).isOne();
            bridge.scim("lab", "PUT", path, json("{" + person + "}"));
            assertThat(bridge.scim("lab", "PUT", path, json("{" + person + ",'roles':" + form + "}")).body().get("roles")).as("PUT " + form).isEqualTo(wanted);
            patch(path, "{'op':'remove','path':'roles'}");
            assertThat(patch(path, "{'op':'replace','path':'roles','value':" + form + "}").body().get("roles")).as("PATCH " + form).isEqualTo(wanted);
            patch(path, "{'op':'remove','path':'roles'}");
            assertThat(patch(path, "{'op':'Add','value':{'roles':" + form + "}}").body().get("roles").toString()).as("PATCH without a path " + form).contains("wner");
        }
    }

    @Test
    void versions_in_several_lines_are_one_list() throws Exception {
        Answer made = bridge.scim("lab", "POST", "/Users", user("'title':'t'"));
        String path = "/Users/" + id(made);
        String version = made.headers().get("etag").getFirst();
        HttpRequest.Builder two = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + path)).header("Authorization", "Bearer " + bridge.token("lab"));
        HttpRequest known = two.copy().header("If-None-Match", "\"other\"").header("If-None-Match", version).build();
        assertThat(HttpClient.newHttpClient().send(known, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(304);
        HttpRequest meant = two.copy().header("If-Match", "\"other\"").header("If-Match", version).DELETE().build();
        assertThat(HttpClient.newHttpClient().send(meant, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(204);
    }

    @Test
    void a_version_that_the_client_has_is_not_sent_again_and_one_it_has_not_is_not_changed() throws Exception {
        Answer made = bridge.scim("lab", "POST", "/Users", user("'title':'t'"));
        String path = "/Users/" + id(made);
        String version = made.headers().get("etag").getFirst();
        assertThat(version).startsWith("W/");
        assertThat(send("GET", path, "If-None-Match", "\"other\", " + version, "").statusCode()).isEqualTo(304);
        assertThat(send("GET", path, "If-None-Match", version.substring(2), "").statusCode()).as("compared weakly").isEqualTo(304);
        assertThat(send("GET", path, "If-None-Match", "\"other\"", "").statusCode()).isEqualTo(200);
        String change = json("{'Operations':[{'op':'replace','path':'title','value':'u'}]}");
        assertThat(send("PATCH", path, "If-None-Match", "*", change).statusCode()).isEqualTo(412);
        assertThat(send("PATCH", path, "If-Match", "*", change).statusCode()).isEqualTo(200);
        assertThat(send("PATCH", path, "If-Match", version, change).statusCode()).as("it has changed since").isEqualTo(412);
        assertThat(send("PUT", path, "If-Match", version, user("'title':'v'")).statusCode()).isEqualTo(412);
        assertThat(send("DELETE", path, "If-Match", version, "").statusCode()).isEqualTo(412);
        assertThat(send("GET", path, "If-Match", version, "").statusCode()).as("it is not there any more in this version").isEqualTo(412);
        assertThat(send("GET", path, "If-Match", "*", "").statusCode()).isEqualTo(200);
        assertThat(send("DELETE", path, "If-Match", send("GET", path, "Accept", "*/*", "").headers().firstValue("etag").orElseThrow(), "").statusCode()).isEqualTo(204);
    }

    @Test
    void the_version_of_a_group_is_of_its_members_too_also_where_they_are_not_shown() throws Exception {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("'title':'t'")));
        String path = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"g-" + name + "\"}"));
        String before = send("GET", path, "Accept", "*/*", "").headers().firstValue("etag").orElseThrow();
        String add = json("{'Operations':[{'op':'add','path':'members','value':[{'value':'" + ada + "'}]}]}");
        HttpResponse<String> changed = send("PATCH", path, "If-Match", before, add);
        assertThat(changed.statusCode()).isEqualTo(204);
        assertThat(changed.headers().firstValue("etag")).as("nobody asked for it").isEmpty();
        assertThat(send("PATCH", path, "If-Match", before, add).statusCode()).isEqualTo(412);
        assertThat(send("GET", path, "If-None-Match", before, "").statusCode()).isEqualTo(200);
        HttpResponse<String> without = send("GET", path + "?excludedAttributes=members", "If-None-Match", before, "");
        assertThat(without.statusCode()).isEqualTo(200);
        String alone = without.headers().firstValue("etag").orElseThrow();
        assertThat(bridge.scim("lab", "GET", path + "?attributes=meta.version", "").body().at("/meta/version").asText()).isEqualTo(alone);
        assertThat(send("GET", path + "?excludedAttributes=members", "If-None-Match", alone, "").statusCode()).isEqualTo(304);
        String same = bridge.scim("lab", "GET", path, "").headers().get("etag").getFirst();
        assertThat(send("PATCH", path, "If-Match", alone, add).statusCode()).as("nothing is new in it").isEqualTo(204);
        assertThat(bridge.scim("lab", "GET", path, "").headers().get("etag").getFirst()).isEqualTo(same);
        assertThat(send("PATCH", path, "If-Match", alone, add.replace("add", "remove")).statusCode()).isEqualTo(204);
        assertThat(send("PATCH", path, "If-Match", alone, add).statusCode()).isEqualTo(412);
        assertThat(send("GET", path + "?excludedAttributes=members", "If-None-Match", alone, "").statusCode()).isEqualTo(200);
    }

    @Test
    void a_version_is_of_the_names_too_that_an_answer_shows_and_of_the_groups_of_a_user() throws Exception {
        Answer ada = bridge.scim("lab", "POST", "/Users", user("'displayName':'Ada'"));
        String user = "/Users/" + id(ada);
        String group = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", json("{'displayName':'g-" + name + "','members':[{'value':'" + id(ada) + "'}]}")));
        String shown = bridge.scim("lab", "GET", group, "").headers().get("etag").getFirst();
        String alone = bridge.scim("lab", "GET", group + "?excludedAttributes=members", "").headers().get("etag").getFirst();
        patch(user, "{'op':'replace','path':'displayName','value':'Countess'}");
        assertThat(send("GET", group, "If-None-Match", shown, "").statusCode()).as("another name is shown").isEqualTo(200);
        assertThat(send("GET", group + "?excludedAttributes=members", "If-None-Match", alone, "").statusCode()).isEqualTo(304);
        String groups = bridge.scim("lab", "GET", user + "?attributes=groups", "").headers().get("etag").getFirst();
        String plain = bridge.scim("lab", "GET", user, "").headers().get("etag").getFirst();
        assertThat(send("GET", user + "?attributes=groups", "If-None-Match", groups, "").statusCode()).isEqualTo(304);
        patch(group, "{'op':'remove','path':'members'}");
        assertThat(send("GET", user + "?attributes=groups", "If-None-Match", groups, "").statusCode()).isEqualTo(200);
        assertThat(send("GET", user, "If-None-Match", plain, "").statusCode()).isEqualTo(304);
        groups = bridge.scim("lab", "GET", user + "?attributes=groups", "").headers().get("etag").getFirst();
        assertThat(send("PATCH", user, "If-Match", groups, json("{'Operations':[{'op':'replace','path':'title','value':'t'}]}")).statusCode()).isEqualTo(200);
    }

    @Test
    void a_group_has_changed_when_its_members_have() {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("'title':'t'")));
        String path = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"g-" + name + "\"}"));
        String add = "{'op':'add','path':'members','value':[{'value':'" + ada + "'}]}";
        String before = changed(path);
        for (String operation : List.of(add, "{'op':'remove','path':'members[value eq ~" + ada + "~]'}", "{'op':'add','path':'members','value':[{'value':'not-yet-" + name + "'}]}", "{'op':'replace','path':'members','value':[{'value':'" + ada + "'}]}")) {
            assertThat(patch(path, operation).status()).isEqualTo(204);
            String after = changed(path);
            assertThat(after).as(operation).isGreaterThan(before);
            assertThat(bridge.scim("lab", "GET", "/Groups?filter=meta.lastModified gt \"" + before + "\" and displayName eq \"g-" + name + "\"", "").body().get("totalResults").asInt()).isOne();
            assertThat(bridge.scim("lab", "GET", "/Groups?sortBy=meta.lastModified&sortOrder=descending&count=1", "").body().at("/Resources/0/meta/lastModified").asText()).isEqualTo(after);
            before = after;
        }
        patch(path, add);
        assertThat(changed(path)).as("he was in it").isEqualTo(before);
        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        assertThat(changed(path)).isGreaterThan(before);
    }

    private static String changed(String path) {
        return bridge.scim("lab", "GET", path + "?attributes=meta.lastModified", "").body().at("/meta/lastModified").asText();
    }

    private String user(String more) {
        return json("{'userName':'" + name + "@acme.com','emails':[{'value':'" + name + "@acme.com'}]," + more + "}");
    }

    private static Answer patch(String path, String operation) {
        return bridge.scim("lab", "PATCH", path, json("{'Operations':[" + operation + "]}"));
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace("~", "\\\"");
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static HttpResponse<String> send(String method, String path, String header, String value, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + path)).header("Authorization", "Bearer " + bridge.token("lab")).header(header, value).method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
