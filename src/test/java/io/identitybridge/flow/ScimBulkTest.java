package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Bulk over real HTTP: several changes in one request, each as if it had been sent alone. */
class ScimBulkTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    private final String name = TestBridge.unique();

    @Test
    void people_and_the_group_that_names_them_come_in_one_request() {
        Answer answer = bulk(user("ada"), user("bea"), group("ada", "bea"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().at("/schemas/0").asText()).isEqualTo("urn:ietf:params:scim:api:messages:2.0:BulkResponse");
        assertThat(statuses(answer)).containsExactly("201", "201", "201");
        JsonNode ada = answer.body().at("/Operations/0");
        assertThat(ada.get("method").asText() + ada.get("bulkId").asText()).isEqualTo("POSTada");
        assertThat(ada.get("version").asText()).isEqualTo(bridge.scim("lab", "GET", path(ada), "").body().at("/meta/version").asText());
        assertThat(ada.has("response")).isFalse();
        assertThat(in()).containsExactly(name + "/ada." + name + "@acme.com=member", name + "/bea." + name + "@acme.com=member");
    }

    @Test
    void a_reference_may_stand_before_what_it_refers_to() {
        Answer answer = bulk(group("cid", "dan"), user("cid"), user("dan"));
        assertThat(statuses(answer)).containsExactly("201", "201", "201");
        assertThat(answer.body().at("/Operations/0/bulkId").asText()).as("answered in the order of the request").isEqualTo("group");
        assertThat(in()).hasSize(2);
        assertThat(bridge.count("select count(*) from pending_member")).as("nobody waits").isZero();
    }

    @Test
    void a_manager_may_be_of_the_same_bulk_and_the_path_too() {
        Answer answer = bulk(user("eve", ",'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'manager':{'value':'bulkId:fay'}}"), user("fay"), "{'method':'PATCH','path':'/Users/bulkId:eve','data':[{'op':'replace','path':'title','value':'x'}]}");
        assertThat(statuses(answer)).containsExactly("201", "201", "200");
        JsonNode eve = bridge.scim("lab", "GET", path(answer.body().at("/Operations/0")), "").body();
        assertThat(eve.get("title").asText()).isEqualTo("x");
        assertThat(eve.at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value").asText()).isEqualTo(id(answer.body().at("/Operations/1")));
    }

    @Test
    void those_who_wait_for_each_other_all_come() {
        String circle = ",'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'department':'R','manager':{'value':'bulkId:%s'}}";
        Answer answer = bulk(user("gus", circle.formatted("hal")), user("hal", circle.formatted("gus")), user("ida", circle.formatted("ida")), user("joy"));
        assertThat(statuses(answer)).containsExactly("201", "201", "201", "201");
        int[] managers = {1, 0, 2};
        for (int i = 0; i < managers.length; i++) {
            JsonNode one = bridge.scim("lab", "GET", path(answer.body().at("/Operations/" + i)), "").body();
            assertThat(one.at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value").asText()).isEqualTo(id(answer.body().at("/Operations/" + managers[i])));
            assertThat(one.at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department").asText()).isEqualTo("R");
            assertThat(answer.body().at("/Operations/" + i + "/version").asText()).as("the last one").isEqualTo(one.at("/meta/version").asText());
        }
    }

    @Test
    void a_name_may_begin_as_a_reference_does_and_a_wrong_method_is_said_again() {
        Answer answer = bulk("{'method':'POST','path':'/Groups','bulkId':'g','data':{'displayName':'bulkId:" + name + "'}}", "{'method':'GET','path':'/Users'}");
        assertThat(statuses(answer)).containsExactly("201", "400");
        assertThat(bridge.scim("lab", "GET", path(answer.body().at("/Operations/0")), "").body().get("displayName").asText()).isEqualTo("bulkId:" + name);
        assertThat(answer.body().at("/Operations/1/method").asText()).isEqualTo("GET");
    }

    @Test
    void what_fails_undoes_nothing_and_holds_nobody_up() {
        Answer answer = bulk(user("kim"), user("kim").replace("'bulkId':'kim'", "'bulkId':'again'"), "{'method':'POST','path':'/Users','bulkId':'none','data':{}}", group("again"), group("kim").replace("'bulkId':'group'", "'bulkId':'other'"));
        assertThat(statuses(answer)).containsExactly("201", "409", "400", "409", "201");
        assertThat(answer.body().at("/Operations/1/response/scimType").asText()).isEqualTo("uniqueness");
        assertThat(answer.body().at("/Operations/3/response/detail").asText()).contains("refused");
        assertThat(in()).containsExactly(name + "/kim." + name + "@acme.com=member");
    }

    @Test
    void as_many_failures_as_the_client_accepts_end_it() {
        String odd = "{'method':'DELETE','path':'/Users/" + UUID.randomUUID() + "'}";
        Answer answer = bridge.scim("lab", "POST", "/Bulk", ("{'failOnErrors':2,'Operations':[" + String.join(",", odd, user("leo"), odd, user("mia"), odd) + "]}").replace('\'', '"'));
        assertThat(statuses(answer)).containsExactly("404", "201", "404");
        assertThat(bridge.people("active")).contains("leo." + name + "@acme.com").doesNotContain("mia." + name + "@acme.com");
    }

    @Test
    void changes_and_deletes_are_as_if_sent_alone() {
        Answer made = bulk(user("ned"), user("oda"), user("pia"), group("ned", "oda", "pia"));
        String[] ids = {id(made.body().at("/Operations/0")), id(made.body().at("/Operations/1")), id(made.body().at("/Operations/2"))};
        String group = id(made.body().at("/Operations/3"));
        Answer answer = bulk("{'method':'PATCH','path':'/Users/" + ids[0] + "','data':{'op':'Replace','path':'active','value':'False'}}",
                "{'method':'patch','path':'/Groups/" + group + "','data':{'Operations':[{'op':'remove','path':'members[value eq ~" + ids[1] + "~]'}]}}",
                "{'method':'DELETE','path':'/Users/" + ids[1] + "'}", "{'method':'DELETE','path':'/Users/" + ids[1] + "'}",
                "{'method':'PUT','path':'/Users/" + ids[2] + "','version':'W/~no~','data':{'userName':'x'}}",
                "{'method':'PUT','path':'/Users/" + ids[2] + "','data':{'userName':'pia2." + name + "@acme.com','emails':[{'value':'pia2." + name + "@acme.com'}]}}");
        assertThat(statuses(answer)).containsExactly("200", "204", "204", "404", "412", "200");
        assertThat(answer.body().at("/Operations/1/location").asText()).isEqualTo(bridge.scimBase("lab") + "/Groups/" + group);
        assertThat(bridge.people("archived")).contains("ned." + name + "@acme.com", "oda." + name + "@acme.com");
        assertThat(in()).containsExactly(name + "/pia2." + name + "@acme.com=member");
    }

    @Test
    void an_operation_that_is_none_is_refused_in_its_place() {
        Answer answer = bulk("7", "{'method':'GET','path':'/Users'}", "{'method':'POST','path':'/Me','bulkId':'a','data':{}}", "{'method':'DELETE','path':'/Users'}", "{'method':'POST','path':'/Users/x'}",
                "{'method':'POST','path':'/Bulk','data':{}}", "{'method':'PUT','path':'/Users/bulkId:nobody','data':{}}", "{'method':'POST','path':'/Users','data':'{broken'}");
        assertThat(statuses(answer)).containsExactly("400", "400", "400", "400", "400", "400", "409", "400");
    }

    @Test
    void data_may_be_json_in_a_text() {
        Answer answer = bulk("{'method':'POST','path':'/Users','bulkId':'q','data':'" + user("quin").replaceFirst(".*'data':", "").replaceFirst("}$", "").replace('\'', '~') + "'}");
        assertThat(statuses(answer)).containsExactly("201");
    }

    @Test
    void what_is_advertised_is_the_limit() {
        JsonNode bulk = bridge.scim("lab", "GET", "/ServiceProviderConfig", "").body().get("bulk");
        assertThat(bulk.get("supported").asBoolean()).isTrue();
        String one = "{'method':'DELETE','path':'/Users/x'}";
        List<String> many = new ArrayList<>(java.util.Collections.nCopies(bulk.get("maxOperations").asInt(), one));
        assertThat(statuses(bulk(many.toArray(String[]::new)))).hasSize(many.size()).containsOnly("404");
        many.add(one);
        assertThat(bulk(many.toArray(String[]::new)).status()).isEqualTo(413);
        assertThat(bridge.scim("lab", "POST", "/Bulk", "{\"Operations\":[]}" + " ".repeat(bulk.get("maxPayloadSize").asInt())).status()).isEqualTo(413);
        assertThat(bridge.scim("lab", "POST", "/Bulk", "{\"Operations\":[]}").status()).isEqualTo(200);
    }

    @Test
    void a_bulk_that_is_none_is_refused_whole() {
        assertThat(bridge.scim("lab", "POST", "/Bulk", "{\"Operations\":{}}").status()).isEqualTo(400);
        assertThat(bridge.scim("lab", "POST", "/Bulk", "{\"Operations\":[],\"failOnErrors\":0}").status()).isEqualTo(400);
        assertThat(bulk(user("ray"), user("sue").replace("'bulkId':'sue'", "'bulkId':'ray'")).status()).isEqualTo(400);
        assertThat(bridge.people("active")).doesNotContain("ray." + name + "@acme.com");
    }

    @Test
    void a_bulk_is_one_line_of_the_request_log_with_its_counts_and_nobodys_name() {
        bulk(user("tim"), "{'method':'DELETE','path':'/Users/x'}");
        String noted = "";
        for (int i = 0; i < 200 && !noted.contains("bulk of 2: 1 done, 1 refused"); i++) {
            TestBridge.pause(50);
            noted = bridge.api("GET", "/requests?source=lab&limit=20", "").body().toString();
        }
        assertThat(noted).contains("bulk of 2: 1 done, 1 refused").doesNotContain("tim." + name);
    }

    private Answer bulk(String... operations) {
        return bridge.scim("lab", "POST", "/Bulk", ("{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':[" + String.join(",", operations) + "]}").replace('\'', '"').replace("~", "\\\""));
    }

    private String user(String who) {
        return user(who, "");
    }

    private String user(String who, String more) {
        return "{'method':'POST','path':'/Users','bulkId':'%s','data':{'userName':'%s.%s@acme.com','externalId':'x-%s-%s','emails':[{'value':'%s.%s@acme.com'}]%s}}".formatted(who, who, name, who, name, who, name, more);
    }

    private String group(String... members) {
        List<String> all = java.util.stream.Stream.of(members).map(who -> "{'value':'bulkId:" + who + "'}").toList();
        return "{'method':'POST','path':'/Groups','bulkId':'group','data':{'displayName':'ws-%s-role-member','members':[%s]}}".formatted(name, String.join(",", all));
    }

    private List<String> in() {
        return bridge.memberships().stream().filter(line -> line.startsWith(name + "/")).toList();
    }

    private static List<String> statuses(Answer answer) {
        List<String> statuses = new ArrayList<>();
        answer.body().get("Operations").forEach(operation -> statuses.add(operation.get("status").asText()));
        return statuses;
    }

    private static String path(JsonNode operation) {
        return operation.get("location").asText().substring(bridge.scimBase("lab").length());
    }

    private static String id(JsonNode operation) {
        return path(operation).replaceFirst("/(Users|Groups)/", "");
    }
}
