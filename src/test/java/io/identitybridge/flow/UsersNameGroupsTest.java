package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** With {@code user-based-membership} on, memberships come with users and not with groups. */
class UsersNameGroupsTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").edit("portkey.yaml", "user-based-membership: false", "user-based-membership: true"));

    private final String name = TestBridge.unique();

    @Test
    void a_new_user_is_in_the_groups_he_names_by_id_or_by_name_and_shows_them() {
        String sales = group("Sales");
        group("Research");
        Answer made = bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"},{\"display\":\"WS-research " + name + "-role-member\"}]"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(in()).containsExactly("Research " + name + "/" + mail() + "=member", "Sales " + name + "/" + mail() + "=member");
        JsonNode shown = bridge.scim("lab", "GET", "/Users/" + id(made), "").body().get("groups");
        assertThat(shown.findValuesAsText("display")).containsExactlyInAnyOrder("ws-Sales " + name + "-role-member", "ws-Research " + name + "-role-member");
        assertThat(shown.findValuesAsText("$ref")).allMatch(ref -> ref.startsWith(bridge.scimBase("lab") + "/Groups/"));
        assertThat(bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + mail() + "\"", "").body().at("/Resources/0/groups").size()).isEqualTo(2);
        assertThat(bridge.scim("lab", "GET", "/Users/" + id(made) + "?excludedAttributes=groups", "").body().has("groups")).isFalse();
        assertThat(bridge.scim("lab", "GET", "/Groups/" + sales, "").body().at("/members/0/value").asText()).isEqualTo(id(made));
    }

    @Test
    void a_group_that_comes_after_the_user_who_names_it_is_joined_when_it_appears() {
        Answer made = bridge.scim("lab", "POST", "/Users", user("[\"ws-Later " + name + "-role-manager\"]"));
        assertThat(made.body().at("/groups/0/value").asText()).isEqualTo("ws-Later " + name + "-role-manager");
        assertThat(made.body().at("/groups/0").has("$ref")).isFalse();
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Later " + name + "-role-manager\"}");
        assertThat(in()).containsExactly("Later " + name + "/" + mail() + "=manager");
        Answer now = bridge.scim("lab", "GET", "/Users/" + id(made), "");
        assertThat(now.body().at("/groups/0/display").asText()).isEqualTo("ws-Later " + name + "-role-manager");
        assertThat(now.body().at("/meta/version").asText()).isNotEqualTo(made.body().at("/meta/version").asText());
    }

    @Test
    void a_group_that_appears_while_its_user_is_being_written_is_joined_all_the_same() throws Exception {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[]")));
        String wanted = "ws-Meanwhile " + name + "-role-member";
        try (Connection holder = bridge.sql.getDataSource().getConnection(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select 1 from account where id = '" + ada + "' for update");
            Future<?> named = threads.submit(() -> patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[\"" + wanted + "\"]}"));
            bridge.waitForLock(named);
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + wanted + "\"}");
            holder.rollback();
            named.get();
        }
        LeftOver.sweep(bridge);
        bridge.waitFor("select count(*) from pending_group where account_id = '" + ada + "'", 0);
        bridge.sql.update("update due set at = at - interval '1 minute'"); // looked at now, and not a while later
        LeftOver.sweep(bridge);
        bridge.waitFor("select count(*) from due where account_id = '" + ada + "'", 0);
        assertThat(in()).containsExactly("Meanwhile " + name + "/" + mail() + "=member");
        assertThat(shown(ada)).hasSize(1);
    }

    @Test
    void a_group_is_named_in_any_spelling_of_its_name_before_it_appears_and_after() {
        for (List<String> spellings : List.of(List.of("Caf\u00e9", "Cafe\u0301"), List.of("Cafe\u0301", "Caf\u00e9"), List.of("\u039f\u0394\u039f\u03a3", "\u039f\u0394\u039f\u03a3"))) {
            String named = "ws-" + spellings.getLast() + " " + name + "-role-member";
            String ada = id(bridge.scim("lab", "POST", "/Users", user("[\"" + named + "\"]")));
            String group = id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + spellings.getFirst() + " " + name + "-role-member\"}"));
            assertThat(shown(ada)).as(named + ", named before").extracting(shown -> shown.path("value").asText()).containsExactly(group);
            bridge.scim("lab", "PUT", "/Users/" + ada, user("[\"" + named + "\"]"));
            assertThat(shown(ada)).as(named + ", named afterwards").extracting(shown -> shown.path("value").asText()).containsExactly(group);
            bridge.scim("lab", "DELETE", "/Groups/" + group, "");
            bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        }
    }

    @Test
    void a_group_that_is_not_there_yet_is_taken_out_in_another_spelling() {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[\"Caf\u00e9\"]")));
        patch(ada, "{\"op\":\"remove\",\"path\":\"groups\",\"value\":[\"Cafe\u0301\"]}");
        assertThat(shown(ada)).isEmpty();
    }

    @Test
    void a_patch_adds_removes_and_replaces_groups_and_one_about_something_else_leaves_them() {
        String sales = group("Sales");
        String research = group("Research");
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"}]")));
        patch(ada, "{\"op\":\"Add\",\"path\":\"groups\",\"value\":[{\"value\":\"" + research + "\"}]}");
        assertThat(in()).hasSize(2);
        patch(ada, "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Countess\"}");
        assertThat(in()).hasSize(2);
        patch(ada, "{\"op\":\"remove\",\"path\":\"groups[value eq \\\"" + sales + "\\\"]\"}");
        assertThat(in()).containsExactly("Research " + name + "/" + mail() + "=member");
        patch(ada, "{\"op\":\"replace\",\"value\":{\"groups\":[{\"value\":\"" + sales + "\"}],\"title\":\"Lady\"}}");
        assertThat(in()).containsExactly("Sales " + name + "/" + mail() + "=member");
        bridge.sql.update("update left_membership set at = at - interval '2 days'"); // else it would wait: it went and came within a day
        patch(ada, "{\"op\":\"remove\",\"path\":\"groups[display eq \\\"ws-Sales " + name + "-role-member\\\"]\"}");
        assertThat(in()).isEmpty();
    }

    @Test
    void a_group_without_an_id_goes_by_its_name_and_what_is_neither_is_refused_in_words_about_groups() {
        group("Sales");
        Answer made = bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"\",\"display\":\"ws-Sales " + name + "-role-member\"}]"));
        assertThat(in()).containsExactly("Sales " + name + "/" + mail() + "=member");
        for (String wrong : List.of("[5]", "5", "[{\"value\":7}]", "[{\"value\":\"\"}]", "[\"" + "x".repeat(5000) + "\"]", "[{}]")) {
            Answer refused = bridge.scim("lab", "PUT", "/Users/" + id(made), user(wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.body().get("detail").asText()).as(wrong).contains("group").doesNotContain("member", "user");
        }
    }

    @Test
    void a_put_sets_the_groups_it_names_and_one_that_names_none_leaves_them() {
        String sales = group("Sales");
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"}]")));
        bridge.scim("lab", "PUT", "/Users/" + ada, TestBridge.user("ext-" + name, mail(), true));
        assertThat(in()).hasSize(1);
        bridge.scim("lab", "PUT", "/Users/" + ada, user("[]"));
        assertThat(in()).isEmpty();
    }

    @Test
    void groups_under_the_urn_of_the_users_own_schema_are_his_too() {
        String urn = "urn:ietf:params:scim:schemas:core:2.0:User";
        String sales = group("Sales");
        String ada = id(bridge.scim("lab", "POST", "/Users", under(urn, "[\"" + sales + "\"]")));
        assertThat(in()).hasSize(1);
        for (String none : List.of("{\"op\":\"replace\",\"value\":{\"" + urn + "\":{\"groups\":[]}}}", "{\"op\":\"replace\",\"path\":\"" + urn + "\",\"value\":{\"groups\":[],\"title\":\"T\"}}", "{\"op\":\"remove\",\"path\":\"" + urn + ":groups\"}")) {
            bridge.sql.update("update left_membership set at = at - interval '2 days'"); // else it would wait: it went and came within a day
            patch(ada, none);
            assertThat(in()).as(none).isEmpty();
            patch(ada, "{\"op\":\"add\",\"path\":\"" + urn + "\",\"value\":[{\"groups\":[\"" + sales + "\"]}]}");
            assertThat(in()).as(none).hasSize(1);
        }
        bridge.sql.update("update left_membership set at = at - interval '2 days'");
        bridge.scim("lab", "PUT", "/Users/" + ada, under(urn, "[]"));
        assertThat(in()).isEmpty();
    }

    @Test
    void each_operation_on_groups_sees_what_those_before_it_made() {
        String sales = group("Sales");
        String research = group("Research");
        String named = "ws-Research " + name + "-role-member";
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"}]")));
        patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"" + research + "\"}]},{\"op\":\"remove\",\"path\":\"groups[display eq \\\"" + named + "\\\"]\"}");
        assertThat(in()).containsExactly("Sales " + name + "/" + mail() + "=member");
        patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"display\":\"" + named.toUpperCase() + "\"}]},{\"op\":\"remove\",\"path\":\"groups[value eq \\\"" + research + "\\\"]\"}");
        assertThat(in()).hasSize(1);
        patch(ada, "{\"op\":\"remove\",\"path\":\"groups[type eq \\\"direct\\\"]\"}");
        assertThat(in()).isEmpty();
    }

    @Test
    void a_group_that_is_not_there_yet_is_known_by_its_name_in_any_case() {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[]")));
        String add = "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"display\":\"NotYet\"}]}";
        String remove = "{\"op\":\"remove\",\"path\":\"groups\",\"value\":[{\"display\":\"notyet\"}]}";
        patch(ada, add + "," + remove);
        assertThat(shown(ada)).isEmpty();
        patch(ada, add);
        patch(ada, add.replace("NotYet", "NOTYET"));
        assertThat(shown(ada)).hasSize(1);
        patch(ada, remove);
        assertThat(shown(ada)).isEmpty();
        patch(ada, add);
        patch(ada, "{\"op\":\"remove\",\"path\":\"groups[display eq \\\"notYET\\\"]\"}");
        assertThat(shown(ada)).as("by a filter as it was named").isEmpty();
        patch(ada, add);
        patch(ada, "{\"op\":\"replace\",\"path\":\"groups\",\"value\":\"\"}");
        assertThat(shown(ada)).as("an empty text clears, as null does").isEmpty();
    }

    @Test
    void schemas_say_that_groups_are_written_and_versions_and_times_are_of_them_too() {
        String sales = group("Sales");
        JsonNode groups = java.util.stream.StreamSupport.stream(bridge.scim("lab", "GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "").body().get("attributes").spliterator(), false)
                .filter(attribute -> attribute.get("name").asText().equals("groups")).findFirst().orElseThrow();
        assertThat(List.of(groups.get("mutability").asText(), groups.get("returned").asText())).containsExactly("readWrite", "default");
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[]")));
        JsonNode before = bridge.scim("lab", "GET", "/Users/" + ada, "").body().get("meta");
        patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"" + sales + "\"}]}");
        JsonNode after = bridge.scim("lab", "GET", "/Users/" + ada, "").body().get("meta");
        assertThat(after.get("lastModified").asText()).isGreaterThan(before.get("lastModified").asText());
        patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"" + sales + "\"}]}");
        assertThat(bridge.scim("lab", "GET", "/Users/" + ada, "").body().get("meta")).as("the same again").isEqualTo(after);
        bridge.scim("lab", "PUT", "/Groups/" + sales, "{\"displayName\":\"ws-Selling " + name + "-role-member\"}");
        assertThat(bridge.scim("lab", "GET", "/Users/" + ada, "").body().at("/meta/version")).isNotEqualTo(after.get("version"));
    }

    private static List<JsonNode> shown(String id) {
        return java.util.stream.StreamSupport.stream(bridge.scim("lab", "GET", "/Users/" + id, "").body().path("groups").spliterator(), false).toList();
    }

    @Test
    void what_a_group_says_of_members_is_answered_as_done_and_passed_over() {
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[]")));
        Answer made = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales " + name + "-role-member\",\"members\":[{\"value\":\"" + ada + "\"}]}");
        assertThat(made.status()).isEqualTo(201);
        String add = "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + ada + "\"}]}]}";
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + id(made), add).status()).isEqualTo(204);
        assertThat(in()).isEmpty();
        patch(ada, "{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"" + id(made) + "\"}]}");
        bridge.scim("lab", "PATCH", "/Groups/" + id(made), add.replace("add", "remove"));
        bridge.scim("lab", "PUT", "/Groups/" + id(made), "{\"displayName\":\"ws-Sales " + name + "-role-member\",\"members\":[]}");
        assertThat(in()).hasSize(1);
        String noted = "";
        for (int i = 0; i < 200 && !noted.contains("passed over members"); i++) {
            TestBridge.pause(50);
            noted = bridge.api("GET", "/requests?resourceId=" + id(made), "").body().toString();
        }
        assertThat(noted).contains("passed over members: they come with users here");
    }

    @Test
    void whoever_is_deleted_and_comes_back_is_in_the_groups_he_names_then() {
        String sales = group("Sales");
        String ada = id(bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"},\"nowhere\"]")));
        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        assertThat(in()).isEmpty();
        Answer back = bridge.scim("lab", "POST", "/Users", user("[{\"value\":\"" + sales + "\"}]"));
        assertThat(id(back)).isEqualTo(ada);
        assertThat(back.body().get("groups")).hasSize(1);
        assertThat(in()).hasSize(1);
    }

    private String group(String workspace) {
        return id(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + " " + name + "-role-member\"}"));
    }

    private void patch(String id, String operation) {
        Answer answer = bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[" + operation + "]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private String under(String urn, String groups) {
        return TestBridge.user("ext-" + name, mail(), true).replaceFirst("\\{", "{\"" + urn + "\":{\"groups\":" + groups + "},");
    }

    private String user(String groups) {
        return TestBridge.user("ext-" + name, mail(), true).replaceFirst("\\{", "{\"groups\":" + java.util.regex.Matcher.quoteReplacement(groups) + ",");
    }

    private String mail() {
        return "ada." + name + "@acme.com";
    }

    private List<String> in() {
        return bridge.memberships().stream().filter(line -> line.contains(mail())).toList();
    }

    private static String id(Answer answer) {
        return answer.body().get("id").asText();
    }
}
