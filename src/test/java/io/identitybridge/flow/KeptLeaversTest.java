package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Portkey, or what stands before it, may answer of somebody who leaves: his access ends, or it is told that it has not. */
@Tag("real")
class KeptLeaversTest {
    private static final String PAGE = "<html><body><h1>404 Not Found</h1></body></html>";
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi().applies();

    @BeforeEach
    void quiet() {
        with.quiet();
    }

    @Test
    void a_right_to_remove_that_is_missing_stops_the_connection_and_is_not_a_leaver_who_is_gone() {
        String dan = user("dan");
        with.portkey.withoutScopes("organisation_users.delete");
        with.leaves(dan);
        stopped();
        assertThat(with.portkey.state().person("dan@acme.com")).isPresent();
        assertThat(with.bridge.count("select count(*) from outbox where leaver")).as("still to be removed").isEqualTo(1);
        assertThat(letters()).as("one alarm, and no letter a key").isZero();
        assertThat(with.bridge.health()).contains("DOWN");
        with.portkey.withoutScopes();
        goesOn();
        gone("dan");
    }

    @Test
    void a_right_to_cancel_invites_that_is_missing_is_told_as_well() {
        String ivy = with.push("ivy", "ivy@acme.com", true);
        invited("ivy");
        with.gateway.forbids("DELETE", "/v1/admin/users/invites/[^/]+");
        with.leaves(ivy);
        stopped();
        with.gateway.quiet();
        goesOn();
        PortkeyBridge.await(() -> with.portkey.state().pending("ivy@acme.com").isPresent(), false);
        with.settled();
    }

    @Test
    void a_gateways_404_is_a_letter_and_the_leaver_is_tried_again() {
        String eve = user("eve");
        with.gateway.says("DELETE", "/v1/admin/users/[^/]+", 404, Map.of("Content-Type", "text/html"), PAGE);
        with.leaves(eve);
        PortkeyBridge.await(() -> letters(), 1L);
        assertThat(with.portkey.state().person("eve@acme.com")).isPresent();
        assertThat(with.bridge.sql.queryForList("select sentence from dead_letter where source = 'portkey' and status in ('open', 'retrying')", String.class)).singleElement().asString().contains("Portkey shows it still", "proxy");
        with.gateway.quiet();
        soon();
        gone("eve");
        assertThat(letters()).isZero();
    }

    @Test
    void a_gateways_404_leaves_nobody_in_a_workspace_either() {
        String sam = user("sam");
        String group = with.group("ws-Seas-role-member", sam);
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault("Seas", Map.of()).size(), 1);
        with.settled();
        with.gateway.says("DELETE", "/v1/admin/workspaces/.*", 404, Map.of("Content-Type", "text/html"), PAGE);
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + sam + "\\\"]\"}]}");
        PortkeyBridge.await(() -> letters(), 1L);
        with.gateway.quiet();
        soon();
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault("Seas", Map.of()).size(), 0);
        with.settled();
    }

    @Test
    void a_gateways_404_after_a_lost_answer_leaves_nobody_in_a_workspace_either() {
        String tom = user("tom");
        String group = with.group("ws-Sands-role-member", tom);
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault("Sands", Map.of()).size(), 1);
        with.settled();
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/workspaces/*", 0, 2, 0, "DELETE", 0, false)));
        with.gateway.says("GET", "/v1/admin/workspaces/[^/]+/users", 404, Map.of("Content-Type", "text/html"), PAGE);
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + tom + "\\\"]\"}]}");
        PortkeyBridge.await(() -> with.gateway.heard("DELETE", "/v1/admin/workspaces/.*") >= 2, true);
        soon();
        PortkeyBridge.await(() -> with.gateway.heard("GET", "/v1/admin/workspaces/[^/]+/users") > 0, true);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
        with.quiet();
        soon();
        with.settled();
        assertThat(with.portkey.state().memberships().getOrDefault("Sands", Map.of())).as("without another reading").isEmpty();
        assertThat(letters()).isZero();
    }

    @Test
    void who_is_gone_already_stops_nothing() {
        String pat = user("pat");
        with.portkey.byHand().remove("pat@acme.com");
        with.leaves(pat);
        with.settled();
        assertThat(with.bridge.count("select count(*) from outbox")).isZero();
        assertThat(with.bridge.count("select count(*) from target where stopped_at is not null")).isZero();
        assertThat(with.owner("pat@acme.com")).isEqualTo("none");
    }

    @Test
    void who_accepts_a_moment_before_he_leaves_is_removed_in_the_same_turn() {
        String nora = with.push("nora", "nora@acme.com", true);
        invited("nora");
        with.portkey.byHand().accept("nora@acme.com"); // and no reading has seen it
        with.leaves(nora);
        gone("nora");
        assertThat(with.owner("nora@acme.com")).isEqualTo("none");
    }

    @Test
    void a_leaver_in_doubt_is_not_gone_because_a_list_was_empty_once() {
        String jan = user("jan");
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/users/*", 0, 2, 0, "DELETE", 0, false), new Faults.Fault(Faults.Kind.EMPTY, "/admin/users", 0, 1, 0, "GET", 0, false)));
        with.leaves(jan);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where doubt and leased_by is null and attempts > 0"), 1L);
        soon();
        gone("jan");
        assertThat(with.portkey.faults().all()).as("the list was empty once").isEmpty();
    }

    @Test
    void a_list_of_invites_that_was_empty_once_takes_nothing_from_the_bridge() {
        String walt = with.push("walt", "walt@acme.com", true);
        invited("walt");
        emptyOnce();
        assertThat(with.owner("walt@acme.com")).isEqualTo("managed");
        assertThat(with.gateway.heard("POST", "/v1/admin/users/invites")).as("and mails nobody").isEqualTo(1);
        with.portkey.byHand().accept("walt@acme.com");
        with.leaves(walt);
        gone("walt");
    }

    @Test
    void whose_invite_is_shown_nowhere_for_once_stays_the_bridges_when_portkey_says_that_it_is_there() {
        String will = with.push("will", "will@acme.com", true);
        invited("will");
        with.gateway.says("GET", "/v1/admin/users/invites/[^/]+", 404, Map.of(), "");
        emptyOnce();
        assertThat(with.gateway.heard("POST", "/v1/admin/users/invites")).as("sent again, and refused").isGreaterThan(1);
        assertThat(with.owner("will@acme.com")).isEqualTo("managed");
        with.leaves(will);
        PortkeyBridge.await(() -> with.portkey.state().pending("will@acme.com").isPresent(), false);
        with.settled();
    }

    @Test
    void a_wait_that_portkey_asks_for_holds_whoever_leaves_for_a_quarter_of_an_hour_at_most() {
        String lou = user("lou");
        with.gateway.says(1, "POST", "/v1/admin/users/invites", 429, Map.of("Retry-After", "3600"), "");
        with.push("max", "max@acme.com", true);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where paused_until > now() + interval '45 minutes' and leavers_paused_until between now() + interval '1 minute' and now() + interval '15 minutes'"), 1L);
        with.bridge.sql.update("update target set leavers_paused_until = now()");
        with.leaves(lou);
        PortkeyBridge.await(() -> with.portkey.state().person("lou@acme.com").isPresent(), false);
        assertThat(with.portkey.state().pending("max@acme.com")).as("he waits as asked").isEmpty();
        with.bridge.sql.update("update target set paused_until = null");
        invited("max");
    }

    @Test
    void a_wait_may_be_a_date() {
        String until = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(30));
        with.gateway.says(1, "POST", "/v1/admin/users/invites", 503, Map.of("Retry-After", until), "");
        with.push("mel", "mel@acme.com", true);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where paused_until between now() + interval '20 minutes' and now() + interval '31 minutes'"), 1L);
        with.bridge.sql.update("update target set paused_until = null");
        invited("mel");
    }

    @Test
    void a_gateways_page_that_says_200_is_not_a_leaver_who_is_gone() {
        String kim = user("kim");
        with.gateway.says("DELETE", "/v1/admin/users/[^/]+", 200, Map.of("Content-Type", "text/html"), "<!doctype html><title>Sign in</title>");
        with.leaves(kim);
        PortkeyBridge.await(() -> with.gateway.heard("DELETE", "/v1/admin/users/[^/]+") > 0, true);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
        assertThat(with.portkey.state().person("kim@acme.com")).isPresent();
        assertThat(with.bridge.count("select count(*) from outbox where leaver")).as("still to be removed").isEqualTo(1);
        with.gateway.quiet();
        soon();
        gone("kim");
        assertThat(letters()).isZero();
    }

    @Test
    void a_second_user_whose_address_differs_in_case_alone_takes_nobodys_place() {
        String una = with.push("una", "una@acme.com", true);
        invited("una");
        String twin = with.portkey.byHand().person("UNA@acme.com", "U", "Na", "member").id();
        with.portkey.byHand().workspace("Twins");
        with.portkey.byHand().join("Twins", "UNA@acme.com", "admin");
        with.portkey.byHand().cancel("una@acme.com");
        String user = with.portkey.byHand().person("una@acme.com", "Una", "A", "member").id();
        assertThat(twin).as("first in every order").isLessThan(user);
        with.bridge.sql.update("update target_person set user_id = ?, invite_id = null, invite_status = null, invite_carries = '{}' where email = 'una@acme.com'", user);
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(with.bridge.sql.queryForList("select user_id from target_person where email_folded = 'una@acme.com'", String.class)).containsExactly(user);
        assertThat(with.bridge.count("select count(*) from target_left where user_id = ?", user)).as("she has not left").isZero();
        assertThat(with.bridge.count("select count(*) from target_member m join target_person p on p.id = m.person where p.user_id = ?", user)).as("what the other one has is not hers").isZero();
        with.leaves(una);
        PortkeyBridge.await(() -> with.gateway.heard("DELETE", "/v1/admin/users/" + user), 1L);
        with.settled();
    }

    @Test
    void a_wait_that_portkey_asks_for_holds_readings_as_well() {
        with.gateway.says(1, "GET", "/v1/admin/users", 429, Map.of("Retry-After", "600"), "");
        with.read();
        assertThat(with.bridge.count("select count(*) from target where paused_until > now() + interval '9 minutes'")).as("asked of a reading, it holds what is written").isEqualTo(1);
        with.gateway.quiet();
        with.bridge.sql.update("update target set read_failed_at = now() - interval '1 hour'");
        PortkeyBridge.afterTheLag();
        TestBridge.pause(6_000);
        assertThat(with.gateway.heard("GET", ".*")).as("nothing is asked of it meanwhile").isZero();
        with.quiet();
        with.read();
    }

    @Test
    void what_is_refused_for_good_is_a_letter_whatever_wait_the_answer_names() {
        with.gateway.says("POST", "/v1/admin/users/invites", 400, Map.of("Content-Type", "application/json", "Retry-After", "2"), "{\"success\":false,\"data\":{\"message\":\"not so\",\"errorCode\":\"AB01\"}}");
        String ned = with.push("ned", "ned@acme.com", true);
        PortkeyBridge.await(() -> letters(), 1L);
        assertThat(with.bridge.count("select count(*) from target where paused_until is not null")).as("and holds nobody else back").isZero();
        with.leaves(ned);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
    }

    @Test
    void what_is_planned_already_is_not_sent_once_nothing_is_to_be_written() {
        int sideBySide = 8;
        with.observes();
        for (int i = 0; i < 40; i++) {
            with.push("many" + i, "many" + i + "@acme.com", true);
        }
        with.gateway.slow(500);
        with.applies();
        PortkeyBridge.await(() -> with.gateway.heard("POST", "/v1/admin/users/invites") > 0, true);
        assertThat(with.bridge.api("POST", "/target/observe", "{\"reason\":\"to look\"}").status()).isEqualTo(200);
        long before = with.gateway.heard("POST", "/v1/admin/users/invites");
        nothingRuns();
        assertThat(with.gateway.heard("POST", "/v1/admin/users/invites") - before).as("but for what was on its way").isLessThanOrEqualTo(sideBySide);
        with.portkey.withoutScopes("organisation_users.create");
        long seen = with.gateway.heard("POST", "/v1/admin/users/invites");
        with.applies();
        stopped();
        nothingRuns();
        assertThat(with.gateway.heard("POST", "/v1/admin/users/invites") - seen).as("a stop stops at once").isLessThanOrEqualTo(2 * sideBySide);
        with.portkey.withoutScopes();
        with.gateway.quiet();
        goesOn();
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
        assertThat(with.portkey.state().pending("many39@acme.com")).isPresent();
    }

    @Test
    void who_was_about_to_be_invited_when_nothing_was_to_be_written_any_more_and_is_made_by_hand_is_not_the_bridges() {
        int sideBySide = 8;
        with.observes();
        for (int i = 0; i < 20; i++) {
            with.push("due" + i, "due" + i + "@acme.com", true);
        }
        with.gateway.holds("POST");
        with.applies();
        PortkeyBridge.await(() -> with.gateway.heard("POST", "/v1/admin/users/invites"), (long) sideBySide);
        assertThat(with.bridge.api("POST", "/target/observe", "{\"reason\":\"to look\"}").status()).isEqualTo(200);
        TestBridge.pause(200);
        with.gateway.letsGo();
        nothingRuns();
        List<String> uninvited = java.util.stream.IntStream.range(0, 20).mapToObj(i -> "due" + i + "@acme.com").filter(email -> with.portkey.state().pending(email).isEmpty()).toList();
        assertThat(uninvited).hasSize(20 - sideBySide);
        uninvited.forEach(email -> with.portkey.byHand().person(email, "By", "Hand", "member"));
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(uninvited.stream().map(with::owner).distinct()).containsExactly("unmanaged");
        with.applies();
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
    }

    private void nothingRuns() {
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
    }

    /** One reading finds no pending invites at all; what differs by it is put right, and the next one finds them. */
    private void emptyOnce() {
        PortkeyBridge.afterTheLag();
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.EMPTY, "/admin/users/invites", 0, 1, 0, "GET", 0, false)));
        with.read();
        with.settled();
        assertThat(with.portkey.faults().all()).isEmpty();
        PortkeyBridge.afterTheLag();
        with.read();
        with.settled();
    }

    /** Somebody who has accepted his invite, and is known as a user. */
    private String user(String name) {
        String id = with.push(name, name + "@acme.com", true);
        invited(name);
        String user = with.portkey.byHand().accept(name + "@acme.com").id();
        with.bridge.sql.update("update target_person set user_id = ?, invite_id = null, invite_status = null, invite_carries = '{}' where email = ?", user, name + "@acme.com");
        return id;
    }

    private void invited(String name) {
        PortkeyBridge.await(() -> with.portkey.state().pending(name + "@acme.com").isPresent() && with.bridge.count("select count(*) from outbox") == 0, true);
    }

    private void gone(String name) {
        PortkeyBridge.await(() -> with.portkey.state().person(name + "@acme.com").isPresent(), false);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
    }

    private void stopped() {
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where stopped_at is not null"), 1L);
    }

    /** In place of a minute. */
    private void goesOn() {
        with.bridge.sql.update("update target set probe_at = now()");
    }

    /** In place of the next try by the clock. */
    private void soon() {
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
        with.bridge.sql.update("update outbox set due_at = now()");
    }

    private long letters() {
        return with.bridge.count("select count(*) from dead_letter where source = 'portkey' and status in ('open', 'retrying')");
    }
}
