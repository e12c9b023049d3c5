package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.publish.WholeReading;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All of a Portkey is read by its SCIM endpoint, whole or not at all; what the bridge made is known by its mark. */
class ScimReadingTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byScim().applies();

    @BeforeAll
    static void start() {
        with.portkey.byHand().organisation(250, 0, 7);
        with.directGroup("ws-Handmade-role-Manager", IntStream.rangeClosed(1, 120).mapToObj("person%04d@acme.com"::formatted).toArray(String[]::new));
        with.directGroup("Everybody of us", "person0001@acme.com");
    }

    @BeforeEach
    void quiet() {
        with.quiet();
    }

    @Test
    void everybody_is_seen_over_all_pages_and_nobody_is_the_bridges() {
        assertThat(with.read()).isEqualTo(new WholeReading.End.Read());
        assertThat(with.bridge.count("select count(*) from target_person where email like 'person%' and owner = 'unmanaged'")).isEqualTo(250);
        assertThat(with.owner("owner@acme.com")).isEqualTo("protected");
        assertThat(with.bridge.count("select count(*) from target_member m join target_workspace w on w.id = m.workspace where w.name = 'Handmade' and w.owner = 'unmanaged' and m.role = 'manager'")).isEqualTo(120);
        assertThat(with.bridge.count("select count(*) from target_group where name = 'Everybody of us' and workspace is null")).isEqualTo(1);
        assertThat(with.bridge.api("GET", "/target/plan?kind=unmanaged&q=Everybody", "").body().at("/lines/total").asLong()).as("a group that fits no pattern is shown").isEqualTo(1);
    }

    @Test
    void a_lost_right_does_not_look_like_everybody_left() {
        with.read();
        long people = with.bridge.count("select count(*) from target_person");
        long rows = with.bridge.count("select count(*) from target_member");
        for (String list : List.of("/Users", "/Groups", "/Groups/*")) {
            with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_403, list, 0, 1, 0, "GET", 0, false)));
            assertThat(with.read()).as(list).isInstanceOf(WholeReading.End.Failed.class);
            assertThat(with.bridge.count("select count(*) from target where stopped_at is not null")).as("the connection stops").isEqualTo(1);
            assertThat(with.bridge.count("select count(*) from target_person")).isEqualTo(people);
            assertThat(with.bridge.count("select count(*) from target_member")).isEqualTo(rows);
            with.bridge.sql.update("update target set probe_at = now()");
            PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where stopped_at is null"), 1L);
        }
    }

    @Test
    void a_list_that_says_there_is_nobody_or_gives_half_of_itself_takes_nobody_away() {
        with.settled();
        with.read();
        String known = known();
        for (Faults.Kind kind : List.of(Faults.Kind.EMPTY, Faults.Kind.CUT, Faults.Kind.STATUS_503)) {
            with.portkey.faults().set(List.of(new Faults.Fault(kind, "/Users", 0, 0, 0, "GET", 0, false)));
            assertThat(with.read()).as("%s", kind).isInstanceOf(WholeReading.End.Failed.class);
            assertThat(known()).isEqualTo(known);
        }
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.EMPTY, "/Users", 3, 1, 0, "GET", 0, false), new Faults.Fault(Faults.Kind.SHORT, "/Users", 1, 1, 0, "GET", 0, false),
                new Faults.Fault(Faults.Kind.EMPTY, "/Groups", 0, 0, 0, "GET", 0, false)));
        assertThat(with.read()).as("whoever was there is asked for by himself").isEqualTo(new WholeReading.End.Read());
        assertThat(known()).isEqualTo(known);
    }

    private String known() {
        return with.bridge.sql.queryForList("select (select count(*) from target_person) || ' ' || (select count(*) from target_member) || ' ' || (select count(*) from target_group where absent_at is null)", String.class).toString();
    }

    @Test
    void what_was_written_is_believed_until_a_later_reading_shows_it() {
        with.group("ws-Belief-role-member", with.push("eve", "eve@acme.com", true));
        with.settled();
        assertThat(believes("eve@acme.com")).isTrue();
        with.read();
        assertThat(believes("eve@acme.com")).as("younger than the lag: not judged").isTrue();
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(believes("eve@acme.com")).isFalse();
        assertThat(with.drift()).noneMatch(line -> line.contains("eve@acme.com") || line.contains("Belief"));
    }

    @Test
    void what_was_changed_there_by_somebody_else_is_put_right() {
        String fay = with.push("fay", "fay@acme.com", true);
        with.group("ws-Drift-role-manager", fay);
        with.settled();
        PortkeyBridge.afterTheLag();
        with.directMember("ws-Drift-role-manager", "fay@acme.com", false);
        with.portkey.byHand().role("fay@acme.com", "admin");
        with.read();
        PortkeyBridge.await(() -> with.portkey.state().members("Drift"), Map.of("fay@acme.com", "manager"));
        PortkeyBridge.await(() -> with.portkey.state().person("fay@acme.com").orElseThrow().role(), "member");
        with.settled();
        PortkeyBridge.afterTheLag();
        with.portkey.byHand().remove("fay@acme.com");
        with.read();
        PortkeyBridge.await(() -> with.portkey.state().members("Drift"), Map.of("fay@acme.com", "manager"));
    }

    @Test
    @Tag("real")
    void what_differs_again_after_three_repairs_is_told_until_it_does_not() {
        with.group("ws-Tug-role-member", with.push("wes", "wes@acme.com", true));
        with.settled();
        for (int reading = 1; reading <= 4; reading++) {
            assertThat(unconverged()).as("reading %d", reading).isEmpty();
            PortkeyBridge.afterTheLag();
            with.directMember("ws-Tug-role-member", "wes@acme.com", false);
            with.read();
            PortkeyBridge.await(() -> with.portkey.state().members("Tug"), Map.of("wes@acme.com", "member"));
            with.settled();
        }
        assertThat(unconverged()).singleElement().asString().contains("after 4 readings Portkey still differs", "although it was put right each time: missing");
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(unconverged()).isEmpty();
    }

    private List<String> unconverged() {
        return with.findings().stream().filter(finding -> finding.startsWith("unconverged: ")).toList();
    }

    @Test
    void a_leaver_whom_somebody_else_revives_is_archived_again() {
        String gus = with.push("gus", "gus@acme.com", true);
        with.settled();
        with.leaves(gus);
        with.settled();
        PortkeyBridge.afterTheLag();
        with.direct("PATCH", "/Users/" + with.portkey.state().person("gus@acme.com").orElseThrow().id(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":true}]}");
        with.read();
        PortkeyBridge.await(() -> with.portkey.state().person("gus@acme.com").orElseThrow().active(), false);
    }

    @Test
    void what_the_bridge_made_is_known_by_its_mark_though_the_bridge_has_forgotten_it() {
        with.group("ws-Marked-role-member", with.push("hal", "hal@acme.com", true));
        with.settled();
        PortkeyBridge.afterTheLag();
        with.bridge.sql.update("delete from target_person");
        with.bridge.sql.update("delete from target_workspace");
        with.bridge.sql.update("delete from target_group");
        with.read();
        assertThat(with.owner("hal@acme.com")).isEqualTo("managed");
        assertThat(with.bridge.sql.queryForList("select w.owner || ' ' || g.owner || ' ' || m.owner from target_workspace w join target_group g on g.workspace = w.id join target_member m on m.workspace = w.id where w.name = 'Marked'", String.class)).containsExactly("managed managed managed");
        assertThat(with.drift()).noneMatch(line -> line.contains("hal@acme.com"));
    }

    @Test
    void somebody_who_was_made_by_hand_in_place_of_one_of_the_bridges_is_not_the_bridges() {
        with.push("ida", "ida@acme.com", true);
        with.settled();
        PortkeyBridge.afterTheLag();
        with.portkey.byHand().remove("ida@acme.com");
        with.portkey.byHand().person("ida@acme.com", "Ida", "Byhand", "admin");
        with.read();
        assertThat(with.owner("ida@acme.com")).isEqualTo("unmanaged");
        with.settled();
        assertThat(with.portkey.state().person("ida@acme.com").orElseThrow()).returns("admin", person -> person.role()).returns("Ida Byhand", person -> person.displayName());
    }

    @Test
    void a_workspace_whose_groups_were_deleted_by_hand_is_told_and_one_that_has_none_yet_is_not_lost() {
        String jon = with.push("jon", "jon@acme.com", true);
        String group = with.group("ws-Deleted-role-member", jon);
        with.group("ws-Nobody yet-role-member", with.bridge.scim("okta-app", "POST", "/Users", TestBridge.user("ann", "ann@acme.com", true).replace("\"active\"", "\"roles\":[\"admin\"],\"active\"")).body().path("id").asText());
        with.settled();
        assertThat(with.bridge.count("select count(*) from target_workspace where name = 'Nobody yet' and active")).as("an organisation admin needs no membership, so no group").isEqualTo(1);
        PortkeyBridge.afterTheLag();
        with.direct("DELETE", "/Groups/" + with.portkey.state().group("ws-Deleted-role-member").orElseThrow().id(), "");
        with.read();
        with.settled();
        assertThat(with.findings()).anyMatch(finding -> finding.startsWith("lost: workspace Deleted was deleted")).noneMatch(finding -> finding.contains("Nobody yet"));
        assertThat(with.bridge.count("select count(*) from target_workspace where name = 'Nobody yet' and active and absent_at is null")).isEqualTo(1);
        assertThat(with.drift()).contains("waits: jon@acme.com waits for workspace Deleted");
        assertThat(with.portkey.state().group("ws-Deleted-role-member")).isEmpty();
        with.bridge.scim("okta-app", "DELETE", "/Groups/" + group, "");
    }

    @Test
    void protected_people_and_the_default_workspace_are_never_touched() {
        with.portkey.byHand().person("ciso@acme.com", "Cis", "O", "admin");
        with.directGroup("ws-" + StandInPortkey.DEFAULT_WORKSPACE + "-role-member", "ciso@acme.com", "person0210@acme.com");
        with.bridge.scim("okta-app", "POST", "/Users", TestBridge.user("ciso", "ciso@acme.com", true));
        with.push("p210", "person0210@acme.com", true);
        with.read();
        assertThat(with.owner("ciso@acme.com")).isEqualTo("protected");
        assertThat(with.bridge.sql.queryForList("select w.owner || ' ' || w.shared from target_workspace w where w.name = ?", String.class, StandInPortkey.DEFAULT_WORKSPACE)).containsExactly("protected true");
        assertThat(with.drift()).noneMatch(line -> line.contains("ciso@acme.com") || line.contains(StandInPortkey.DEFAULT_WORKSPACE));
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"to see\"}").body().path("plan").asLong();
        assertThat(with.bridge.sql.queryForList("select sentence from plan_line where plan_id = ? and status = 'held'", String.class, plan)).contains("adopt person0210@acme.com").noneMatch(line -> line.contains("ciso@acme.com") || line.contains(StandInPortkey.DEFAULT_WORKSPACE));
        with.bridge.api("POST", "/plans/" + plan + "/reject", "{\"reason\":\"seen\"}");
    }

    @Test
    void whoever_is_in_two_groups_of_a_workspace_is_told_and_not_guessed() {
        with.directGroup("ws-Both-role-member", "person0201@acme.com");
        with.directGroup("ws-Both-role-admin", "person0201@acme.com");
        with.read();
        assertThat(with.bridge.count("select count(*) from target_member m join target_workspace w on w.id = m.workspace where w.name = 'Both' and m.role is null")).isEqualTo(1);
        assertThat(with.findings()).contains("ambiguous: somebody is in several groups of workspace Both, and Portkey leaves undefined what he is there: nothing of his is written in it");
        with.group("ws-Both-role-member", with.push("p201", "person0201@acme.com", true));
        with.settled();
        PortkeyBridge.afterTheLag();
        with.read();
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"whatever he is\"}").body().path("plan").asLong();
        with.bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":" + with.bridge.sql.queryForList("select n from plan_line where plan_id = ? and sentence in ('adopt workspace Both', 'adopt person0201@acme.com')", Integer.class, plan) + "}");
        with.bridge.api("POST", "/plans/" + plan + "/reject", "{\"reason\":\"only these\"}");
        with.settled();
        assertThat(with.owner("person0201@acme.com")).isEqualTo("adopted");
        String portkeys = with.portkey.state().person("person0201@acme.com").orElseThrow().id();
        for (String role : List.of("member", "admin")) {
            String group = with.portkey.state().group("ws-Both-role-" + role).orElseThrow().id();
            assertThat(with.direct("GET", "/Groups/" + group, "").path("members").findValuesAsText("value")).as("he is where somebody put him").containsExactly(portkeys);
        }
    }

    @Test
    void the_last_owner_is_not_to_be_repaired_away() {
        String kim = owner("kim");
        owner("lea");
        with.settled();
        with.observes();
        with.portkey.byHand().role(StandInPortkey.OWNER, "admin");
        with.portkey.byHand().role("lea@acme.com", "member");
        with.leaves(kim);
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(with.findings()).contains("unpublishable: a leaver is the last owner of the organisation: he keeps his access");
        assertThat(with.drift()).contains("waits: kim@acme.com waits for another owner").noneMatch(line -> line.startsWith("extra: ")).anyMatch(line -> line.contains("make lea@acme.com organisation owner"));
        with.applies();
        with.read();
        PortkeyBridge.await(() -> with.portkey.state().person("lea@acme.com").orElseThrow().role(), "owner");
        with.bridge.sql.update("update outbox set due_at = now()");
        PortkeyBridge.await(() -> with.portkey.state().person("kim@acme.com").orElseThrow().active(), false);
        with.portkey.byHand().role(StandInPortkey.OWNER, "owner");
    }

    private String owner(String id) {
        return with.bridge.scim("okta-app", "POST", "/Users", TestBridge.user(id, id + "@acme.com", true).replace("\"active\"", "\"roles\":[\"owner\"],\"active\"")).body().path("id").asText();
    }

    private boolean believes(String email) {
        return with.bridge.count("select count(*) from target_person where email_folded = ? and asked_at is distinct from shown_at", email) > 0;
    }
}
