package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Each new letter reaches the operators' route once, whoever filed it, and a route that fails loses none. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class RaisedLettersTest {
    private static final String LOG = "        - log:\n            loggingLevel: WARN\n            message: \"dead letter";
    @TempDir
    static Path folder;
    static Hook hook;
    static List<String> database;
    static BridgeFiles files;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        hook = new Hook();
        database = TestDatabase.freshAddress();
        files = BridgeFiles.of(folder, "lab").edit("errors.camel.yaml", LOG, "        - to: " + hook.url() + "\n" + LOG);
        bridge = bridge();
    }

    private static TestBridge bridge() {
        return TestBridge.start(database, files, folder, "bridge.raise.every=50", "bridge.raise.longest=1500", "bridge.admin.url=https://bridge.corp.example/");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        hook.close();
    }

    int before;

    @BeforeEach
    void quiet() {
        bridge.sql.update("update letter_raise set due_at = due_at - interval '2 minutes'"); // as if the minute were over
        before = hook.calls(0).size();
    }

    @Test
    void a_letter_that_was_filed_with_a_persons_plan_is_told_once_with_what_it_is_and_nothing_of_the_person() {
        bridge.scim("lab", "POST", "/Users", TestBridge.user("eve-1", "eve.secret@elsewhere.example", true));
        Hook.Call call = hook.calls(before + 1).getLast();
        long letter = bridge.count("select id from dead_letter where key = 'eve-1'");
        assertThat(call.headers()).containsEntry("deadletterid", String.valueOf(letter)).containsEntry("deadlettercount", "1").containsEntry("deadlettersource", "lab").containsEntry("deadletterresource", "user")
                .containsEntry("deadletterroute", "reconcile").containsEntry("deadletterurl", "https://bridge.corp.example/api/dead-letters/" + letter)
                .containsKeys("deadlettercause", "deadletterstep", "deadlettergeneration", "deadletterfingerprint", "deadletterraise");
        JsonNode body = call.json();
        assertThat(body.get("id").asLong()).isEqualTo(letter);
        assertThat(body.get("cause").asText() + " " + body.get("letters") + " " + body.get("open") + " " + body.get("ids")).isEqualTo(call.headers().get("deadlettercause") + " 1 1 [" + letter + "]");
        assertThat(call.headers() + call.body()).doesNotContain("eve").doesNotContain("elsewhere");
        TestBridge.pause(300);
        assertThat(hook.calls(0)).hasSize(before + 1);
        assertThat(bridge.count("select count(*) from dead_letter where raised_at is null")).isZero();
    }

    @Test
    void a_parked_exchange_is_told_by_its_route() {
        bridge.bean(ProducerTemplate.class).send("direct:pull-now", exchange -> exchange.getMessage().setBody("no source is named"));
        Hook.Call call = hook.calls(before + 1).getLast();
        assertThat(call.headers()).containsEntry("deadletterresource", "exchange").containsEntry("deadlettercause", "BUG").containsEntry("deadletterroute", "pull-now");
    }

    @Test
    void letters_of_one_cause_are_one_message_at_once_and_one_for_all_that_follow_within_a_minute() {
        letters(1, 10_000, "MAPPING_POISON|user|email|no value");
        List<Hook.Call> first = hook.calls(before + 1);
        assertThat(first.getLast().json().get("letters").asInt()).as("they were filed at once").isEqualTo(10_000);
        assertThat(first.getLast().json().get("ids")).hasSize(20);
        letters(10_001, 10_003, "MAPPING_POISON|user|email|no value");
        letters(10_004, 10_004, "MAPPING_POISON|user|email|no value");
        letters(1, 1, "MAPPING_POISON|user|name|no value");
        hook.calls(before + 2);
        bridge.waitFor("select count(*) from dead_letter where raised_at is null", 0);
        assertThat(hook.calls(0)).as("another cause, and nothing of the first one yet").hasSize(before + 2);
        bridge.sql.update("update letter_raise set due_at = now() where sent_at is null");
        JsonNode rest = hook.calls(before + 3).getLast().json();
        assertThat(rest.get("letters").asInt() + " of " + rest.get("open")).isEqualTo("4 of 10004");
    }

    @Test
    void the_same_letter_is_told_again_when_its_cause_is_another() {
        letters(20_001, 20_001, "DEPENDENCY|user||waits");
        hook.calls(before + 1);
        bridge.sql.update("update dead_letter set key = 'eve-2' where key = '20001'");
        bridge.scim("lab", "POST", "/Users", TestBridge.user("eve-2", "eve.2@elsewhere2.example", true));
        assertThat(hook.calls(before + 2).getLast().headers().get("deadletterid")).isEqualTo(String.valueOf(bridge.count("select id from dead_letter where key = 'eve-2'")));
    }

    @Test
    @Tag("real")
    void what_fails_is_counted_and_told_after_a_restart_by_whichever_bridge_is_there() {
        hook.status = 503;
        letters(30_001, 30_001, "BUG|user||broken");
        hook.refused(1);
        letters(30_002, 30_003, "BUG|user||broken");
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("bob", "bob@acme.com", true)).status()).as("nothing else waits for it").isEqualTo(201);
        bridge.waitFor("select count(*) from letter_raise where sent_at is null", 2);
        assertThat(bridge.count("select count(*) from letter_raise where sent_at is null and tried > 0")).isOne();
        String raise = hook.refused(1).getFirst().headers().get("deadletterraise");
        bridge.close();
        hook.status = 204;
        bridge = bridge();
        try (TestBridge other = bridge()) {
            for (int told = 1; told <= 2; told++) {
                other.sql.update("update letter_raise set due_at = now() where sent_at is null");
                hook.calls(before + told);
            }
            TestBridge.pause(300);
            List<Hook.Call> calls = hook.calls(0).subList(before, hook.calls(0).size());
            assertThat(calls.stream().map(call -> call.json().get("letters").asInt())).containsExactly(1, 2);
            assertThat(calls.getFirst().headers().get("deadletterraise")).as("the same one, so that a receiver may know it").isEqualTo(raise);
        }
    }

    @Test
    void a_route_that_hangs_is_given_up_and_counted_and_holds_no_other_cause_back() {
        double late = raised("late");
        hook.hang("TRANSIENT|user|hangs|");
        letters(40_001, 40_001, "TRANSIENT|user|hangs|x");
        bridge.waitFor("select count(*) from letter_raise where sent_at is null and tried > 0", 1);
        letters(40_002, 40_002, "TRANSIENT|user|well|x");
        assertThat(hook.calls(before + 1).getLast().headers().get("deadletterfingerprint")).as("told while the other hangs").startsWith("TRANSIENT|user|well|");
        for (int i = 0; i < 600 && raised("late") == late; i++) {
            TestBridge.pause(50);
        }
        assertThat(raised("late")).isGreaterThan(late);
        hook.goOn();
        bridge.sql.update("update letter_raise set due_at = now() where sent_at is null");
        assertThat(hook.calls(before + 2).getLast().headers().get("deadletterfingerprint")).startsWith("TRANSIENT|user|hangs|");
        bridge.waitFor("select count(*) from letter_raise where sent_at is null", 0);
        for (int i = 0; i < 600 && bridge.bean(MeterRegistry.class).get("bridge.dead.letter.raises.hanging").gauge().value() > 0; i++) {
            TestBridge.pause(50);
        }
        assertThat(bridge.bean(MeterRegistry.class).get("bridge.dead.letter.raises.hanging").gauge().value()).isZero();
    }

    private static double raised(String result) {
        return bridge.bean(MeterRegistry.class).get("bridge.dead.letter.raises").tag("result", result).counter().count();
    }

    private static void letters(int from, int to, String fingerprint) {
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash)"
                + " select 'lab', split_part(?, '|', 3) || 'user', n::text, 1, split_part(?, '|', 1), 'map', 'user ' || n, ?, 'run:x', 'h' from generate_series(?, ?) n", fingerprint, fingerprint, fingerprint, from, to);
    }
}
