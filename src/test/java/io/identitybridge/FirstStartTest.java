package io.identitybridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.model.Situation.Part;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start of a newcomer: one block, and people who were really pulled and pushed. */
class FirstStartTest {
    @TempDir
    Path folder;

    @Test
    void the_block_says_where_what_is_on_what_is_off_and_what_to_paste() {
        String text = new Welcome("http://localhost:8080", "http://localhost:8081", "data/admin-token", Optional.of("http://127.0.0.1:4711"), List.of(new Part("pull", "lab", true, "by the clock: 0/30 * * * * ?", List.of()),
                new Part("pull", "okta", false, "off", List.of("OKTA_URL", "OKTA_TOKEN")), new Part("push", "entra", false, "no token", List.of()), new Part("push", "lab", true, "nothing came yet", List.of()), new Part("push", "okta", false, "no token", List.of()),
                new Part("lab", "lab", true, "a stand-in IdP", List.of())), List.of()).text();
        assertThat(text).contains("http://localhost:8080/scim/v2/{source}", "in data/admin-token", "on       pull of lab", "off      pull of okta", "set OKTA_URL, OKTA_TOKEN", "on       push from lab", "off      push from entra, okta: they have no token", "Ctrl-C",
                "curl -s -H \"Authorization: Bearer $(cat data/admin-token)\" http://localhost:8081/api/workspaces/Sales/members", "target/bridge token create lab",
                "curl -s -X PUT http://127.0.0.1:4711/lab/faults -d '[{\"kind\":\"STATUS_503\",\"path\":\"/users\",\"page\":2}]'");
    }

    @Test
    void what_the_block_says_to_paste_works_on_other_ports_and_directories_too() {
        String text = new Welcome("http://localhost:18580", "http://localhost:18581", "/var/lib/my bridge/admin-token", Optional.of("http://127.0.0.1:4711"), List.of(new Part("lab", "lab", true, "a stand-in IdP", List.of())), List.of()).text();
        assertThat(text).contains("TOKEN=$(BRIDGE_URL=http://localhost:18581 BRIDGE_DATA='/var/lib/my bridge' target/bridge token create lab)", "$(cat '/var/lib/my bridge/admin-token')");
        String given = new Welcome("http://localhost:8080", "http://localhost:8081", "BRIDGE_ADMIN_TOKEN", Optional.of("http://127.0.0.1:4711"), List.of(new Part("lab", "lab", true, "a stand-in IdP", List.of())), List.of()).text();
        assertThat(given).contains("TOKEN=$(target/bridge token create lab)");
    }

    @Test
    @Tag("real")
    void a_script_reads_one_object_and_nothing_else_from_standard_output() throws IOException {
        List<String> database = TestDatabase.freshAddress();
        Path out = folder.resolve("out");
        Map<String, String> settings = Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2));
        try (BridgeProcess bridge = BridgeProcess.json(BridgeFiles.of(folder, "okta"), folder.resolve("data"), folder.resolve("log"), out, settings)) {
            for (int i = 0; i < 3_000 && Files.readString(out).isEmpty(); i++) {
                TestBridge.pause(100);
            }
            JsonNode told = new ObjectMapper().readTree(Files.readString(out));
            assertThat(told.get("scim").asText()).matches("http://localhost:\\d+/scim/v2");
            assertThat(told.get("admin").asText()).matches("http://localhost:\\d+/api");
            assertThat(told.get("token").get("setting").asText()).isEqualTo("BRIDGE_ADMIN_TOKEN");
            assertThat(told.get("parts").toString()).contains("OKTA_TOKEN");
            assertThat(ProcessHandle.of(told.get("stop").get("pid").asLong())).isPresent();
            assertThat(Files.readString(out).lines()).hasSize(1);
            assertThat(bridge.log()).doesNotContain("\tat ");
        }
        assertThat(Files.readString(out).lines()).as("nor at the end").hasSize(1);
    }

    @Test
    void the_lab_is_pulled_and_pushed_within_seconds_and_a_second_round_changes_nothing() {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder, "bridge.lab=true")) {
            for (int i = 0; i < 600 && bridge.count("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'Night Watch'") < 3; i++) {
                TestBridge.pause(50);
            }
            assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
            assertThat(bridge.memberships()).contains("Night Watch/Grace.Hopper@acme.com=member").anyMatch(line -> line.startsWith("Sales/"));
            assertThat(bridge.people("archived")).contains("gone.already@acme.com");
            assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
            assertThat(bridge.count("select count(*) from plan where status = 'held'")).isZero();
        }
    }
}
