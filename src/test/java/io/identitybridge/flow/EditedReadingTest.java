package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.source.IdpServer;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source file that reads less than before: nobody and nothing is removed for that at once, neither by the next pull nor by a later one. */
class EditedReadingTest {
    private static final int PEOPLE = 12;
    @TempDir
    Path folder;
    IdpServer idp;
    BridgeFiles files;
    TestBridge bridge;
    List<String> database = TestDatabase.freshAddress();

    @BeforeEach
    void pulledOnce() {
        idp = new IdpServer();
        staff(idp, "/staff", 1, PEOPLE);
        teams(idp, "/teams", Map.of("Sales", 12, "Research", 3));
        files = BridgeFiles.of(folder, "acme-directory").edit("portkey.yaml", "acme-directory: {mode: apply,", "acme-directory: {mode: apply, lag: 0s,").edit("acme-directory.source.yaml", "at-least: {users: 50, groups: 3}", "#").edit("acme-directory.yaml", "after: 72h", "after: 0s")
                .edit("acme-directory.yaml", "group-missing: keep", "group-missing: remove-members").edit("acme-directory.source.yaml", "  - name: an empty directory is refused\n    resource: users\n    pages: [{body: {data: [], total: 0}}]\n    refused: \"users: 0 read, at least 50 expected\"\n", "");
        bridge = TestBridge.start(database, files, folder, "DIRECTORY_URL=" + idp.url(), "DIRECTORY_TOKEN=secret");
        assertThat(pull().get("status").asText()).isEqualTo("done");
        assertThat(bridge.memberships()).hasSize(15);
    }

    @AfterEach
    void stop() {
        bridge.close();
        idp.close();
    }

    @Test
    void groups_that_a_narrowed_query_leaves_out_wait_however_often_it_is_pulled() throws IOException {
        teams(idp, "/teams/some", Map.of("Sales", 12));
        edit("path: /teams", "path: /teams/some");
        List<String> before = bridge.memberships();
        pull();
        assertThat(pull().get("status").asText()).isEqualTo("held");
        pull();
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(held()).containsPattern("routes/acme-directory.source.yaml:\\d+ was edited").contains("remove p1@acme.com from Research");
        approve();
        assertThat(bridge.memberships()).hasSize(12).allMatch(line -> line.startsWith("Sales/"));
    }

    @Test
    void people_whom_a_narrowed_query_leaves_out_wait_and_a_leaver_after_the_edit_does_not() throws IOException {
        staff(idp, "/staff/some", 3, PEOPLE);
        edit("path: /staff,", "path: /staff/some,");
        pull();
        pull();
        pull();
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).contains("archive user p1@acme.com", "archive user p2@acme.com");
        staff(idp, "/staff/some", 4, PEOPLE);
        pull();
        pull();
        assertThat(bridge.people("archived")).as("was there in the first reading after the edit").containsExactly("p3@acme.com");
    }

    @Test
    void two_edits_in_a_row_forget_nobody_whom_the_first_of_them_missed() throws IOException {
        staff(idp, "/staff/some", 3, PEOPLE);
        edit("path: /staff,", "path: /staff/some,");
        pull();
        staff(idp, "/staff/fewer", 3, PEOPLE);
        edit("path: /staff/some,", "path: /staff/fewer,");
        bridge.sql.update("update source_state set reading = 'as before the first edit'"); // as if the bridge had stopped before that run was done
        pull();
        pull();
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).contains("archive user p1@acme.com", "archive user p2@acme.com");
    }

    @Test
    void members_who_stand_elsewhere_wait_in_the_pull_that_no_longer_finds_them() throws IOException {
        files.edit("acme-directory.yaml", "people: [4711]}, {", "people: [4711], leads: [4711]}, {").edit("acme-directory.yaml", "title: Sales owners, people: [4711]", "title: Sales owners, leads: [4711]");
        edit("members: /people", "members: /leads");
        assertThat(pull().get("status").asText()).isEqualTo("held");
        assertThat(pull().get("status").asText()).isEqualTo("done");
        assertThat(bridge.memberships()).hasSize(15);
    }

    @Test
    void another_directory_by_another_setting_is_an_edit_too() {
        bridge.close();
        try (IdpServer other = new IdpServer()) {
            staff(other, "/staff", 3, PEOPLE);
            teams(other, "/teams", Map.of("Sales", 12));
            bridge = TestBridge.start(database, files, folder, "DIRECTORY_URL=" + other.url(), "DIRECTORY_TOKEN=secret");
            for (int i = 0; i < 3; i++) {
                pull();
            }
            assertThat(bridge.people("archived")).isEmpty();
            assertThat(bridge.memberships()).hasSize(15);
            assertThat(held()).contains("archive user p1@acme.com", "a setting of routes/acme-directory.source.yaml was edited");
        }
    }

    private JsonNode pull() {
        return bridge.pull("acme-directory");
    }

    private void edit(String from, String to) throws IOException {
        files.edit("acme-directory.source.yaml", from, to);
        bridge.activate();
    }

    private String held() {
        return bridge.sql.queryForList("select sentence || ': ' || reason from plan_line where status = 'held'", String.class).toString();
    }

    private void approve() {
        bridge.api("GET", "/plans?status=held", "").body().get("items").forEach(plan -> assertThat(bridge.api("POST", "/plans/" + plan.get("id").asText() + "/approve", "{}").status()).isEqualTo(200));
    }

    private static void staff(IdpServer idp, String path, int from, int to) {
        list(idp, path, IntStream.rangeClosed(from, to).mapToObj(n -> "{\"staffNo\":" + n + ",\"kind\":\"employee\",\"mail\":\"p" + n + "@acme.com\",\"name\":{\"given\":\"P\",\"family\":\"" + n + "\"},\"leaves\":null}").toList());
    }

    /** Teams by name, each with the first so many of the staff. */
    private static void teams(IdpServer idp, String path, Map<String, Integer> sizes) {
        list(idp, path, new TreeMap<>(sizes).entrySet().stream().map(team -> "{\"code\":\"" + team.getKey() + "\",\"title\":\"" + team.getKey() + " team\",\"leads\":[],\"people\":"
                + IntStream.rangeClosed(1, team.getValue()).boxed().collect(Collectors.toList()) + "}").toList());
    }

    private static void list(IdpServer idp, String path, List<String> records) {
        idp.on(path + "?per_page=100&page=1", "{\"data\":[" + String.join(",", records) + "],\"total\":" + records.size() + "}");
    }
}
