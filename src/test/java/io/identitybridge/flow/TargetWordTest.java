package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator's word on a Portkey of which differences are only told: what is adopted and what not, which workspace is which. */
@Tag("real")
class TargetWordTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi("drift: report").applies();

    @Test
    void what_differs_is_only_told_though_all_that_is_pushed_is_written() {
        with.group("ws-Report-role-member", with.push("ada", "ada@acme.com", true));
        PortkeyBridge.await(() -> with.portkey.state().pending("ada@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        with.portkey.byHand().accept("ada@acme.com");
        readLater();
        with.portkey.byHand().leave("Report", "ada@acme.com");
        with.portkey.byHand().role("ada@acme.com", "admin");
        for (int reading = 0; reading < 4; reading++) {
            readLater();
            assertThat(with.drift()).contains("different: make ada@acme.com organisation member", "missing: add ada@acme.com to Report as member");
        }
        assertThat(with.bridge.count("select count(*) from outbox where due_at <= now()")).as("nothing is to be done").isZero();
        assertThat(with.portkey.state().members("Report")).isEmpty();
        assertThat(with.findings()).as("nobody has tried to put it right").noneMatch(finding -> finding.startsWith("unconverged"));
        assertThat(with.bridge.api("GET", "/target/drift?pending=false&onceAdopted=false&kind=missing", "").body().path("total").asInt()).isEqualTo(1);
    }

    @Test
    void an_adoption_is_approved_line_by_line() {
        for (String name : List.of("bea", "ben", "bob")) {
            with.portkey.byHand().person(name + "@acme.com", name, "Byhand", "member");
        }
        with.portkey.byHand().workspace("Parts");
        with.portkey.byHand().join("Parts", "bea@acme.com", "manager");
        with.portkey.byHand().join("Parts", "ben@acme.com", "manager");
        with.group("ws-Parts-role-member", with.push("bea", "bea@acme.com", true), with.push("ben", "ben@acme.com", true), with.push("bob", "bob@acme.com", true));
        readLater();
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"in parts\"}").body().path("plan").asLong();
        approve(plan, "adopt workspace Parts", "adopt bea@acme.com");
        with.settled();
        assertThat(List.of(with.owner("bea@acme.com"), with.owner("ben@acme.com"), with.owner("bob@acme.com"))).containsExactly("adopted", "unmanaged", "unmanaged");
        assertThat(with.portkey.state().members("Parts")).as("she keeps what she had, and nobody else is touched").containsOnlyKeys("bea@acme.com", "ben@acme.com").containsEntry("bea@acme.com", "manager");
        assertThat(with.bridge.api("GET", "/target/manual?q=bea", "").body().path("total").asInt()).isEqualTo(1);
        approve(plan, "adopt bob@acme.com");
        PortkeyBridge.await(() -> with.portkey.state().members("Parts").get("bob@acme.com"), "member");
        with.bridge.api("POST", "/plans/" + plan + "/reject", "{\"reason\":\"he stays as he is\"}");
        with.settled();
        assertThat(with.owner("ben@acme.com")).isEqualTo("unmanaged");
        assertThat(with.portkey.state().members("Parts")).containsEntry("ben@acme.com", "manager");
    }

    @Test
    void a_workspace_of_which_there_are_two_is_bound_by_its_slug() {
        with.portkey.byHand().workspace("Twin");
        String second = with.portkey.byHand().workspace("Twin").slug();
        with.group("ws-Twin-role-member", with.push("tia", "tia@acme.com", true));
        readLater();
        assertThat(with.findings()).contains("ambiguous: 2 workspaces at Portkey have the name of workspace Twin, and none is bound");
        assertThat(bind("Twin", "ws-nowhere").status()).isEqualTo(409);
        assertThat(bind("Nowhere", second).status()).isEqualTo(409);
        assertThat(bind("Twin", second).status()).isEqualTo(200);
        assertThat(bind("Twin", second).status()).as("bound already").isEqualTo(200);
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"twins\"}").body().path("plan").asLong();
        approve(plan, "adopt workspace Twin");
        PortkeyBridge.await(() -> with.portkey.state().pending("tia@acme.com").map(invite -> invite.workspaces().keySet().contains(with.portkey.state().workspace(second).orElseThrow().id())), java.util.Optional.of(true));
        readLater();
        assertThat(with.findings()).noneMatch(finding -> finding.contains("Twin"));
        assertThat(with.bridge.api("GET", "/audit?q=bind%20workspace", "").body().path("items").toString()).contains("bind workspace Twin to " + second);
    }

    @Test
    void what_somebody_changes_by_hand_between_a_reading_and_the_word_is_kept_as_well() {
        with.portkey.byHand().person("cat@acme.com", "Cat", "Byhand", "member");
        with.portkey.byHand().workspace("Coast");
        with.portkey.byHand().join("Coast", "cat@acme.com", "member");
        with.group("ws-Coast-role-member", with.push("cat", "cat@acme.com", true));
        readLater();
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"an hour ago\"}").body().path("plan").asLong();
        with.portkey.byHand().leave("Coast", "cat@acme.com");
        with.portkey.byHand().join("Coast", "cat@acme.com", "admin");
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.CUT, "/admin/users", 0, 0, 0, "GET", 0, false)));
        with.bridge.sql.update("update target set read_at = read_at - interval '1 hour'");
        int line = with.bridge.sql.queryForObject("select n from plan_line where plan_id = ? and sentence = 'adopt cat@acme.com'", Integer.class, plan);
        assertThat(with.bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":[" + line + "]}").body().path("detail").asText()).contains("Portkey was read more than 10 minutes ago", "not read, and nothing follows from it");
        with.portkey.faults().set(List.of());
        approve(plan, "adopt workspace Coast", "adopt cat@acme.com");
        with.settled();
        readLater();
        assertThat(with.portkey.state().members("Coast")).containsEntry("cat@acme.com", "admin");
        assertThat(with.drift()).noneMatch(difference -> difference.contains("cat@acme.com"));
        with.bridge.api("POST", "/plans/" + plan + "/reject", "{\"reason\":\"only these\"}");
    }

    @Test
    void memberships_made_by_hand_of_people_who_are_the_bridges_are_adopted_and_nobody_has_less() {
        String zoe = with.push("zoe", "zoe@acme.com", true);
        with.group("ws-Zoo-role-member", zoe);
        PortkeyBridge.await(() -> with.portkey.state().pending("zoe@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        with.portkey.byHand().accept("zoe@acme.com");
        with.group("ws-Yard-role-member", with.push("yan", "yan@acme.com", true));
        PortkeyBridge.await(() -> with.portkey.state().pending("yan@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        with.portkey.byHand().join("Yard", "zoe@acme.com", "admin");
        readLater();
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + with.bridge.sql.queryForObject("select id::text from directory_group where display_name = 'ws-Yard-role-member'", String.class),
                "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + zoe + "\"}]}]}");
        with.settled();
        assertThat(with.findings()).contains("unmanaged: a membership in Yard was made by hand as admin and should be member");
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"as told\"}").body().path("plan").asLong();
        assertThat(with.bridge.sql.queryForObject("select reason from plan_line where plan_id = ? and sentence = 'adopt memberships of zoe@acme.com'", String.class, plan)).isEqualTo("made by hand: Yard as admin");
        approve(plan, "adopt memberships of zoe@acme.com");
        with.settled();
        readLater();
        assertThat(with.portkey.state().members("Yard")).containsEntry("zoe@acme.com", "admin");
        assertThat(with.findings()).noneMatch(finding -> finding.contains("Yard was made by hand"));
        assertThat(with.drift()).noneMatch(line -> line.contains("zoe@acme.com"));
        assertThat(with.bridge.api("GET", "/target/manual?q=zoe", "").body().path("items").toString()).contains("\"in\":\"Yard\"", "\"role\":\"admin\"");
        with.leaves(zoe);
        PortkeyBridge.await(() -> with.portkey.state().person("zoe@acme.com").isPresent(), false);
    }

    @Test
    void who_leaves_after_an_adoption_was_proposed_is_removed_only_by_a_line_that_says_so() {
        with.portkey.byHand().person("uma@acme.com", "Uma", "Byhand", "member");
        String uma = with.push("uma", "uma@acme.com", true);
        readLater();
        long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"as she is\"}").body().path("plan").asLong();
        with.leaves(uma);
        approve(plan, "adopt uma@acme.com");
        with.settled();
        assertThat(with.portkey.state().person("uma@acme.com")).as("that line said nothing of a removal").isPresent();
        assertThat(with.owner("uma@acme.com")).isEqualTo("unmanaged");
        long next = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"she has left\"}").body().path("plan").asLong();
        approve(next, "adopt uma@acme.com, who has left");
        PortkeyBridge.await(() -> with.portkey.state().person("uma@acme.com").isPresent(), false);
    }

    private TestBridge.Answer bind(String workspace, String slug) {
        return with.bridge.api("POST", "/target/bind", "{\"workspace\":\"" + workspace + "\",\"slug\":\"" + slug + "\",\"reason\":\"the newer one\"}");
    }

    private void approve(long plan, String... sentences) {
        List<Integer> lines = with.bridge.sql.queryForList("select n from plan_line where plan_id = ? and sentence = any(?) order by 1", Integer.class, plan, sentences);
        assertThat(lines).hasSize(sentences.length);
        JsonNode answer = with.bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":" + lines + "}").body();
        assertThat(answer.path("lines")).hasSize(sentences.length);
    }

    private void readLater() {
        PortkeyBridge.afterTheLag();
        with.read();
    }
}
