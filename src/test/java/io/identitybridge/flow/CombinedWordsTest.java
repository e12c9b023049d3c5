package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Two sources about one person, and what waits or was decided for him while one of them goes on: {@code lab} applies, {@code okta} proposes. */
class CombinedWordsTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab", "okta").edit("portkey.yaml", "remove:  {share: 10%, always-allow: 20}", "remove:  {at-most: 1}").manyMayLeave()
            .edit("portkey.yaml", "  okta:  {mode: apply,", "  okta:  {mode: propose,"));

    private final String name = TestBridge.unique();

    @Test
    void a_leaver_does_not_wait_because_a_membership_of_the_source_that_he_has_left_waits_and_another_one_gives_him_no_place() {
        String id = push("lab", "a", mail("ada"));
        String group = group("lab", "Sales", id);
        push("okta", "b", mail("ada"));
        spendRemovals();
        member("lab", group, id, false);
        assertThat(bridge.held()).contains("remove " + mail("ada") + " from Sales " + name);
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertThat(bridge.people("archived")).contains(mail("ada"));
    }

    @Test
    void what_was_rejected_of_a_proposing_source_is_not_done_by_another_ones_next_word() {
        String lab = push("lab", "a", mail("ada"));
        removedByOkta();
        freshDay();
        title(lab);
        assertThat(bridge.memberships()).as("held").contains("Sales " + name + "/" + mail("ada") + "=member");
        rejectAll();
        title(lab);
        assertThat(bridge.memberships()).as("rejected, same facts").contains("Sales " + name + "/" + mail("ada") + "=member");
        display(lab, "Countess");
        assertThat(bridge.memberships()).as("another name").contains("Sales " + name + "/" + mail("ada") + "=member");
    }

    @Test
    void nor_by_another_ones_new_group() {
        String lab = push("lab", "a", mail("ada"));
        removedByOkta();
        freshDay();
        rejectAll();
        group("lab", "Other", lab);
        assertThat(bridge.memberships()).as("another group").contains("Sales " + name + "/" + mail("ada") + "=member");
    }

    @Test
    void facts_of_a_proposing_source_that_nobody_has_judged_yet_are_not_done_by_another_ones_word() {
        String lab = push("lab", "a", mail("ada"));
        String okta = push("okta", "b", mail("ada"));
        group("okta", "Sales", okta);
        approveAll();
        freshDay();
        bridge.sql.update("update group_member set removed_at = now() where account_id = ?::uuid", okta);
        bridge.sql.update("insert into due (account_id, source, cause) values (?::uuid, 'okta', 'run:x')", okta);
        title(lab);
        assertThat(bridge.memberships()).contains("Sales " + name + "/" + mail("ada") + "=member");
        assertThat(bridge.sql.queryForList("select reason from plan_line where status = 'held' and sentence = ?", String.class, "remove " + mail("ada") + " from Sales " + name)).containsExactly("the mode of okta is propose (portkey.yaml)");
        approveAll();
        assertThat(bridge.memberships()).as("and an approval does it").doesNotContain("Sales " + name + "/" + mail("ada") + "=member");
    }

    @Test
    void a_proposing_authority_ends_nobody_by_another_ones_word_either() {
        try (TestBridge own = TestBridge.of(BridgeFiles.of("lab", "okta").edit("portkey.yaml", "authority: []", "authority: [okta, lab]").edit("portkey.yaml", "  okta:  {mode: apply,", "  okta:  {mode: propose,"))) {
            String lab = own.scim("lab", "POST", "/Users", TestBridge.user("a", "ada@acme.com", true)).body().get("id").asText();
            String okta = own.scim("okta", "POST", "/Users", TestBridge.user("b", "ada@acme.com", true)).body().get("id").asText();
            own.sql.update("update account set standing = 'LEFT', active = false where id = ?::uuid", okta); // as a run leaves it whose deeds have not come to him yet
            own.sql.update("insert into due (account_id, source, cause) values (?::uuid, 'okta', 'run:x') on conflict do nothing", okta);
            own.scim("lab", "PATCH", "/Users/" + lab, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}]}");
            assertThat(own.people("active")).containsExactly("ada@acme.com");
            own.sql.queryForList("select id from plan where status = 'held'", Long.class).forEach(plan -> own.api("POST", "/plans/" + plan + "/approve", "{}"));
            assertThat(own.people("archived")).containsExactly("ada@acme.com");
        }
    }

    @Test
    void a_rejected_removal_outlives_what_has_nothing_to_do_with_it_and_not_a_change_of_its_own_facts() {
        String id = push("lab", "a", mail("ada"));
        String group = group("lab", "Sales", id);
        spendRemovals();
        member("lab", group, id, false);
        rejectAll();
        freshDay();
        title(id);
        assertThat(bridge.memberships()).as("same").contains("Sales " + name + "/" + mail("ada") + "=member");
        display(id, "Countess");
        group("lab", "Other", id);
        assertThat(bridge.memberships()).as("another name, another place").contains("Sales " + name + "/" + mail("ada") + "=member");
        member("lab", group, id, true);
        bridge.sql.update("delete from left_membership");
        member("lab", group, id, false);
        assertThat(bridge.memberships()).as("he was in it since").doesNotContain("Sales " + name + "/" + mail("ada") + "=member");
    }

    @Test
    void nobody_keeps_a_role_that_is_taken_from_him_because_a_proposing_source_would_leave_him_a_lower_one() {
        String lab = push("lab", "a", mail("ada"));
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales " + name + "-role-admin\",\"members\":[{\"value\":\"" + lab + "\"}]}").body().get("id").asText();
        group("okta", "Sales", push("okta", "b", mail("ada")));
        freshDay();
        assertThat(bridge.memberships()).contains("Sales " + name + "/" + mail("ada") + "=admin");
        member("lab", group, lab, false);
        assertThat(bridge.memberships()).doesNotContain("Sales " + name + "/" + mail("ada") + "=admin");
    }

    /** What okta gave, and was approved, it takes away again: that waits. */
    private void removedByOkta() {
        String okta = push("okta", "b", mail("ada"));
        String group = group("okta", "Sales", okta);
        approveAll();
        assertThat(bridge.memberships()).contains("Sales " + name + "/" + mail("ada") + "=member");
        member("okta", group, okta, false);
        assertThat(bridge.held()).contains("remove " + mail("ada") + " from Sales " + name);
    }

    private void spendRemovals() {
        freshDay();
        String id = push("lab", "spent", mail("spent"));
        member("lab", group("lab", "Spent", id), id, false);
    }

    private static void freshDay() {
        bridge.sql.update("update tally set at = at - interval '2 days'");
    }

    private static void title(String id) {
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"" + TestBridge.unique() + "\"}]}");
    }

    private static void display(String id, String to) {
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + to + "\"}]}");
    }

    private static void approveAll() {
        bridge.sql.queryForList("select id from plan where status = 'held'", Long.class).forEach(plan -> assertThat(bridge.api("POST", "/plans/" + plan + "/approve", "{}").status()).isEqualTo(200));
    }

    private static void rejectAll() {
        bridge.sql.queryForList("select id from plan where status = 'held'", Long.class).forEach(plan -> assertThat(bridge.api("POST", "/plans/" + plan + "/reject", "{\"reason\":\"because\"}").status()).isEqualTo(200));
    }

    private String mail(String who) {
        return who + "." + name + "@acme.com";
    }

    private String push(String source, String id, String mail) {
        return bridge.pushed(source, id + "-" + name, mail);
    }

    private String group(String source, String workspace, String member) {
        return bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + " " + name + "-role-member\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
    }

    private static void member(String source, String group, String member, boolean in) {
        Answer answer = bridge.scim(source, "PATCH", "/Groups/" + group, in ? "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + member + "\"}]}]}"
                : "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + member + "\\\"]\"}]}");
        assertThat(answer.status()).isLessThan(300);
    }
}
