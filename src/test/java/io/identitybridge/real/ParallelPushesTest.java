package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two bridges, each a process, over one PostgreSQL, and many clients that change one thing at the same time. */
@Tag("real")
class ParallelPushesTest {
    private static final int CLIENTS = 50;
    private static final int ROUNDS = Integer.getInteger("rounds", 1_000);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final ObjectMapper JSON = new ObjectMapper();
    @TempDir
    Path folder;
    final HttpClient http = HttpClient.newHttpClient();
    final Random random = new Random(SEED);
    final List<BridgeProcess> bridges = new ArrayList<>();
    final List<String> addresses = new ArrayList<>();
    ExecutorService clients;
    String token;

    @BeforeEach
    void two_bridges_over_one_store() throws IOException {
        System.out.println("parallel pushes: -Dseed=" + SEED + " -Drounds=" + ROUNDS);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "remove:  {share: 10%, always-allow: 20}", "remove:  {at-most: 1000000}")
                .edit("portkey.yaml", "workspace-shrinks: 50%", "workspace-shrinks: 100%").edit("portkey.yaml", "flapping: 1 ", "flapping: 1000000 ");
        List<String> database = TestDatabase.freshAddress();
        Map<String, String> settings = Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2), "LAB_URL", "http://127.0.0.1:1", "LAB_TOKEN", "none");
        for (String name : List.of("one", "two")) {
            bridges.add(BridgeProcess.start(files, Files.createDirectory(folder.resolve(name)), folder.resolve(name + ".log"), settings, "-Xmx256m"));
            addresses.add(bridges.getLast().scim() + "/scim/v2/lab");
        }
        token = JSON.readTree(bridges.getFirst().post("/api/sources/lab/tokens", "{}")).get("token").asText();
        clients = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterEach
    void stop() {
        clients.close();
        bridges.forEach(BridgeProcess::close);
    }

    @Test
    void members_that_come_and_go_while_the_group_is_renamed_end_exactly_as_was_said() throws Exception {
        List<String> people = people(2 * CLIENTS);
        String group = send(0, "POST", "/Groups", "{\"externalId\":\"team\",\"displayName\":\"ws-Team-role-member\"}").get("id").asText();
        BitSet in = new BitSet();
        String name = "";
        long begin = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            List<Callable<JsonNode>> all = new ArrayList<>();
            BitSet after = (BitSet) in.clone();
            after.flip(0, people.size());
            for (int i = 0; i < people.size(); i++) {
                all.add(change(group, people.get(i), after.get(i), random.nextInt(2)));
            }
            if (round == 0) { // the first half comes alone, so that from then on 50 come while 50 others go
                all.subList(CLIENTS, all.size()).clear();
                after.clear(CLIENTS, people.size());
            }
            name = name(round);
            all.add(rename(group, name, random.nextBoolean(), random.nextInt(2)));
            at_once(all);
            in = after;
            if (round % 50 == 0 || round == ROUNDS - 1) {
                exactly(group, people, in, name);
            }
        }
        System.out.printf("parallel pushes: %d rounds of %d clients in %d s%n", ROUNDS, people.size() + 1, (System.nanoTime() - begin) / 1_000_000_000);
    }

    /** Another name every time: mostly one that means the same, every tenth time one that renames the workspace. */
    private static String name(int round) {
        StringBuilder role = new StringBuilder("member");
        IntStream.range(0, role.length()).filter(i -> (round >> i & 1) == 1).forEach(i -> role.setCharAt(i, Character.toUpperCase(role.charAt(i))));
        return "ws-Team " + round / 10 + "-role-" + role;
    }

    private Callable<JsonNode> change(String group, String person, boolean comes, int bridge) {
        String operation = comes ? "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + person + "\"}]}" : "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + person + "\\\"]\"}";
        return () -> send(bridge, "PATCH", "/Groups/" + group, "{\"Operations\":[" + operation + "]}");
    }

    /** As a PUT without members, which keeps them, or as a PATCH. */
    private Callable<JsonNode> rename(String group, String name, boolean put, int bridge) {
        return () -> put ? send(bridge, "PUT", "/Groups/" + group, "{\"externalId\":\"team\",\"displayName\":\"" + name + "\"}")
                : send(bridge, "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + name + "\"}]}");
    }

    /** In the answers of both bridges, and in the membership. */
    private void exactly(String group, List<String> people, BitSet in, String name) throws IOException, InterruptedException {
        TreeSet<String> wanted = new TreeSet<>(in.stream().mapToObj(people::get).toList());
        for (int bridge = 0; bridge < bridges.size(); bridge++) {
            JsonNode answer = send(bridge, "GET", "/Groups/" + group, "");
            TreeSet<String> shown = new TreeSet<>();
            answer.path("members").forEach(member -> shown.add(member.get("value").asText()));
            assertThat(shown).as("bridge %d, seed %d", bridge, SEED).isEqualTo(wanted);
        }
        assertThat(send(1, "GET", "/Groups/" + group, "").get("displayName").asText()).as("seed %d", SEED).isEqualTo(name);
        TreeSet<String> places = new TreeSet<>();
        in.stream().forEach(i -> places.add(name.replaceAll("ws-|-role-.*", "") + "/person" + i + "@acme.com"));
        assertThat(memberships()).as("the membership, seed %d", SEED).isEqualTo(places);
    }

    private TreeSet<String> memberships() throws IOException {
        TreeSet<String> places = new TreeSet<>();
        for (JsonNode workspace : JSON.readTree(bridges.getFirst().get("/api/workspaces?limit=1000")).get("items")) {
            JSON.readTree(bridges.getFirst().get("/api/workspaces/" + workspace.get("id").asText() + "/members?limit=1000")).get("items")
                    .forEach(member -> places.add(workspace.get("name").asText() + "/" + member.get("email").asText()));
        }
        return places;
    }

    @Test
    void parallel_patches_of_one_user_lose_nothing() throws Exception {
        String user = people(1).getFirst();
        List<String> attributes = List.of("nickName", "title", "userType", "displayName", "preferredLanguage", "locale", "profileUrl", "timezone");
        for (int round = 0; round < ROUNDS / 20; round++) {
            String value = "value-" + round;
            List<Callable<JsonNode>> all = new ArrayList<>();
            for (String attribute : attributes) {
                all.add(() -> send(random.nextInt(2), "PATCH", "/Users/" + user, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"" + attribute + "\",\"value\":\"" + value + "\"}]}"));
            }
            at_once(all);
            JsonNode answer = send(round % 2, "GET", "/Users/" + user, "");
            assertThat(attributes).as("round %d, seed %d", round, SEED).allSatisfy(attribute -> assertThat(answer.get(attribute).asText()).isEqualTo(value));
        }
    }

    private List<String> people(int number) throws Exception {
        List<Callable<JsonNode>> all = IntStream.range(0, number).<Callable<JsonNode>>mapToObj(i -> () -> send(i % 2, "POST", "/Users",
                "{\"externalId\":\"ext%d\",\"userName\":\"person%d@acme.com\",\"active\":true,\"emails\":[{\"value\":\"person%d@acme.com\",\"primary\":true}]}".formatted(i, i, i))).toList();
        return at_once(all).stream().map(answer -> answer.get("id").asText()).toList();
    }

    private List<JsonNode> at_once(List<Callable<JsonNode>> all) throws Exception {
        List<Integer> order = new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
        Collections.shuffle(order, random);
        List<Future<JsonNode>> answers = new ArrayList<>(Collections.nCopies(all.size(), null));
        order.forEach(i -> answers.set(i, clients.submit(all.get(i))));
        List<JsonNode> done = new ArrayList<>();
        for (Future<JsonNode> answer : answers) {
            done.add(answer.get());
        }
        return done;
    }

    /** The answer's body; anything but success ends the test. */
    private JsonNode send(int bridge, String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(addresses.get(bridge) + path)).header("Authorization", "Bearer " + token).header("Content-Type", "application/scim+json")
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s %s: %s (seed %d)", method, path, answer.body(), SEED).isBetween(200, 299);
        return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
    }
}
