package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an operator has done stands in the audit with his name. */
class AuditedControlsTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    static Path folder;
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(2, 1, 1), "secret", 0);
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}"), folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void a_pull_a_pause_an_activation_and_a_release() {
        bridge.pull("lab");
        bridge.api("POST", "/sources/lab/pause", "");
        bridge.api("POST", "/sources/lab/resume", "");
        bridge.api("POST", "/files/activate", "");
        bridge.api("POST", "/sources/okta/release", "");
        assertThat(bridge.count("select count(*) from source_state where source = 'okta' and full_wanted")).isZero();
        bridge.api("POST", "/sources/okta/resume", "");
        assertThat(bridge.count("select count(*) from source_state where source = 'okta' and full_wanted")).as("all of a source that was released is read").isOne();
        assertThat(operator()).contains("pull lab", "pause lab", "resume lab", "release okta").anyMatch(what -> what.startsWith("activate files "));
    }

    @Test
    void a_plan_approved_and_one_rejected() {
        for (String name : List.of("abe", "ann", "ben")) {
            String id = bridge.scim("lab", "POST", "/Users", TestBridge.user(name, name + "@acme.com", true)).body().get("id").asText();
            bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        }
        String plan = bridge.api("GET", "/plans?status=held", "").body().at("/items/0/id").asText();
        bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":[1]}");
        bridge.api("POST", "/plans/" + plan + "/reject", "{\"only\":[2]}");
        assertThat(operator()).contains("approve plan " + plan + " (1 of 2 lines)", "archive user ann@acme.com", "rejected: archive user ben@acme.com");
    }

    @Test
    void a_letter_replayed_and_one_discarded() {
        bridge.scim("lab", "POST", "/Users", TestBridge.user("eve", "eve@elsewhere.example", true));
        long letter = bridge.count("select id from dead_letter where key = 'eve'");
        bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter + "]}");
        bridge.api("POST", "/dead-letters/discard", "{\"ids\":[" + letter + "],\"reason\":\"a guest\"}");
        assertThat(operator()).anyMatch(what -> what.startsWith("replay letter " + letter + " (")).anyMatch(what -> what.startsWith("discard letter " + letter + " ("));
    }

    @Test
    void a_token_made_and_one_revoked() {
        String id = bridge.api("POST", "/sources/lab/tokens", "{\"label\":\"mine\"}").body().get("id").asText();
        assertThat(bridge.api("DELETE", "/sources/lab/tokens/" + id, "").status()).isEqualTo(204);
        assertThat(operator()).contains("create token " + id + " mine", "revoke token " + id + " mine");
    }

    private static List<String> operator() {
        return bridge.sql.queryForList("select unnest(changes) from audit where actor = 'operator'", String.class);
    }
}
