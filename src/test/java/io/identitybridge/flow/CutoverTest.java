package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.publish.WholeReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The steps of src/docs/cutover.md, each by its number and in its order, for both targets. */
@Tag("real")
class CutoverTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}";

    @Test
    void from_direct_scim_to_the_bridge_by_the_admin_api_and_away_again_nobody_loses_anything() {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi()) {
            grown(with);
            String finance = with.portkey.byHand().workspace("Finance").slug();
            with.directGroup("All of finance", "ada@acme.com", "eva@acme.com");
            with.admin("POST", "/scim/workspaces", "{\"workspace_id\":\"" + finance + "\",\"role\":\"member\",\"scim_group_id\":\"" + with.portkey.state().group("All of finance").orElseThrow().id() + "\"}");
            Map<String, Map<String, String>> before = with.portkey.state().memberships();
            assertThat(before.get("Finance")).containsOnlyKeys("ada@acme.com", "eva@acme.com");

            String ada = beside(with); // 1
            looked(with); // 2
            adopted(with); // 3
            stopped(with, before); // 4
            withoutItsToken(with); // 5
            written(with, before); // 6

            JsonNode mapping = with.bridge.api("GET", "/target/mappings", "").body().path("items").get(0); // 7
            assertThat(mapping.path("workspace").asText()).isEqualTo("Finance");
            assertThat(with.bridge.api("POST", "/target/unmap", "{\"mapping\":\"" + mapping.path("id").asText() + "\",\"reason\":\"cutover\"}").status()).isEqualTo(200);
            assertThat(with.portkey.state().mappings()).isEmpty();
            assertThat(with.portkey.state().members("Finance")).as("the people stay").isEqualTo(before.get("Finance"));

            observed(with, ada, before); // leaving, 1
            direct(with); // 2
            compared(with, "missing: add bob@acme.com to Sales as manager"); // 3
            with.portkey.withoutAdminKey(); // 4
            assertThat(with.read()).isInstanceOf(WholeReading.End.Failed.class);
            recorded(with);
        }
    }

    @Test
    void from_direct_scim_to_the_bridge_by_scim_and_away_again_nobody_loses_anything() {
        try (PortkeyBridge with = PortkeyBridge.byScim()) {
            grown(with);
            Map<String, Map<String, String>> before = with.portkey.state().memberships();

            String ada = beside(with); // 1
            stopped(with, before); // 4: there is one token, so this and the next come before it is read
            with.token(withoutItsToken(with)); // 5
            looked(with); // 2
            adopted(with); // 3
            written(with, before); // 6

            observed(with, ada, before); // leaving, 1
            String token = with.portkey.newScimToken(); // 2: the new one for both
            with.directToken = token;
            with.token(token);
            direct(with);
            compared(with, "missing: add bob@acme.com to Sales as manager"); // 3
            with.portkey.newScimToken(); // 4
            assertThat(with.read()).isInstanceOf(WholeReading.End.Failed.class);
            recorded(with);
        }
    }

    /** The IdP has pushed into Portkey itself. */
    private static void grown(PortkeyBridge with) {
        for (String name : List.of("ada", "bob", "eva")) {
            with.direct("POST", "/Users", TestBridge.user("direct-" + name, name + "@acme.com", true));
        }
        with.directGroup("ws-Sales-role-manager", "ada@acme.com", "bob@acme.com");
    }

    /** Step 1: beside the direct push; nothing is written. Gives ada's id. */
    private static String beside(PortkeyBridge with) {
        long written = with.portkey.log().writes().size();
        String ada = with.push("ada", "ada@acme.com", true);
        with.group("ws-Sales-role-manager", ada, with.push("bob", "bob@acme.com", true));
        with.push("eva", "eva@acme.com", true);
        assertThat(with.bridge.api("GET", "/members", "").body().path("total").asInt()).isEqualTo(3);
        assertThat(with.bridge.api("GET", "/target", "").body().path("mode").asText()).isEqualTo("observe");
        TestBridge.pause(1_500); // more than a turn of the publisher
        assertThat(with.portkey.log().writes()).hasSize((int) written);
        return ada;
    }

    private static void looked(PortkeyBridge with) {
        assertThat(with.bridge.api("POST", "/target/read", "").body().path("result").asText()).isEqualTo("read and compared");
        JsonNode plan = with.bridge.api("GET", "/target/plan", "").body();
        assertThat(plan.path("matchedPeople").asInt()).as("%s", plan).isEqualTo(3);
        assertThat(plan.path("extra").asInt()).isZero();
        assertThat(plan.path("missing").asInt()).isZero();
    }

    private static void adopted(PortkeyBridge with) {
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"cutover\"}").body().path("plan").asLong();
        assertThat(with.bridge.api("GET", "/plans/" + plan, "").status()).isEqualTo(200);
        assertThat(with.bridge.api("POST", "/plans/" + plan + "/approve", "{}").status()).isEqualTo(200);
        assertThat(List.of(with.owner("ada@acme.com"), with.owner("bob@acme.com"), with.owner("eva@acme.com"))).containsOnly("adopted");
    }

    /** Step 4: "leave the group", and provisioning off without unassigning, send nothing. Deleting the group would have ended the workspace. */
    private static void stopped(PortkeyBridge with, Map<String, Map<String, String>> before) {
        assertThat(with.portkey.state().memberships()).isEqualTo(before);
        with.directGroup("ws-Deleted-role-member", "eva@acme.com");
        with.direct("DELETE", "/Groups/" + with.portkey.state().group("ws-Deleted-role-member").orElseThrow().id(), "");
        assertThat(with.portkey.state().memberships()).as("what 'delete' does").doesNotContainKey("Deleted");
    }

    /** Step 5: what has the token of before is not let in any more. Gives the new one. */
    private static String withoutItsToken(PortkeyBridge with) {
        String token = with.portkey.newScimToken();
        String ada = with.portkey.state().person("ada@acme.com").orElseThrow().id();
        assertThatThrownBy(() -> with.direct("PATCH", "/Users/" + ada, OFF)).hasMessageContaining("invalid token");
        assertThat(with.portkey.state().person("ada@acme.com").orElseThrow().active()).isTrue();
        with.directToken = token;
        return token;
    }

    private static void written(PortkeyBridge with, Map<String, Map<String, String>> before) {
        long written = with.portkey.log().writes().size();
        assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"cutover\"}").status()).isEqualTo(200);
        with.settled();
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(with.drift()).isEmpty();
        assertThat(with.portkey.log().writes().stream().filter(write -> write.number() > written && write.method().equals("DELETE"))).isEmpty();
        before.forEach((workspace, roles) -> assertThat(with.portkey.state().members(workspace)).as(workspace).isEqualTo(roles));
    }

    private static void observed(PortkeyBridge with, String ada, Map<String, Map<String, String>> before) {
        assertThat(with.bridge.api("POST", "/target/observe", "{\"reason\":\"leaving\"}").status()).isEqualTo(200);
        with.leaves(ada);
        TestBridge.pause(1_500);
        before.forEach((workspace, roles) -> assertThat(with.portkey.state().members(workspace)).as("as it is, leavers too").isEqualTo(roles));
        with.read();
        assertThat(with.drift()).as("and the comparison tells").anyMatch(line -> line.startsWith("extra: ") && line.contains("ada@acme.com"));
    }

    /** Leaving, 2: the IdP's own application imports, matches by user name, and makes nobody twice. */
    private static void direct(PortkeyBridge with) {
        int people = with.portkey.state().people().size();
        for (String name : List.of("ada", "bob", "eva")) {
            JsonNode found = with.direct("GET", "/Users?filter=userName%20eq%20%22" + name + "@acme.com%22", "");
            assertThat(found.path("totalResults").asInt()).isEqualTo(1);
            with.direct("PATCH", "/Users/" + found.at("/Resources/0/id").asText(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"direct-" + name + "\"}]}");
        }
        assertThatThrownBy(() -> with.direct("POST", "/Users", TestBridge.user("direct-bob", "bob@acme.com", true))).hasMessageContaining("exists");
        assertThat(with.portkey.state().people()).hasSize(people);
        with.direct("PATCH", "/Users/" + with.portkey.state().person("ada@acme.com").orElseThrow().id(), OFF);
        with.directMember("ws-Sales-role-manager", "bob@acme.com", false);
    }

    private static void compared(PortkeyBridge with, String changed) {
        PortkeyBridge.afterTheLag();
        assertThat(with.read()).hasToString("Read[]");
        assertThat(with.drift()).contains(changed).noneMatch(line -> line.startsWith("extra: ") && line.contains("user ada@acme.com") || line.contains("remove ada@acme.com from Portkey"));
    }

    /** Leaving, 4: nobody is let in any more, and what the bridge held can be read still. */
    private static void recorded(PortkeyBridge with) {
        assertThat(with.bridge.count("select count(*) from target where stopped_at is not null")).isEqualTo(1);
        assertThat(with.bridge.api("GET", "/target/people?email=bob@acme.com", "").body().path("total").asInt()).isEqualTo(1);
        assertThat(with.bridge.api("GET", "/target/manual", "").status()).isEqualTo(200);
        assertThat(with.portkey.state().person("bob@acme.com").orElseThrow().active()).isTrue();
        assertThat(with.portkey.state().person(StandInPortkey.OWNER)).isPresent();
    }
}
