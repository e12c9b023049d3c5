package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is said at one bridge holds for another one that publishes: nothing begins there more than 0.2 s after the word (src/docs/publishing.md). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherBridgeStopsTest {
    private static final String WRITES = "(POST|PUT|DELETE)";
    private static final int SIDE_BY_SIDE = 8;
    private static final int KEYS = 30;
    private static final int STATED_MILLIS = 200;
    private final Gateway gateway = new Gateway();
    private StandInPortkey portkey;
    private TestBridge asked;
    private TestBridge publishes;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        portkey = new StandInPortkey(0, "/v1", gateway);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-admin-api ")
                .everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d, side-by-side: " + SIDE_BY_SIDE + "}\nswitches:");
        List<String> database = TestDatabase.freshAddress();
        String[] settings = {"PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY};
        asked = TestBridge.start(database, files, folder.resolve("one"), settings);
        publishes = TestBridge.start(database, files, folder.resolve("two"), settings);
        for (String route : List.of("publish", "publish-leavers")) {
            asked.bean(CamelContext.class).getRouteController().stopRoute(route);
        }
        PortkeyBridge.await(() -> asked.count("select count(*) from target where read_at is not null and reading is null"), 1L);
    }

    @AfterAll
    void stop() {
        gateway.quiet();
        publishes.close();
        asked.close();
        portkey.close();
    }

    @Test
    void a_target_that_is_observed_by_a_word_at_one_bridge_is_not_written_to_by_the_other() {
        heeds("observed", () -> assertThat(asked.api("POST", "/target/observe", "{\"reason\":\"to look\"}").status()).isEqualTo(200), () -> asked.bean(TargetState.class).mode(true, "test", "for the test"));
    }

    @Test
    void a_connection_that_one_bridge_found_stopped_is_not_written_to_by_the_other() {
        heeds("stopped", () -> assertThat(asked.bean(TargetState.class).stopped("403")).isTrue(), () -> asked.bean(TargetState.class).resumed());
    }

    /** The other bridge's calls are on their way, all that it makes at once, and held there: whatever it begins after them begins after the word and the stated time. */
    private void heeds(String name, Runnable word, Runnable again) {
        asked.bean(TargetState.class).mode(false, "test", "so that all of it comes together");
        for (int i = 0; i < KEYS; i++) {
            asked.scim("lab", "POST", "/Users", TestBridge.user(name + i, name + i + "@acme.com", true));
        }
        gateway.quiet();
        gateway.holds(WRITES);
        asked.bean(TargetState.class).mode(true, "test", "for the test");
        PortkeyBridge.await(() -> gateway.heard(WRITES, ".*"), (long) SIDE_BY_SIDE);
        word.run();
        TestBridge.pause(STATED_MILLIS);
        gateway.letsGo();
        PortkeyBridge.await(() -> asked.count("select count(*) from outbox where leased_by is not null"), 0L);
        assertThat(gateway.heard(WRITES, ".*")).as("but for what was on its way").isEqualTo(SIDE_BY_SIDE);
        assertThat(asked.count("select count(*) from outbox")).as("the rest waits").isEqualTo(KEYS - SIDE_BY_SIDE);
        again.run();
        PortkeyBridge.await(() -> asked.count("select count(*) from outbox"), 0L);
        assertThat(gateway.heard(WRITES, ".*")).isEqualTo(KEYS);
    }
}
