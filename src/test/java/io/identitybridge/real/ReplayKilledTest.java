package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of a replay of sixty letters: the next start goes on where it was. */
@Tag("real")
class ReplayKilledTest {
    private static final int LETTERS = 60;
    private static final int RATE = 5;
    private static final ObjectMapper JSON = new ObjectMapper();
    @TempDir
    Path folder;

    @Test
    void a_replay_goes_on_where_its_bridge_was_killed_and_tries_no_letter_twice_but_those_of_the_last_stretch() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Path data = folder.resolve("data");
        BridgeProcess first = BridgeProcess.start(files, data, folder.resolve("first.log"), Map.of());
        letters(first);
        long job = JSON.readTree(first.post("/api/dead-letters/replays", "{\"source\":\"lab\",\"rate\":" + RATE + "}")).get("id").asLong();
        int before = await(first, job, now -> now.get("done").asInt() >= 2 * RATE).get("done").asInt();
        first.kill();
        assertThat(before).isLessThan(LETTERS);
        try (BridgeProcess second = BridgeProcess.start(files, data, folder.resolve("second.log"), Map.of())) {
            JsonNode ended = await(second, job, now -> !now.get("status").asText().equals("running"));
            assertThat(ended.get("status").asText() + " " + ended.get("done") + " of " + ended.get("total")).isEqualTo("done " + LETTERS + " of " + LETTERS);
            JsonNode all = JSON.readTree(second.get("/api/dead-letters?source=lab&limit=200"));
            int twice = 0;
            for (JsonNode letter : all.get("items")) {
                assertThat(letter.get("replays").asInt()).as("each is tried, and none over and over").isBetween(1, 2);
                twice += letter.get("replays").asInt() - 1;
            }
            assertThat(all.get("items")).hasSize(LETTERS);
            assertThat(twice).isLessThanOrEqualTo(RATE);
        }
    }

    private static void letters(BridgeProcess bridge) throws IOException, InterruptedException {
        String token = JSON.readTree(bridge.post("/api/sources/lab/tokens", "{}")).get("token").asText();
        HttpClient http = HttpClient.newHttpClient();
        for (int i = 0; i < LETTERS; i++) {
            HttpRequest push = HttpRequest.newBuilder(URI.create(bridge.scim() + "/scim/v2/lab/Users")).header("Authorization", "Bearer " + token).header("Content-Type", "application/scim+json")
                    .POST(HttpRequest.BodyPublishers.ofString(TestBridge.user("k" + i, "k" + i + "@elsewhere.org", true))).build();
            assertThat(http.send(push, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(201);
        }
    }

    private static JsonNode await(BridgeProcess bridge, long job, Predicate<JsonNode> wanted) throws IOException {
        JsonNode now = JSON.readTree(bridge.get("/api/dead-letters/replays/" + job));
        for (int i = 0; i < 1_800 && !wanted.test(now); i++) {
            BridgeProcess.pause();
            now = JSON.readTree(bridge.get("/api/dead-letters/replays/" + job));
        }
        assertThat(wanted.test(now)).as(now.toString()).isTrue();
        return now;
    }
}
