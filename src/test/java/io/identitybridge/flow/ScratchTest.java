package io.identitybridge.flow;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ScratchTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    static BridgeFiles files = BridgeFiles.of("lab", "okta").manyMayLeave();
    @AutoClose
    static final TestBridge bridge = TestBridge.of(files);

    void show(String what) {
        System.out.println("## " + what + " active=" + bridge.people("active") + " archived=" + bridge.people("archived") + " " + bridge.memberships() + "\n   held=" + bridge.sql.queryForList("select plan_id || '/' || n || ' ' || sentence || ' (' || reason || ') ' || status from plan_line order by plan_id, n", String.class)
            + "\n   letters=" + bridge.sql.queryForList("select sentence from dead_letter where status='open'", String.class));
    }

    @Test
    void observe() {
        String a = push("lab", "a", "a@acme.com");
        String b = push("okta", "b", "a@acme.com");
        String g = bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + b + "\"}]}").body().get("id").asText();
        show("both");
        files.edit("portkey.yaml", "  okta:  {mode: apply,", "  okta:  {mode: observe,");
        bridge.activate();
        bridge.scim("okta", "PATCH", "/Groups/" + g, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members\"}]}");
        bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Lab-role-admin\",\"members\":[{\"value\":\"" + b + "\"}]}");
        show("okta observes, and takes him out");
        bridge.scim("lab", "PATCH", "/Users/" + a, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"A\"}]}");
        show("lab says something");
    }

    String push(String source, String id, String mail) {
        var answer = bridge.scim(source, "POST", "/Users", TestBridge.user(id, mail, true));
        return answer.body().get("id").asText();
    }
}
