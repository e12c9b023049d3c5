package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab's people are nobody's. */
@Tag("real")
class LabBesideTargetTest {
    @Test
    void the_lab_refuses_to_run_beside_a_live_target(@TempDir Path folder) {
        BridgeFiles files = BridgeFiles.of(folder, "okta-app").everywhere("target: store ", "target: portkey-admin-api ");
        assertThatThrownBy(() -> TestBridge.start(files, folder.resolve("data"), "PORTKEY_URL=http://127.0.0.1:9", "PORTKEY_ADMIN_KEY=k", "bridge.lab=true").close()).hasRootCauseInstanceOf(LabBesideTarget.class);
    }
}
