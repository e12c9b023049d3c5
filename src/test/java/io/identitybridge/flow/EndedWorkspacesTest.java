package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code group-missing: archive-workspace}: a group that is gone takes its workspaces along, where nothing else gives them. */
class EndedWorkspacesTest {
    private static final String RULES = "  - when: record.profile.?department.orValue(\"\") == \"Research\"\n    workspaces: [Ruled]\n    role: member\n  - group: AI Platform Leads\n";
    private static final String TESTS = "tests:\n  - name: research\n    given:\n      users: [{like: ada, profile: {department: Research}}]\n    plan: [create user ada@acme.com, create workspace Ruled, add ada@acme.com to Ruled as member]\n";
    @TempDir
    Path folder;
    TestBridge bridge;

    private void start(String mode) {
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.yaml", "group-missing: remove-members", "group-missing: archive-workspace").edit("lab.yaml", "  - group: AI Platform Leads\n", RULES)
                .edit("lab.yaml", "tests:\n", TESTS).edit("portkey.yaml", "lab:   {mode: apply", "lab:   {mode: " + mode).edit("portkey.yaml", "default-workspace: Shared Team Workspace", "default-workspace: Shared"), folder);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void the_last_group_takes_the_workspace_along_and_one_that_comes_again_makes_it_anew() {
        start("apply");
        String ada = user("ada");
        String members = group("ws-Sales-role-member", ada);
        String admins = group("ws-Sales-role-admin", ada);
        delete(admins);
        assertThat(active()).as("another group gives it").contains("Sales");
        delete(members);
        assertThat(bridge.memberships()).isEmpty();
        assertThat(active()).doesNotContain("Sales");
        assertThat(bridge.api("GET", "/audit?q=archive workspace Sales".replace(" ", "%20"), "").body().get("total").asInt()).isOne();
        assertThat(bridge.count("select coalesce(sum(n), 0) from tally where class = 'archive'")).isOne();
        group("ws-Sales-role-member", ada);
        assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=member");
        assertThat(bridge.count("select count(*) from workspace where name = 'Sales'")).isEqualTo(2);
    }

    @Test
    void neither_the_default_nor_a_protected_workspace_nor_one_that_a_rule_gives_ends() {
        start("apply");
        for (String workspace : List.of("Shared", "Ruled")) {
            delete(group("ws-" + workspace + "-role-member", user(workspace)));
        }
        bridge.sql.update("insert into workspace (id, name, name_folded) values (gen_random_uuid(), 'Finance', 'finance')");
        delete(group("ws-Finance-role-member"));
        assertThat(active()).contains("Shared", "Ruled", "Finance");
        assertThat(bridge.count("select count(*) from directory_group where ends")).as("only what a rule gives is looked at again").isOne();
        assertThat(bridge.memberships()).isEmpty();
    }

    @Test
    void more_than_the_limit_waits_and_is_approved_or_rejected_by_line() {
        start("apply");
        List<String> groups = Arrays.stream("A B C D E F G".split(" ")).map(name -> group("ws-" + name + "-role-member")).toList();
        groups.forEach(this::delete);
        assertThat(active()).as("archive: always-allow 5").containsExactly("F", "G");
        JsonNode plan = bridge.api("GET", "/plans?status=held", "").body().at("/items/0");
        assertThat(lines("held")).containsExactly("archive workspace F", "archive workspace G");
        String id = plan.get("id").asText();
        assertThat(bridge.api("POST", "/plans/" + id + "/approve", "{\"only\":[1]}").body().toString()).contains("archive workspace F").doesNotContain("no longer true");
        assertThat(active()).containsExactly("G");
        assertThat(bridge.api("POST", "/plans/" + id + "/reject", "{\"reason\":\"still needed\"}").status()).isEqualTo(200);
        user("somebody");
        assertThat(active()).containsExactly("G");
        assertThat(lines("held")).isEmpty();
        group("ws-G-role-member");
        assertThat(bridge.api("GET", "/plans?status=held", "").body().get("total").asInt()).isZero();
    }

    @Test
    void proposed_its_people_go_first_and_a_group_that_comes_back_makes_the_line_untrue() {
        start("propose");
        String ada = user("ada");
        String sales = group("ws-Sales-role-member", ada);
        approveAll();
        assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=member");
        delete(sales);
        assertThat(lines("held")).containsExactly("remove ada@acme.com from Sales");
        approveAll();
        assertThat(bridge.memberships()).isEmpty();
        assertThat(lines("held")).containsExactly("archive workspace Sales");
        group("ws-Sales-role-member");
        user("bob");
        assertThat(lines("held")).doesNotContain("archive workspace Sales");
        assertThat(active()).contains("Sales");
    }

    private void approveAll() {
        bridge.api("GET", "/plans?status=held", "").body().get("items").forEach(plan -> assertThat(bridge.api("POST", "/plans/" + plan.get("id").asText() + "/approve", "{}").status()).isEqualTo(200));
    }

    private List<String> lines(String status) {
        return bridge.sql.queryForList("select sentence from plan_line where status = ? order by 1", String.class, status);
    }

    private List<String> active() {
        return bridge.sql.queryForList("select name from workspace where status = 'active' order by 1", String.class);
    }

    private void delete(String group) {
        assertThat(bridge.scim("lab", "DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
    }

    private String user(String name) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name.toLowerCase() + "@acme.com", true)).body().get("id").asText();
    }

    private String group(String name, String... members) {
        String values = String.join(",", Arrays.stream(members).map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + name + "\",\"members\":[" + values + "]}").body().get("id").asText();
    }
}
