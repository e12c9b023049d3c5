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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/** One bridge at a time reads a source, and what cannot run now is skipped or queued once. */
class LeasesTest {
    @TempDir
    Path folder;
    private final Door door = new Door();

    @Test
    @Tag("real")
    void a_delta_that_finds_the_source_taken_is_skipped_and_a_full_run_follows_once() throws IOException {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (StandInOkta okta = new StandInOkta(Company.of(120, 3, 2), "secret", 0, door)) {
            CountDownLatch thirdPage = door.close("/v1/users", 3);
            try (TestBridge one = TestBridge.start(database, files, folder.resolve("one"), "lab.url=" + okta.url(), "lab.token=secret");
                    TestBridge two = TestBridge.start(database, files, folder.resolve("two"), "lab.url=" + okta.url(), "lab.token=secret")) {
                String run = one.startPull("lab");
                door.awaitCall("/v1/users");
                TestBridge.Answer delta = two.api("POST", "/sources/lab/runs", "{}");
                assertThat(delta.status()).isEqualTo(409);
                assertThat(two.api("POST", "/sources/lab/runs", "{\"full\":true}").body().toString()).contains("is being read already; a full run follows it");
                assertThat(one.api("POST", "/sources/lab/runs", "{\"full\":true}").status()).isEqualTo(409);
                JsonNode underWay = two.run(run);
                assertThat(underWay.get("pages").asInt()).isPositive();
                assertThat(underWay.at("/seen/users").asInt()).as("people read by now").isBetween(50, 100);
                assertThat(two.api("GET", "/sources", "").body().at("/items/0/lastRun/seen/users").asInt()).isPositive();
                thirdPage.countDown();
                waitFor(one, "select count(*) from run where actor = 'queue' and status = 'done'", 1);
                TestBridge.pause(1_500);
                assertThat(one.count("select count(*) from run")).isEqualTo(2);
            }
        }
    }

    @Test
    @Tag("real")
    void a_tick_that_nobody_was_there_for_is_not_made_up_for_where_the_last_success_is_young() throws IOException, SchedulerException {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Files.writeString(files.routes.resolve("lab-pull.camel.yaml"), Files.readString(Path.of("routes/lab-pull.camel.yaml")).replace("0/30 * * * * ?", "0 0 3 1 1 ?"));
        try (StandInOkta okta = new StandInOkta(Company.of(5, 1, 1), "secret", 0)) {
            String[] settings = {"lab.url=" + okta.url(), "lab.token=secret", "spring.quartz.scheduler-name=misfired"};
            try (TestBridge bridge = TestBridge.start(database, files, folder, settings)) {
                waitFor(bridge, "select count(*) from run where status = 'done' and actor = 'start'", 1);
                bridge.bean(Scheduler.class).standby();
                bridge.sql.update("update qrtz_triggers set next_fire_time = (extract(epoch from now()) * 1000)::bigint - 600000");
            }
            try (TestBridge bridge = TestBridge.start(database, files, folder, settings)) {
                waitFor(bridge, "select count(*) from qrtz_triggers where next_fire_time > extract(epoch from now()) * 1000", 1);
                Scheduler scheduler = bridge.bean(Scheduler.class);
                TriggerKey key = scheduler.getTriggerKeys(GroupMatcher.anyGroup()).iterator().next();
                assertThat(scheduler.getTrigger(key).getMisfireInstruction()).isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING);
                assertThat(bridge.count("select count(*) from run")).isOne();
                bridge.sql.update("update source_state set last_success = now() - interval '400 days'");
            }
            try (TestBridge bridge = TestBridge.start(database, files, folder, settings)) {
                waitFor(bridge, "select count(*) from run where status = 'done'", 2);
                assertThat(bridge.count("select count(*) from run where actor = 'start'")).as("older than its interval: once at start").isEqualTo(2);
            }
        }
    }

    private static void waitFor(TestBridge bridge, String count, long wanted) {
        for (int i = 0; i < 1_200 && bridge.count(count) < wanted; i++) {
            TestBridge.pause(25);
        }
        assertThat(bridge.count(count)).as(count).isGreaterThanOrEqualTo(wanted);
    }
}
