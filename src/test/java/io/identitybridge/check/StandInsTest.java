package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.model.FileFaults;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes the flow's place in a check is what the flow has, and a start goes by the same check. */
class StandInsTest {
    @TempDir
    Path folder;

    @Test
    void the_check_knows_the_steps_and_options_that_the_flow_has() {
        try (TestBridge bridge = TestBridge.start(BridgeFiles.of(folder), folder)) {
            CamelContext camel = bridge.bean(CamelContext.class);
            assertThat(camel.getRegistry().findByTypeWithName(Processor.class).keySet()).containsExactlyInAnyOrderElementsOf(RouteLint.BEANS);
            CamelWords.options("idp").forEach(option -> assertThat(camel.getEndpoint("idp:lab?" + option + "=true")).isNotNull());
        }
    }

    @Test
    void a_last_good_set_that_is_good_no_longer_is_not_taken_in_place_of_a_faulty_disk() {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder);
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            bridge.sql.update("update active_set set contents = replace(contents::text, 'timer:publish-leavers', 'tiemr:publish-leavers')::jsonb");
        }
        files.edit("publish.camel.yaml", "timer:publish-leavers", "tmer:publish-leavers");
        assertThatThrownBy(() -> TestBridge.start(database, files, folder)).hasRootCauseInstanceOf(FileFaults.class).rootCause().hasMessageContaining("no component 'tmer'");
    }
}
