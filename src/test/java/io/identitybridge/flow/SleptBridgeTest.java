package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that sleeps in the middle of a run, for longer than its lease lasts, does not take in what it read before. */
@Tag("real")
class SleptBridgeTest {
    private static final SourceName LAB = new SourceName("lab");
    @TempDir
    static Path folder;
    static final Door door = new Door();
    static StandInOkta okta;
    static TestBridge one;
    static TestBridge two;
    private final String group = okta.company().groups("", 10).getFirst().getKey();
    /** Somebody who is in no list any more is asked for alone, when all lists have been read. */
    private final String leaver = okta.company().people("", 1).getFirst().id();
    private final String asked = "/users/" + leaver;

    @BeforeAll
    static void two_bridges_over_one_store() throws IOException {
        okta = new StandInOkta(Company.of(40, 3, 1), "secret", 0, door);
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        List<String> database = TestDatabase.freshAddress();
        one = TestBridge.start(database, files, folder.resolve("one"), "lab.url=" + okta.url(), "lab.token=secret");
        two = TestBridge.start(database, files, folder.resolve("two"), "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        okta.close();
    }

    @BeforeEach
    void both_know_the_same() {
        assertThat(one.pull("lab").get("status").asText()).isEqualTo("done");
    }

    @Test
    void what_it_read_before_removes_nobody_after_another_bridge_has_read_the_source() {
        joins("early");
        CountDownLatch wakes = door.close(asked);
        UUID run = sleeps();
        String late = joins("late");
        one.sql.update("update run set started_at = now() - interval '25 hours' where id = ?", run);
        assertThat(two.pull("lab").get("status").asText()).isEqualTo("done");
        List<String> both = two.memberships();
        assertThat(both).anyMatch(line -> line.contains(late));
        wakes.countDown();
        assertThat(over(run).get("status").asText()).isEqualTo("failed");
        assertThat(two.memberships()).isEqualTo(both);
        assertThat(two.pull("lab").get("status").asText()).as("nobody has the source").isEqualTo("done");
    }

    @Test
    void a_run_that_another_bridge_goes_on_with_is_left_to_it() {
        String early = joins("first");
        CountDownLatch wakes = door.close(asked);
        UUID run = sleeps();
        CountDownLatch goesOn = door.close(asked);
        assertThat(two.startPull("lab")).isEqualTo(run.toString());
        door.awaitCall(asked);
        wakes.countDown();
        await(() -> one.bean(Leases.class).of(LAB, run).isEmpty());
        assertThat(two.run(run.toString()).get("status").asText()).as("whoever woke up has not ended it").isEqualTo("reading");
        goesOn.countDown();
        assertThat(over(run).get("status").asText()).isEqualTo("done");
        assertThat(two.memberships()).as("what was staged is there still").anyMatch(line -> line.contains(early));
    }

    @Test
    void what_a_crashed_database_has_lost_of_a_reading_removes_nobody() {
        joins("new");
        List<String> before = one.memberships();
        CountDownLatch wakes = door.close(asked);
        UUID run = sleeps();
        one.sql.execute("truncate stage_run, run_page, stage_record, stage_member"); // unlogged: that is what a crash leaves of them
        wakes.countDown();
        assertThat(over(run).get("status").asText()).isEqualTo("failed");
        assertThat(one.run(run.toString()).get("message").asText()).contains("the database has lost what was read so far", "nobody is removed");
        assertThat(one.memberships()).isEqualTo(before);
    }

    /** Somebody new in the group; gives his address. */
    private String joins(String name) {
        String id = "00u" + name;
        okta.company().add(id, name, "Young", name + ".young@acme.com");
        okta.company().join(group, id);
        return name + ".young@acme.com";
    }

    /** A run of the first bridge that has read all lists, and whose lease is over. */
    private UUID sleeps() {
        okta.company().delete(leaver);
        UUID run = UUID.fromString(one.startPull("lab"));
        door.awaitCall(asked);
        assertThat(one.count("select count(*) from stage_member where group_id = ?", group)).isPositive();
        one.sql.update("update source_state set lease_until = now() - interval '1 second' where source = 'lab'");
        return run;
    }

    /** The run once it is over, and no bridge has anything to do with it. */
    private static JsonNode over(UUID run) {
        await(() -> !List.of("reading", "applying").contains(two.run(run.toString()).get("status").asText()) && one.bean(Leases.class).of(LAB, run).isEmpty() && two.bean(Leases.class).of(LAB, run).isEmpty());
        return two.run(run.toString());
    }

    private static void await(BooleanSupplier what) {
        for (int i = 0; i < 2_400 && !what.getAsBoolean(); i++) {
            TestBridge.pause(25);
        }
        assertThat(what.getAsBoolean()).isTrue();
    }
}
