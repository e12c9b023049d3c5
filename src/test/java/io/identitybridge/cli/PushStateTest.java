package io.identitybridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether an IdP can push is told with its source, and when it last did. */
class PushStateTest {
    @TempDir
    Path folder;

    @Test
    void a_source_can_be_pushed_to_while_it_has_a_living_token() {
        try (TestBridge bridge = TestBridge.start(BridgeFiles.of(folder, "lab"), folder)) {
            assertThat(said(bridge)).contains("push off");
            bridge.token("lab");
            assertThat(said(bridge)).contains("push on");
            assertThat(detail(bridge)).isEqualTo("nothing came yet");
            bridge.sql.update("update token set last_used = '2026-11-24T10:00:00.5Z'");
            assertThat(detail(bridge)).isEqualTo("last came 2026-11-24T10:00:00Z");
            bridge.sql.update("update token set expires_at = now()");
            assertThat(said(bridge)).contains("push off");
            assertThat(detail(bridge)).isEqualTo("no token: target/bridge token create lab");
        }
    }

    private static String said(TestBridge bridge) {
        return CliTest.run(Map.of("BRIDGE_URL", bridge.adminUrl(), "BRIDGE_ADMIN_TOKEN", TestBridge.ADMIN_TOKEN), "sources").out();
    }

    private static String detail(TestBridge bridge) {
        return bridge.api("GET", "/sources", "").body().at("/items/0/push/detail").asText();
    }
}
