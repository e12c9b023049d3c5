package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.Faults;
import io.identitybridge.publish.WholeReading;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All of a Portkey is read, whole or not at all, and what differs is put right; only a later reading shows that it was. */
class TargetReadingTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi().applies();

    @BeforeAll
    static void start() {
        with.portkey.byHand().organisation(250, 5, 7);
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
        assertThat(with.bridge.sql.queryForList("select owner from target_workspace where shared", String.class)).containsExactly("protected");
        long rows = with.portkey.state().memberships().entrySet().stream().filter(team -> team.getKey().startsWith("Team")).mapToLong(team -> team.getValue().size()).sum();
        assertThat(with.bridge.count("select count(*) from target_member m join target_workspace w on w.id = m.workspace where w.name like 'Team%'")).isEqualTo(rows);
    }

    @Test
    void a_lost_scope_does_not_look_like_everybody_left() {
        with.read();
        long known = with.bridge.count("select count(*) from target_member");
        for (String scope : List.of("organisation_users.list", "workspaces.list", "workspace_users.list")) {
            with.portkey.withoutScopes(scope);
            assertThat(with.read()).as(scope).isInstanceOf(WholeReading.End.Failed.class);
            assertThat(with.bridge.count("select count(*) from target where stopped_at is not null")).as("the connection stops").isEqualTo(1);
            assertThat(with.bridge.count("select count(*) from target_member")).isEqualTo(known);
            with.portkey.withoutScopes();
            with.bridge.sql.update("update target set probe_at = now()");
            PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where stopped_at is null"), 1L);
        }
    }

    @Test
    void a_page_that_breaks_off_counts_for_nothing() {
        with.read();
        long known = with.bridge.count("select count(*) from target_person");
        with.portkey.byHand().remove("person0250@acme.com");
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/admin/workspaces", 0, 50, 0)));
        assertThat(with.read()).isInstanceOf(WholeReading.End.Failed.class);
        assertThat(with.bridge.count("select count(*) from target_person")).isEqualTo(known);
        with.portkey.faults().set(List.of());
        with.read();
        assertThat(with.owner("person0250@acme.com")).isEqualTo("none");
    }

    @Test
    void what_was_written_is_believed_until_a_later_reading_shows_it() {
        with.push("eve", "eve@acme.com", true);
        with.settled();
        assertThat(believes("eve@acme.com")).isTrue();
        with.read();
        assertThat(believes("eve@acme.com")).as("younger than the lag: not judged").isTrue();
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(believes("eve@acme.com")).isFalse();
    }

    @Test
    void a_stale_reading_after_a_write_undoes_nothing_and_revives_nobody() {
        String finn = with.push("finn", "finn@acme.com", true);
        with.settled();
        with.portkey.byHand().accept("finn@acme.com");
        PortkeyBridge.afterTheLag();
        with.read();
        with.portkey.stale(0, 900);
        with.leaves(finn);
        with.settled();
        assertThat(with.portkey.state().person("finn@acme.com")).isEmpty();
        with.read();
        assertThat(with.owner("finn@acme.com")).as("the reading was of the time before").isEqualTo("none");
        with.portkey.stale(0, 0);
        PortkeyBridge.afterTheLag();
        with.read();
        assertThat(with.owner("finn@acme.com")).isEqualTo("none");
        assertThat(with.bridge.count("select count(*) from target_gone where email_folded = 'finn@acme.com'")).as("seen to be gone").isZero();
    }

    @Test
    void a_leaver_whom_portkey_brings_back_is_removed_again() {
        String gus = with.push("gus", "gus@acme.com", true);
        with.settled();
        with.portkey.byHand().accept("gus@acme.com");
        PortkeyBridge.afterTheLag();
        with.read();
        with.leaves(gus);
        with.settled();
        with.portkey.byHand().person("gus@acme.com", "Gus", "Again", "member");
        PortkeyBridge.afterTheLag();
        with.read();
        with.settled();
        assertThat(with.portkey.state().person("gus@acme.com")).isEmpty();
    }

    private boolean believes(String email) {
        return with.bridge.count("select count(*) from target_person where email_folded = ? and asked_at is distinct from shown_at", email) > 0;
    }
}
