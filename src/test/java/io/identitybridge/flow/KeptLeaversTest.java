package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.Faults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What Portkey, or what stands before it, may answer of somebody who leaves: his access ends, or it is told that it has not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptLeaversTest {
    private static final String PAGE = "<html><body><h1>404 Not Found</h1></body></html>";
    private PortkeyBridge with;

    @BeforeAll
    void start(@TempDir Path folder) {
        with = new PortkeyBridge(folder, "lag: 1s");
        with.applies();
    }

    @AfterAll
    void stop() {
        with.close();
    }

    @BeforeEach
    void quiet() {
        with.gateway.quiet();
        with.portkey.faults().set(List.of());
        with.portkey.withoutScopes();
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
