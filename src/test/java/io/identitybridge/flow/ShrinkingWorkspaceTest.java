package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace of eight, of whom four may leave within 24 hours, whoever lets them go and whatever it is called. */
class ShrinkingWorkspaceTest {
    @TempDir
    Path folder;
    TestBridge bridge;

    @BeforeEach
    void start() {
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta").edit("okta.yaml", "admit: in-any-workspace   ", "admit: everybody          ")
                .edit("okta.yaml", "    plan: []\n", "    plan: [create user ada@acme.com]\n"), folder);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void two_sources_do_not_empty_it_together() {
        List<String> lab = people("lab", 4);
        List<String> okta = people("okta", 4);
        String one = group("lab", lab);
        String two = group("okta", okta);
        assertThat(bridge.memberships()).hasSize(8);
        lab.forEach(id -> out("lab", one, id));
        okta.forEach(id -> out("okta", two, id));
        assertThat(bridge.memberships()).as(bridge.held().toString()).hasSize(4);
        assertThat(bridge.held()).hasSize(4);
    }

    @Test
    void nor_does_one_with_another_name_in_between() {
        List<String> lab = people("lab", 8);
        String group = group("lab", lab);
        lab.subList(0, 4).forEach(id -> out("lab", group, id));
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-Selling-role-member\"}}]}");
        lab.subList(4, 8).forEach(id -> out("lab", group, id));
        assertThat(bridge.memberships()).as(bridge.held().toString()).hasSize(4).allMatch(row -> row.startsWith("Selling/"));
        assertThat(bridge.held()).hasSize(4);
    }

    private List<String> people(String source, int number) {
        return new ArrayList<>(IntStream.range(0, number).mapToObj(n -> bridge.pushed(source, source + n, source + n + "@acme.com")).toList());
    }

    private String group(String source, List<String> members) {
        String values = String.join(",", members.stream().map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-member\",\"members\":[" + values + "]}").body().get("id").asText();
    }

    private void out(String source, String group, String member) {
        bridge.scim(source, "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + member + "\\\"]\"}]}");
    }
}
