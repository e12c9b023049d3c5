package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyQuirk;
import io.identitybridge.lab.PortkeyRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do at Portkey by hand, and what the bridge makes of it. */
@Tag("real")
class TargetStoriesTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi();

    @BeforeEach
    void applies() {
        with.quiet();
        with.applies();
    }

    @Test
    void an_invite_that_is_accepted_binds_the_real_user_and_the_rows_it_gave() {
        with.group("ws-Sales-role-manager", with.push("ada", "ada@acme.com", true));
        invited("ada@acme.com");
        with.portkey.byHand().accept("ada@acme.com");
        readLater();
        assertThat(with.owner("ada@acme.com")).isEqualTo("managed");
        assertThat(with.bridge.count("select count(*) from target_person where email_folded = 'ada@acme.com' and user_id is not null")).isEqualTo(1);
        assertThat(with.bridge.sql.queryForList("select m.owner from target_member m join target_person p on p.id = m.person where p.email_folded = 'ada@acme.com'", String.class)).containsExactly("managed");
        assertThat(with.drift()).noneMatch(line -> line.contains("ada@acme.com"));
    }

    @Test
    void an_invite_that_expires_is_sent_again_once_and_then_waits_for_a_person() {
        with.push("bob", "bob@acme.com", true);
        invited("bob@acme.com");
        with.portkey.byHand().expire("bob@acme.com");
        readLater();
        invited("bob@acme.com");
        with.portkey.byHand().expire("bob@acme.com");
        readLater();
        with.settled();
        readLater();
        with.settled();
        assertThat(with.portkey.state().pending("bob@acme.com")).isEmpty();
        assertThat(with.findings()).anyMatch(finding -> finding.startsWith("invite: "));
    }

    @Test
    void an_invite_that_is_cancelled_by_hand_is_not_sent_again_until_an_operator_says_so() {
        with.push("cleo", "cleo@acme.com", true);
        invited("cleo@acme.com");
        readLater();
        with.portkey.byHand().cancel("cleo@acme.com");
        readLater();
        with.settled();
        readLater();
        with.settled();
        assertThat(with.portkey.state().pending("cleo@acme.com")).isEmpty();
        assertThat(with.bridge.api("POST", "/target/invite", "{\"person\":\"cleo@acme.com\",\"reason\":\"he lost it\"}").status()).isEqualTo(200);
        invited("cleo@acme.com");
    }

    @Test
    void a_person_who_is_deleted_by_hand_is_invited_again() {
        with.push("dan", "dan@acme.com", true);
        invited("dan@acme.com");
        with.portkey.byHand().accept("dan@acme.com");
        readLater();
        with.portkey.byHand().remove("dan@acme.com");
        readLater();
        invited("dan@acme.com");
    }

    @Test
    void what_differs_is_only_told_where_nothing_is_to_be_written() {
        with.push("eli", "eli@acme.com", true);
        invited("eli@acme.com");
        with.portkey.byHand().accept("eli@acme.com");
        readLater();
        with.observes();
        with.portkey.byHand().remove("eli@acme.com");
        readLater();
        assertThat(with.drift()).contains("missing: invite eli@acme.com");
        assertThat(with.portkey.state().pending("eli@acme.com")).isEmpty();
        assertThat(with.bridge.api("GET", "/target/plan?q=eli", "").body().path("lines").path("items").get(0).path("mails").asBoolean()).isTrue();
    }

    @Test
    void a_workspace_that_is_deleted_by_hand_is_told_and_not_made_again() {
        with.group("ws-Gone-role-member", with.push("fay", "fay@acme.com", true));
        invited("fay@acme.com");
        with.portkey.byHand().accept("fay@acme.com");
        readLater();
        with.portkey.byHand().deleteWorkspace("Gone");
        readLater();
        with.settled();
        assertThat(with.portkey.state().workspaces()).noneMatch(workspace -> workspace.name().equals("Gone"));
        assertThat(with.findings()).anyMatch(finding -> finding.startsWith("lost: workspace Gone was deleted"));
        assertThat(with.drift()).contains("waits: fay@acme.com waits for workspace Gone");
        with.portkey.byHand().workspace("Gone");
        readLater();
        assertThat(with.bridge.count("select count(*) from target_workspace t join workspace w on w.id = t.workspace_id where w.name = 'Gone' and t.owner = 'unmanaged' and t.active")).as("found again, to be adopted").isEqualTo(1);
    }

    @Test
    void an_owner_whose_demotion_cannot_be_published_is_told_and_not_touched() {
        with.push("gil", "gil@acme.com", true);
        invited("gil@acme.com");
        with.portkey.byHand().accept("gil@acme.com");
        readLater();
        with.portkey.byHand().role("gil@acme.com", "owner");
        readLater();
        with.settled();
        assertThat(with.findings()).anyMatch(finding -> finding.startsWith("unpublishable: an owner of the organisation is to be member"));
        assertThat(with.portkey.state().person("gil@acme.com").orElseThrow().role()).isEqualTo("owner");
    }

    @Test
    void one_whom_somebody_removed_by_hand_a_moment_ago_stops_nothing_for_the_others() {
        String hal = user("hal", "ws-Halls-role-member");
        String ian = user("ian", "ws-Isles-role-member");
        with.portkey.byHand().remove("hal@acme.com");
        with.portkey.byHand().remove("ian@acme.com"); // both 403 AB03 from now on, and no reading has seen it
        with.bridge.scim("okta-app", "PATCH", "/Users/" + hal, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"roles\",\"value\":[{\"value\":\"admin\"}]}]}");
        member("ws-Isles-role-member", ian, false);
        PortkeyBridge.await(() -> with.portkey.state().pending("hal@acme.com").map(PortkeyRow.Invite::role), Optional.of("admin"));
        with.settled();
        assertThat(stops()).isZero();
        readLater();
        invited("ian@acme.com");
    }

    @Test
    void a_workspace_that_somebody_deleted_a_moment_ago_stops_nothing_for_the_others() {
        with.portkey.quirk(PortkeyQuirk.DELETED_WORKSPACE_IS_403, true);
        String jil = user("jil", "ws-Jetty-role-member");
        String kai = user("kai", "ws-Kiosk-role-member");
        with.portkey.byHand().deleteWorkspace("Jetty");
        member("ws-Jetty-role-member", kai, true);
        PortkeyBridge.await(() -> with.bridge.sql.queryForList("select cause || ' ' || sentence from dead_letter where source = 'portkey' and status in ('open', 'retrying')", String.class).toString().replaceAll("[0-9a-f-]{36}", "*"),
                "[DEPENDENCY person *: POST /admin/workspaces/*/users: POST /admin/workspaces/*/users: 403, and what it is about is not at Portkey any more]");
        member("ws-Jetty-role-member", jil, false);
        with.settled();
        String lin = with.push("lin", "lin@acme.com", true);
        member("ws-Jetty-role-member", lin, true);
        assertThat(stops()).isZero();
        readLater();
        assertThat(with.findings()).anyMatch(finding -> finding.startsWith("lost: workspace Jetty was deleted"));
        with.bridge.sql.update("update outbox set due_at = now()");
        invited("lin@acme.com");
        assertThat(stops()).isZero();
        with.portkey.quirk(PortkeyQuirk.DELETED_WORKSPACE_IS_403, false);
    }

    @Test
    void a_right_that_is_missing_still_stops_the_connection() {
        String max = user("max", "ws-Mills-role-member");
        with.portkey.withoutScopes("organisation_users.update");
        with.bridge.scim("okta-app", "PATCH", "/Users/" + max, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"roles\",\"value\":[{\"value\":\"admin\"}]}]}");
        PortkeyBridge.await(this::stops, 1L);
        with.portkey.withoutScopes();
        with.bridge.sql.update("update target set probe_at = now()");
        PortkeyBridge.await(() -> with.portkey.state().person("max@acme.com").orElseThrow().role(), "admin");
        with.settled();
    }

    @Test
    void whoever_is_invited_and_gets_another_address_is_invited_there_and_the_one_before_lets_nobody_in() {
        String nia = with.push("nia", "nia.typo@acme.com", true);
        with.group("ws-Nook-role-manager", nia);
        PortkeyBridge.await(() -> with.portkey.state().pending("nia.typo@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        renamed(nia, "nia@acme.com");
        PortkeyBridge.await(() -> with.portkey.state().pending("nia@acme.com").map(invite -> List.copyOf(invite.workspaces().values())), Optional.of(List.of("manager")));
        with.settled();
        assertThat(with.portkey.state().pending("nia.typo@acme.com")).isEmpty();
        assertThat(with.owner("nia@acme.com") + " " + with.owner("nia.typo@acme.com")).isEqualTo("managed none");
        with.portkey.byHand().accept("nia@acme.com");
        readLater();
        assertThat(with.drift()).noneMatch(line -> line.contains("nia"));
        with.leaves(nia);
        PortkeyBridge.await(() -> with.portkey.state().person("nia@acme.com").isPresent(), false);
    }

    @Test
    void whoever_accepted_before_his_address_changed_is_a_user_of_the_one_before_and_told() {
        String obi = with.push("obi", "obi.old@acme.com", true);
        invited("obi.old@acme.com");
        with.portkey.byHand().accept("obi.old@acme.com"); // and no reading has seen it
        renamed(obi, "obi@acme.com");
        PortkeyBridge.await(() -> with.findings().toString().contains("somebody has another address now, which the Admin API cannot say"), true);
        with.settled();
        assertThat(with.portkey.state().pending("obi@acme.com")).isEmpty();
        with.leaves(obi);
        PortkeyBridge.await(() -> with.portkey.state().person("obi.old@acme.com").isPresent(), false);
        with.settled();
    }

    @Test
    void whoever_came_in_by_his_new_address_past_the_bridge_is_not_the_bridges() {
        String pam = with.push("pam", "pam.old@acme.com", true);
        invited("pam.old@acme.com");
        with.portkey.byHand().login("pam@acme.com", "Pam", "P");
        renamed(pam, "pam@acme.com");
        PortkeyBridge.await(() -> with.owner("pam@acme.com"), "unmanaged");
        with.settled();
        assertThat(with.portkey.state().pending("pam.old@acme.com")).isEmpty();
        assertThat(with.findings()).contains("unmanaged: somebody with the address of a member is at Portkey, and not by the bridge: nothing of his is written");
        readLater();
        assertThat(with.owner("pam@acme.com")).isEqualTo("unmanaged");
        with.portkey.byHand().remove("pam@acme.com");
    }

    @Test
    void an_answer_that_is_lost_to_an_invite_to_another_address_leaves_one_invite_which_is_the_bridges() {
        String quy = with.push("quy", "quy.old@acme.com", true);
        invited("quy.old@acme.com");
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/users/invites", 0, 1, 0, "POST", 0, true)));
        renamed(quy, "quy@acme.com");
        String key = with.bridge.sql.queryForObject("select id::text from person where email = 'quy@acme.com'", String.class);
        PortkeyBridge.await(() -> with.portkey.faults().all().isEmpty(), true);
        PortkeyBridge.await(() -> with.bridge.sql.update("update outbox set due_at = now() where key = ?::uuid and lease_until is null", key) + with.bridge.count("select count(*) from outbox where key = ?::uuid", key), 0L);
        assertThat(with.portkey.state().pending("quy@acme.com")).isPresent();
        assertThat(with.owner("quy@acme.com") + " " + with.owner("quy.old@acme.com")).isEqualTo("managed none");
        with.leaves(quy);
        PortkeyBridge.await(() -> with.portkey.state().pending("quy@acme.com").isPresent(), false);
    }

    private void renamed(String id, String to) {
        with.bridge.scim("okta-app", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"" + to + "\"},{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"" + to + "\"}]}");
    }

    @Test
    void an_invite_that_was_refused_leaves_nothing_by_which_one_made_by_hand_would_pass_for_the_bridges() {
        with.gateway.says("POST", "/v1/admin/users/invites", 400, Map.of("Content-Type", "application/json"), "{\"success\":false,\"data\":{\"message\":\"not this domain\",\"errorCode\":\"AB01\"}}");
        String ned = with.push("ned", "ned@acme.com", true);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from dead_letter where source = 'portkey' and cause = 'TARGET_POISON' and status = 'open'"), 1L);
        with.gateway.quiet();
        String place = with.portkey.byHand().workspace("By hand").slug();
        with.admin("POST", "/admin/users/invites", "{\"email\":\"ned@acme.com\",\"role\":\"admin\",\"workspaces\":[{\"id\":\"" + place + "\",\"role\":\"admin\"}]}");
        readLater();
        with.settled();
        assertThat(with.owner("ned@acme.com")).isEqualTo("unmanaged");
        with.bridge.scim("okta-app", "PATCH", "/Users/" + ned, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Ned N\"}]}");
        with.settled();
        assertThat(with.portkey.state().pending("ned@acme.com").orElseThrow().role()).as("it is as somebody made it").isEqualTo("admin");
        assertThat(with.findings()).contains("unmanaged: somebody with the address of a member is at Portkey, and not by the bridge: nothing of his is written");
        with.leaves(ned);
        with.settled();
        assertThat(with.portkey.state().pending("ned@acme.com")).isPresent();
    }

    /** Somebody in a workspace of his own who has accepted his invite. */
    private String user(String name, String group) {
        String id = with.push(name, name + "@acme.com", true);
        with.group(group, id);
        PortkeyBridge.await(() -> with.portkey.state().pending(name + "@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        with.portkey.byHand().accept(name + "@acme.com");
        readLater();
        return id;
    }

    private void member(String group, String id, boolean in) {
        String known = with.bridge.sql.queryForObject("select id::text from directory_group where display_name = ?", String.class, group);
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + known, in ? "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id + "\"}]}]}"
                : "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + id + "\\\"]\"}]}");
    }

    private long stops() {
        return with.bridge.count("select count(*) from target where stopped_at is not null");
    }

    private void invited(String email) {
        PortkeyBridge.await(() -> with.portkey.state().pending(email).isPresent(), true);
        with.settled();
    }

    private void readLater() {
        PortkeyBridge.afterTheLag();
        with.read();
    }
}
