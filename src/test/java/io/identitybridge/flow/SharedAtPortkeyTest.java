package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two bridges publish to one Portkey: they share the budget of calls and the circuit breaker. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedAtPortkeyTest {
    private static final int PER_SECOND = 20;
    private static final int BRIDGES = 2;
    private static final int CALLS = 4;
    private final Gateway gateway = new Gateway();
    private StandInPortkey portkey;
    private TestBridge one;
    private TestBridge two;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        portkey = new StandInPortkey(0, "/v1", gateway);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-admin-api ")
                .everywhere("switches:", "publish: {calls-per-second: " + PER_SECOND + ", read-every: 1d}\nswitches:");
        List<String> database = TestDatabase.freshAddress();
        String[] settings = {"PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY};
        one = TestBridge.start(database, files, folder.resolve("one"), settings);
        two = TestBridge.start(database, files, folder.resolve("two"), settings);
        PortkeyBridge.await(() -> one.count("select count(*) from target where read_at is not null and reading is null"), 1L);
    }

    @BeforeEach
    void quiet() {
        portkey.faults().set(List.of());
        gateway.quiet();
        mode(false);
    }

    @AfterAll
    void stop() {
        two.close();
        one.close();
        portkey.close();
    }

    @Test
    void both_together_ask_no_more_than_the_budget() {
        push("budget", 200);
        gateway.quiet();
        long begin = System.nanoTime();
        mode(true);
        while (one.count("select count(*) from outbox") > 0) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            long heard = gateway.heard(".*", ".*");
            assertThat(heard).isLessThanOrEqualTo((long) (PER_SECOND * (seconds + 1.5)));
            TestBridge.pause(250);
        }
    }

    @Test
    void a_breaker_that_one_opens_holds_both_and_then_one_key_tries() {
        push("down", 80);
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/admin/*", 0, 0, 0)));
        gateway.quiet();
        mode(true);
        held();
        long heard = gateway.heard(".*", ".*");
        TestBridge.pause(2_000);
        assertThat(gateway.heard(".*", ".*")).as("of either").isEqualTo(heard);
        for (int tries = 1; tries <= 3; tries++) {
            one.sql.update("update target set open_until = now()");
            held();
            assertThat(gateway.heard(".*", ".*") - heard).as("one key of each bridge, by one call that is tried again").isBetween((long) tries, (long) tries * BRIDGES * CALLS);
        }
        portkey.faults().set(List.of());
        one.sql.update("update target set open_until = now()");
        PortkeyBridge.await(() -> one.count("select count(*) from outbox"), 0L);
        assertThat(one.count("select count(*) from dead_letter")).isZero();
    }

    private void held() {
        PortkeyBridge.await(() -> one.count("select count(*) from target where open_until > now() + interval '1 second'"), 1L);
        PortkeyBridge.await(() -> one.count("select count(*) from outbox where leased_by is not null"), 0L);
    }

    private void push(String name, int many) {
        for (int i = 0; i < many; i++) {
            one.scim("lab", "POST", "/Users", TestBridge.user(name + i, name + i + "@acme.com", true));
        }
    }

    private void mode(boolean applies) {
        one.bean(TargetState.class).mode(applies, "test", "for the test");
    }
}
