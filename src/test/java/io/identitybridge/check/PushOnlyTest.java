package io.identitybridge.check;

import static io.identitybridge.check.Slips.SHIPPED;
import static io.identitybridge.check.Slips.edit;
import static io.identitybridge.check.Slips.faults;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that is never pulled has a mapping and nothing else. */
class PushOnlyTest {
    private static final String RIPPLING = "mappings/rippling.yaml";
    private static final String TEXT = """
            mapping: rippling
            version: 1
            admit: in-any-workspace
            workspaces:
              - group: pattern
            tests:
              - name: the group name gives workspace and role
                given:
                  pushed: [{externalId: "7", userName: ada@acme.com, active: true}]
                  groups: [{displayName: ws-Sales-role-member, members: [{value: "7"}]}]
                plan:
                  - create user ada@acme.com
                  - create workspace Sales
                  - add ada@acme.com to Sales as member
              - name: a group that she leaves
                before:
                  users:   {ada@acme.com: "7"}
                  groups:  {g1: ws-Sales-role-member}
                  members: {Sales: {ada@acme.com: member}}
                given:
                  pushed: [{externalId: "7", userName: ada@acme.com, active: true}]
                  groups: [{externalId: g1, members-removed: ["7"]}]
                plan:
                  - remove ada@acme.com from Sales
                  - archive user ada@acme.com
            """;

    @TempDir
    Path folder;

    @Test
    void a_mapping_without_a_source_file_needs_no_test_of_anybody_pulled() {
        assertThat(faults(with(TEXT))).isEmpty();
    }

    @Test
    void but_one_of_somebody_pushed() {
        Map<String, String> nobody = edit(edit(with(TEXT), RIPPLING, "      pushed: [{externalId: \"7\", userName: ada@acme.com, active: true}]\n", ""), RIPPLING,
                "      - create user ada@acme.com\n      - create workspace Sales\n      - add ada@acme.com to Sales as member\n", "      - create workspace Sales\n");
        assertThat(faults(nobody)).singleElement().asString().contains("no test pushes a user who is active", "add a test with given: {pushed: [...]}");
    }

    @Test
    void a_shipped_mapping_whose_source_file_is_taken_away_still_holds_its_tests() {
        Map<String, String> fewer = new TreeMap<>(SHIPPED);
        fewer.keySet().removeIf(name -> name.startsWith("routes/lab"));
        assertThat(faults(fewer)).isEmpty();
    }

    @Test
    void it_is_at_work_as_it_was_tested() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder);
        Files.writeString(files.mappings.resolve("rippling.yaml"), TEXT);
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            String id = bridge.scim("rippling", "POST", "/Users", TestBridge.user("7", "ada@acme.com", true)).body().get("id").asText();
            bridge.scim("rippling", "POST", "/Groups", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"ws-Sales-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}");
            assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=member");
        }
    }

    private static Map<String, String> with(String text) {
        Map<String, String> more = new TreeMap<>(SHIPPED);
        more.put(RIPPLING, text);
        return more;
    }
}
