package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The life of a person and a group as each IdP's client tells it, in its own dialect, over real HTTP. */
class ScimDialectsTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    private final String name = TestBridge.unique();

    @Test
    void okta_of_the_catalogue_patches_and_sends_the_groups_name_before_its_members() {
        String ada = okta("ada");
        String bea = okta("bea");
        assertThat(call("GET", "/Groups?filter=displayName eq ~ws-" + name + "-role-member~&startIndex=1&count=100", "").body().get("Resources")).isEmpty();
        String group = id(call("POST", "/Groups", "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group'],'displayName':'ws-" + name + "-role-member','members':[]}"));
        String rename = "{'op':'replace','value':{'id':'" + group + "','displayName':'ws-" + name + "-role-member'}}";
        assertThat(patch("/Groups/" + group, rename + ",{'op':'add','path':'members','value':[{'value':'" + ada + "','display':'ada." + name + "@acme.com'}]}").status()).isEqualTo(204);
        assertThat(patch("/Groups/" + group, rename + ",{'op':'remove','path':'members[value eq ~" + ada + "~]'},{'op':'add','path':'members','value':[{'value':'" + bea + "'}]}").status()).isEqualTo(204);
        assertThat(in()).containsExactly(member("bea"));
        assertThat(patch("/Groups/" + group, "{'op':'remove','path':'members[value eq ~" + ada + "~]'}").status()).as("who is not in it may be removed again").isEqualTo(204);
        assertThat(patch("/Groups/" + group, rename).status()).isEqualTo(204);
        assertThat(in()).as("a rename keeps them").hasSize(1);
        patch("/Groups/" + group, "{'op':'replace','path':'members','value':[{'value':'" + ada + "'},{'value':'" + bea + "'}]}");
        assertThat(in()).as("Push Now").hasSize(2);
        assertThat(patch("/Users/" + ada, "{'op':'replace','value':{'active':false}}").body().get("active").booleanValue()).isFalse();
        assertThat(in()).containsExactly(member("bea"));
        patch("/Groups/" + group, "{'op':'replace','value':{'members':[],'id':'" + group + "','displayName':'ws-" + name + "-role-member'}}");
        assertThat(in()).isEmpty();
        assertThat(call("DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
    }

    @Test
    void okta_of_the_wizard_puts_whole_users_and_whole_groups() {
        String ada = okta("ada");
        String group = id(call("POST", "/Groups", "{'displayName':'ws-" + name + "-role-manager','members':[]}"));
        String whole = "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group'],'id':'" + group + "','displayName':'ws-" + name + "-role-manager','members':[{'value':'" + ada + "','display':'ada'}]}";
        assertThat(call("PUT", "/Groups/" + group, whole).body().get("members")).hasSize(1);
        long version = bridge.count("select version from directory_group where id = ?::uuid", group);
        assertThat(call("PUT", "/Groups/" + group, whole).status()).as("the same again").isEqualTo(200);
        assertThat(bridge.count("select version from directory_group where id = ?::uuid", group)).as("changes nothing").isEqualTo(version);
        JsonNode read = call("GET", "/Users/" + ada, "").body();
        String echoed = read.toString().replace("\"active\":true", "\"active\":false,\"groups\":[],\"password\":\"Pw1\",\"name\":{\"givenName\":\"Ada\",\"familyName\":\"B\",\"middleName\":\"\"}");
        Answer off = bridge.scim("lab", "PUT", "/Users/" + ada, echoed);
        assertThat(off.body().get("active").booleanValue()).isFalse();
        assertThat(off.body().toString()).doesNotContain("Pw1", "middleName");
        assertThat(in()).isEmpty();
        assertThat(bridge.scim("lab", "PUT", "/Users/" + ada, echoed.replace("\"active\":false", "\"active\":true")).body().get("id").asText()).isEqualTo(ada);
        assertThat(in()).containsExactly(name + "/ada." + name + "@acme.com=manager");
    }

    @Test
    void entra_writes_its_own_dialect() {
        assertThat(call("GET", "/Users?filter=userName eq ~" + UUID.randomUUID() + "~", "").body().get("Resources")).as("its connection test").isEmpty();
        String ada = entra("Ada");
        assertThat(call("GET", "/Users?filter=externalId eq ~o-Ada-" + name + "~ and userName eq ~ADA." + name + "@ACME.com~", "").body().get("totalResults").asInt()).isOne();
        assertThat(call("GET", "/Users?filter=emails[type eq ~work~].value eq ~Ada." + name + "@acme.com~", "").body().get("totalResults").asInt()).isOne();
        JsonNode after = patch("/Users/" + ada, "{'op':'Add','path':'phoneNumbers[type eq ~mobile~].value','value':'+1'},{'op':'Replace','path':'addresses[type eq ~work~].streetAddress','value':'S'},{'op':'Add','path':'" + ENTERPRISE + ":manager','value':'m1'},"
                + "{'op':'Replace','path':'name.givenName','value':'Augusta'},{'op':'Add','path':'nickName','value':'A'},{'op':'Replace','path':'active','value':'True'}").body();
        assertThat(after.at("/phoneNumbers/0/type").asText() + after.at("/phoneNumbers/0/value").asText()).isEqualTo("mobile+1");
        assertThat(after.at("/addresses/0/streetAddress").asText()).isEqualTo("S");
        assertThat(after.get(ENTERPRISE).get("manager").get("value").asText()).as("complex, though it came bare").isEqualTo("m1");
        JsonNode cleared = patch("/Users/" + ada, "{'op':'Replace','path':'" + ENTERPRISE + ":manager','value':''},{'op':'Remove','path':'nickName'}").body();
        assertThat(cleared.has("nickName") || cleared.has(ENTERPRISE)).isFalse();
        assertThat(patch("/Users/" + ada, "{'op':'Replace','path':'displayName','value':'X'},{'op':'Replace','path':'nothing','value':'y'}").status()).isEqualTo(400);
        assertThat(call("GET", "/Users/" + ada, "").body().get("displayName").asText()).as("all or none").isEqualTo("Ada");
        assertThat(patch("/Users/" + ada, "{'op':'Replace','path':'active','value':'False'}").body().get("active").booleanValue()).isFalse();
        assertThat(call("GET", "/Users?filter=userName eq ~ada." + name + "@acme.com~", "").body().at("/Resources/0/userName").asText()).as("still found, as it was spelt").isEqualTo("Ada." + name + "@acme.com");
        assertThat(List.of(call("DELETE", "/Users/" + ada, "").status(), call("DELETE", "/Users/" + ada, "").status())).as("thirty days later, and again").containsExactly(204, 404);
        assertThat(entra("Ada")).as("assigned again").isNotEmpty();
    }

    @Test
    void entra_takes_out_of_a_group_only_those_it_lists() {
        String ada = entra("Ada");
        String bea = entra("Bea");
        String group = id(call("POST", "/Groups", "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group','http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],'externalId':'g-" + name + "','displayName':'ws-" + name + "-role-member','meta':{'resourceType':'Group'}}"));
        assertThat(call("POST", "/Groups", "{'externalId':'h-" + name + "','displayName':'WS-" + name + "-role-member'}").status()).as("a name is taken in any case").isEqualTo(409);
        patch("/Groups/" + group, "{'op':'Add','path':'members','value':[{'$ref':null,'value':'" + ada + "'},{'$ref':null,'value':'" + bea + "'}]}");
        patch("/Groups/" + group, "{'op':'Remove','path':'members','value':[{'$ref':null,'value':'" + ada + "'}]}");
        assertThat(in()).containsExactly(member("Bea"));
        patch("/Groups/" + group, "{'op':'Add','path':'externalId','value':'i-" + name + "'}");
        assertThat(in()).as("a correlated group keeps its members").hasSize(1);
        JsonNode found = call("GET", "/Groups?excludedAttributes=members&filter=externalId eq ~i-" + name + "~", "").body();
        assertThat(found.at("/Resources/0/id").asText()).isEqualTo(group);
        assertThat(found.at("/Resources/0").has("members")).isFalse();
        assertThat(call("GET", "/Groups?filter=id eq ~" + group + "~ and members eq ~" + bea + "~&attributes=id", "").body().get("totalResults").asInt()).isOne();
        assertThat(call("GET", "/Groups?filter=id eq ~" + group + "~ and members eq ~" + ada + "~&attributes=id", "").body().get("totalResults").asInt()).isZero();
        assertThat(patch("/Groups/" + group, "{'op':'Add','path':'members','value':[{'value':'nobody-yet'},'" + ada + "']}").status()).as("who is not known yet, and a bare id").isEqualTo(204);
        assertThat(in()).hasSize(2);
    }

    @Test
    void entra_with_its_flag_writes_dotted_and_urn_keys() {
        String ada = entra("Ada");
        JsonNode after = bridge.scim("lab", "PATCH", "/Users/" + ada + "?aadOptscim062020", json("{'Operations':[{'op':'replace','value':{'displayName':'B','name.givenName':'K','name.familyName':'U','emails[type eq \\\"work\\\"].value':'k." + name + "@acme.com','"
                + ENTERPRISE + ":employeeNumber':'7'}},{'op':'replace','path':'active','value':true}]}")).body();
        assertThat(after.get("displayName").asText() + after.at("/name/givenName").asText() + after.at("/name/familyName").asText()).isEqualTo("BKU");
        assertThat(after.get(ENTERPRISE).get("employeeNumber").asText()).isEqualTo("7");
        assertThat(after.at("/emails/0/value").asText()).isEqualTo("k." + name + "@acme.com");
        assertThat(bridge.people("active")).contains("k." + name + "@acme.com").doesNotContain("Ada." + name + "@acme.com", "ada." + name + "@acme.com");
    }

    @Test
    void microsofts_own_tests_write_names_and_truth_with_capitals() {
        Answer made = call("POST", "/Users", "{'UserName':'Cap." + name + "@acme.com','Active':'True','DisplayName':'Cap','Emails':[{'Primary':'true','type':'work','value':'cap." + name + "@acme.com'}]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().get("userName").asText()).isEqualTo("Cap." + name + "@acme.com");
        assertThat(made.body().get("active").booleanValue() && made.body().at("/emails/0/primary").booleanValue()).isTrue();
    }

    @Test
    void authentik_puts_patches_in_chunks_and_deletes() {
        String ada = okta("ada");
        String group = id(call("POST", "/Groups", "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group'],'externalId':'pk-" + name + "','displayName':'ws-" + name + "-role-member'}"));
        assertThat(patch("/Groups/" + group, "{'op':'replace','path':null,'value':{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group'],'id':'" + group + "','externalId':'pk-" + name + "','displayName':'ws-" + name + "-role-admin'}},{'op':'add','path':'members','value':[{'value':'" + ada + "'}]}").status()).isEqualTo(204);
        assertThat(call("GET", "/Groups/" + group, "").body().at("/members/0/value").asText()).as("it compares them").isEqualTo(ada);
        assertThat(in()).containsExactly(name + "/ada." + name + "@acme.com=admin");
        assertThat(call("PUT", "/Users/" + UUID.randomUUID(), "{'userName':'x'}").status()).as("gone, and made by nobody").isEqualTo(404);
        assertThat(call("DELETE", "/Users/" + ada, "").status()).isEqualTo(204);
        assertThat(in()).isEmpty();
    }

    @Test
    void connid_patches_with_a_whole_user_and_deletes() {
        String ada = okta("ada");
        JsonNode whole = call("GET", "/Users/" + ada, "").body();
        Answer off = bridge.scim("lab", "PATCH", "/Users/" + ada, whole.toString().replace("\"active\":true", "\"active\":false,\"title\":\"T\""));
        assertThat(off.status()).isEqualTo(200);
        assertThat(off.body().get("active").booleanValue()).isFalse();
        assertThat(off.body().get("title").asText() + off.body().at("/emails/0/value").asText()).isEqualTo("Tada." + name + "@acme.com");
        assertThat(call("DELETE", "/Users/" + ada, "").status()).isEqualTo(204);
    }

    @Test
    void who_speaks_scim_1_1_takes_nobody_out_of_a_group_but_is_told_so() {
        String ada = okta("ada");
        String alan = okta("alan");
        String group = id(call("POST", "/Groups", "{'displayName':'ws-" + name + "-role-member','members':[{'value':'" + ada + "'},{'value':'" + alan + "'}]}"));
        String old = "{'schemas':['urn:scim:schemas:core:1.0'],'members':[{'value':'" + okta("grace") + "'}]}";
        for (String elder : List.of(old, old.replace("'}]", "','operation':'delete'}]"), old.replace("'schemas':['urn:scim:schemas:core:1.0'],", ""), "{'meta':{'attributes':['members']}}",
                "{'Operations':[{'op':'replace','value':{'members':[{'value':'" + ada + "','operation':'delete'}]}}]}")) {
            assertThat(call("PATCH", "/Groups/" + group, elder).status()).as(elder).isEqualTo(400);
            assertThat(in()).as(elder).hasSize(2);
        }
        assertThat(call("PATCH", "/Users/" + ada, "{'schemas':['urn:scim:schemas:core:1.0'],'emails':[{'value':'x@acme.com','operation':'delete'}]}").status()).isEqualTo(400);
        assertThat(call("PATCH", "/Users/" + ada, "{'schemas':['urn:scim:schemas:core:1.0'],'active':false}").body().get("active").booleanValue()).as("that means the same in both").isFalse();
    }

    @Test
    void a_patch_of_which_nothing_is_understood_is_not_answered_as_done() {
        String ada = okta("ada");
        for (String odd : List.of("{'Operation':[{'op':'replace','path':'active','value':false}]}", "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'data':{'active':false}}", "{'id':'" + ada + "','meta':{}}")) {
            assertThat(call("PATCH", "/Users/" + ada, odd).body().path("scimType").asText()).as(odd).isEqualTo("invalidSyntax");
        }
        for (String odd : List.of("{'op':'replace','value':[{'path':'active','value':false}]}", "{'op':'replace','value':{'data':{'active':false}}}")) {
            assertThat(patch("/Users/" + ada, odd).body().path("scimType").asText()).as(odd).isEqualTo("invalidValue");
        }
        assertThat(patch("/Users/" + ada, "{'op':'Replace','path':'active','value':[{'$ref':null,'value':'True'}]}").body().get("active").booleanValue()).as("as Microsoft's library writes each value").isTrue();
        assertThat(call("PATCH", "/Users/" + ada, "{'op':'replace','path':'active','value':' False '}").body().get("active").booleanValue()).as("one operation without a list around it").isFalse();
    }

    @Test
    void scim_sdk_shouts_its_operators_and_wraps_its_values() {
        String ada = okta("ada");
        assertThat(call("GET", "/Users?filter=userName EQ ~ada." + name + "@acme.com~ AND active EQ true", "").body().get("totalResults").asInt()).isOne();
        assertThat(patch("/Users/" + ada, "{'op':'REPLACE','value':[{'active':'false','nickName':['A']}]}").body().get("active").booleanValue()).isFalse();
        assertThat(call("GET", "/Users/" + ada, "").body().get("nickName").asText()).isEqualTo("A");
    }

    @Test
    void onelogin_and_jumpcloud_delete_who_leaves_and_make_a_person_and_a_group_to_try() {
        String trial = okta("trial");
        String group = id(call("POST", "/Groups", "{'displayName':'ws-" + name + "-role-member','members':[{'value':'" + trial + "'}]}"));
        assertThat(in()).hasSize(1);
        assertThat(call("DELETE", "/Users/" + trial, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).contains("trial." + name + "@acme.com");
        assertThat(call("GET", "/Groups/" + group, "").body().has("members")).isFalse();
        assertThat(call("DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
        assertThat(call("GET", "/Groups?filter=displayName eq ~ws-" + name + "-role-member~", "").body().get("totalResults").asInt()).isZero();
        assertThat(okta("trial")).as("and again the next day").isNotEmpty();
    }

    @Test
    void lists_are_asked_for_in_many_ways() {
        okta("odd");
        assertThat(call("GET", "/Users/?filter=userName eq ~odd." + name + "@acme.com~", "").body().get("totalResults").asInt()).as("with a slash at the end").isOne();
        assertThat(call("GET", "/Users?startIndex=0&count=-5&unknown=1", "").body().get("Resources")).isEmpty();
        assertThat(call("GET", "/Users?startIndex=1000000&count=100000", "").body().get("itemsPerPage").asInt()).isZero();
        assertThat(call("GET", "/Users?filter=not (title pr) and (userName eq ~ODD." + name + "@acme.com~ or id eq ~x~)", "").body().get("totalResults").asInt()).isOne();
        assertThat(call("GET", "/Users?filter=urn:ietf:params:scim:schemas:core:2.0:User:userName sw ~odd." + name + "~ and meta.created gt ~2020-01-01T00:00:00Z~", "").body().get("totalResults").asInt()).isOne();
        assertThat(call("GET", "/Users?filter=userName eq ~a\\~ or 1=1 --~", "").body().get("totalResults").asInt()).as("only a text").isZero();
    }

    private String okta(String who) {
        return id(call("POST", "/Users", "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'userName':'%s.%s@acme.com','name':{'givenName':'A','familyName':'B'},'emails':[{'primary':true,'value':'%s.%s@acme.com','type':'work','display':'x'}],'displayName':'A B','locale':'en-US','externalId':'00u-%s-%s','groups':[],'password':'Pw1','active':true}"
                .formatted(who, name, who, name, who, name)));
    }

    private String entra(String who) {
        return id(call("POST", "/Users", "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User','%s'],'externalId':'o-%s-%s','userName':'%s.%s@acme.com','active':true,'displayName':'%s','emails':[{'primary':true,'type':'work','value':'%s.%s@acme.com'}],'meta':{'resourceType':'User'},'roles':[]}"
                .formatted(ENTERPRISE, who, name, who, name, who, who, name)));
    }

    private String member(String who) {
        return name + "/" + who + "." + name + "@acme.com=member";
    }

    private List<String> in() {
        return bridge.memberships().stream().filter(line -> line.startsWith(name + "/")).toList();
    }

    private static Answer patch(String path, String operations) {
        return call("PATCH", path, "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':[" + operations.replace("~", "\\\"") + "]}");
    }

    private static Answer call(String method, String path, String body) {
        return bridge.scim("lab", method, path.replace('~', '"'), json(body));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }
}
