package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A raised limit lets more through while its day has not passed, and no longer. */
class RaisedLimitTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    Path folder;

    @Test
    void what_a_raise_allows_is_held_once_its_last_day_is_over() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String until = "until: " + today.plusDays(1) + "}]";
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}",
                "raised: [{class: archive, source: lab, to: {at-most: 3}, why: a reorganisation, " + until + "\n  archive: {at-most: 1}");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext" + i, "person" + i + "@acme.com", true)).body().get("id").asText());
            }
            ids.subList(0, 3).forEach(id -> bridge.scim("lab", "PATCH", "/Users/" + id, OFF));
            assertThat(bridge.people("archived")).hasSize(3);
            files.edit("portkey.yaml", until, "until: " + today.minusDays(2) + "}]");
            bridge.activate();
            bridge.scim("lab", "PATCH", "/Users/" + ids.get(3), OFF);
            assertThat(bridge.people("archived")).hasSize(3);
            assertThat(bridge.api("GET", "/plans?status=held", "").body().toString()).contains("archive: 4 of 5 in 24 hours, at most 1");
        }
    }
}
