package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that is paused or released while a pull reads it: that pull does nothing any more. */
class StoppedPullsTest {
    @TempDir
    static Path folder;
    static final Door door = new Door();
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(24, 2, 1), "secret", 0, door);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s").manyMayLeave();
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @BeforeEach
    void pulled() {
        bridge.api("POST", "/sources/lab/resume", "");
        assertThat(bridge.pullAll("lab").get("status").asText()).isIn("done", "held");
    }

    @Test
    void a_pull_under_way_stops_with_the_pause_and_goes_on_where_it_was_after_it() {
        Company.Person leaver = okta.company().people("", 1).getFirst();
        CountDownLatch opens = door.close("/groups");
        okta.company().status(leaver.id(), "SUSPENDED");
        String run = bridge.startPull("lab");
        door.awaitCall("/groups");
        bridge.api("POST", "/sources/lab/pause", "");
        opens.countDown();
        bridge.waitFor("select count(*) from source_state where source = 'lab' and lease_owner is not null", 0);
        assertThat(bridge.api("POST", "/sources/lab/runs", "{}").body().get("detail").asText()).contains("is paused");
        assertThat(bridge.people("archived")).doesNotContain(leaver.email());
        assertThat(bridge.run(run).get("message").asText()).as("whoever waits for its end is told").isEqualTo("paused; it goes on at its page after source resume");
        bridge.api("POST", "/sources/lab/resume", "");
        awaitNobodyReads(bridge, "lab");
        assertThat(bridge.pull("lab").get("id").asText()).as("the same run").isEqualTo(run);
        assertThat(bridge.people("archived")).contains(leaver.email());
    }

    @Test
    void a_pull_under_way_brings_nobody_into_a_source_that_was_released() {
        okta.company().add("00u99", "New", "One", "new.one@acme.com");
        okta.company().join(okta.company().groups("", 1).getFirst().getKey(), "00u99");
        CountDownLatch opens = door.close("/groups");
        String run = bridge.startPull("lab");
        door.awaitCall("/groups");
        assertThat(bridge.api("POST", "/sources/lab/release", "").status()).isEqualTo(200);
        opens.countDown();
        awaitNobodyReads(bridge, "lab");
        assertThat(bridge.run(run).get("status").asText()).isEqualTo("failed");
        assertThat(bridge.run(run).get("message").asText()).isEqualTo("the source was released meanwhile");
        assertThat(bridge.people("active")).doesNotContain("new.one@acme.com");
        assertThat(bridge.count("select count(*) from account where source = 'lab' and gone_at is null")).isZero();
        bridge.api("POST", "/sources/lab/resume", "");
        assertThat(bridge.pull("lab").get("id").asText()).isNotEqualTo(run);
        assertThat(bridge.people("active")).contains("new.one@acme.com");
    }

    @Test
    void whoever_comes_back_with_his_source_weeks_after_its_release_is_in_the_groups_whose_lists_have_not_changed() {
        List<String> before = bridge.memberships();
        assertThat(before).isNotEmpty();
        bridge.api("POST", "/sources/lab/release", "");
        bridge.sql.queryForList("select id from plan where status = 'held'", Long.class).forEach(plan -> bridge.api("POST", "/plans/" + plan + "/approve", "{}"));
        assertThat(bridge.memberships()).isEmpty();
        bridge.sql.update("update group_member set removed_at = removed_at - interval '8 days' where removed_at is not null");
        bridge.bean(Retention.class).run();
        bridge.api("POST", "/sources/lab/resume", "");
        bridge.pull("lab");
        assertThat(bridge.memberships()).isEqualTo(before);
    }

    /** The thread that read finds out with its next write. */
    static void awaitNobodyReads(TestBridge bridge, String source) {
        Leases leases = bridge.bean(Leases.class);
        SourceName name = new SourceName(source);
        for (int i = 0; i < 600 && leases.reads(name); i++) {
            TestBridge.pause(50);
        }
        assertThat(leases.reads(name)).isFalse();
    }
}
