package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group rule taken from the mapping: what becomes of the people it placed, by {@code on-mapping-delete}. */
class DroppedRuleTest {
    private static final String RULES = "  - group: Pilots\n    workspaces: [Hangar, Tower]\n    role: manager\n  - group: Mechanics\n    workspaces: [Hangar]\n    role: member\n";
    private static final String PILOTS = "  - group: Pilots\n    workspaces: [Hangar, Tower]\n    role: manager\n";
    private static final String TESTS = "  - name: %s\n    given:\n      users:  [{like: ada}]\n      groups: [{id: 00g7, profile: {name: %s}, members: [00u1]}]\n    plan: [create user ada@acme.com, %s]\n";
    private static final String OF_PILOTS = TESTS.formatted("pilots", "Pilots", "create workspace Hangar, create workspace Tower, add ada@acme.com to Hangar as manager, add ada@acme.com to Tower as manager");
    @TempDir
    Path folder;
    BridgeFiles files;
    TestBridge bridge;
    String ada;
    String bob;
    String pilots;
    String mechanics;

    private void start(String onDelete) {
        files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "on-mapping-delete: propose", "on-mapping-delete: " + onDelete)
                .edit("lab.yaml", "  admit: everybody  ", "  admit: in-any-workspace  ")
                .edit("lab.yaml", "    plan:\n      - create user Grace@acme.com\n", "    plan: []\n")
                .edit("lab.yaml", "  - group: AI Platform Leads\n", RULES + "  - group: AI Platform Leads\n")
                .edit("lab.yaml", "tests:\n", "tests:\n" + OF_PILOTS + TESTS.formatted("mechanics", "Mechanics", "create workspace Hangar, add ada@acme.com to Hangar as member"));
        bridge = TestBridge.start(files, folder);
        ada = user("ada");
        bob = user("bob");
        pilots = group("Pilots", ada, bob);
        mechanics = group("Mechanics", bob);
        assertThat(bridge.memberships()).containsExactly("Hangar/ada@acme.com=manager", "Hangar/bob@acme.com=manager", "Tower/ada@acme.com=manager", "Tower/bob@acme.com=manager");
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
    }

    private void drop() {
        files.edit("lab.yaml", PILOTS, "").edit("lab.yaml", OF_PILOTS, "");
        bridge.activate();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void propose_holds_their_removal() {
        start("propose");
        drop();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove bob@acme.com from Tower'", 1);
        assertThat(bridge.held()).contains("archive user ada@acme.com", "lower bob@acme.com in Hangar from manager to member");
        assertThat(bridge.memberships()).hasSize(4);
    }

    @Test
    void who_loses_his_last_other_place_while_that_waits_is_not_archived_for_having_none() {
        start("propose");
        drop();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove bob@acme.com from Tower'", 1);
        bridge.scim("lab", "PATCH", "/Groups/" + mechanics, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + bob + "\\\"]\"}]}");
        assertThat(bridge.memberships()).as("he is still one of the pilots there").hasSize(4);
        assertThat(bridge.held()).contains("archive user bob@acme.com", "remove bob@acme.com from Tower", "remove bob@acme.com from Hangar");
        bridge.scim("lab", "DELETE", "/Users/" + bob, "");
        assertThat(bridge.memberships()).as("a leaver leaves").noneMatch(line -> line.contains("bob@"));
    }

    @Test
    void keep_leaves_them_as_if_by_hand_says_so_and_no_later_word_about_the_group_touches_them() {
        start("keep");
        files.edit("lab.yaml", PILOTS, "").edit("lab.yaml", OF_PILOTS, "");
        assertThat(bridge.api("POST", "/sources/lab/preview", "{}").body().toString()).as("told before it is done").contains("keep ada@acme.com in Tower as manager");
        bridge.activate();
        bridge.waitFor("select count(*) from grants where reason = 'manual'", 3);
        assertThat(bridge.held()).as("who has another reason goes by that").containsExactly("lower bob@acme.com in Hangar from manager to member");
        assertThat(bridge.memberships()).hasSize(4);
        assertThat(bridge.api("GET", "/audit?person=ada@acme.com", "").body().toString()).contains("keep ada@acme.com in Hangar as manager", "keep ada@acme.com in Tower as manager");
        bridge.scim("lab", "PATCH", "/Groups/" + pilots, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ada + "\\\"]\"}]}");
        bridge.scim("lab", "DELETE", "/Groups/" + pilots, "");
        assertThat(bridge.memberships()).hasSize(4);
        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        assertThat(bridge.memberships()).as("a leaver leaves").containsExactly("Hangar/bob@acme.com=manager", "Tower/bob@acme.com=manager");
    }

    @Test
    void keep_is_for_dropped_rules_only_and_a_rule_that_comes_back_takes_over() {
        start("keep");
        bridge.scim("lab", "PATCH", "/Groups/" + pilots, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ada + "\\\"]\"}]}");
        assertThat(bridge.memberships()).as("leaving a group is no dropped rule").noneMatch(line -> line.contains("ada@"));
        drop();
        bridge.waitFor("select count(*) from grants where reason = 'manual'", 1);
        files.edit("lab.yaml", "  - group: AI Platform Leads\n", PILOTS + "  - group: AI Platform Leads\n").edit("lab.yaml", "tests:\n", "tests:\n" + OF_PILOTS);
        bridge.activate();
        bridge.waitFor("select count(*) from directory_group where cardinality(unlinked) > 0", 0);
        bridge.waitFor("select count(*) from grants g join workspace w on w.id = g.workspace_id where w.name = 'Tower' and g.reason like 'group:%'", 1);
        assertThat(bridge.memberships()).contains("Tower/bob@acme.com=manager");
    }

    private String user(String name) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@acme.com", true)).body().get("id").asText();
    }

    private String group(String name, String... members) {
        String values = String.join(",", java.util.Arrays.stream(members).map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + name + "\",\"members\":[" + values + "]}").body().get("id").asText();
    }
}
