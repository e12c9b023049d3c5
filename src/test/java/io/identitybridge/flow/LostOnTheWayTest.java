package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route that reads a source and ends before direct:reconcile: the run is over, and the source is no longer taken. */
class LostOnTheWayTest {
    private static final String ON = "        - to: direct:reconcile";

    @TempDir
    Path folder;

    @Test
    void a_run_whose_route_ends_on_its_way_has_failed_and_the_next_can_read() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("pull-now.camel.yaml", ON, "        - filter: {simple: {expression: \"${header.weekday} == 'Monday'\"}, steps: [{to: direct:reconcile}]}");
        try (StandInOkta okta = new StandInOkta(Company.of(24, 2, 1), "secret", 0); TestBridge bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret")) {
            JsonNode run = bridge.pull("lab");
            assertThat(run.get("status").asText()).isEqualTo("failed");
            assertThat(run.get("message").asText()).contains("its route ended and did not come to direct:reconcile", "read again by the next run");
            files.edit("pull-now.camel.yaml", "'Monday'", "null");
            bridge.activate();
            assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
            assertThat(bridge.people("active")).as("all that was read before is read again").hasSize(24);
        }
    }
}
