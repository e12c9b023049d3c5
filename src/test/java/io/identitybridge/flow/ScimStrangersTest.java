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
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Clients that nobody has recorded: what they may leave out, write otherwise or get wrong, and what must not come of it. */
class ScimStrangersTest {
    private static final String CORE = "urn:ietf:params:scim:schemas:core:2.0:";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    private final String name = TestBridge.unique();

    @Test
    void whatever_is_said_of_active_but_true_brings_no_leaver_back() {
        String path = "/Users/" + user("leaver");
        assertThat(patch(path, "{'op':'replace','path':'active','value':false}").body().get("active").asBoolean()).isFalse();
        for (String operation : List.of("{'op':'replace','value':{'active':null,'title':'t'}}", "{'op':'remove','path':'active'}", "{'op':'replace','path':'active','value':null}", "{'op':'replace','path':'active','value':''}",
                "{'op':'replace','path':'active','value':[]}", "{'op':'add','path':'active','value':null}")) {
            assertThat(patch(path, operation).body().get("active").asBoolean()).as(operation).isFalse();
        }
        Answer whole = bridge.scim("lab", "PATCH", path, json("{'schemas':['" + CORE + "User'],'active':null,'title':'whole'}"));
        assertThat(whole.body().get("active").asBoolean()).isFalse();
        assertThat(bridge.people("archived")).contains("leaver." + name + "@acme.com");
    }

    @Test
    void members_that_are_null_or_not_there_empty_no_group() {
        String path = group(user("one"), user("two"));
        String display = bridge.scim("lab", "GET", path, "").body().get("displayName").asText();
        assertThat(bridge.scim("lab", "PUT", path, json("{'displayName':'" + display + "','members':null}")).status()).isEqualTo(200);
        assertThat(patch(path, "{'op':'replace','value':{'displayName':'" + display + "','members':null}}").status()).isEqualTo(204);
        refused("invalidValue", patch(path, "{'op':'replace','path':'members'}"));
        refused("mutability", patch(path, "{'op':'remove','path':'members.value'}"));
        refused("mutability", patch(path, "{'op':'replace','path':'members[type eq ~User~].type','value':'Person'}"));
        refused("invalidPath", patch(path, "{'op':'remove','path':'members[value[type pr]]'}"));
        refused("invalidPath", patch(path, "{'op':'remove','path':'members[userName eq ~x~]'}"));
        assertThat(members(path)).hasSize(2);
    }

    @Test
    void an_id_in_another_spelling_is_the_same_member() {
        String one = user("one");
        String two = user("two");
        String path = group(one, two);
        bridge.scim("lab", "PUT", path, json("{'displayName':'g-" + name + "','members':[{'value':'" + one.toUpperCase() + "'},{'value':'" + two + "'}]}"));
        patch(path, "{'op':'add','path':'members','value':[{'value':'" + two.toUpperCase() + "'}]}");
        assertThat(members(path)).containsExactlyInAnyOrder(one, two);
        patch(path, "{'op':'remove','path':'members[value eq ~" + two.toUpperCase() + "~]'}");
        assertThat(members(path)).containsExactly(one);
        bridge.scim("lab", "PUT", path, json("{'displayName':'g-" + name + "','" + CORE + "Group:members':[{'value':'" + two + "'}]}"));
        assertThat(members(path)).as("under the name with its schema").containsExactly(two);
    }

    @Test
    void a_member_by_his_externalid_is_himself_once_he_is_there() {
        String path = group("ext-late." + name);
        assertThat(members(path)).containsExactly("ext-late." + name);
        String id = user("late");
        String same = "{'displayName':'g-" + name + "','members':[{'value':'ext-late." + name + "'}]}";
        for (int i = 0; i < 2; i++) {
            assertThat(members(path)).containsExactly(id);
            assertThat(bridge.scim("lab", "PUT", path, json(same)).status()).isEqualTo(200);
        }
        patch(path, "{'op':'Remove','path':'members','value':[{'value':'ext-late." + name + "'}]}");
        assertThat(members(path)).isEmpty();
        patch(path, "{'op':'add','path':'members','value':'ext-late." + name + "'}");
        assertThat(members(path)).containsExactly(id);
        patch(path, "{'op':'remove','path':'members[value eq ~ext-late." + name + "~]'}");
        assertThat(members(path)).isEmpty();
    }

    @Test
    void a_member_who_appeared_at_the_moment_he_was_named_joins_a_little_later() {
        String path = group();
        String id = user("crossed");
        bridge.sql.update("insert into pending_member (group_id, ref, pushed) values (?::uuid, ?, true)", path.substring("/Groups/".length()), "ext-crossed." + name); // as when neither request saw the other
        for (int i = 0; i < 200 && !members(path).equals(List.of(id)); i++) {
            TestBridge.pause(50);
        }
        assertThat(members(path)).containsExactly(id);
    }

    @Test
    void a_patch_that_changes_nothing_leaves_the_time_of_the_last_change() {
        String path = "/Users/" + user("still");
        String changed = bridge.scim("lab", "GET", path, "").body().at("/meta/lastModified").asText();
        assertThat(patch(path, "{'op':'replace','path':'active','value':true}").body().at("/meta/lastModified").asText()).isEqualTo(changed);
        assertThat(patch(path, "{'op':'replace','path':'title','value':'new'}").body().at("/meta/lastModified").asText()).isNotEqualTo(changed);
    }

    @Test
    void filters_may_ask_for_schemas_numbers_and_parts_of_one_object() {
        String id = user("asked");
        patch("/Users/" + id, "{'op':'add','value':{'name':{'givenName':'Ada','familyName':'Byron'},'title':1.5}}");
        String me = "id eq \"" + id + "\" and ";
        for (String filter : List.of("schemas eq \"" + CORE + "User\"", "schemas ne \"urn:x\"", "meta.resourceType eq \"User\"", "title eq 1.5", "name[givenName eq \"ada\" and familyName sw \"B\"]", CORE + "User:name[familyName pr]", CORE + "User pr")) {
            assertThat(total(me + filter)).as(filter).isOne();
        }
        for (String filter : List.of("schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"", "meta.resourceType ne \"User\"", "name[givenName eq \"Ada\" and familyName eq \"x\"]")) {
            assertThat(total(me + filter)).as(filter).isZero();
        }
        for (String filter : List.of("meta.resourceType co \"Us\"", "x509Certificates.value gt \"x\"", "title eq 1.5.2")) {
            refused("invalidFilter", bridge.scim("lab", "GET", "/Users?filter=" + filter, ""));
        }
    }

    @Test
    void an_address_is_found_in_any_case_wherever_it_stands_until_it_is_changed() {
        String id = user("Found");
        patch("/Users/" + id, "{'op':'add','path':'emails','value':[{'value':'Home." + name + "@Example.org','type':'home'}]}");
        for (String filter : List.of("emails.value eq \"home." + name + "@example.ORG\"", "emails eq \"found." + name + "@acme.com\"", "email eq \"HOME." + name + "@example.org\"", "emails[type eq \"home\"].value eq \"home." + name + "@example.org\"",
                "emails[value eq \"home." + name + "@example.org\" and type eq \"home\"]")) {
            assertThat(total(filter)).as(filter).isOne();
        }
        assertThat(total("emails[type eq \"work\"].value eq \"home." + name + "@example.org\"")).isZero();
        patch("/Users/" + id, "{'op':'remove','path':'emails[type eq ~home~]'}");
        assertThat(total("emails.value eq \"home." + name + "@example.org\"")).isZero();
        bridge.sql.update("update account set pushed = null, pushed_at = null where id = ?::uuid", id); // as one who was only ever pulled
        assertThat(total("emails.value eq \"FOUND." + name + "@acme.com\"")).isOne();
    }

    @Test
    void an_address_longer_than_an_index_takes_is_kept_and_found() {
        String id = user("long");
        String address = "x".repeat(3_000) + name + "@acme.com";
        assertThat(patch("/Users/" + id, "{'op':'add','path':'emails','value':[{'value':'" + address + "','type':'other'}]}").status()).isEqualTo(200);
        assertThat(total("id eq \"" + id + "\" and emails.value eq \"" + address.toUpperCase() + "\"")).isOne();
    }

    @Test
    void http_itself_is_written_in_many_ways() throws Exception {
        user("http");
        assertThat(send("GET", "/Users?filter=emails[type%20eq%20%22work%22].value%20eq%20%22http." + name + "@acme.com%22", "Accept", "*/*", "").body()).as("brackets as fetch leaves them").contains("\"totalResults\":1");
        assertThat(send("GET", "/Users?startindex=2&COUNT=1", "Accept", "*/*", "").body()).contains("\"startIndex\":2", "\"itemsPerPage\":1");
        for (String type : List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html; charset=none")) {
            assertThat(send("GET", "/Users?count=1", "Content-Type", type, "").statusCode()).as("of a body that is not there").isEqualTo(200);
            assertThat(send("DELETE", "/Users/" + user(type.substring(0, 4)), "Content-Type", type, "").statusCode()).isEqualTo(204);
        }
        HttpResponse<String> packed = send("POST", "/Users", "Content-Encoding", "gzip", "{}");
        assertThat(packed.statusCode()).isEqualTo(415);
        assertThat(packed.body()).contains("urn:ietf:params:scim:api:messages:2.0:Error");
    }

    @Test
    void discovery_is_answered_whole_and_a_filter_on_it_refused() {
        for (String path : List.of("/Schemas", "/ResourceTypes", "/ServiceProviderConfig")) {
            assertThat(bridge.scim("lab", "GET", path + "?count=1", "").status()).isEqualTo(200);
            assertThat(bridge.scim("lab", "GET", path + "?filter=id pr", "").status()).as("RFC 7644, section 4").isEqualTo(403);
        }
    }

    private String user(String who) {
        String key = who.toLowerCase() + "." + name;
        Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + key, key + "@acme.com", true));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private String group(String... members) {
        Answer answer = bridge.scim("lab", "POST", "/Groups", json("{'displayName':'g-" + name + "','members':[" + String.join(",", List.of(members).stream().map(id -> "{'value':'" + id + "'}").toList()) + "]}"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return "/Groups/" + answer.body().get("id").asText();
    }

    private static List<String> members(String path) {
        return StreamSupport.stream(bridge.scim("lab", "GET", path, "").body().path("members").spliterator(), false).map(member -> member.get("value").asText()).toList();
    }

    private static int total(String filter) {
        Answer answer = bridge.scim("lab", "GET", "/Users?filter=" + filter, "");
        assertThat(answer.status()).as(filter + " " + answer).isEqualTo(200);
        return answer.body().get("totalResults").asInt();
    }

    private static Answer patch(String path, String operation) {
        return bridge.scim("lab", "PATCH", path, json("{'Operations':[" + operation + "]}"));
    }

    private static void refused(String scimType, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.body().get("scimType").asText()).isEqualTo(scimType);
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace("~", "\\\"");
    }

    private static HttpResponse<String> send(String method, String path, String header, String value, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + path)).header("Authorization", "Bearer " + bridge.token("lab")).header(header, value).method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
