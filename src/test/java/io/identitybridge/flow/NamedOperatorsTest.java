package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Operators by name and role: who looks, who runs the bridge and who decides are different people, and the audit knows them apart. */
class NamedOperatorsTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "second-person: true\n  archive: {at-most: 1}"));

    private static String made(String name, String roles) {
        TestBridge.Answer made = bridge.api("POST", "/operators", "{\"name\":\"" + name + "\",\"roles\":[" + roles + "]}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return made.body().get("token").asText();
    }

    @Test
    void one_approves_again_and_does_not_count_and_a_second_one_does() {
        String grace = made("grace", "\"approver\"");
        String hedy = made("hedy", "\"operator\", \"approver\"");
        for (String name : List.of("abe", "ada", "bob")) { // one a day goes at once
            String id = bridge.scim("lab", "POST", "/Users", TestBridge.user(name, name + "@acme.com", true)).body().get("id").asText();
            bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        }
        String plan = "/plans/" + bridge.count("select id from plan where status = 'held'") + "/approve";
        String waits = "approved by grace, and waits for a second person";
        assertThat(bridge.apiAs(grace, "POST", plan, "{\"only\":[1]}").body().toString()).contains(waits);
        assertThat(bridge.apiAs(grace, "POST", plan, "{\"only\":[1]}").body().toString()).as("the same person twice is one person").contains(waits);
        assertThat(bridge.people("archived")).containsExactly("abe@acme.com");

        assertThat(bridge.apiAs(hedy, "POST", plan, "{\"only\":[1]}").body().toString()).contains("1 archive user ada@acme.com").doesNotContain("waits");
        assertThat(bridge.people("archived")).containsExactly("abe@acme.com", "ada@acme.com");
        assertThat(bridge.api("GET", "/audit?person=ada@acme.com&actor=hedy", "").body().toString()).contains("archive user ada@acme.com");

        bridge.apiAs(grace, "POST", plan, "{\"only\":[2]}");
        assertThat(bridge.api("POST", plan, "{\"only\":[2]}").status()).as("the holder of the admin token is another person").isEqualTo(200);
        assertThat(bridge.people("archived")).contains("bob@acme.com");
    }

    @Test
    void a_viewer_reads_everything_and_does_nothing() {
        String token = made("vera", "\"viewer\"");
        assertThat(bridge.apiAs(token, "GET", "/sources", "").status()).isEqualTo(200);
        assertThat(bridge.apiAs(token, "GET", "/operators", "").body().toString()).contains("vera").doesNotContain(token, "hash");
        assertThat(bridge.apiAs(token, "POST", "/sources/lab/preview", "{}").status()).as("a preview touches nothing").isEqualTo(200);
        JsonNode paths = bridge.api("GET", "/openapi.json", "").body().get("paths");
        List<String> tried = new ArrayList<>();
        paths.fieldNames().forEachRemaining(path -> paths.get(path).fieldNames().forEachRemaining(method -> {
            if (!method.equals("get") && !path.endsWith("/preview")) {
                String real = path.replace("/api", "").replace("{source}", "lab").replace("{plan}", "1").replace("{name}", "vera").replace("{id}", path.contains("/tokens/") ? "01a214d8-d3e1-76ee-8816-f32bccd2175f" : "1");
                TestBridge.Answer answer = bridge.apiAs(token, method.toUpperCase(), real, method.equals("post") ? "{}" : "");
                assertThat(answer.status()).as(method + " " + path + " " + answer).isEqualTo(403);
                assertThat(answer.headers().get("content-type").getFirst()).startsWith("application/problem+json");
                String role = paths.get(path).get(method).path("x-role").asText("");
                assertThat(answer.body().get("detail").asText()).as(method + " " + path).contains(role.isEmpty() ? "only the holder of the admin token" : "this needs the role " + role + "; vera is viewer");
                tried.add(path);
            }
        }));
        assertThat(tried).hasSizeGreaterThan(18);
    }

    @Test
    void who_runs_the_bridge_does_not_decide_and_who_decides_does_not_run_it() {
        String runs = made("otto", "\"operator\"");
        String decides = made("anna", "\"approver\"");
        assertThat(bridge.apiAs(runs, "POST", "/sources/lab/pause", "").status()).isEqualTo(200);
        assertThat(bridge.apiAs(runs, "POST", "/sources/lab/resume", "").status()).isEqualTo(200);
        assertThat(bridge.apiAs(runs, "POST", "/plans/1/approve", "{}").status()).isEqualTo(403);
        assertThat(bridge.apiAs(decides, "POST", "/sources/lab/pause", "").status()).isEqualTo(403);
        assertThat(bridge.apiAs(decides, "POST", "/plans/99999/approve", "{}").status()).as("no such plan, but he may").isEqualTo(404);
        assertThat(bridge.apiAs(runs, "POST", "/operators", "{\"name\":\"mallory\",\"roles\":[\"approver\"]}").status()).as("nobody gives himself a role").isEqualTo(403);
        assertThat(bridge.api("GET", "/audit?actor=otto", "").body().toString()).contains("pause lab", "resume lab");
    }

    @Test
    void a_token_is_shown_once_and_ends_when_it_is_revoked_or_over() {
        String token = made("eve", "\"viewer\"");
        assertThat(token).startsWith("pibo_");
        assertThat(bridge.count("select count(*) from operator where name = 'eve' and hash = sha256(?::bytea)", token)).isOne();
        assertThat(bridge.api("POST", "/operators", "{\"name\":\"eve\",\"roles\":[\"approver\"]}").body().get("detail").asText()).contains("there is an operator 'eve' already");
        assertThat(bridge.apiAs(token, "GET", "/status", "").status()).isEqualTo(200);
        assertThat(bridge.count("select count(*) from operator where name = 'eve' and last_used is not null")).isOne();
        bridge.sql.update("update operator set expires_at = now() where name = 'eve'");
        TestBridge.Answer over = bridge.apiAs(token, "GET", "/status", "");
        assertThat(over.status()).isEqualTo(401);
        assertThat(over.body().get("detail").asText()).contains("the token of operator eve has expired");
        assertThat(bridge.api("DELETE", "/operators/eve", "").status()).isEqualTo(204);
        assertThat(bridge.apiAs(token, "GET", "/status", "").body().get("detail").asText()).contains("send the admin token");
        assertThat(bridge.api("DELETE", "/operators/eve", "").status()).isEqualTo(404);
        assertThat(made("eve", "\"viewer\"")).isNotEqualTo(token);
        assertThat(bridge.api("GET", "/audit?q=operator%20eve", "").body().get("total").asInt()).isEqualTo(3);
    }

    @Test
    void names_of_others_in_the_audit_are_nobodys() {
        for (String name : List.of("operator", "system", "source:okta", "", "A", "a b")) {
            assertThat(bridge.api("POST", "/operators", "{\"name\":\"" + name + "\",\"roles\":[\"viewer\"]}").body().get("detail").asText()).contains("a name has 1 to 64");
        }
        for (String body : List.of("{\"name\":\"x\"}", "{\"name\":\"x\",\"roles\":[]}", "{\"name\":\"x\",\"roles\":[\"king\"]}", "{\"name\":\"x\",\"roles\":[\"viewer\"],\"days\":0}", "{}")) {
            assertThat(bridge.api("POST", "/operators", body).status()).as(body).isEqualTo(400);
        }
    }
}
