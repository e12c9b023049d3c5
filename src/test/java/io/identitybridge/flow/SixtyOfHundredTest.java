package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code archive: {share: 5%, always-allow: 5}}, 60 of 100 people leave at once, while two bridges share the store. */
class SixtyOfHundredTest {
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge one;
    TestBridge two;

    @BeforeEach
    void two_bridges_over_one_store() throws IOException {
        okta = new StandInOkta(Company.of(100, 4, 1), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        List<String> database = TestDatabase.freshAddress();
        one = TestBridge.start(database, files, Files.createDirectory(folder.resolve("one")), "lab.url=" + okta.url(), "lab.token=secret");
        two = TestBridge.start(database, files, Files.createDirectory(folder.resolve("two")), "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
        okta.close();
    }

    @Test
    void a_pull_creates_the_3_and_holds_the_60_until_somebody_decides() {
        List<String> everybody = activeOfCompany();
        assertThat(one.pull("lab").get("status").asText()).isEqualTo("done");
        assertThat(one.people("active")).containsExactlyInAnyOrderElementsOf(everybody);
        everybody.stream().limit(60).forEach(this::delete);
        List.of("Nia", "Omar", "Pia").forEach(name -> okta.company().add("00unew" + name, name, "Young", name.toLowerCase() + ".young@acme.com"));
        okta.company().groups("", 1).forEach(group -> List.of("Nia", "Omar", "Pia").forEach(name -> okta.company().join(group.getKey(), "00unew" + name)));

        JsonNode run = two.pull("lab");

        assertThat(run.get("applied").toString()).contains("\"create\":3");
        assertThat(one.people("archived")).isEmpty();
        assertThat(one.people("active")).hasSize(everybody.size() + 3).contains("nia.young@acme.com");
        JsonNode plan = held(one, 60);
        assertThat(plan.get("reasons").toString()).contains("archive: 60 of");
        assertThat(one.health()).as("a plan that waits is seen in health").contains("\"status\":\"ATTENTION\"", "plan");
        assertThat(two.pull("lab").get("status").asText()).as("another pull finds the same and adds nothing").isIn("done", "held");
        held(two, 60);
        decide();
    }

    /** Two archived by name through one bridge, three rejected through the other, the rest approved. */
    private void decide() {
        String first = archivals(one).get(0);
        String second = archivals(one).get(1);
        approve(one, List.of(first, second));
        assertThat(two.people("archived")).containsExactlyInAnyOrder(person(first), person(second));
        List<String> spared = archivals(two).subList(0, 3);
        two.api("POST", "/plans/" + plan(two).get("id").asText() + "/reject", "{\"only\":" + numbers(two, spared) + ",\"reason\":\"they only moved\"}");
        assertThat(one.pull("lab").get("status").asText()).isIn("done", "held");
        assertThat(one.people("archived")).hasSize(2);
        approve(one, archivals(one));
        assertThat(two.people("archived")).hasSize(57).doesNotContain(spared.stream().map(SixtyOfHundredTest::person).toArray(String[]::new));
        assertThat(two.pull("lab").get("held").asInt()).as("what was rejected stays so while its facts do").isZero();
        assertThat(two.people("active")).contains(spared.stream().map(SixtyOfHundredTest::person).toArray(String[]::new));
    }

    @Test
    void single_pushes_of_active_false_are_held_after_the_fifth() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestBridge bridge = i % 2 == 0 ? one : two;
            TestBridge.Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext" + i, "person" + i + "@acme.com", true));
            assertThat(answer.status()).isEqualTo(201);
            ids.add(answer.body().get("id").asText());
        }
        for (int i = 0; i < 60; i++) {
            TestBridge bridge = i % 2 == 0 ? two : one;
            TestBridge.Answer answer = bridge.scim("lab", "PATCH", "/Users/" + ids.get(i), "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
            assertThat(answer.status()).as("the fact is stored, held or not").isEqualTo(200);
            assertThat(answer.body().get("active").asBoolean()).isFalse();
        }
        assertThat(one.people("archived")).containsExactlyInAnyOrder("person0@acme.com", "person1@acme.com", "person2@acme.com", "person3@acme.com", "person4@acme.com");
        held(one, 55);
        one.scim("lab", "PATCH", "/Users/" + ids.get(59), "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":true}}]}");
        held(two, 54);
        approve(two, List.of("archive user person5@acme.com"));
        assertThat(one.people("archived")).hasSize(6).contains("person5@acme.com");
        one.api("POST", "/plans/" + plan(one).get("id").asText() + "/reject", "{}");
        assertThat(one.people("archived")).hasSize(6);
        assertThat(one.api("GET", "/plans?status=held", "").body().get("total").asInt()).isZero();
    }

    private List<String> activeOfCompany() {
        return okta.company().people("", 1000).stream().filter(person -> !List.of("DEPROVISIONED", "SUSPENDED").contains(person.status())).map(Company.Person::email).toList();
    }

    private void delete(String email) {
        okta.company().people("", 1000).stream().filter(person -> person.email().equals(email)).findFirst().ifPresent(person -> okta.company().delete(person.id()));
    }

    /** The one open plan, with so many people to be archived. */
    private static JsonNode held(TestBridge bridge, int people) {
        assertThat(bridge.api("GET", "/plans?status=held", "").body().get("total").asInt()).isEqualTo(1);
        assertThat(archivals(bridge)).hasSize(people);
        return plan(bridge);
    }

    private static JsonNode plan(TestBridge bridge) {
        String id = bridge.api("GET", "/plans?status=held", "").body().get("items").get(0).get("id").asText();
        return bridge.api("GET", "/plans/" + id + "?limit=1000&status=held", "").body();
    }

    private static List<String> archivals(TestBridge bridge) {
        List<String> sentences = new ArrayList<>();
        plan(bridge).get("lines").get("items").forEach(line -> {
            if (line.get("sentence").asText().startsWith("archive user ")) {
                sentences.add(line.get("sentence").asText());
            }
        });
        return sentences;
    }

    private static List<Integer> numbers(TestBridge bridge, List<String> sentences) {
        List<Integer> numbers = new ArrayList<>();
        plan(bridge).get("lines").get("items").forEach(line -> {
            if (sentences.contains(line.get("sentence").asText())) {
                numbers.add(line.get("n").asInt());
            }
        });
        return numbers;
    }

    private static void approve(TestBridge bridge, List<String> sentences) {
        TestBridge.Answer answer = bridge.api("POST", "/plans/" + plan(bridge).get("id").asText() + "/approve", "{\"only\":" + numbers(bridge, sentences) + ",\"hash\":\"" + plan(bridge).get("hash").asText() + "\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private static String person(String sentence) {
        return sentence.substring(sentence.lastIndexOf(' ') + 1);
    }
}
