package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several lines edited at once: what is held says the one that takes it away, as far as that can be told. */
class EditedLinesTest {
    private static final String MAY_GRANT = "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [";
    @TempDir
    Path folder;

    @Test
    void each_held_line_says_the_edit_that_is_its_cause() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            bridge.waitFor("select count(*) from source_state where ruled is not null", 1);
            String ada = bridge.scim("lab", "POST", "/Users", TestBridge.user("u1", "ada@acme.com", true)).body().get("id").asText();
            String bob = bridge.scim("lab", "POST", "/Users", TestBridge.user("u2", "bob@acme.com", true)).body().get("id").asText();
            group(bridge, "ws-Sales-role-admin", ada);
            group(bridge, "AI Platform Leads", bob);
            assertThat(bridge.memberships()).containsExactly("Engineering/bob@acme.com=manager", "Sales/ada@acme.com=admin");

            files.edit("lab.yaml", "record.profile.firstName + \" \" + record.profile.lastName", "record.profile.firstName + \" \" + record.profile.lastName + \"\"")
                    .edit("portkey.yaml", MAY_GRANT + "admin, manager, member]", MAY_GRANT + "manager, member]");
            bridge.activate();
            bridge.waitFor("select count(*) from plan_line where status = 'held'", 1);
            assertThat(held(bridge)).containsExactly("remove ada@acme.com from Sales: mappings/portkey.yaml:" + line(files.mappings.resolve("portkey.yaml"), MAY_GRANT) + " was edited; what it would take away waits for you");

            files.edit("lab.yaml", "role: manager                         # CHANGE ME", "role: member                          # CHANGE ME").edit("lab.yaml", "- add ada@acme.com to Engineering as manager", "- add ada@acme.com to Engineering as member")
                    .edit("lab.yaml", "  group-missing: remove-members", "  group-missing: keep");
            bridge.activate();
            bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence like 'lower bob%'", 1);
            assertThat(held(bridge)).filteredOn(held -> held.startsWith("lower bob")).containsExactly("lower bob@acme.com in Engineering from manager to member: mappings/lab.yaml:" + line(files.mappings.resolve("lab.yaml"), "    role: member  ") + " was edited; what it would take away waits for you");
        }
    }

    private static void group(TestBridge bridge, String name, String member) {
        assertThat(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + name + "\",\"members\":[{\"value\":\"" + member + "\"}]}").status()).isEqualTo(201);
    }

    private static List<String> held(TestBridge bridge) {
        return bridge.sql.queryForList("select l.sentence || ': ' || l.reason from plan_line l join plan p on p.id = l.plan_id where l.status = 'held' order by l.sentence", String.class);
    }

    private static int line(Path file, String begins) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith(begins)).findFirst().orElseThrow() + 1;
    }
}
