package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.files.FileReader;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
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
    @Tag("real")
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

    @Test
    @Tag("real")
    void a_set_rolled_back_to_in_which_a_newer_version_finds_fault_stays_and_is_told_of_and_one_that_it_cannot_read_gives_way_to_the_disk() throws IOException {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        String older;
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            String first = hash(bridge);
            files.edit("portkey.yaml", "organisation: acme", "organisation: acmes");
            bridge.activate();
            bridge.api("POST", "/files/rollback", "{}");
            older = olderVersion(bridge, first, "    plan:\n      - create user Grace@acme.com", "    plan: []");
        }
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            assertThat(hash(bridge)).isEqualTo(older);
            assertThat(bridge.health()).contains("ATTENTION", "in the active set " + older + ", which was rolled back to: test 'a pushed person comes in without a workspace'", "the disk's differs");
            older = olderVersion(bridge, older, "mapping: lab", "maping: lab");
        }
        try (TestBridge bridge = TestBridge.start(database, files, folder)) {
            assertThat(hash(bridge)).isNotEqualTo(older);
            assertThat(bridge.health()).doesNotContain("the disk's differs");
            assertThat(bridge.sql.queryForObject("select contents ->> 'mappings/portkey.yaml' from active_set order by seq desc limit 1", String.class)).contains("organisation: acmes");
        }
    }

    /** The active set as one that an older version had found good. Gives its hash. */
    private static String olderVersion(TestBridge bridge, String hash, String from, String to) throws IOException {
        Map<String, String> texts = new ObjectMapper().readValue(bridge.sql.queryForObject("select contents::text from active_set where hash = ?", String.class, hash), new TypeReference<TreeMap<String, String>>() { });
        texts.compute("mappings/lab.yaml", (name, text) -> text.replace(from, to));
        String other = FileReader.hash(texts);
        bridge.sql.update("update active_set set contents = ?::jsonb, hash = ? where hash = ?", new ObjectMapper().writeValueAsString(texts), other, hash);
        return other;
    }

    private static String hash(TestBridge bridge) {
        return bridge.api("GET", "/files", "").body().get("hash").asText();
    }
}
