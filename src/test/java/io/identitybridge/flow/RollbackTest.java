package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An earlier set of files made active again; the disk is a proposal that nobody asks for meanwhile. */
class RollbackTest {
    @TempDir
    Path folder;

    @Test
    void an_earlier_set_is_active_again_and_stays_so_until_the_disk_holds_something_new() {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        String first;
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            first = hash(bridge);
            assertThat(bridge.api("POST", "/files/rollback", "{}").body().get("detail").asText()).isEqualTo("no earlier set is kept");
            files.edit("portkey.yaml", "organisation: acme", "organisation: acmes");
            String second = bridge.api("POST", "/files/activate", "").body().get("hash").asText();
            assertThat(bridge.api("POST", "/files/rollback", "{\"hash\":\"ffffffff\"}").status()).isEqualTo(409);
            assertThat(bridge.api("POST", "/files/rollback", "{\"hash\":\"" + first.substring(0, 8) + "\"}").body().get("hash").asText()).isEqualTo(first);

            assertThat(hash(bridge)).isEqualTo(first).isNotEqualTo(second);
            assertThat(bridge.api("GET", "/files", "").body().at("/earlier/0/hash").asText()).isEqualTo(second);
            assertThat(bridge.health()).contains("ATTENTION", "mappings/portkey.yaml:0:0: the disk's differs from the active set " + first);
            assertThat(bridge.sql.queryForList("select unnest(changes) from audit where actor = 'operator'", String.class)).contains("roll files back to " + first);
        }
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            assertThat(hash(bridge)).as("a start does not take up what was rolled back from").isEqualTo(first);
            assertThat(bridge.health()).contains("the disk's differs");
            assertThat(bridge.api("POST", "/files/rollback", "{}").status()).as("and forward again, to the one before").isEqualTo(200);
            assertThat(hash(bridge)).isNotEqualTo(first);
            assertThat(bridge.health()).doesNotContain("the disk's differs");
            bridge.api("POST", "/files/rollback", "{}");
            files.edit("portkey.yaml", "organisation: acmes", "organisation: acme-corp");
        }
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            assertThat(hash(bridge)).isNotEqualTo(first);
            assertThat(bridge.health()).doesNotContain("the disk's differs");
        }
    }

    @Test
    void a_set_before_the_one_before_stays_over_a_restart_too_and_going_back_and_forth_forgets_none() {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        String a;
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            a = hash(bridge);
            files.edit("portkey.yaml", "organisation: acme", "organisation: acmeb");
            String b = bridge.api("POST", "/files/activate", "").body().get("hash").asText();
            files.edit("portkey.yaml", "organisation: acmeb", "organisation: acmec");
            String c = bridge.api("POST", "/files/activate", "").body().get("hash").asText();
            for (int i = 0; i < 4; i++) {
                bridge.api("POST", "/files/rollback", "{\"hash\":\"" + b + "\"}");
                bridge.api("POST", "/files/rollback", "{\"hash\":\"" + (i % 2 == 0 ? c : a) + "\"}");
            }
            JsonNode told = bridge.api("GET", "/files", "").body();
            assertThat(told.get("hash").asText()).isEqualTo(a);
            assertThat(told.get("earlier").findValuesAsText("hash")).as("each once, the last first").containsExactly(b, c);
        }
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            assertThat(hash(bridge)).as("the disk has not changed").isEqualTo(a);
            assertThat(bridge.health()).contains("the disk's differs");
        }
    }

    private static String hash(TestBridge bridge) {
        return bridge.api("GET", "/files", "").body().get("hash").asText();
    }
}
