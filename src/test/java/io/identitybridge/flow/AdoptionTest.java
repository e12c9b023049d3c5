package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.lab.PortkeyRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An organisation that grew by hand comes under the bridge on day one. */
class AdoptionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PEOPLE = 800;

    @Test
    @Tag("real")
    void an_organisation_of_800_people_and_60_workspaces_made_by_hand_is_adopted_without_one_removal() throws Exception {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi()) {
            with.portkey.byHand().organisation(PEOPLE, 60, 5);
            Map<String, String> ids = everybody(with);
            groups(with, ids);
            Map<String, Map<String, String>> before = with.portkey.state().memberships();
            List<PortkeyRow.Person> people = with.portkey.state().people();
            long handled = with.portkey.log().writes().size();
            assertThat(with.read()).hasToString("Read[]");

            JsonNode plan = with.bridge.api("GET", "/target/plan", "").body();
            assertThat(plan.path("matchedPeople").asLong()).isEqualTo(PEOPLE);
            assertThat(plan.path("extra").asLong()).isZero();
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\"}").status()).as("nobody has decided on the adoption").isEqualTo(409);

            long number = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"day one\"}").body().path("plan").asLong();
            JsonNode approved = with.bridge.api("POST", "/plans/" + number + "/approve", "{}").body();
            assertThat(approved.path("lines")).hasSizeGreaterThanOrEqualTo(PEOPLE + 40);
            assertThat(with.bridge.sql.queryForList("select distinct owner from target_person where email like 'person%'", String.class)).containsExactly("adopted");
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\"}").status()).isEqualTo(200);
            with.settled();

            List<String> deeds = with.portkey.log().writes().stream().filter(write -> write.number() > handled).flatMap(write -> write.sentences().stream()).toList();
            assertThat(with.portkey.log().writes().stream().filter(write -> write.number() > handled && write.method().equals("DELETE"))).as("no removal").isEmpty();
            assertThat(lost(before, with.portkey.state().memberships())).as("nobody has less than before").isEmpty();
            assertThat(with.portkey.state().people().stream().map(person -> person.email() + " " + person.role()).toList()).containsAll(people.stream().map(person -> person.email() + " " + person.role()).toList());
            assertThat(deeds).as("what the mapping gives more").isNotEmpty();

            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            assertThat(lost(before, with.portkey.state().memberships())).isEmpty();
            assertThat(with.bridge.api("GET", "/target", "").body().path("drift").path("extra").asLong()).isZero();
            assertThat(with.bridge.api("GET", "/target/manual?limit=1", "").body().path("total").asLong()).isPositive();
            leaverLosesEverything(with, ids);
        }
    }

    /** What was given by hand ends with his own leaving. */
    private static void leaverLosesEverything(PortkeyBridge with, Map<String, String> ids) {
        with.leaves(ids.get("person0003@acme.com"));
        with.settled();
        assertThat(with.portkey.state().person("person0003@acme.com")).isEmpty();
        assertThat(with.bridge.count("select count(*) from manual_grant m join person p on p.id = m.person_id where p.email = 'person0003@acme.com'")).isZero();
    }

    private static Map<String, String> everybody(PortkeyBridge with) throws Exception {
        Map<String, String> ids = new HashMap<>();
        for (int from = 1; from <= PEOPLE; from += 200) {
            ObjectNode bulk = JSON.createObjectNode();
            bulk.putArray("schemas").add("urn:ietf:params:scim:api:messages:2.0:BulkRequest");
            ArrayNode operations = bulk.putArray("Operations");
            for (int p = from; p < from + 200; p++) {
                String email = "person%04d@acme.com".formatted(p);
                operations.addObject().put("method", "POST").put("path", "/Users").put("bulkId", email).set("data", JSON.readTree(io.identitybridge.TestBridge.user("x" + p, email, true)));
            }
            JsonNode answer = with.bridge.scim("okta-app", "POST", "/Bulk", bulk.toString()).body();
            answer.path("Operations").forEach(done -> ids.put(done.path("bulkId").asText(), done.path("location").asText().replaceFirst(".*/", "")));
        }
        return ids;
    }

    /** The IdP's groups give two thirds of the teams, to most of those who are in them by hand and to some who are not. */
    private static void groups(PortkeyBridge with, Map<String, String> ids) {
        Map<String, Map<String, String>> teams = new TreeMap<>(with.portkey.state().memberships());
        for (int team = 1; team <= 40; team++) {
            String name = "Team %02d".formatted(team);
            List<String> members = new ArrayList<>();
            teams.get(name).keySet().stream().filter(email -> email.hashCode() % 3 != 0).map(ids::get).forEach(members::add);
            members.add(ids.get("person%04d@acme.com".formatted(700 + team)));
            with.group("ws-" + name + "-role-member", members.stream().distinct().toArray(String[]::new));
        }
    }

    private static List<String> lost(Map<String, Map<String, String>> before, Map<String, Map<String, String>> now) {
        List<String> order = List.of("member", "manager", "admin");
        List<String> lost = new ArrayList<>();
        before.forEach((team, roles) -> roles.forEach((email, role) -> {
            if (order.indexOf(now.getOrDefault(team, Map.of()).getOrDefault(email, "none")) < order.indexOf(role)) {
                lost.add(email + " in " + team + " was " + role);
            }
        }));
        return lost;
    }
}
