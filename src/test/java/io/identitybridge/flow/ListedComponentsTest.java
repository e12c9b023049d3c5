package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an address says at work, Camel makes an endpoint only of a component that is listed. */
class ListedComponentsTest {
    @TempDir
    static Path folder;

    @Test
    void a_component_is_made_only_while_it_is_listed() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Path out = folder.resolve("out");
        try (TestBridge bridge = TestBridge.start(files, folder); ProducerTemplate template = bridge.bean(CamelContext.class).createProducerTemplate()) {
            for (String address : new String[] {"file:" + out + "?fileName=x", "file://" + out, "controlbus:route?routeId=reconcile&action=status", "language:simple:x", "stub:x", "bean:java.lang.System?method=getProperty('user.dir')", "bean:environment?method=getProperty('user.dir')", "class:java.lang.System?method=lineSeparator"}) {
                assertThatThrownBy(() -> template.requestBody(address, "x")).as(address).rootCause().message().containsAnyOf("is not listed for routes", "is no step for routes");
                assertThatThrownBy(() -> bridge.bean(CamelContext.class).getCamelContextExtension().getPrototypeEndpoint(address)).as(address).rootCause().message().containsAnyOf("is not listed for routes", "is no step for routes");
            }
            files.edit("portkey.yaml", "organisation: acme", "organisation: acme\nroutes: {components: [file]}");
            bridge.api("POST", "/files/activate", "");
            template.sendBody("file:" + out + "?fileName=x", "x");
            assertThat(Files.readString(out.resolve("x"))).isEqualTo("x");
            files.edit("portkey.yaml", "\nroutes: {components: [file]}", "");
            bridge.api("POST", "/files/activate", "");
            assertThatThrownBy(() -> template.sendBody("file:" + out + "?fileName=y", "y")).rootCause().hasMessageContaining("component 'file' is not listed for routes");
            assertThat(out.resolve("y")).doesNotExist();
        }
    }
}
