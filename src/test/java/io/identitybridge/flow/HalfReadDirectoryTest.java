package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a directory leaves out while it is read, nobody is removed for it, and the run says why. */
class HalfReadDirectoryTest {
    @TempDir
    static Path folder;
    static StandInOkta okta;
    static TestBridge bridge;
    static List<String> members;

    @BeforeAll
    static void pulledOnce() throws IOException {
        okta = new StandInOkta(Company.usual(), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 2");
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
        members = bridge.memberships();
        assertThat(members).hasSizeGreaterThan(150);
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @AfterEach
    void nobody_was_removed() {
        okta.faults().set(List.of());
        everybodyIsThere();
        assertThat(bridge.count("select count(*) from account where missing_since is not null or gone_at is not null")).isZero();
        assertThat(bridge.pull("lab").get("status").asText()).as("the next whole pull").isEqualTo("done");
        everybodyIsThere();
    }

    @Test
    void page_3_of_5_fails_for_good() {
        assertThat(failed(Faults.Kind.STATUS_503, "/users", 3)).contains("503");
    }

    @Test
    void page_3_is_cut_in_the_middle_for_good() {
        failed(Faults.Kind.CUT, "/users", 3);
    }

    @Test
    void the_first_page_is_empty() {
        assertThat(failed(Faults.Kind.EMPTY, "/users", 1)).contains("users");
    }

    @Test
    void the_list_of_groups_is_empty() {
        assertThat(failed(Faults.Kind.EMPTY, "/groups", 1)).contains("groups: 0 read, of 12 held before 12 are absent; nobody is removed for that");
    }

    @Test
    void a_page_links_to_itself() {
        assertThat(failed(Faults.Kind.REPEATED, "/users", 2)).contains("leads back");
    }

    @Test
    void a_groups_members_fail_for_good() {
        assertThat(failed(Faults.Kind.STATUS_503, "/groups/00g00000001/users", 1)).contains("503");
    }

    /** Okta gives no total to hold a page against; who is missing from a short one is asked for by id and found to be there. */
    @Test
    void a_page_is_short() {
        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.SHORT, "/users", 2, 0, 0)));
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("message").asText()).contains("25 users absent from the list, 25 of them there when asked for");
        everybodyIsThere();
    }

    @Test
    void a_groups_list_of_members_is_short_once() {
        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.SHORT, "/groups/00g00000002/users", 2, 1, 0)));
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("status").asText()).isEqualTo("done");
        assertThat(run.get("message").asText()).contains("its list of members came short and was read again");
        everybodyIsThere();
    }

    private static void everybodyIsThere() {
        List<String> now = bridge.memberships();
        assertThat(members.stream().filter(member -> !now.contains(member)).toList()).as("lost").isEmpty();
        assertThat(now.stream().filter(member -> !members.contains(member)).toList()).as("new").isEmpty();
    }

    private static String failed(Faults.Kind kind, String path, int page) {
        okta.faults().set(List.of(new Faults.Fault(kind, path, page, 0, 0)));
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("failed");
        assertThat(run.get("message").asText()).containsPattern("nobody (is|was) removed");
        return run.get("message").asText();
    }

    @Tag("real")
    @Test
    void a_run_that_broke_off_among_the_members_of_groups_ends_as_an_undisturbed_one() throws IOException {
        List<String> database = TestDatabase.freshAddress();
        BridgeFiles files = BridgeFiles.of(folder.resolve("resumed"), "lab");
        try (StandInOkta idp = new StandInOkta(Company.of(60, 12, 2), "secret", 0)) {
            String last = idp.company().groups("", 100).getLast().getKey();
            idp.faults().set(List.of(new Faults.Fault(Faults.Kind.SLOW, "/groups/" + last + "/users", 1, 1, 60_000)));
            TestBridge broken = TestBridge.start(database, files, folder, "lab.url=" + idp.url(), "lab.token=secret");
            String run = broken.startPull("lab");
            for (int i = 0; i < 600 && broken.count("select count(*) from run_page where resource = 'members'") < 11; i++) {
                TestBridge.pause(50);
            }
            int before = broken.run(run).get("pages").asInt();
            try (TestBridge next = TestBridge.start(database, files, folder, "lab.url=" + idp.url(), "lab.token=secret");
                    TestBridge undisturbed = TestBridge.start(files, folder.resolve("resumed"), "lab.url=" + idp.url(), "lab.token=secret")) {
                JsonNode resumed = next.pull("lab");
                assertThat(resumed.get("id").asText()).as("it goes on").isEqualTo(run);
                assertThat(resumed.get("pages").asInt() - before).as("one page of groups, and the lists that were not there yet").isLessThanOrEqualTo(3);
                undisturbed.pull("lab");
                assertThat(next.memberships()).isEqualTo(undisturbed.memberships());
            } finally {
                broken.close();
            }
        }
    }
}
