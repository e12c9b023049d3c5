package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan undone after another source has spoken: what that gives is nobody's to take back with it. */
class UndoneBesideOthersTest {
    @TempDir
    Path folder;

    @Test
    void whoever_another_source_has_by_now_is_not_archived_and_keeps_what_that_gives() {
        BridgeFiles files = BridgeFiles.of(folder, "lab", "okta").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 1}");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            bridge.pushed("lab", "a1", "first@acme.com");
            bridge.pushed("lab", "a2", "ada@acme.com");
            long plan = bridge.count("select plan_id from plan_line where status = 'held' and sentence = 'create user ada@acme.com'");
            assertThat(bridge.api("POST", "/plans/" + plan + "/approve", "{}").status()).isEqualTo(200);
            String other = bridge.pushed("okta", "o2", "ada@acme.com");
            bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + other + "\"}]}");
            assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=admin");
            assertThat(bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"a mistake\"}").body().toString()).contains("create user ada@acme.com: cannot be undone: okta has him as well by now; end him there, or revoke him");
            assertThat(bridge.people("active")).contains("ada@acme.com");
            assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=admin");
        }
    }
}
