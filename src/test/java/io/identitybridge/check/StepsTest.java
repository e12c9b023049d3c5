package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lint and the flow know the same steps. */
class StepsTest {
    @TempDir
    Path folder;

    @Test
    void the_steps_that_route_files_may_name_are_those_of_the_flow() {
        try (TestBridge bridge = TestBridge.start(BridgeFiles.of(folder, "lab"), folder)) {
            assertThat(bridge.bean(CamelContext.class).getRegistry().findByTypeWithName(Processor.class).keySet()).containsExactlyInAnyOrderElementsOf(RouteLint.BEANS);
        }
    }
}
