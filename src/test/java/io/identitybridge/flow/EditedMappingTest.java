package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mapping edited while the bridge runs: what it gives comes at once, what it takes away waits for a person, on the next pull too. */
class EditedMappingTest {
    @TempDir
    Path folder;

    @Test
    void an_edit_that_takes_away_is_held_and_a_faulty_one_changes_nothing() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (StandInOkta okta = new StandInOkta(Company.usual(), "secret", 0); TestBridge bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret")) {
            assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
            String pushed = bridge.scim("lab", "POST", "/Users", TestBridge.user("pushed", "pushed@acme.com", true)).body().get("id").asText();
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"AI Platform Leads of Elsewhere\",\"members\":[{\"value\":\"" + pushed + "\"}]}");
            List<String> before = bridge.memberships();
            bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);

            files.edit("lab.yaml", "role: manager                         # CHANGE ME", "role: mangler                         # CHANGE ME");
            assertThat(bridge.api("POST", "/files/activate", "{}").status()).as("a faulty set is refused").isGreaterThanOrEqualTo(400);
            assertThat(bridge.memberships()).isEqualTo(before);

            files.edit("lab.yaml", "role: mangler                         # CHANGE ME", "role: member                          # CHANGE ME")
                    .edit("lab.yaml", "- add ada@acme.com to Engineering as manager", "- add ada@acme.com to Engineering as member")
                    .edit("lab.yaml", "  - group: AI Platform Leads\n", "  - group: AI Platform Leads of Elsewhere\n    workspaces: [Elsewhere]\n    role: member\n  - group: AI Platform Leads\n")
                    .edit("lab.yaml", "  - name: a suspended person leaves", "  - name: elsewhere\n    given:\n      users:  [{like: ada}]\n      groups: [{id: 00g3, profile: {name: AI Platform Leads of Elsewhere}, members: [00u1]}]\n"
                            + "    plan: [create user ada@acme.com, create workspace Elsewhere, add ada@acme.com to Elsewhere as member]\n  - name: a suspended person leaves");
            bridge.activate();
            bridge.waitFor("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'Elsewhere'", 1);
            bridge.waitFor("select count(*) from plan where status = 'held'", 1);
            assertThat(bridge.memberships()).containsAll(before);
            assertThat(bridge.api("GET", "/plans?status=held", "").body().toString()).containsPattern("mappings/lab.yaml:[0-9, ]+( and more)? was edited");
            long held = bridge.count("select count(*) from plan_line where status = 'held'");
            assertThat(held).isPositive();
            assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("held");
            assertThat(bridge.memberships()).as("the next pull applies none of it").containsAll(before);
            assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).isEqualTo(held);
            Company.Person leaver = okta.company().people("", 1).getFirst();
            okta.company().status(leaver.id(), "SUSPENDED");
            bridge.pull("lab");
            assertThat(bridge.people("archived")).as("an edit about roles holds no leaver back").containsExactly(leaver.email());
        }
    }

    @Test
    void what_an_edit_takes_away_by_a_field_that_no_pull_had_kept_waits_in_the_pull_that_brings_it() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (StandInOkta okta = new StandInOkta(Company.usual(), "secret", 0); TestBridge bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret")) {
            bridge.pull("lab");
            int people = bridge.people("active").size();
            bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
            files.edit("lab.yaml", "'!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"])'", "'!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"]) && record.profile.?department.orValue(\"\") != \"Sales\"'");
            bridge.activate();
            assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("held");
            assertThat(bridge.people("active")).hasSize(people);
            assertThat(bridge.api("GET", "/plans?status=held", "").body().toString()).containsPattern("mappings/lab.yaml:[0-9, ]+( and more)? was edited");
        }
    }

    /** Found by a random world (seed 31202). */
    @Test
    void whom_an_edit_left_without_a_place_stays_until_somebody_decides_also_if_he_leaves_elsewhere_and_is_deleted_there() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab", "okta").edit("lab.yaml", "  admit: everybody     ", "  admit: in-any-workspace").edit("lab.yaml", "    plan:\n      - create user Grace@acme.com\n", "    plan: []\n");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            String lab = bridge.pushed("lab", "l1", "ada@acme.com");
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"AI Platform Leads\",\"members\":[{\"value\":\"" + lab + "\"}]}");
            String okta = bridge.pushed("okta", "o1", "ada@acme.com");
            bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
            files.edit("lab.yaml", "- group: AI Platform Leads", "- group: Others").edit("lab.yaml", "{name: AI Platform Leads}", "{name: Others}");
            bridge.activate();
            bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove ada@acme.com from Engineering'", 1);
            bridge.scim("okta", "PATCH", "/Users/" + okta, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
            assertThat(bridge.held()).containsExactly("archive user ada@acme.com", "remove ada@acme.com from Engineering");
            bridge.scim("okta", "DELETE", "/Users/" + okta, "");
            assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.com=manager");
            assertThat(bridge.held()).containsExactly("archive user ada@acme.com", "remove ada@acme.com from Engineering");
            bridge.decide("approve", "archive user ada@acme.com", "remove ada@acme.com from Engineering");
            assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        }
    }
}
