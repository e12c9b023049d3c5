package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyContract;
import io.identitybridge.lab.PortkeyQuirk;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.OutboxKey;
import io.identitybridge.store.TargetState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What was pushed arrives at a Portkey, by its Admin API. */
class PublishTest {
    @TempDir
    static Path folder;
    @RegisterExtension
    static final PortkeyContract CONTRACT = PortkeyContract.ofPortkey();
    static StandInPortkey portkey = CONTRACT.portkey();
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        portkey.quirk(PortkeyQuirk.INVITE_WANTS_SLUG, true);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 10000}\nswitches:").everywhere("archive: {share: 5%,  always-allow: 5}", "archive: {share: 5%,  always-allow: 500}").everywhere("workspace-shrinks: 50%", "workspace-shrinks: 100%");
        Files.writeString(files.routes.resolve("errors.causes.yaml"), Files.readString(Path.of("routes/errors.causes.yaml")).replace("tries: [1s, 4s, 16s]", "tries: [1s]").replace("within: 1m, open: 30s", "within: 1m, open: 5m"));
        bridge = TestBridge.start(files, folder.resolve("data"), "PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY);
        push("nobody", "nobody@acme.com", true);
        await(() -> bridge.count("select count(*) from target"), 1L);
        assertThat(portkey.log().writes()).as("a live target begins in observe").noneMatch(write -> write.number() > 0 && write.method().equals("POST") && write.path().contains("invites"));
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @BeforeEach
    void quiet() {
        portkey.faults().set(List.of());
    }

    @Test
    void somebody_new_is_invited_accepts_and_follows_his_groups() {
        String ada = push("ada", "ada@acme.com", true);
        String group = group("ws-Sales-role-manager", ada);
        await(() -> portkey.state().pending("ada@acme.com").isPresent() && bridge.count("select count(*) from outbox") == 0, true);
        portkey.byHand().accept("ada@acme.com");
        assertThat(portkey.state().memberships().get("Sales")).isEqualTo(Map.of("ada@acme.com", "manager"));
    }

    @Test
    void a_leaver_is_removed_with_everything() {
        String leo = user("leo");
        group("ws-Leavers-role-admin", leo);
        member("Leavers", "leo@acme.com", "admin");
        bridge.scim("lab", "PATCH", "/Users/" + leo, OFF);
        await(() -> portkey.state().person("leo@acme.com").isPresent(), false);
        await(PublishTest::left, 0L);
        assertThat(bridge.count("select count(*) from target_person where email = 'leo@acme.com'")).isZero();
    }

    @Test
    void who_is_only_invited_and_leaves_has_no_invite_left() {
        String ivy = push("ivy", "ivy@acme.com", true);
        await(() -> portkey.state().pending("ivy@acme.com").isPresent(), true);
        bridge.scim("lab", "PATCH", "/Users/" + ivy, OFF);
        await(() -> portkey.state().pending("ivy@acme.com").isPresent(), false);
    }

    @Test
    void a_change_of_role_and_of_workspace_arrives() {
        String mia = user("mia");
        String admins = group("ws-Mill-role-admin", mia);
        member("Mill", "mia@acme.com", "admin");
        group("ws-Mill-role-member", mia);
        group("ws-Mine-role-manager", mia);
        member("Mine", "mia@acme.com", "manager");
        bridge.scim("lab", "PATCH", "/Groups/" + admins, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + mia + "\\\"]\"}]}");
        member("Mill", "mia@acme.com", "member");
    }

    @Test
    void a_poison_step_holds_back_neither_the_other_steps_nor_the_leaving() {
        String pia = user("pia");
        group("ws-Good-role-member", user("gus"));
        member("Good", "gus@acme.com", "member");
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_403, "/admin/never", 0, 1, 0)));
        portkey.byHand().workspace("Bad"); // not the bridge's: it is not taken, and whoever is to be in it waits
        group("ws-Bad-role-member", pia);
        group("ws-Good-role-member", pia);
        await(() -> bridge.count("select count(*) from target_finding where kind = 'unmanaged' and closed_at is null") > 0, true);
        bridge.scim("lab", "PATCH", "/Users/" + pia, OFF);
        await(() -> portkey.state().person("pia@acme.com").isPresent(), false);
    }

    @Test
    void a_lost_answer_is_looked_for_though_the_first_look_fails_as_well() {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/users/invites", 0, 1, 0, "POST", 0, true), new Faults.Fault(Faults.Kind.STATUS_503, "/admin/users", 0, 2, 0, "GET", 0, false)));
        push("uma", "uma@acme.com", true);
        await(() -> bridge.count("select count(*) from outbox where doubt and attempts = 2 and leased_by is null"), 1L);
        bridge.bean(Outbox.class).again(OutboxKey.Kind.PERSON, bridge.sql.queryForList("select key from outbox where doubt and attempts = 2", UUID.class)); // in place of five minutes
        await(() -> bridge.count("select count(*) from target_person where email = 'uma@acme.com' and invite_id is not null"), 1L);
        await(PublishTest::left, 0L);
        assertThat(portkey.state().invites("uma@acme.com").stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING)).hasSize(1);
    }

    @Test
    void a_lost_answer_to_an_invite_leaves_one_invite() {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/users/invites", 0, 1, 0, "POST", 0, true)));
        push("una", "una@acme.com", true);
        await(() -> bridge.count("select count(*) from target_person where email = 'una@acme.com' and invite_id is not null"), 1L);
        await(PublishTest::left, 0L);
        assertThat(portkey.state().invites("una@acme.com").stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING)).as("what he was sent first may give something else, and holds no more").hasSize(1);
        assertThat(bridge.count("select count(*) from target_person where email = 'una@acme.com' and owner = 'managed'")).isEqualTo(1);
    }

    @Test
    void who_is_new_is_invited_once_with_workspaces_that_are_made_for_him() {
        bridge.bean(TargetState.class).mode(false, "test", "so that all of it comes together");
        try {
            String nia = push("nia", "nia@acme.com", true);
            group("ws-Nord-role-member", nia);
            group("ws-Ness-role-manager", nia);
        } finally {
            bridge.bean(TargetState.class).mode(true, "test", "for the test");
        }
        await(() -> portkey.state().pending("nia@acme.com").isPresent() && left() == 0, true);
        assertThat(portkey.state().invites("nia@acme.com")).hasSize(1);
        portkey.byHand().accept("nia@acme.com");
        assertThat(portkey.state().memberships().get("Nord")).isEqualTo(Map.of("nia@acme.com", "member"));
        assertThat(portkey.state().memberships().get("Ness")).isEqualTo(Map.of("nia@acme.com", "manager"));
    }

    @Test
    void a_lost_answer_to_a_new_workspace_leaves_one_that_is_the_bridges() {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/workspaces", 0, 1, 0, "POST", 0, true)));
        String eva = user("eva");
        group("ws-Echo-role-member", eva);
        await(() -> portkey.state().workspaces().stream().filter(workspace -> workspace.name().equals("Echo")).count(), 1L);
        member("Echo", "eva@acme.com", "member");
        assertThat(bridge.count("select count(*) from target_workspace where name = 'Echo' and owner = 'managed'")).isEqualTo(1);
        assertThat(bridge.count("select count(*) from target_finding where closed_at is null and sentence like '%Echo%'")).isZero();
    }

    @Test
    void a_new_workspace_whose_answer_no_bridge_lived_to_hear_is_known_again_and_one_made_by_hand_is_not() {
        group("ws-Foxes-role-member", user("fay"));
        member("Foxes", "fay@acme.com", "member");
        UUID foxes = bridge.sql.queryForObject("select id from workspace where name = 'Foxes'", UUID.class);
        bridge.sql.update("delete from target_workspace where workspace_id = ?", foxes); // as if the bridge had been killed before it could write it down
        bridge.bean(Outbox.class).again(OutboxKey.Kind.WORKSPACE, List.of(foxes));
        await(() -> bridge.count("select count(*) from target_workspace where name = 'Foxes' and owner = 'managed'"), 1L);
        portkey.byHand().workspace("Geese");
        String gil = user("gil");
        group("ws-Geese-role-member", gil);
        await(() -> bridge.count("select count(*) from target_finding where kind = 'unmanaged' and closed_at is null and sentence like '%Geese%'"), 1L);
        assertThat(bridge.count("select count(*) from target_workspace where name = 'Geese' and owner = 'managed'")).isZero();
        bridge.scim("lab", "PATCH", "/Users/" + gil, OFF); // who waits for it would be in the way of the other tests
        await(PublishTest::left, 0L);
    }

    @Test
    void a_new_workspace_whose_answer_no_bridge_lived_to_hear_is_known_again_although_a_reading_has_shown_it_as_nobodys_since() {
        UUID ibises = unheard("Ibises", "ida");
        shownAsNobodys("Ibises");
        bridge.bean(Outbox.class).again(OutboxKey.Kind.WORKSPACE, List.of(ibises));
        await(() -> bridge.count("select count(*) from target_workspace where name = 'Ibises' and owner = 'managed'"), 1L);
    }

    @Test
    void a_workspace_made_by_hand_stays_nobodys_whatever_its_name_and_so_do_two_that_both_say_the_bridge_made_them() {
        UUID kites = unheard("Kites", "kim");
        shownAsNobodys("Kites");
        portkey.byHand().workspace("Kites", portkey.state().workspace("Kites").orElseThrow().description());
        portkey.byHand().workspace("Jays", "Made by the identity bridge, which keeps its members (soon)");
        String jim = user("jim");
        group("ws-Jays-role-member", jim);
        await(() -> bridge.count("select count(*) from target_finding where kind = 'unmanaged' and closed_at is null and sentence like '%Jays%'"), 1L);
        shownAsNobodys("Jays");
        bridge.bean(Outbox.class).again(OutboxKey.Kind.WORKSPACE, List.of(kites, bridge.sql.queryForObject("select id from workspace where name = 'Jays'", UUID.class)));
        await(() -> bridge.count("select count(*) from outbox where kind = 'workspace'"), 0L);
        assertThat(bridge.sql.queryForList("select distinct name || ' ' || owner from target_workspace where name in ('Jays', 'Kites')", String.class)).containsExactlyInAnyOrder("Jays unmanaged", "Kites unmanaged");
        bridge.scim("lab", "PATCH", "/Users/" + jim, OFF); // who waits for it would be in the way of the other tests
        bridge.scim("lab", "PATCH", "/Users/" + bridge.sql.queryForObject("select id::text from account where external_id = 'kim'", String.class), OFF);
        await(PublishTest::left, 0L);
    }

    /** A workspace of the bridge's, as if it had been killed before it could write down that it was made. */
    private static UUID unheard(String name, String member) {
        group("ws-" + name + "-role-member", user(member));
        member(name, member + "@acme.com", "member");
        UUID workspace = bridge.sql.queryForObject("select id from workspace where name = ?", UUID.class, name);
        bridge.sql.update("delete from target_workspace where workspace_id = ?", workspace);
        return workspace;
    }

    private static void shownAsNobodys(String name) {
        bridge.api("POST", "/target/read", "{}");
        assertThat(bridge.count("select count(*) from target_workspace where name = ? and owner = 'unmanaged' and workspace_id is not null", name)).isEqualTo(1);
    }

    /** Found by killing publishers at random moments (seed 20261125): what a found invite gave passed for nothing. */
    @Test
    void what_an_invite_gives_whose_answer_was_lost_is_not_guessed() {
        String ina = push("ina", "ina@acme.com", true);
        await(() -> portkey.state().pending("ina@acme.com").isPresent() && left() == 0, true);
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.RESET, "/admin/users/invites", 0, 1, 0, "POST", 0, true)));
        String group = group("ws-Guess-role-admin", ina);
        await(() -> portkey.state().pending("ina@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ina + "\\\"]\"}]}");
        await(() -> left() == 0 && portkey.state().pending("ina@acme.com").filter(invite -> invite.workspaces().isEmpty()).isPresent(), true);
    }

    @Test
    void a_lost_scope_stops_everything_with_one_alarm_and_no_letters_and_goes_on_when_it_is_back() {
        portkey.withoutScopes("organisation_users.create");
        for (int i = 0; i < 5; i++) {
            push("sco" + i, "sco" + i + "@acme.com", true);
        }
        await(() -> bridge.count("select count(*) from target where stopped_at is not null"), 1L);
        assertThat(letters()).isZero();
        portkey.withoutScopes();
        bridge.sql.update("update target set probe_at = now()");
        await(() -> portkey.state().pending("sco4@acme.com").isPresent(), true);
        assertThat(bridge.count("select count(*) from target where stopped_at is not null")).isZero();
    }

    @Test
    void portkey_down_for_a_week_costs_nobody_anything() {
        push("wim", "wim@acme.com", true);
        String eva = user("eva");
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/admin/*", 0, 0, 0)));
        for (int i = 0; i < 30; i++) {
            push("week" + i, "week" + i + "@acme.com", true);
        }
        bridge.scim("lab", "PATCH", "/Users/" + eva, OFF);
        await(() -> bridge.count("select count(*) from target where open_until is not null"), 1L);
        assertThat(letters()).as("an outage is told once, by the breaker, and not once a person").isLessThanOrEqualTo(1);
        bridge.sql.update("update outbox set since = since - interval '7 days', first_failed_at = first_failed_at - interval '7 days'");
        portkey.faults().set(List.of());
        bridge.sql.update("update target set open_until = now()");
        bridge.sql.update("update outbox set due_at = now() where not blocked");
        await(PublishTest::left, 0L);
        assertThat(portkey.state().person("eva@acme.com")).as("who left").isEmpty();
        for (int i = 0; i < 30; i++) {
            assertThat(portkey.state().pending("week" + i + "@acme.com")).isPresent();
        }
        assertThat(letters()).isZero();
    }

    @Test
    void a_storm_of_429_slows_and_loses_nothing() {
        portkey.rate(10);
        try {
            for (int i = 0; i < 25; i++) {
                push("storm" + i, "storm" + i + "@acme.com", true);
            }
            await(PublishTest::left, 0L);
        } finally {
            portkey.rate(0);
        }
        for (int i = 0; i < 25; i++) {
            assertThat(portkey.state().pending("storm" + i + "@acme.com")).isPresent();
        }
        assertThat(letters()).isZero();
    }

    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";

    /** Somebody who has accepted his invite, and whom a reading has found since. */
    private static String user(String name) {
        String id = push(name, name + "@acme.com", true);
        await(() -> portkey.state().pending(name + "@acme.com").isPresent() && left() == 0, true);
        String user = portkey.byHand().accept(name + "@acme.com").id();
        bridge.sql.update("update target_person set user_id = ?, invite_id = null, invite_status = null, invite_carries = '{}' where email = ?", user, name + "@acme.com");
        return id;
    }

    private static void member(String workspace, String email, String role) {
        await(() -> portkey.state().memberships().getOrDefault(workspace, Map.of()).getOrDefault(email, "none"), role);
        await(PublishTest::left, 0L);
    }

    private static long letters() {
        return bridge.count("select count(*) from dead_letter where source = 'portkey' and status in ('open', 'retrying')");
    }

    private static long left() {
        return bridge.count("select count(*) from outbox");
    }

    private static String push(String id, String email, boolean active) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(id, email, active)).body().path("id").asText();
    }

    private static String group(String name, String... members) {
        String list = String.join(",", List.of(members).stream().map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("lab", "POST", "/Groups", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"" + name + "\",\"members\":[" + list + "]}").body().path("id").asText();
    }

    private static <T> void await(Supplier<T> seen, T wanted) {
        for (int i = 0; i < 600 && !wanted.equals(seen.get()); i++) {
            TestBridge.pause(50);
        }
        assertThat(seen.get()).as("%s %s %s %s", bridge.sql.queryForList("select * from outbox"), bridge.sql.queryForList("select * from target"), bridge.sql.queryForList("select * from target_person"), bridge.sql.queryForList("select cause, sentence from dead_letter")).isEqualTo(wanted);
    }
}
