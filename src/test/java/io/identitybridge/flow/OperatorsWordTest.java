package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator says about one person holds against every source, is in the audit with his name and reason, and stops at the last hop. */
class OperatorsWordTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab", "okta", "scim").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}")
            .edit("okta.yaml", "admit: in-any-workspace   ", "admit: everybody          ").edit("okta.yaml", "    plan: []\n", "    plan: [create user ada@acme.com]\n"));

    private final String name = TestBridge.unique();

    @Test
    void a_revoked_person_is_archived_at_once_and_nothing_a_source_says_brings_him_back_before_it_is_lifted() {
        String id = push("lab", "a", mail("ada"));
        group("Sales", id);
        spendTheLimit();
        assertThat(hand("revoke", "\"person\":\"" + mail("ada") + "\"")).contains("revoke " + mail("ada"), "archive user " + mail("ada"), "remove " + mail("ada") + " from Sales " + name);
        assertThat(bridge.people("archived")).as("past the limit").contains(mail("ada"));
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":true,\"title\":\"x\"}}]}");
        push("okta", "b", mail("ada"));
        assertThat(bridge.people("active")).as("neither by his account nor by another source's").doesNotContain(mail("ada"));
        bridge.scim("lab", "POST", "/Users", TestBridge.user("c-" + name, mail("ada"), true).replaceFirst("userName\":\"ada", "userName\":\"other"));
        assertThat(bridge.people("active")).as("nor by a new account of the same source").doesNotContain(mail("ada"));
        assertThat(letter("c-" + name)).contains("is the address of somebody whom an operator has revoked").doesNotContain("active");
        assertThat(bridge.api("GET", "/explain?person=" + mail("ada"), "").body().get("why").toString()).contains("revoked by operator").contains("because");
        assertThat(hand("lift", "\"person\":\"" + mail("ada") + "\"")).contains("revive user " + mail("ada"), "add " + mail("ada") + " to Sales " + name + " as member");
        assertThat(bridge.people("active")).contains(mail("ada"));
        assertThat(audit()).contains("revoke " + mail("ada") + ": because", "lift the revocation of " + mail("ada") + ": because");
    }

    /** By e-mail, by user name, by the IdP's id and by ours. */
    @Test
    void whoever_has_no_place_yet_is_revoked_and_gets_none() {
        String rv1 = waiting("rv1");
        String rv2 = waiting("rv2");
        String rv3 = waiting("rv3");
        assertThat(hand("revoke", "\"person\":\"" + mail("rv1") + "\"")).contains("revoke " + mail("rv1"));
        assertThat(hand("revoke", "\"person\":\"rv2-" + name + "\"")).contains("revoke " + mail("rv2"));
        assertThat(hand("revoke", "\"person\":\"" + rv3 + "\"")).contains("revoke " + mail("rv3"));
        bridge.scim("scim", "POST", "/Groups", "{\"displayName\":\"ws-Late " + name + "-role-admin\",\"members\":[{\"value\":\"" + rv1 + "\"},{\"value\":\"" + rv2 + "\"},{\"value\":\"" + rv3 + "\"}]}");
        push("okta", "other", mail("rv1"));
        assertThat(bridge.people("active")).doesNotContain(mail("rv1"), mail("rv2"), mail("rv3"));
        assertThat(bridge.api("GET", "/explain?person=" + mail("rv1"), "").body().get("why").toString()).contains("revoked by operator");
        assertThat(hand("lift", "\"person\":\"" + mail("rv1") + "\"")).contains("revive user " + mail("rv1"), "add " + mail("rv1") + " to Late " + name + " as admin");
        assertThat(bridge.people("active")).doesNotContain(mail("rv2"), mail("rv3"));
    }

    private String waiting(String who) {
        String id = push("scim", who, mail(who));
        assertThat(bridge.people("active")).as("no place yet").doesNotContain(mail(who));
        return id;
    }

    @Test
    void an_id_that_two_sources_give_to_two_people_revokes_neither() {
        push("lab", "same", mail("one"));
        push("okta", "same", mail("two"));
        assertThat(bridge.api("POST", "/revoke", "{\"person\":\"same-" + name + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("is the name of several accounts: lab same-" + name + ", okta same-" + name);
        assertThat(bridge.people("active")).contains(mail("one"), mail("two"));
    }

    @Test
    void a_user_name_that_two_sources_give_to_two_people_names_neither() {
        for (String source : List.of("lab", "okta")) {
            String id = bridge.scim(source, "POST", "/Users", TestBridge.user(source + "-" + name, mail(source), true).replace("\"userName\":\"" + mail(source), "\"userName\":\"ada-" + name)).body().get("id").asText();
            bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-Place " + source + name + "-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}");
        }
        assertThat(bridge.people("active")).contains(mail("lab"), mail("okta"));
        assertThat(bridge.api("POST", "/revoke", "{\"person\":\"ada-" + name + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("is the name of several people: " + mail("lab") + ", " + mail("okta"));
        assertThat(bridge.people("active")).contains(mail("lab"), mail("okta"));
        hand("revoke", "\"person\":\"" + mail("lab") + "\"");
        assertThat(hand("revoke", "\"person\":\"ada-" + name + "\"")).as("only one is there by now").contains("revoke " + mail("okta"));
        assertThat(bridge.api("POST", "/lift", "{\"person\":\"ada-" + name + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("is the name of several people");
    }

    @Test
    void nobody_is_revoked_whom_the_last_hop_protects_or_who_is_not_known_and_nobody_twice() {
        assertThat(bridge.api("POST", "/revoke", "{\"person\":\"nobody@acme.com\",\"reason\":\"because\"}").body().get("detail").asText()).contains("nobody is known as");
        String id = push("lab", "x", mail("boss"));
        bridge.sql.update("update person set org_role = 'owner' where email_folded = ?", mail("boss"));
        bridge.sql.update("update account set roles = '{owner}' where id = ?::uuid", id);
        Answer owner = bridge.api("POST", "/revoke", "{\"person\":\"" + mail("boss") + "\",\"reason\":\"because\"}");
        assertThat(owner.status()).isEqualTo(409);
        assertThat(owner.body().get("detail").asText()).contains("the last owner of the organisation");
        assertThat(bridge.people("active")).contains(mail("boss"));
        bridge.sql.update("update person set org_role = 'member' where email_folded = ?", mail("boss"));
        hand("revoke", "\"person\":\"" + mail("boss") + "\"");
        assertThat(bridge.api("POST", "/revoke", "{\"person\":\"" + mail("boss") + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("is revoked already, by operator");
    }

    @Test
    void a_linked_account_gives_its_own_to_the_person_and_whoever_has_no_account_left_is_archived() {
        push("lab", "a", mail("ada"));
        String other = bridge.scim("okta", "POST", "/Users", TestBridge.user("b-" + name, mail("countess"), true)).body().get("id").asText();
        bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Sales " + name + "-role-admin\",\"members\":[{\"value\":\"" + other + "\"}]}");
        assertThat(bridge.people("active")).contains(mail("ada"), mail("countess"));
        List<String> said = hand("link", "\"source\":\"okta\",\"account\":\"b-" + name + "\",\"person\":\"" + mail("ada") + "\"");
        assertThat(said).contains("link okta b-" + name + " to " + mail("ada"), "archive user " + mail("countess"), "add " + mail("ada") + " to Sales " + name + " as admin");
        assertThat(bridge.people("archived")).contains(mail("countess"));
        assertThat(bridge.memberships()).contains("Sales " + name + "/" + mail("ada") + "=admin");
        bridge.scim("okta", "PATCH", "/Users/" + other, OFF);
        assertThat(bridge.memberships()).as("it follows its own account").doesNotContain("Sales " + name + "/" + mail("ada") + "=admin");
        assertThat(bridge.people("active")).contains(mail("ada"));
        assertThat(audit()).contains("link okta b-" + name + " to " + mail("ada") + ": because");
    }

    @Test
    void an_unlinked_account_is_somebody_else_and_is_not_joined_again_by_the_address() {
        push("lab", "a", mail("ada"));
        String other = push("okta", "b", mail("ada"));
        hand("unlink", "\"source\":\"okta\",\"account\":\"b-" + name + "\"");
        assertThat(letter("b-" + name)).as("one address is one person's").contains("belongs to somebody else");
        bridge.scim("okta", "PUT", "/Users/" + other, TestBridge.user("b-" + name, mail("ada.two"), true));
        assertThat(bridge.people("active")).contains(mail("ada"), mail("ada.two"));
        assertThat(letter("b-" + name)).isEmpty();
        assertThat(bridge.api("POST", "/unlink", "{\"source\":\"okta\",\"account\":\"b-" + name + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("is the only account of");
        hand("link", "\"source\":\"okta\",\"account\":\"b-" + name + "\",\"person\":\"" + mail("ada") + "\"");
        assertThat(bridge.people("archived")).contains(mail("ada.two"));
    }

    @Test
    void a_re_anchored_account_keeps_its_person_under_the_new_id_and_one_that_came_under_it_takes_its_place() {
        String id = push("lab", "a", mail("ada"));
        String person = person("ada");
        assertThat(hand("re-anchor", "\"source\":\"lab\",\"account\":\"a-" + name + "\",\"id\":\"new-" + name + "\"")).contains("re-anchor lab a-" + name + " to new-" + name);
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").body().get("externalId").asText()).isEqualTo("new-" + name);
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("rebuilt-" + name, mail("ada"), true).replaceFirst("userName\":\"ada", "userName\":\"rebuilt")).status()).isEqualTo(201);
        assertThat(letter("rebuilt-" + name)).contains("belongs to somebody else of lab");
        hand("re-anchor", "\"source\":\"lab\",\"account\":\"new-" + name + "\",\"id\":\"rebuilt-" + name + "\"");
        assertThat(letter("rebuilt-" + name)).isEmpty();
        assertThat(person("ada")).isEqualTo(person);
        assertThat(bridge.people("active")).contains(mail("ada"));
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void an_undone_plan_gives_back_what_it_took_and_stays_undone_until_the_facts_change() {
        String id = push("lab", "a", mail("ada"));
        String group = group("Sales", id);
        spendTheLimit();
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        long plan = bridge.count("select plan_id from plan_line where sentence = ? and status = 'held'", "archive user " + mail("ada"));
        assertThat(bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"because\"}").body().get("detail").asText()).contains("nothing of plan " + plan + " was done");
        approve(plan, mail("ada"));
        assertThat(bridge.people("archived")).contains(mail("ada"));
        Answer undone = bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"because\"}");
        assertThat(undone.status()).as(undone.toString()).isEqualTo(200);
        assertThat(undone.body().get("lines").toString()).contains("archive user " + mail("ada") + ": undone (revive user " + mail("ada") + ")", "remove " + mail("ada") + " from Sales " + name + ": undone");
        assertThat(bridge.memberships()).contains("Sales " + name + "/" + mail("ada") + "=member");
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}]}");
        assertThat(bridge.memberships()).as("the facts are as they were").contains("Sales " + name + "/" + mail("ada") + "=member");
        bridge.sql.update("update tally set at = at - interval '2 days'");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).as("he is deleted: that is another fact").contains(mail("ada"));
        assertThat(bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"because\"}").status()).as("it is undone already").isEqualTo(409);
        assertThat(audit()).contains("undo plan " + plan + ": because");
        assertThat(group).isNotBlank();
    }

    @Test
    void an_undo_says_what_cannot_be_undone() {
        String id = push("lab", "a", mail("ada"));
        spendTheLimit();
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        long plan = bridge.count("select plan_id from plan_line where sentence = ? and status = 'held'", "archive user " + mail("ada"));
        approve(plan, mail("ada"));
        bridge.sql.update("update tally set at = at - interval '2 days'");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF.replace("false", "true"));
        JsonNode lines = bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"because\"}").body().get("lines");
        assertThat(lines.toString()).contains("archive user " + mail("ada") + ": cannot be undone: he is active again already");
    }

    @Test
    void a_membership_that_went_and_came_within_a_day_is_not_taken_again_before_somebody_has_looked() {
        String id = push("lab", "a", mail("ada"));
        String group = group("Sales", id);
        String row = "Sales " + name + "/" + mail("ada") + "=member";
        member(group, id, false);
        assertThat(bridge.memberships()).doesNotContain(row);
        member(group, id, true);
        member(group, id, false);
        assertThat(bridge.memberships()).contains(row);
        assertThat(bridge.api("GET", "/plans?status=held&source=lab", "").body().toString()).as("the alarm").contains("it went and came again within 24 hours");
        member(group, id, true);
        assertThat(bridge.count("select count(*) from plan_line where status = 'held' and sentence = ?", "remove " + mail("ada") + " from Sales " + name)).isZero();
        bridge.sql.update("update left_membership set at = at - interval '25 hours'");
        member(group, id, false);
        assertThat(bridge.memberships()).as("a day later it is a removal like any other").doesNotContain(row);
    }

    @Test
    void a_leaver_is_never_held_because_his_memberships_came_and_went() {
        String id = push("lab", "a", mail("ada"));
        String group = group("Sales", id);
        member(group, id, false);
        member(group, id, true);
        bridge.sql.update("update tally set at = at - interval '2 days'");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertThat(bridge.people("archived")).contains(mail("ada"));
    }

    /** The one archive a day is somebody else's. */
    private void spendTheLimit() {
        bridge.sql.update("update tally set at = at - interval '2 days'");
        bridge.scim("lab", "PATCH", "/Users/" + push("lab", "spent", mail("spent")), OFF);
    }

    private void approve(long plan, String email) {
        List<Integer> numbers = bridge.sql.queryForList("select n from plan_line where plan_id = ? and sentence like ?", Integer.class, plan, "%" + email + "%");
        Answer answer = bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":" + numbers + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private static List<String> hand(String word, String body) {
        Answer answer = bridge.api("POST", "/" + word, "{" + body + ",\"reason\":\"because\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        List<String> said = new ArrayList<>();
        answer.body().get("done").forEach(sentence -> said.add(sentence.asText()));
        return said;
    }

    private static List<String> audit() {
        return bridge.sql.queryForList("select unnest(changes) from audit where actor = 'operator'", String.class);
    }

    private static String letter(String key) {
        return String.join("", bridge.sql.queryForList("select sentence from dead_letter where key = ? and status = 'open'", String.class, key));
    }

    private String person(String who) {
        return bridge.sql.queryForObject("select id::text from person where email_folded = ? and not freed", String.class, mail(who));
    }

    private String mail(String who) {
        return who + "." + name + "@acme.com";
    }

    private String push(String source, String id, String mail) {
        return bridge.pushed(source, id + "-" + name, mail);
    }

    private String group(String workspace, String member) {
        return bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + " " + name + "-role-member\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
    }

    private static void member(String group, String member, boolean in) {
        Answer answer = bridge.scim("lab", "PATCH", "/Groups/" + group, in ? "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + member + "\"}]}]}"
                : "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + member + "\\\"]\"}]}");
        assertThat(answer.status()).isLessThan(300);
    }
}
