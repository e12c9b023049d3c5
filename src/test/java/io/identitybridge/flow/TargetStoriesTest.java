package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

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

    private void invited(String email) {
        PortkeyBridge.await(() -> with.portkey.state().pending(email).isPresent(), true);
        with.settled();
    }

    private void readLater() {
        PortkeyBridge.afterTheLag();
        with.read();
    }
}
