package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What portkey.yaml lets each source do holds on every way, for people and for workspaces. Entra may only bring acme-labs.io, into workspaces of the subsidiary, and only proposes. */
class BoundsAtWorkTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab", "entra");

    @Test
    void a_source_that_may_not_claim_a_domain_cannot_keep_a_leaver_of_it_in() {
        String id = push("lab", "x1", "x@acme.com");
        push("entra", "e1", "x@acme.com");
        assertThat(bridge.count("select count(*) from link l join person p on p.id = l.person_id where p.email = 'x@acme.com'")).as("it is nobody's account").isOne();
        assertThat(bridge.api("GET", "/dead-letters?source=entra", "").body().toString()).contains("may not bring people of domain 'acme.com'");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).contains("x@acme.com");
    }

    @Test
    void a_proposing_source_renames_no_workspace_by_itself() {
        String member = push("entra", "e2", "m@acme-labs.io");
        String group = bridge.scim("entra", "POST", "/Groups", "{\"displayName\":\"ai.Subsidiary Sales.manager\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
        approveAll("entra");
        assertThat(bridge.memberships()).contains("Subsidiary Sales/m@acme-labs.io=manager");
        bridge.scim("entra", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"ai.Subsidiary Board.manager\"}]}");
        assertThat(bridge.memberships()).contains("Subsidiary Sales/m@acme-labs.io=manager");
        assertThat(bridge.api("GET", "/plans?status=held&source=entra", "").body().toString()).contains("entra");
        approveAll("entra");
        assertThat(bridge.memberships()).contains("Subsidiary Board/m@acme-labs.io=manager").doesNotContain("Subsidiary Sales/m@acme-labs.io=manager");
        bridge.scim("entra", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"ai.Board.manager\"}]}");
        approveAll("entra");
        assertThat(bridge.memberships()).as("out of its reach").noneMatch(line -> line.startsWith("Board/"));
    }

    @Test
    void a_protected_workspace_is_neither_made_nor_renamed() {
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Finance-role-member\",\"members\":[]}");
        assertThat(workspaces("Finance")).isZero();
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Harmless-role-member\",\"members\":[]}").body().get("id").asText();
        assertThat(workspaces("Harmless")).isOne();
        rename(group, "ws-Finance-role-admin");
        assertThat(workspaces("Finance")).isZero();
        assertThat(workspaces("Harmless")).isOne();
    }

    @Test
    void a_renamed_group_renames_its_workspace_and_nobody_leaves() {
        String member = push("lab", "r1", "rename@acme.com");
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Old Name-role-admin\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
        String workspace = workspace("Old Name");
        rename(group, "ws-New Name-role-admin");
        assertThat(workspace("New Name")).isEqualTo(workspace);
        assertThat(bridge.memberships()).contains("New Name/rename@acme.com=admin").noneMatch(line -> line.startsWith("Old Name/"));
        assertThat(bridge.count("select count(*) from audit where 'rename workspace Old Name to New Name' = any(changes)")).isOne();
    }

    @Test
    void a_group_renamed_while_its_members_change_keeps_its_workspace() throws InterruptedException {
        List<String> ids = IntStream.range(0, 12).mapToObj(n -> push("lab", "race" + n, "race" + n + "@acme.com")).toList();
        String members = ids.stream().map(id -> "{\"value\":\"" + id + "\"}").collect(Collectors.joining(","));
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Race 0-role-member\",\"members\":[" + members + "]}").body().get("id").asText();
        String workspace = workspace("Race 0");
        AtomicBoolean on = new AtomicBoolean(true);
        List<Thread> others = ids.stream().limit(4).map(id -> Thread.ofVirtual().start(() -> {
            for (int n = 0; on.get(); n++) {
                bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"A" + n + "\"}]}");
            }
        })).toList();
        for (int n = 1; n <= 10; n++) {
            rename(group, "ws-Race " + n + "-role-member");
        }
        on.set(false);
        for (Thread other : others) {
            other.join();
        }
        assertThat(workspace("Race 10")).isEqualTo(workspace);
        assertThat(bridge.count("select count(*) from membership where workspace_id = ?::uuid", workspace)).isEqualTo(12);
        assertThat(bridge.count("select count(*) from workspace where name like 'Race %'")).isOne();
    }

    @Test
    void a_workspace_that_another_group_gives_too_is_left_and_not_renamed() {
        String one = push("lab", "t1", "one@acme.com");
        String two = push("lab", "t2", "two@acme.com");
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Shared-role-admin\",\"members\":[{\"value\":\"" + one + "\"}]}").body().get("id").asText();
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Shared-role-member\",\"members\":[{\"value\":\"" + two + "\"}]}");
        rename(group, "ws-Own-role-admin");
        assertThat(bridge.memberships()).contains("Own/one@acme.com=admin", "Shared/two@acme.com=member").doesNotContain("Shared/one@acme.com=admin");
    }

    private static void rename(String group, String name) {
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + name + "\"}]}").status()).isEqualTo(204);
    }

    private static String push(String source, String externalId, String email) {
        TestBridge.Answer answer = bridge.scim(source, "POST", "/Users", TestBridge.user(externalId, email, true));
        assertThat(answer.status()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static void approveAll(String source) {
        for (JsonNode plan : bridge.api("GET", "/plans?status=held&source=" + source, "").body().get("items")) {
            assertThat(bridge.api("POST", "/plans/" + plan.get("id").asText() + "/approve", "{}").status()).isEqualTo(200);
        }
    }

    private static long workspaces(String name) {
        return bridge.count("select count(*) from workspace where status = 'active' and name = ?", name);
    }

    private static String workspace(String name) {
        return bridge.sql.queryForObject("select id::text from workspace where status = 'active' and name = ?", String.class, name);
    }
}
