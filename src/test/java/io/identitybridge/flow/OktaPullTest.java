package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.whitelist.rule.WhitelistRules;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.source.Contract;
import io.identitybridge.source.ContractFilter;
import io.identitybridge.source.SampleOkta;
import io.identitybridge.source.SampleOkta.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Okta sources over a whole bridge, both sides of the talk held against Okta's own OpenAPI. */
class OktaPullTest {
    private static final String ADA = "00u1ada000000000A0g7";
    private static final String ZOE = "00u1zoe000000000A0g7";
    @TempDir
    Path folder;
    final Contract contract = Contract.of("okta-management-subset.json", "", Map.of(
        "Okta's own samples have a group without description as null", WhitelistRules.messageContainsSubstring("/profile"),
        "what is said to a cursor that has expired no specification tells", WhitelistRules.allOf(WhitelistRules.responseStatusIs(400), WhitelistRules.messageHasKey("validation.response.status.unknown")),
        "and assignments that were never synchronised", WhitelistRules.messageContainsRegexp(".*/(externalId|lastSync).*")));
    SampleOkta okta;
    TestBridge bridge;

    private void start(SampleOkta server, String... settings) {
        okta = server;
        okta.change(okta.users.get(ADA), "lastUpdated");
        BridgeFiles files = BridgeFiles.of(folder, "okta", "okta-app").edit("okta-app.source.yaml", "lag: 30s", "lag: 0s").everywhere("acme.com", "acme.example")
            .everywhere("AI Platform Leads", "portkey-engineering").edit("portkey.yaml", "okta:  {mode: apply,", "okta:  {mode: apply, lag: 0s,");
        bridge = TestBridge.start(files, folder, settings);
    }

    private void start(String source) throws IOException {
        SampleOkta server = SampleOkta.start(4, new ContractFilter(contract, path -> path.startsWith("/api/")));
        start(server, source + "_URL=" + server.url(), source + "_TOKEN=secret", source + "_ID=" + SampleOkta.APP);
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
        assertThat(contract.faults()).as("asked and answered as Okta's OpenAPI says").isEmpty();
    }

    @Test
    void whom_a_push_disabled_no_reading_of_changes_makes_active_again_and_a_complete_one_does() throws IOException {
        start("OKTA");
        pull("okta", false);
        String id = bridge.scim("okta", "GET", "/Users?filter=externalId eq \"" + ADA + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("okta", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
        for (String name : List.of("Byron-King", "King")) {
            ((ObjectNode) okta.users.get(ADA).get("profile")).put("lastName", name);
            okta.change(okta.users.get(ADA), "lastUpdated");
            assertThat(pull("okta", false).get("complete").asBoolean()).isFalse();
            assertThat(bridge.people("archived")).as("the change is heard of, and she stays disabled").containsExactly("ada@acme.example");
            assertThat(bridge.sql.queryForObject("select display_name from account where external_id = ?", String.class, ADA)).endsWith(" " + name);
        }
        assertThat(pull("okta", true).get("complete").asBoolean()).isTrue();
        assertThat(bridge.people("active")).contains("ada@acme.example");
        ((ObjectNode) okta.users.get(ADA).get("profile")).put("lastName", "Lovelace");
        okta.change(okta.users.get(ADA), "lastUpdated");
        pull("okta", false);
        assertThat(bridge.people("active")).as("that is over").contains("ada@acme.example");
    }

    @Test
    void first_everybody_then_what_changed_and_who_was_deleted_by_the_full_run() throws IOException {
        start("OKTA");
        JsonNode first = pull("okta", false);
        assertThat(first.get("complete").asBoolean()).isTrue();
        assertThat(first.get("seen").get("users").asInt()).as("Ada came twice").isEqualTo(12);
        assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.example=admin", "Engineering/zoe.lukasiewicz@acme.example=admin", "Sales/ada@acme.example=admin", "Sales/zoe.lukasiewicz@acme.example=admin");
        assertThat(role("ada@acme.example")).isEqualTo("admin");
        assertThat(bridge.sql.queryForObject("select display_name from person where email like 'zoe%'", String.class)).isEqualTo("Zoë Łukasiewicz-山田");

        ((ObjectNode) okta.users.get(ADA).get("profile")).remove("portkeyRole");
        okta.change(okta.users.get(ADA), "lastUpdated");
        okta.faults.put("/api/v1/users?limit=200&filter=lastUpdated", Fault.BUSY);
        JsonNode busy = pull("okta", false);
        assertThat(busy.get("complete").asBoolean()).isFalse();
        assertThat(role("ada@acme.example")).as("an attribute that is gone from a changed record is gone here, too").isEqualTo("member");
        assertThat(busy.get("budget").get("/users").get("limit").asInt()).as("the busy bucket was waited for, and is shown").isEqualTo(600);
        assertThat(busy.get("budget").get("/groups").get("left").asInt()).isEqualTo(597);
        assertThat(bridge.api("GET", "/sources?q=okta", "").body().at("/items/0/lastRun/budget").size()).isPositive();

        int asked = okta.asked.size();
        status(ZOE, "DEPROVISIONED");
        okta.members.get(SampleOkta.ENGINEERING).add("00u1dup000000000A0g7");
        okta.change(okta.groups.get(SampleOkta.ENGINEERING), "lastMembershipUpdated");
        JsonNode second = pull("okta", false);
        assertThat(second.get("complete").asBoolean()).isFalse();
        assertThat(second.get("seen").get("users").asInt()).as("Ada changed within the overlap, Zoë since").isEqualTo(2);
        assertThat(second.get("seen").get("groups").asInt()).isEqualTo(1);
        assertThat(bridge.people("archived")).containsExactly("zoe.lukasiewicz@acme.example");
        assertThat(bridge.memberships()).contains("Sales/sam.lee@acme.example=admin").hasSize(4);
        assertThat(okta.asked.subList(asked, okta.asked.size())).as("one list each, and the members of the one group that changed").filteredOn(address -> address.contains("/groups/")).allMatch(address -> address.contains(SampleOkta.ENGINEERING));

        okta.users.remove(ADA);
        okta.members.values().forEach(all -> all.remove(ADA));
        pull("okta", false);
        assertThat(known(ADA)).as("changes do not tell who was deleted").isTrue();
        pull("okta", true);
        assertThat(known(ADA)).isFalse();
        assertThat(bridge.people("active")).containsExactly("sam.lee@acme.example");
        assertThat(contract.met()).contains("GET /api/v1/users", "GET /api/v1/users/{id}", "GET /api/v1/groups", "GET /api/v1/groups/{groupId}/users");
    }

    @Test
    void whatever_a_list_lacks_nobody_goes() throws IOException {
        start("OKTA");
        pull("okta", false);
        List<String> before = bridge.memberships();
        okta.faults.put("after=opaque-4", Fault.SHORT);
        assertThat(pull("okta", true).get("message").asText()).as("asked for by name").contains("4 users absent from the list, 4 of them there");
        okta.faults.put("after=opaque-8", Fault.REPEATED);
        okta.faults.put("after=opaque-4", Fault.REPEATED);
        assertThat(pull("okta", true).get("message").asText()).contains("leads back");
        okta.faults.put("after=opaque-8", Fault.EXPIRED);
        assertThat(pull("okta", true).get("message").asText()).contains("page 3: HTTP 400");
        assertThat(pull("okta", false).get("complete").asBoolean()).as("a full run that failed is not forgotten for the next changes").isTrue();
        okta.groups.values().removeIf(group -> group.get("type").asText().equals("BUILT_IN"));
        assertThat(pull("okta", true).get("message").asText()).as("the credentials see only some groups now").contains("everyone: 0 read, at least 1 expected");
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.people("archived")).isEmpty();
    }

    @Test
    void who_is_assigned_to_the_app_is_a_member_and_who_is_no_longer_is_gone_though_okta_knows_her() throws IOException {
        start("OKTA_APP");
        ((ObjectNode) okta.groups.get(SampleOkta.ENGINEERING).get("profile")).put("name", "ws-Engineering-role-manager");
        pull("okta-app", false);
        assertThat(bridge.people("active")).as("On Leave is suspended").containsExactly("ada@acme.example", "zoe.lukasiewicz@acme.example");
        assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.example=manager", "Engineering/zoe.lukasiewicz@acme.example=manager");

        okta.assigned.remove(ZOE);
        JsonNode run = pull("okta-app", false);
        assertThat(run.get("complete").asBoolean()).isTrue();
        assertThat(bridge.people("active")).containsExactly("ada@acme.example");
        assertThat(okta.asked).anyMatch(address -> address.contains("/apps/" + SampleOkta.APP + "/users/" + ZOE));
        assertThat(okta.asked).as("never asked whether Okta as a whole knows her").noneMatch(address -> address.contains("/api/v1/users/"));

        okta.faults.put("/apps/" + SampleOkta.APP + "/users", Fault.FORBIDDEN);
        assertThat(pull("okta-app", false).get("message").asText()).contains("HTTP 403 (E0000006)");
        okta.assigned.clear();
        assertThat(pull("okta-app", false).get("message").asText()).contains("0 read");
        assertThat(bridge.people("active")).containsExactly("ada@acme.example");
        assertThat(contract.met()).contains("GET /api/v1/apps/{appId}/users", "GET /api/v1/apps/{appId}/users/{userId}", "GET /api/v1/apps/{appId}/groups");
    }

    private JsonNode pull(String source, boolean full) {
        return bridge.pull(source, "{\"full\":" + full + "}");
    }

    private boolean known(String id) {
        return bridge.count("select count(*) from account where external_id = ? and gone_at is null", id) > 0;
    }

    private void status(String id, String status) {
        okta.users.get(id).put("status", status);
        okta.change(okta.users.get(id), "lastUpdated");
    }

    private String role(String email) {
        return bridge.sql.queryForObject("select org_role from person where email = ?", String.class, email);
    }
}
