package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.source.IdpServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory says with 200 and in good form, and what must not be believed at once; 12 people, a team for each, one of all. */
class ReadingProofTest {
    private static final int PEOPLE = 12;
    @TempDir
    static Path folder;
    static IdpServer idp;
    static TestBridge bridge;

    @BeforeAll
    static void start() {
        idp = new IdpServer();
        BridgeFiles files = BridgeFiles.of(folder, "acme-directory").edit("acme-directory.source.yaml", "at-least: {users: 50, groups: 3}", "lag: 0s #").edit("acme-directory.yaml", "group-missing: keep", "group-missing: remove-members")
                .edit("acme-directory.source.yaml", "members: /people, member: \"\"}", "members: /people, member: \"\", by-id: {path: \"/teams/${id}\"}}")
                .edit("acme-directory.source.yaml", "  - name: an empty directory is refused\n    resource: users\n    pages: [{body: {data: [], total: 0}}]\n    refused: \"users: 0 read, at least 50 expected\"\n", "");
        bridge = TestBridge.start(files, folder, "DIRECTORY_URL=" + idp.url(), "DIRECTORY_TOKEN=secret");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        idp.close();
    }

    @BeforeEach
    @AfterEach
    void everybody() {
        list("/staff", staff(1));
        list("/teams", teams(0, true));
        assertThat(pull().get("status").asText()).isEqualTo("done");
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE);
    }

    @Test
    void lists_of_members_that_are_all_empty_at_once_are_a_right_that_was_lost() {
        list("/teams", teams(0, false));
        assertThat(failed()).contains("members: 0 read in 13 groups, and at least 10 held before; nobody is removed for that");
    }

    /** The team cannot be asked for alone, so all are read again; what is in neither reading is out. */
    @Test
    void a_list_of_members_that_is_short_once_takes_nobody_out_and_one_that_is_short_twice_does() {
        List<String> less = new ArrayList<>(teams(0, true));
        less.set(0, less.getFirst().replace("[1, 2, 3, ", "["));
        twice("/teams", less, teams(0, true));
        JsonNode run = pull();
        assertThat(run.get("message").asText()).contains("1 lists of members lacked somebody, so all groups were read again");
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE);
        assertThat(bridge.count("select count(*) from directory_group where missing_since is not null")).isZero();
        List<String> other = new ArrayList<>(teams(0, true));
        other.set(0, other.getFirst().replace("[1, 2, 3, ", "[1, 2, "));
        twice("/teams", less, other);
        pull();
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE - 1).doesNotContain("All/p3@acme.com=member");
    }

    @Test
    void a_list_of_groups_that_shrank_beyond_belief_is_one_too() {
        list("/teams", teams(PEOPLE, true));
        assertThat(failed()).contains("groups: 1 read, of 13 held before 12 are absent; nobody is removed for that");
    }

    @Test
    void a_record_that_fails_mapping_counts_as_seen_and_keeps_its_person() {
        List<String> staff = new ArrayList<>(staff(1));
        staff.set(4, "{\"staffNo\":5,\"kind\":\"employee\",\"mail\":null,\"name\":{\"given\":null,\"family\":null},\"leaves\":null}");
        list("/staff", staff);
        JsonNode run = pull();
        assertThat(run.get("letters").asInt()).isPositive();
        assertThat(run.at("/seen/users").asInt()).isEqualTo(PEOPLE);
        assertThat(bridge.count("select count(*) from account where missing_since is not null or gone_at is not null")).isZero();
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE);
    }

    @Test
    void a_group_that_the_list_leaves_out_is_asked_for_by_its_id() {
        idp.on("/teams/T1", "{\"code\":\"T1\",\"title\":\"T1 team\"}");
        list("/teams", teams(2, true)); // T1 is there when asked for, T2 is not
        assertThat(pull().get("message").asText()).contains("2 groups absent from the list, 1 of them there when asked for");
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE - 1).contains("T1/p1@acme.com=member");
    }

    private static JsonNode pull() {
        return bridge.pull("acme-directory");
    }

    private static String failed() {
        JsonNode run = pull();
        assertThat(run.get("status").asText()).isEqualTo("failed");
        assertThat(bridge.memberships()).hasSize(2 * PEOPLE);
        assertThat(bridge.count("select count(*) from directory_group where missing_since is not null")).isZero();
        return run.get("message").asText();
    }

    private static List<String> staff(int from) {
        return IntStream.rangeClosed(from, PEOPLE).mapToObj(n -> "{\"staffNo\":" + n + ",\"kind\":\"employee\",\"mail\":\"p" + n + "@acme.com\",\"name\":{\"given\":\"P\",\"family\":\"" + n + "\"},\"leaves\":null}").toList();
    }

    /** @param without so many of the small teams are left out */
    private static List<String> teams(int without, boolean people) {
        List<String> teams = new ArrayList<>(List.of("{\"code\":\"All\",\"title\":\"All team\",\"people\":" + (people ? IntStream.rangeClosed(1, PEOPLE).boxed().toList() : "[]") + "}"));
        IntStream.rangeClosed(1 + without, PEOPLE).forEach(n -> teams.add("{\"code\":\"T" + n + "\",\"title\":\"T" + n + " team\",\"people\":[" + (people ? n : "") + "]}"));
        return teams;
    }

    private static void list(String path, List<String> records) {
        idp.on(path + "?per_page=100&page=1", page(records));
    }

    /** Once so, and from then on so. */
    private static void twice(String path, List<String> once, List<String> again) {
        idp.on(path + "?per_page=100&page=1", IdpServer.Reply.json(page(once)), IdpServer.Reply.json(page(again)));
    }

    private static String page(List<String> records) {
        return "{\"data\":[" + String.join(",", records) + "],\"total\":" + records.size() + "}";
    }
}
