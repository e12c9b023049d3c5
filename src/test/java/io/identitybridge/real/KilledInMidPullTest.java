package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of a pull of 20,000 people, and once more while what was read is applied. */
@Tag("real")
class KilledInMidPullTest {
    private static final int PEOPLE = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    @TempDir
    Path folder;

    @Test
    void membership_equals_a_run_without_the_kill_and_no_process_remains() throws IOException {
        try (StandInOkta okta = new StandInOkta(Company.of(PEOPLE, 40, 2), "secret", 0)) {
            BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 100000}")
                    .edit("lab.source.yaml", "    query: {limit: \"50\", filter: lastUpdated", "    query: {limit: \"200\", filter: lastUpdated");
            Path data = folder.resolve("killed");
            Map<String, String> settings = Map.of("LAB_URL", okta.url(), "LAB_TOKEN", "secret");
            okta.faults().set(List.of(new Faults.Fault(Faults.Kind.SLOW, "/users", 50, 1, 60_000)));
            BridgeProcess first = BridgeProcess.start(files, data, folder.resolve("first.log"), settings);
            startPull(first);
            await(first, run -> run.path("pages").asInt() >= 49);
            first.kill();
            okta.faults().set(List.of());
            BridgeProcess second = BridgeProcess.start(files, data, folder.resolve("second.log"), settings);
            startPull(second);
            await(second, run -> run.path("status").asText().equals("applying"));
            second.kill();
            try (BridgeProcess third = BridgeProcess.start(files, data, folder.resolve("third.log"), settings)) {
                startPull(third);
                await(third, run -> run.path("status").asText().equals("done"));
                try (TestBridge undisturbed = TestBridge.start(files, Files.createDirectory(folder.resolve("undisturbed")), "lab.url=" + okta.url(), "lab.token=secret")) {
                    assertThat(undisturbed.pull("lab").get("status").asText()).isEqualTo("done");
                    assertThat(memberships(third)).isEqualTo(new TreeSet<>(undisturbed.memberships())).hasSizeGreaterThan(30_000);
                }
            }
            assertThat(processesOf(data)).isEmpty();
        }
    }

    private static void startPull(BridgeProcess bridge) {
        String answer = bridge.post("/api/sources/lab/runs", "{}");
        for (int i = 0; i < 600 && !answer.contains("\"run\""); i++) { // the start's own pull may hold the source, or the dead bridge's lease for a while
            if (newest(bridge).path("status").asText().matches("reading|applying")) {
                return;
            }
            BridgeProcess.pause();
            answer = bridge.post("/api/sources/lab/runs", "{}");
        }
        assertThat(answer).contains("\"run\"");
    }

    private static void await(BridgeProcess bridge, java.util.function.Predicate<JsonNode> reached) {
        for (int i = 0; i < 3_000; i++) {
            JsonNode run = newest(bridge);
            if (reached.test(run)) {
                return;
            }
            assertThat(run.path("status").asText()).as(run + bridge.log()).isNotEqualTo("failed");
            BridgeProcess.pause();
        }
        throw new IllegalStateException("not reached: " + newest(bridge));
    }

    private static JsonNode newest(BridgeProcess bridge) {
        return json(bridge.get("/api/runs?limit=1")).path("items").path(0);
    }

    private static TreeSet<String> memberships(BridgeProcess bridge) {
        TreeSet<String> all = new TreeSet<>();
        json(bridge.get("/api/workspaces?limit=1000")).path("items").forEach(workspace -> {
            String cursor = "";
            do {
                JsonNode page = json(bridge.get("/api/workspaces/" + workspace.path("id").asText() + "/members?limit=1000&status=active" + cursor));
                page.path("items").forEach(member -> all.add(workspace.path("name").asText() + "/" + member.path("email").asText() + "=" + member.path("role").asText()));
                cursor = page.path("next").isTextual() ? "&cursor=" + URLEncoder.encode(page.path("next").asText(), StandardCharsets.UTF_8) : "";
            } while (!cursor.isEmpty());
        });
        return all;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private static List<String> processesOf(Path data) {
        for (int i = 0; i < 100; i++) {
            List<String> left = ProcessHandle.allProcesses().filter(ProcessHandle::isAlive).flatMap(process -> process.info().commandLine().stream()).filter(command -> command.contains(data.toString())).toList();
            if (left.isEmpty()) {
                return left;
            }
            BridgeProcess.pause();
        }
        return ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()).filter(command -> command.contains(data.toString())).toList();
    }
}
