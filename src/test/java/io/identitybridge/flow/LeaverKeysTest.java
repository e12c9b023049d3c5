package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyQuirk;
import io.identitybridge.lab.PortkeyRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Portkey holds beside people and memberships, and the bridge tells: keys of those who left, and mappings of its own. */
@Tag("real")
class LeaverKeysTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi().applies();

    @BeforeEach
    void quiet() {
        with.quiet();
        with.portkey.quirk(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL, true);
    }

    @Test
    void keys_that_outlive_a_leaver_are_told_and_revoked_on_an_operators_word() {
        String id = left("ada");
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        JsonNode keys = with.bridge.api("GET", "/target/keys?person=ada@acme.com", "").body().path("keys");
        assertThat(keys.findValuesAsText("name")).containsExactlyInAnyOrder("auto-created", "laptop");
        assertThat(keys.toString()).as("nothing of a secret").doesNotContain("*****");
        assertThat(revoke("ada@acme.com", "no-such-key").status()).as("nothing is done, and that is said").isEqualTo(409);
        String laptop = with.portkey.state().keys("ada@acme.com").stream().filter(key -> key.name().equals("laptop")).map(PortkeyRow.ApiKey::id).findFirst().orElseThrow();
        assertThat(with.bridge.api("POST", "/target/keys/revoke", "{\"person\":\"ada@acme.com\",\"keys\":[\"" + laptop + "\"]}").status()).as("not without a reason").isEqualTo(400);
        assertThat(revoke("ada@acme.com", laptop).body().path("done").get(0).asText()).isEqualTo("API key " + laptop + " (laptop) is revoked");
        assertThat(with.portkey.state().keys("ada@acme.com")).extracting(PortkeyRow.ApiKey::name).containsExactly("auto-created");
        assertThat(keysFindings()).containsExactly("Portkey still holds 1 API key of somebody who has left");
        revoke("ada@acme.com");
        assertThat(with.portkey.state().keys("ada@acme.com")).isEmpty();
        assertThat(keysFindings()).isEmpty();
        assertThat(with.bridge.api("GET", "/audit?q=revoke%20API%20key", "").body().path("items").toString()).contains(laptop, id).doesNotContain("ada@acme.com");
    }

    @Test
    void keys_that_go_with_their_owner_are_not_told_and_keys_of_the_living_are_not_revoked() {
        with.portkey.quirk(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL, false);
        String bob = left("bob");
        noneOnce(bob);
        lookAgain();
        PortkeyBridge.await(() -> watched(bob), 0L);
        assertThat(keysFindings()).isEmpty();
        with.portkey.quirk(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL, true);
        joined("cleo");
        assertThat(revoke("cleo@acme.com").status()).isEqualTo(409);
        assertThat(with.portkey.state().keys("cleo@acme.com")).isNotEmpty();
    }

    @Test
    void keys_of_somebody_who_is_back_as_the_same_user_are_not_revoked_though_no_reading_has_shown_him_yet() {
        left("gus");
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        String user = with.bridge.sql.queryForObject("select user_id from target_left where held = 2", String.class);
        with.gateway.says("GET", "/v1/admin/users/" + user, 200, Map.of("Content-Type", "application/json"), "{\"object\":\"user\",\"id\":\"" + user + "\",\"email\":\"gus@acme.com\",\"first_name\":\"Gus\",\"last_name\":\"G\",\"role\":\"member\"}");
        TestBridge.Answer answer = revoke("gus@acme.com");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("at Portkey again");
        assertThat(with.portkey.state().keys("gus@acme.com")).hasSize(2);
        with.gateway.quiet();
        assertThat(revoke("gus@acme.com").status()).isEqualTo(200);
    }

    @Test
    void keys_beyond_a_page_that_is_shorter_than_asked_for_are_listed_too() {
        String joy = left("joy");
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target_left where person_id = ?::uuid and held = 2", joy), 1L);
        String user = with.bridge.sql.queryForObject("select user_id from target_left where person_id = ?::uuid", String.class, joy);
        for (String key : List.of("one", "two")) {
            with.gateway.says(1, "GET", "/v1/api-keys", 200, Map.of("Content-Type", "application/json"), "{\"object\":\"list\",\"total\":2,\"data\":[{\"id\":\"" + key + "\",\"name\":\"" + key + "\",\"user_id\":\"" + user + "\"}]}");
        }
        assertThat(with.bridge.api("GET", "/target/keys?person=joy@acme.com", "").body().path("keys").findValuesAsText("name")).containsExactly("one", "two", "auto-created", "laptop");
        revoke("joy@acme.com");
    }

    @Test
    void a_gateways_404_revokes_no_key() {
        String hal = left("hal");
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target_left where person_id = ?::uuid and held = 2", hal), 1L);
        with.gateway.says("DELETE", "/v1/api-keys/[^/]+", 404, Map.of("Content-Type", "text/html"), "<html><body><h1>404 Not Found</h1></body></html>");
        TestBridge.Answer answer = revoke("hal@acme.com");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("shows it still");
        assertThat(with.bridge.count("select held from target_left where person_id = ?::uuid", hal)).isEqualTo(2);
        with.gateway.quiet();
        assertThat(revoke("hal@acme.com").status()).isEqualTo(200);
        assertThat(with.portkey.state().keys("hal@acme.com")).isEmpty();
    }

    @Test
    void a_list_of_keys_that_is_empty_once_ends_no_watch() {
        with.gateway.says("GET", "/v1/api-keys", 200, Map.of("Content-Type", "application/json"), "{\"object\":\"list\",\"total\":0,\"data\":[]}");
        String fay = left("fay");
        noneOnce(fay);
        assertThat(watched(fay)).isEqualTo(1);
        with.gateway.quiet();
        lookAgain();
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        revoke("fay@acme.com");
        assertThat(keysFindings()).isEmpty();
    }

    @Test
    void a_list_of_keys_that_has_fewer_than_it_says_is_told() {
        with.gateway.says("GET", "/v1/api-keys", 200, Map.of("Content-Type", "application/json"), "{\"object\":\"list\",\"total\":40,\"data\":[]}");
        String gus = left("gus");
        PortkeyBridge.await(() -> keysFindings(), List.of("the API keys of those who left cannot be listed: GET /api-keys: a list has fewer than it says"));
        assertThat(watched(gus)).isEqualTo(1);
        with.gateway.quiet();
        lookAgain();
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        revoke("gus@acme.com");
    }

    @Test
    void keys_of_a_workspace_that_he_left_long_before_the_organisation_are_told_whoever_took_him_out_of_it() {
        String ivo = user("ivo");
        String group = with.group("ws-ivo's-role-member", ivo);
        in("ivo's", "ivo@acme.com", true);
        with.portkey.byHand().workspace("Guild");
        with.portkey.byHand().join("Guild", "ivo@acme.com", "member");
        with.portkey.byHand().workspace("Attic");
        with.portkey.byHand().join("Attic", "ivo@acme.com", "member");
        PortkeyBridge.afterTheLag();
        with.read();
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + group, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ivo + "\\\"]\"}]}");
        in("ivo's", "ivo@acme.com", false);
        with.admin("DELETE", "/admin/workspaces/" + with.portkey.state().workspace("Guild").orElseThrow().id() + "/users/" + with.portkey.state().person("ivo@acme.com").orElseThrow().id(), "");
        with.portkey.byHand().deleteWorkspace("Attic");
        PortkeyBridge.afterTheLag();
        with.read();
        with.leaves(ivo);
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        revoke("ivo@acme.com");
        assertThat(with.portkey.state().keys("ivo@acme.com")).isEmpty();
    }

    @Test
    void who_accepts_his_invite_and_leaves_before_anybody_reads_that_is_watched_too() {
        String id = invited("jon");
        with.portkey.byHand().accept("jon@acme.com");
        with.leaves(id);
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 1 API key of somebody who has left"));
        revoke("jon@acme.com");
    }

    @Test
    void a_key_without_the_right_to_see_keys_stops_nothing_and_is_told_once() {
        with.portkey.withoutScopes("workspace_user_api_keys.list");
        left("dan");
        PortkeyBridge.await(() -> keysFindings().size(), 1);
        assertThat(keysFindings().getFirst()).startsWith("the API keys of those who left cannot be listed: GET /api-keys: 403");
        assertThat(with.bridge.count("select count(*) from target where stopped_at is not null")).as("publishing goes on").isZero();
        assertThat(with.bridge.api("GET", "/target/keys?person=dan@acme.com", "").status()).isEqualTo(409);
        with.portkey.withoutScopes("workspace_user_api_keys.delete");
        with.bridge.sql.update("update target_left set checked_at = null");
        PortkeyBridge.await(() -> keysFindings(), List.of("Portkey still holds 2 API keys of somebody who has left"));
        assertThat(revoke("dan@acme.com").status()).as("a refusal is never taken for revoked").isEqualTo(409);
        assertThat(with.portkey.state().keys("dan@acme.com")).hasSize(2);
        with.portkey.withoutScopes();
        revoke("dan@acme.com");
    }

    @Test
    void mappings_of_portkeys_own_are_told_and_ended_on_an_operators_word_and_their_people_stay() {
        joined("eve");
        String group = with.directGroup("Engineering", "eve@acme.com");
        with.direct("GET", "/Groups/" + group, "");
        String mapping = with.admin("POST", "/scim/workspaces", "{\"workspace_id\":\"" + with.portkey.state().workspace("eve's").orElseThrow().slug() + "\",\"role\":\"member\",\"scim_group_id\":\"" + group + "\"}").path("id").asText();
        for (int i = 0; i < 130; i++) { // more than one page
            with.admin("POST", "/scim/workspaces", "{\"workspace_id\":\"" + with.portkey.state().workspace("Shared Team Workspace").orElseThrow().slug() + "\",\"role\":\"member\",\"scim_group_name\":\"Group %03d\"}".formatted(i));
        }
        with.read();
        assertThat(with.findings()).contains("unmanaged: Portkey maps its SCIM group Engineering to workspace eve's as member: whoever pushes that group changes who is there");
        assertThat(with.bridge.api("GET", "/target/mappings?limit=1", "").body().path("total").asInt()).isEqualTo(131);
        with.portkey.withoutScopes("scim");
        assertThat(with.read()).as("a right that is missing here breaks no reading").hasToString("Read[]");
        assertThat(with.bridge.api("GET", "/target", "").body().path("mappingsWhy").asText()).contains("403");
        assertThat(with.findings()).as("what was known stays").anyMatch(finding -> finding.contains("SCIM group Engineering"));
        with.portkey.withoutScopes();
        with.portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_403, "/scim/workspaces/" + mapping, 0, 1, 0, "DELETE", 0, false)));
        assertThat(unmap(mapping).status()).isEqualTo(409);
        with.gateway.says(1, "DELETE", "/v1/scim/workspaces/[^/]+", 404, Map.of("Content-Type", "text/html"), "<html><body><h1>404 Not Found</h1></body></html>");
        assertThat(unmap(mapping).status()).as("a gateway's 404 ends none").isEqualTo(409);
        assertThat(unmap(mapping).status()).isEqualTo(200);
        assertThat(with.portkey.state().mappings()).noneMatch(one -> one.id().equals(mapping));
        assertThat(with.portkey.state().members("eve's")).containsKey("eve@acme.com");
        with.read();
        assertThat(with.findings()).noneMatch(finding -> finding.contains("SCIM group Engineering"));
        assertThat(with.bridge.api("GET", "/target", "").body().path("mappingsWhy").isNull()).isTrue();
    }

    private long watched(String person) {
        return with.bridge.count("select count(*) from target_left where person_id = ?::uuid", person);
    }

    private void noneOnce(String person) {
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target_left where person_id = ?::uuid and none_at is not null", person), 1L);
    }

    /** In place of what a reading a day later brings. */
    private void lookAgain() {
        PortkeyBridge.afterTheLag();
        with.read();
        with.bridge.sql.update("update target_left set checked_at = null");
    }

    private TestBridge.Answer unmap(String mapping) {
        return with.bridge.api("POST", "/target/unmap", "{\"mapping\":\"" + mapping + "\",\"reason\":\"cutover\"}");
    }

    private TestBridge.Answer revoke(String person, String... keys) {
        String list = String.join(",", List.of(keys).stream().map(key -> "\"" + key + "\"").toList());
        return with.bridge.api("POST", "/target/keys/revoke", "{\"person\":\"" + person + "\",\"keys\":[" + list + "],\"reason\":\"he has left\"}");
    }

    /** Somebody of the bridge's who is a user at Portkey, with two keys, in a workspace of his own. */
    private String joined(String name) {
        String id = invited(name);
        with.portkey.byHand().accept(name + "@acme.com");
        with.portkey.byHand().key(name + "@acme.com", name + "'s", "laptop");
        PortkeyBridge.afterTheLag();
        with.read();
        return id;
    }

    private String invited(String name) {
        String id = with.push(name, name + "@acme.com", true);
        with.group("ws-" + name + "'s-role-member", id);
        PortkeyBridge.await(() -> with.portkey.state().pending(name + "@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
        with.settled();
        return id;
    }

    /** Likewise, in no workspace and without keys. */
    private String user(String name) {
        String id = with.push(name, name + "@acme.com", true);
        PortkeyBridge.await(() -> with.portkey.state().pending(name + "@acme.com").isPresent(), true);
        with.settled();
        with.portkey.byHand().accept(name + "@acme.com");
        PortkeyBridge.afterTheLag();
        with.read();
        return id;
    }

    private void in(String workspace, String email, boolean is) {
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault(workspace, Map.of()).containsKey(email), is);
        with.settled();
    }

    private String left(String name) {
        with.leaves(joined(name));
        PortkeyBridge.await(() -> with.portkey.state().person(name + "@acme.com").isEmpty(), true);
        return with.bridge.sql.queryForObject("select id::text from person where email = ?", String.class, name + "@acme.com");
    }

    private List<String> keysFindings() {
        return with.bridge.sql.queryForList("select sentence from target_finding where kind = 'keys' and closed_at is null", String.class);
    }
}
