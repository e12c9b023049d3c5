package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.lab.PortkeyRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What another SCIM client made at Portkey comes under the bridge, which is its SCIM client from then on. */
class ScimAdoptionTest {
    @Test
    @Tag("real")
    void people_and_groups_of_another_client_are_adopted_and_nobody_has_less_but_whoever_has_left() {
        try (PortkeyBridge with = PortkeyBridge.byScim()) {
            with.portkey.byHand().organisation(12, 0, 3);
            with.directGroup("ws-Sales-role-manager", "person0001@acme.com", "person0002@acme.com", "person0003@acme.com");
            with.directGroup("ws-sales-role-Member", "person0004@acme.com");
            with.directGroup("ws-Handmade-role-admin", "person0002@acme.com", "person0003@acme.com");
            with.directGroup("Everybody", "person0001@acme.com");
            Map<String, Map<String, String>> before = with.portkey.state().memberships();

            String one = with.push("x1", "person0001@acme.com", true);
            String two = with.push("x2", "person0002@acme.com", true);
            String three = with.push("x3", "person0003@acme.com", true);
            with.push("x4", "person0004@acme.com", true);
            with.push("new", "new@acme.com", true);
            String gone = with.push("x5", "person0005@acme.com", true);
            with.leaves(gone);
            String sales = with.group("ws-Sales-role-manager", one, two, three);
            with.group("ws-Fresh-role-member", one);
            with.group("ws-Handmade unseen-role-member", two);
            with.portkey.byHand().workspace("Handmade unseen");
            assertThat(with.read()).hasToString("Read[]");
            JsonNode plan = with.bridge.api("GET", "/target/plan", "").body();
            assertThat(List.of(plan.path("matchedPeople").asLong(), plan.path("matchedWorkspaces").asLong(), plan.path("invitesMailed").asLong(), plan.path("extra").asLong())).as("%s", plan).containsExactly(5L, 1L, 0L, 1L);
            assertThat(with.drift()).contains("missing: create user new@acme.com", "extra: archive user person0005@acme.com");
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\"}").status()).as("nobody has decided on the adoption").isEqualTo(409);

            long number = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"cutover\"}").body().path("plan").asLong();
            with.bridge.api("POST", "/plans/" + number + "/approve", "{}");
            assertThat(with.owner("person0001@acme.com")).isEqualTo("adopted");
            assertThat(with.owner("person0005@acme.com")).as("whoever has left only by his number").isEqualTo("unmanaged");
            assertThat(with.bridge.sql.queryForList("select name || ' ' || owner from target_group order by 1", String.class)).containsExactly("Everybody unmanaged", "ws-Handmade-role-admin manual", "ws-Sales-role-manager adopted", "ws-sales-role-Member adopted");
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\"}").body().path("detail").asText()).as("what SCIM cannot show somebody has to look for")
                    .startsWith("2 workspaces would be made: Fresh, Handmade unseen. Portkey's SCIM shows no workspace that has no group of the pattern: one of these may be there, made by hand");
            assertThat(with.bridge.count("select count(*) from target where mode = 'apply'")).isZero();
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\",\"makeWorkspaces\":true}").status()).isEqualTo(200);
            with.settled();
            assertThat(with.portkey.state().person("new@acme.com")).isPresent();
            before.forEach((workspace, roles) -> assertThat(with.portkey.state().members(workspace)).as(workspace).containsAllEntriesOf(roles));
            assertThat(with.portkey.state().person("person0005@acme.com").orElseThrow().active()).isTrue();

            int line = with.bridge.sql.queryForObject("select n from plan_line where plan_id = ? and status = 'held'", Integer.class, number);
            with.bridge.api("POST", "/plans/" + number + "/approve", "{\"only\":[" + line + "]}");
            PortkeyBridge.await(() -> with.portkey.state().person("person0005@acme.com").orElseThrow().active(), false);
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            assertThat(with.drift()).isEmpty();

            asksAgainForWhatComesLater(with, one);
            leaverTakesNothingBack(with, three, sales);
            assertThat(with.portkey.log().writes()).as("a group is never deleted").noneMatch(write -> write.method().equals("DELETE"));
        }
    }

    /** An IdP's group of the name of a workspace that somebody made by hand, unseen, brings nobody into it. */
    private static void asksAgainForWhatComesLater(PortkeyBridge with, String one) {
        with.portkey.byHand().workspace("Vault");
        with.group("ws-Vault-role-admin", one);
        with.settled();
        assertThat(with.portkey.state().members("Vault")).isEmpty();
        assertThat(with.bridge.sql.queryForList("select f.kind || ': ' || f.sentence from target_finding f join workspace w on w.id::text = f.subject where w.name = 'Vault' and f.closed_at is null", String.class)).hasSize(1)
                .first().asString().startsWith("missing: workspace Vault would be made, but may be at Portkey, made by hand");
        assertThat(with.bridge.health()).contains("\"waiting\":[\"Vault\"]", "look for them at Portkey");
        with.read();
        assertThat(with.drift()).containsExactlyInAnyOrder("waits: person0001@acme.com waits for workspace Vault", "waits: workspace Vault may be at Portkey without a group, which SCIM does not show: it waits for target apply --make-workspaces");
        with.settled();
        assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\"}").body().path("detail").asText()).startsWith("1 workspaces would be made: Vault. ");
        assertThat(with.portkey.state().members("Vault")).isEmpty();
        assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"go\",\"makeWorkspaces\":true}").status()).isEqualTo(200);
        PortkeyBridge.await(() -> with.portkey.state().members("Vault"), Map.of("person0001@acme.com", "admin"));
        with.settled();
        assertThat(with.bridge.count("select count(*) from target_finding where kind = 'missing' and closed_at is null")).isZero();
        assertThat(with.bridge.health()).contains("\"waiting\":[]");
        assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"again\"}").status()).as("nothing is asked twice").isEqualTo(200);
    }

    /** What somebody was given by hand ends with his own leaving, and is not his again when he comes back. */
    private static void leaverTakesNothingBack(PortkeyBridge with, String three, String sales) {
        with.leaves(three);
        with.settled();
        assertThat(with.portkey.state().person("person0003@acme.com").orElseThrow()).returns(false, PortkeyRow.Person::active);
        for (String group : List.of("ws-Sales-role-manager", "ws-Handmade-role-admin")) {
            assertThat(with.portkey.state().listed(group)).as(group).doesNotContain("person0003@acme.com").contains("person0002@acme.com");
        }
        with.push("x3", "person0003@acme.com", true);
        PortkeyBridge.await(() -> with.portkey.state().person("person0003@acme.com").orElseThrow().active(), true);
        with.settled();
        assertThat(with.portkey.state().members("Handmade")).containsOnlyKeys("person0002@acme.com");
    }
}
