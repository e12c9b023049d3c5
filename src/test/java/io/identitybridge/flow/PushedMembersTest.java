package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the IdP pushed into a group is taken out by a list of its API only on the proof that anybody else is: two readings, and not all lists empty. */
class PushedMembersTest {
    private static final String SALES = "ws-Team 0-role-member";
    private static final Faults.Fault SHORT_ONCE = new Faults.Fault(Faults.Kind.SHORT, "/groups/00g00000001/users", 1, 1, 0);
    private static final Faults.Fault EMPTY_FOR_GOOD = new Faults.Fault(Faults.Kind.EMPTY, "/groups/*/users", 1, 0, 0);
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge bridge;

    private void start(int people) throws IOException {
        okta = new StandInOkta(Company.of(people, 2, 1), "secret", 0);
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab"), folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void a_short_list_is_read_again_for_those_who_were_pushed() throws IOException {
        start(24);
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        pushEverybodyAgain();
        okta.faults().set(List.of(SHORT_ONCE));
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("message").asText()).contains("its list of members came short and was read again");
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).isZero();
    }

    @Test
    void lists_that_are_all_empty_remove_nobody_who_was_pushed() throws IOException {
        start(24);
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        pushEverybodyAgain();
        okta.faults().set(List.of(EMPTY_FOR_GOOD));
        refused(bridge.pull("lab"));
        assertThat(bridge.memberships()).isEqualTo(before);
    }

    /** Okta pushes groups and people without the ids that its API gives them: the first pull joins them, and its lists are held against what was pushed. */
    @Test
    void pushed_without_the_idps_ids_a_group_is_not_emptied_by_the_first_pull() throws IOException {
        start(24);
        String members = okta.company().members("00g00000001", "", 100).orElseThrow().stream().map(person -> "{\"value\":\"" + pushed(person) + "\"}").collect(Collectors.joining(","));
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + SALES + "\",\"members\":[" + members + "]}");
        List<String> before = bridge.memberships();
        assertThat(before).hasSize(12);
        old();
        okta.faults().set(List.of(EMPTY_FOR_GOOD));
        refused(bridge.pull("lab"));
        assertThat(bridge.memberships()).containsAll(before);
        okta.faults().set(List.of(SHORT_ONCE));
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("message").asText()).contains("its list of members came short and was read again");
        assertThat(bridge.memberships()).containsAll(before);
    }

    private static void refused(JsonNode run) {
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("failed");
        assertThat(run.get("message").asText()).contains("members: 0 read in 2 groups").contains("nobody is removed");
    }

    private String pushed(Company.Person person) {
        return bridge.scim("lab", "POST", "/Users", "{\"userName\":\"" + person.email() + "\",\"active\":true,\"emails\":[{\"value\":\"" + person.email() + "\",\"type\":\"work\"}]}").body().get("id").asText();
    }

    private void pushEverybodyAgain() {
        for (String group : bridge.sql.queryForList("select id::text from directory_group", String.class)) {
            String members = bridge.sql.queryForList("select account_id::text from group_member where group_id = ?::uuid", String.class, group).stream().map(id -> "{\"value\":\"" + id + "\"}").collect(Collectors.joining(","));
            assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[" + members + "]}]}").status()).isEqualTo(204);
        }
        assertThat(bridge.count("select count(*) from group_member where pushed_at is null")).isZero();
        old();
    }

    /** The lag has passed since. */
    private void old() {
        bridge.sql.update("update group_member set pushed_at = pushed_at - interval '1 hour'");
    }
}
