package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A push that disables somebody and is refused for what else it says: all of it or none, and whoever stays is seen at once. */
class RefusedLeaversTest {
    private static final String OFF = "{\"op\":\"replace\",\"path\":\"active\",\"value\":\"False\"}";
    private static final String WRONG = "{\"op\":\"replace\",\"path\":\"nickName\",\"value\":{\"a\":1}}";
    static StandInOkta okta;
    static TestBridge bridge;

    private final String name = TestBridge.unique();

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(6, 3, 1), "secret", 0);
        bridge = TestBridge.of(BridgeFiles.of("lab", "entra").edit("lab.source.yaml", "lag: 5s", "lag: 0s").edit("portkey.yaml", "mode: propose, lag: 5m", "mode: apply, lag: 0s").manyMayLeave(), "lab.url=" + okta.url(), "lab.token=secret", "bridge.heal.every=200");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void who_was_to_leave_by_a_refused_push_is_a_letter_and_a_leaver_who_waits_and_the_log_says_so() {
        String id = bridge.pushed("entra", name, name + "@acme-labs.io");
        assertThat(patch(id, OFF + "," + WRONG).status()).isEqualTo(400);
        JsonNode letter = letter();
        assertThat(letter.get("sentence").asText()).isEqualTo("user " + name + ": active: a push that ends his access was refused: 400 'nickName' is a text");
        assertThat(letter.get("leaver").asBoolean()).isTrue();
        assertThat(letter.get("status").asText()).isIn("open", "retrying");
        assertThat(bridge.metrics()).contains("bridge_dead_letters_open{class=\"MAPPING_POISON\",resource=\"user\",source=\"entra\"}");
        bridge.sql.update("update dead_letter set first_at = first_at - interval '16 minutes' where key = ?", name);
        assertThat(component("leavers").get("status").asText()).as("a person is needed").isEqualTo("DOWN");
        bridge.waitFor("select count(*) from request_log where status = 400 and meaning = 'deactivate user " + id + ", refused: ''nickName'' is a text' and resource_id = '" + id + "'", 1);

        assertThat(patch(id, OFF).status()).isEqualTo(200);
        assertThat(letter().get("status").asText()).as("the next one that says it right closes it").isEqualTo("superseded");
        assertThat(bridge.people("archived")).contains(name + "@acme-labs.io");
    }

    @Test
    void however_it_is_said_that_he_leaves() {
        for (String said : List.of("{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false,\"name\":[1,2]}}]}", "{\"Operations\":[" + OFF + ",{\"op\":\"delete\"}]}", "{\"Operations\":[{\"op\":\"Add\",\"value\":[{\"Active\":\"false\"},7]}]}",
                "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"urn:ietf:params:scim:schemas:core:2.0:User\":{\"active\":false,\"name\":[1,2]}}}]}", "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"active\",\"value\":[{\"$ref\":null,\"value\":\"False\"}]}," + WRONG + "]}",
                "{\"Operations\":{\"op\":\"replace\",\"path\":\"urn:ietf:params:scim:schemas:core:2.0:User:active\",\"value\":[false]},\"operations\":1,\"x\":" + "[".repeat(3) + "]".repeat(3) + "}", "{\"active\":false,\"userName\":\"\"}")) {
            String person = TestBridge.unique();
            String id = bridge.pushed("entra", person, person + "@acme-labs.io");
            TestBridge.Answer answer = bridge.scim("entra", "PATCH", "/Users/" + id, said);
            assertThat(bridge.count("select count(*) from dead_letter where key = ? and leaver and status in ('open', 'retrying')", person)).as(said + " " + answer).isEqualTo(answer.status() == 200 ? 0 : 1);
            assertThat(bridge.people("archived").contains(person + "@acme-labs.io")).isEqualTo(answer.status() == 200);
        }
        String bulky = TestBridge.unique();
        String inBulk = bridge.pushed("entra", bulky, bulky + "@acme-labs.io");
        TestBridge.Answer bulk = bridge.scim("entra", "POST", "/Bulk", "{\"Operations\":[{\"method\":\"PATCH\",\"path\":\"/Users/" + inBulk + "\",\"data\":{\"Operations\":[" + OFF + "," + WRONG + "]}}]}");
        assertThat(bulk.body().at("/Operations/0/status").asText()).isEqualTo("400");
        assertThat(bridge.count("select count(*) from dead_letter where key = ? and leaver", bulky)).isOne();
        String id = bridge.pushed("entra", name, name + "@acme-labs.io");
        String other = TestBridge.unique();
        bridge.pushed("entra", other, other + "@acme-labs.io");
        assertThat(bridge.scim("entra", "PUT", "/Users/" + id, TestBridge.user(name, other + "@acme-labs.io", false)).status()).as("a taken name").isEqualTo(409);
        assertThat(letter().get("leaver").asBoolean()).isTrue();
        assertThat(bridge.scim("entra", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(letter().get("status").asText()).isEqualTo("superseded");
    }

    @Test
    void in_a_bulk_also_where_an_operation_never_became_a_request_or_the_whole_is_refused() {
        String id = bridge.pushed("entra", name, name + "@acme-labs.io");
        String patch = "{\"method\":\"PATCH\",\"path\":\"/Users/" + id + "\",\"data\":{\"Operations\":[" + OFF + "%s]}}";
        String ofNobody = ",{\"op\":\"add\",\"path\":\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager\",\"value\":\"bulkId:nobody\"}";
        for (String refused : List.of("{\"Operations\":[" + patch.formatted(ofNobody) + "]}", "{\"Operations\":[{\"method\":\"DELETE\",\"path\":\"Users/" + id + "\"}]}", "{\"Operations\":[" + patch.formatted("") + "],\"failOnErrors\":\"1\"}",
                "{\"Operations\":[{\"method\":\"PUT\",\"path\":\"/Users/" + id + "\",\"bulkId\":\"\\ud800\",\"data\":{\"userName\":\"x\",\"active\":false}}]}")) {
            TestBridge.Answer answer = bridge.scim("entra", "POST", "/Bulk", refused);
            assertThat(answer.status() + answer.body().at("/Operations/0/status").asText()).as(answer.toString()).isIn("400", "200400", "200409");
            assertThat(bridge.count("select count(*) from dead_letter where key = ? and leaver and status in ('open', 'retrying')", name)).as(refused).isOne();
            assertThat(patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}").status()).isEqualTo(200);
            assertThat(bridge.count("select count(*) from dead_letter where key = ? and status in ('open', 'retrying')", name)).as("he stays, says a newer push").isZero();
        }
    }

    @Test
    void nobody_waits_who_does_not_leave_has_left_or_is_not_there() {
        String id = bridge.pushed("entra", name, name + "@acme-labs.io");
        assertThat(patch(id, WRONG).status()).isEqualTo(400);
        assertThat(patch(id, "{\"op\":\"remove\",\"path\":\"active\",\"value\":false}," + WRONG).status()).isEqualTo(400);
        assertThat(bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[" + OFF + "," + WRONG + "]}").status()).as("of another source").isEqualTo(404);
        assertThat(patch(id, OFF).status()).isEqualTo(200);
        assertThat(patch(id, OFF + "," + WRONG).status()).isEqualTo(400);
        assertThat(bridge.count("select count(*) from dead_letter where key = ?", name)).isZero();
    }

    @Test
    void a_letter_about_whoever_has_no_access_calls_nobody_at_night() {
        String id = bridge.pushed("entra", name, name + "@elsewhere.example");
        assertThat(patch(id, OFF + "," + WRONG).status()).isEqualTo(400);
        assertThat(letter().get("sentence").asText()).contains("a push that ends his access was refused");
        assertThat(letter().get("leaver").asBoolean()).isFalse();
    }

    @Test
    void a_newer_push_that_says_he_stays_closes_it() {
        String id = bridge.pushed("entra", name, name + "@acme-labs.io");
        assertThat(patch(id, OFF + "," + WRONG).status()).isEqualTo(400);
        assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter().get("id") + "]}").status()).isEqualTo(200);
        assertThat(letter().get("status").asText()).as("what was stored before says nothing of it").isIn("open", "retrying");
        assertThat(patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}").status()).isEqualTo(200);
        assertThat(letter().get("status").asText()).isEqualTo("superseded");
        assertThat(bridge.people("active")).contains(name + "@acme-labs.io");

        assertThat(patch(id, OFF + "," + WRONG).status()).isEqualTo(400);
        assertThat(letter().get("leaver").asBoolean()).isTrue();
        assertThat(bridge.scim("entra", "PUT", "/Users/" + id, TestBridge.user(name, name + "@elsewhere.example", true)).status()).isEqualTo(200);
        assertThat(letter().get("sentence").asText()).as("what is wrong now is another thing").contains("elsewhere.example");
        assertThat(letter().get("leaver").asBoolean()).as("and nobody leaves by it").isFalse();
    }

    @Test
    void where_the_source_can_be_asked_the_bridge_asks_for_him_itself() {
        Company.Person person = okta.company().people("", 6).get(2);
        Company.Person stays = okta.company().people("", 6).get(3);
        String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + person.id() + "\"", "").body().at("/Resources/0/id").asText();
        String other = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + stays.id() + "\"", "").body().at("/Resources/0/id").asText();
        okta.company().status(person.id(), "SUSPENDED");
        for (String one : List.of(id, other)) {
            assertThat(bridge.scim("lab", "PATCH", "/Users/" + one, "{\"Operations\":[" + OFF + "," + WRONG + "]}").status()).isEqualTo(400);
        }
        bridge.sql.update("update dead_letter set next_at = now() where source = 'lab' and status in ('open', 'retrying')");
        bridge.waitFor("select count(*) from dead_letter where source = 'lab' and status = 'superseded'", 2);
        assertThat(bridge.people("archived")).contains(person.email());
        assertThat(bridge.people("active")).as("his IdP says that he is there").contains(stays.email());
    }

    private TestBridge.Answer patch(String id, String operations) {
        return bridge.scim("entra", "PATCH", "/Users/" + id, "{\"Operations\":[" + operations + "]}");
    }

    private JsonNode letter() {
        return bridge.api("GET", "/dead-letters?key=" + name, "").body().at("/items/0");
    }

    private static JsonNode component(String name) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(bridge.health()).at("/components/" + name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
