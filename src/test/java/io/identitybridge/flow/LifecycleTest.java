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

/** The life of pushed people and their groups, over real HTTP (DESIGN section 6). */
class LifecycleTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());

    private final String name = TestBridge.unique();

    @Test
    void a_disabled_person_stays_readable_and_is_found_by_filter() {
        String id = create("off");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        Answer read = bridge.scim("lab", "GET", "/Users/" + id, "");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body().get("active").asBoolean()).isFalse();
        assertThat(read.body().get("userName").asText()).isEqualTo(mail("off"));
        for (String filter : List.of("userName eq \"" + mail("off") + "\"", "externalId eq \"ext-off-" + name + "\"", "active eq false and userName eq \"" + mail("off") + "\"", "id eq \"" + id + "\"")) {
            assertThat(found(filter).at("/Resources/0/id").asText()).as(filter).isEqualTo(id);
        }
        assertThat(found("active eq true and userName eq \"" + mail("off") + "\"").get("totalResults").asInt()).isZero();
    }

    @Test
    void a_deleted_person_is_found_by_nothing_and_a_second_delete_finds_nobody() {
        String id = create("gone");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(404);
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(404);
        assertThat(bridge.scim("lab", "PATCH", "/Users/" + id, OFF).status()).isEqualTo(404);
        assertThat(found("userName eq \"" + mail("gone") + "\"").get("totalResults").asInt()).isZero();
        assertThat(bridge.people("archived")).contains(mail("gone"));
    }

    @Test
    void removing_a_member_who_is_gone_or_never_was_one_succeeds() {
        String id = create("member");
        String group = group("Gone", id);
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertThat(bridge.scim("lab", "GET", "/Groups/" + group, "").body().has("members")).isFalse();
        for (String path : List.of("members[value eq \\\"" + id + "\\\"]", "members[value eq \\\"" + UUID.randomUUID() + "\\\"]", "members[value eq \\\"nonsense\\\"]")) {
            assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"" + path + "\"}]}").status()).as(path).isEqualTo(204);
        }
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"Remove\",\"path\":\"members\",\"value\":[{\"value\":\"" + id + "\"}]}]}").status()).isEqualTo(204);
    }

    @Test
    void a_post_of_somebody_inactive_or_deleted_keeps_his_id_by_external_id() {
        String id = create("back");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertThat(post("ext-back-" + name, mail("renamed")).body().get("id").asText()).as("inactive, by externalId, whatever his name is now").isEqualTo(id);
        assertThat(bridge.people("active")).contains(mail("renamed")).doesNotContain(mail("back"));
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        Answer again = post("ext-back-" + name, mail("back"));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body().get("id").asText()).as("deleted").isEqualTo(id);
        assertThat(bridge.people("active")).contains(mail("back"));
    }

    @Test
    void a_post_without_an_external_id_on_one_side_keeps_his_id_by_name_in_any_case() {
        String id = create("named");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        Answer inactive = bridge.scim("lab", "POST", "/Users", unanchored(mail("NAMED").toUpperCase()));
        assertThat(inactive.status()).isEqualTo(201);
        assertThat(inactive.body().get("id").asText()).isEqualTo(id);
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertThat(bridge.scim("lab", "POST", "/Users", unanchored(mail("named"))).body().get("id").asText()).as("deleted").isEqualTo(id);
        String bare = bridge.scim("lab", "POST", "/Users", unanchored(mail("bare"))).body().get("id").asText();
        bridge.scim("lab", "DELETE", "/Users/" + bare, "");
        assertThat(post("ext-bare-" + name, mail("bare")).body().get("id").asText()).as("the other side has none").isEqualTo(bare);
    }

    @Test
    void another_external_id_with_the_name_of_somebody_deleted_is_somebody_new() {
        String id = create("heir");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        Answer heir = post("other-" + name, mail("heir"));
        assertThat(heir.status()).isEqualTo(201);
        assertThat(heir.body().get("id").asText()).isNotEqualTo(id);
        assertThat(bridge.people("active")).contains(mail("heir"));
    }

    @Test
    void a_user_name_is_compared_without_case_and_comes_back_as_it_was_spelt() {
        String spelt = "Ada.Byron." + name + "@ACME.com";
        String id = bridge.scim("lab", "POST", "/Users", unanchored(spelt)).body().get("id").asText();
        assertThat(found("userName eq \"" + spelt.toLowerCase() + "\"").at("/Resources/0/userName").asText()).isEqualTo(spelt);
        Answer patched = bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"" + spelt.toUpperCase() + "\"}]}");
        assertThat(patched.status()).as("a new spelling of his own name is no conflict").isEqualTo(200);
        assertThat(patched.body().get("userName").asText()).isEqualTo(spelt.toUpperCase());
    }

    @Test
    void a_taken_name_is_409_on_create_and_on_rename_and_nothing_has_changed() {
        String first = create("first");
        String second = create("second");
        List<Answer> refused = List.of(post("x-" + name, mail("FIRST").toUpperCase()), post("ext-first-" + name, mail("third")),
                bridge.scim("lab", "PATCH", "/Users/" + second, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"" + mail("first").toUpperCase() + "\"}]}"),
                bridge.scim("lab", "PUT", "/Users/" + second, TestBridge.user("ext-second-" + name, mail("first"), true)),
                bridge.scim("lab", "PATCH", "/Users/" + second, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"externalId\":\"ext-first-" + name + "\"}}]}"));
        refused.forEach(answer -> {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
            assertThat(answer.body().get("scimType").asText()).isEqualTo("uniqueness");
        });
        assertThat(bridge.scim("lab", "GET", "/Users/" + second, "").body().get("userName").asText()).isEqualTo(mail("second"));
        group("One");
        String two = group("Two");
        assertThat(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + groupName("One").toUpperCase() + "\"}").status()).isEqualTo(409);
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + two, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + groupName("One") + "\"}]}").status()).isEqualTo(409);
        assertThat(bridge.scim("lab", "GET", "/Users/" + first, "").status()).isEqualTo(200);
    }

    @Test
    void a_member_who_is_not_known_yet_is_shown_as_pending_and_joins_when_he_appears() {
        String id = create("early");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        String group = group("Early", id);
        JsonNode members = bridge.scim("lab", "GET", "/Groups/" + group, "").body().get("members");
        assertThat(members).hasSize(1);
        assertThat(members.at("/0/value").asText()).isEqualTo(id);
        assertThat(members.at("/0").has("display") || members.at("/0").has("$ref")).as("nothing is known of him").isFalse();
        assertThat(bridge.memberships()).noneMatch(line -> line.contains(mail("early")));
        post("ext-early-" + name, mail("early"));
        assertThat(bridge.memberships()).contains("Early " + name + "/" + mail("early") + "=member");
        assertThat(bridge.scim("lab", "GET", "/Groups/" + group, "").body().at("/members/0/$ref").asText()).endsWith("/Users/" + id);
    }

    @Test
    void a_group_in_a_group_is_passed_over_and_reported() {
        String ada = create("direct");
        String inner = group("Inner");
        String members = "[{\"value\":\"" + ada + "\",\"type\":\"User\"},{\"value\":\"" + inner + "\",\"type\":\"Group\"},{\"value\":\"" + inner + "\",\"$ref\":\"https://x/scim/v2/lab/Groups/" + inner + "\"}]";
        Answer outer = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + groupName("Outer") + "\",\"members\":" + members + "}");
        assertThat(outer.status()).isEqualTo(201);
        String id = outer.body().get("id").asText();
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + id, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":" + members + "}]}").status()).isEqualTo(204);
        assertThat(bridge.scim("lab", "GET", "/Groups/" + id, "").body().get("members").findValuesAsText("value")).containsExactly(ada);
        String noted = "";
        for (int i = 0; i < 200 && !noted.contains("passed over a member of type Group"); i++) {
            TestBridge.pause(50);
            noted = bridge.api("GET", "/requests?resourceId=" + id, "").body().toString();
        }
        assertThat(noted).contains("passed over a member of type Group");
    }

    @Test
    void groups_in_a_user_are_the_bridges_alone() {
        String group = group("Own");
        String body = TestBridge.user("ext-own-" + name, mail("own"), true).replaceFirst("\\{", "{\"groups\":[{\"value\":\"" + group + "\"}],");
        Answer made = bridge.scim("lab", "POST", "/Users", body);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().has("groups")).isFalse();
        assertThat(bridge.memberships()).noneMatch(line -> line.contains(mail("own")));
    }

    private JsonNode found(String filter) {
        return bridge.scim("lab", "GET", "/Users?filter=" + filter, "").body();
    }

    private String mail(String who) {
        return who + "." + name + "@acme.com";
    }

    private String groupName(String workspace) {
        return "ws-" + workspace + " " + name + "-role-member";
    }

    private String create(String who) {
        Answer answer = post("ext-" + who + "-" + name, mail(who));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private Answer post(String externalId, String mail) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(externalId, mail, true));
    }

    private String unanchored(String mail) {
        return TestBridge.user("-", mail, true).replace("\"externalId\":\"-\",", "");
    }

    private String group(String workspace, String... members) {
        String values = String.join(",", java.util.Arrays.stream(members).map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + groupName(workspace) + "\",\"members\":[" + values + "]}").body().get("id").asText();
    }
}
