package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters about groups and runs close when a newer state goes through, as those about people do, and groups can be replayed. */
class GroupLettersTest {
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge bridge;

    @BeforeEach
    void start() throws IOException {
        okta = new StandInOkta(Company.of(4, 2, 1), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.yaml", "  admit: everybody                        # pushed", "  group: {keep: 'resource.externalId.startsWith(\"g\")'}\n  admit: everybody                        # pushed")
                .edit("lab.yaml", "tests:\n", "tests:\n  - name: a pushed group\n    given: {pushed-groups: [{externalId: g1, displayName: other}]}\n    plan: []\n");
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void a_pushed_group_that_reads_well_then_closes_its_letter() {
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Pushed-role-member\"}").body().get("id").asText();
        assertThat(letter("group")).isEqualTo("open");
        bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-Pushed-role-member\",\"externalId\":\"g1\"}");
        assertThat(letter("group")).as("filed under our id, closed under the IdP's").isEqualTo("superseded");
        assertThat(bridge.count("select count(*) from workspace where name = 'Pushed'")).isOne();
    }

    @Test
    void a_group_that_is_deleted_closes_its_letter() {
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Pushed-role-member\"}").body().get("id").asText();
        bridge.scim("lab", "DELETE", "/Groups/" + group, "");
        assertThat(letter("group")).isEqualTo("superseded");
    }

    @Test
    void a_pulled_group_that_reads_well_then_closes_its_letter() {
        String group = okta.company().groups("", 1).getFirst().getKey();
        okta.company().rename(group, " ");
        bridge.pull("lab");
        assertThat(letter("group")).isEqualTo("open");
        okta.company().rename(group, "ws-Team 7-role-member");
        bridge.pull("lab");
        assertThat(letter("group")).isEqualTo("superseded");
    }

    @Test
    void replaying_a_groups_letter_converges_its_members() {
        bridge.pull("lab");
        String id = bridge.sql.queryForObject("select g.id::text from directory_group g join group_member m on m.group_id = g.id limit 1", String.class);
        bridge.sql.update("delete from grants where reason = 'group:" + id + "'");
        bridge.sql.update("delete from membership m where not exists (select 1 from grants g where g.person_id = m.person_id and g.workspace_id = m.workspace_id)");
        bridge.sql.update("update directory_group set places = '{}', problem = 'it could not be read' where id = ?::uuid", id);
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('lab', 'group', ?, 1, 'MAPPING_POISON', 'map', 's', 'f', 'run:1', 'h')", id);
        TestBridge.Answer answer = bridge.api("POST", "/dead-letters/replay", "{\"fingerprint\":\"f\"}");
        assertThat(answer.body().toString()).contains("1 closed, 0 still open");
        assertThat(letter("group")).isEqualTo("superseded");
        assertThat(bridge.memberships()).hasSize(4);
    }

    @Test
    void replaying_a_groups_letter_that_still_cannot_be_read_leaves_it_open() {
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Pushed-role-member\"}");
        long id = bridge.count("select id from dead_letter");
        assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + id + "]}").body().toString()).contains("0 closed, 1 still open");
        assertThat(letter("group")).isEqualTo("open");
    }

    @Test
    void the_next_run_that_goes_through_closes_the_letter_about_one_that_broke() {
        for (String source : new String[] {"lab", "okta"}) {
            bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values (?, 'exchange', 'lab-pull', 0, 'BUG', 'lab-pull', 's', 'f', 'run:1', 'h')", source);
        }
        bridge.pull("lab");
        assertThat(bridge.sql.queryForList("select source || ' ' || status from dead_letter order by 1", String.class)).containsExactly("lab superseded", "okta open");
    }

    private String letter(String resource) {
        return bridge.sql.queryForObject("select status from dead_letter where resource = ?", String.class, resource);
    }
}
