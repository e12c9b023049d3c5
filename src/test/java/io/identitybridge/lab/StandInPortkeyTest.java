package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Admin API's habits, each of which has broken somebody's client. */
class StandInPortkeyTest {
    private StandInPortkey portkey;
    private AdminClient admin;

    @BeforeEach
    void start() throws IOException {
        portkey = new StandInPortkey(0, "/v1");
        admin = AdminClient.admin(portkey.adminUrl());
    }

    @AfterEach
    void stop() {
        admin.close();
        portkey.close();
    }

    @Test
    void nobody_is_made_but_by_an_invite_that_somebody_accepts() throws Exception {
        portkey.byHand().workspace("Sales");
        assertThat(invite("ada@acme.com", "Sales")).isEqualTo("200");
        assertThat(invite("ADA@acme.com", "Sales")).as("pending, whatever the case").isEqualTo("409 AB07");
        assertThat(admin.json("/admin/users?email=ada@acme.com").path("data")).isEmpty();

        portkey.quirk(PortkeyQuirk.INVITE_WANTS_SLUG, true);
        assertThat(admin.said("POST", "/admin/users/invites", "{'email':'x@acme.com','role':'member','workspaces':[{'id':'%s','role':'member'}]}".formatted(portkey.state().workspace("Sales").orElseThrow().id()))).isEqualTo("400 AB01");
        portkey.byHand().accept("ada@acme.com");
        assertThat(portkey.state().members("Sales")).containsExactlyEntriesOf(java.util.Map.of("ada@acme.com", "manager"));
        assertThat(portkey.state().keys("ada@acme.com")).as("a key was minted for the workspace").hasSize(1);
        assertThat(invite("ada@acme.com", "Sales")).as("already in").isEqualTo("409 AB07");
        assertThat(admin.json("/admin/users/invites?status=accepted").path("data").get(0).has("accepted_at")).isTrue();
    }

    @Test
    void an_invite_expires_is_sent_again_is_cancelled_or_is_accepted_by_the_first_login() throws Exception {
        portkey.byHand().workspace("Sales");
        invite("ada@acme.com", "Sales");
        portkey.byHand().expire("ada@acme.com");
        assertThat(portkey.state().pending("ada@acme.com")).isEmpty();
        String id = portkey.state().invites("ada@acme.com").getFirst().id();
        assertThat(admin.said("POST", "/admin/users/invites/" + id + "/resend", "")).isEqualTo("200");
        assertThat(admin.said("DELETE", "/admin/users/invites/" + id, "")).isEqualTo("200");
        assertThat(admin.json("/admin/users/invites/" + id).path("status").asText()).isEqualTo("cancelled");
        assertThat(admin.said("POST", "/admin/users/invites/" + id + "/resend", "")).isEqualTo("400 AB01");
        assertThatThrownBy(() -> portkey.byHand().accept("ada@acme.com")).isInstanceOf(NoSuchElementException.class);

        invite("ada@acme.com", "Sales");
        assertThat(portkey.byHand().login("ada@acme.com", "Ada", "Lovelace")).isPresent();
        assertThat(portkey.state().members("Sales")).containsKey("ada@acme.com");
    }

    @Test
    void a_login_provisions_whoever_is_unknown_unless_that_is_off() {
        assertThat(portkey.byHand().login("ada@acme.com", "Ada", "Lovelace")).isPresent();
        portkey.quirk(PortkeyQuirk.LOGIN_PROVISIONS, false);
        assertThat(portkey.byHand().login("grace@acme.com", "Grace", "Hopper")).isEmpty();
        assertThat(portkey.byHand().login("ada@acme.com", "Ada", "Lovelace")).as("known").isPresent();
    }

    @Test
    void an_unchanged_role_is_refused_and_owner_is_no_role() throws Exception {
        String ada = person("ada@acme.com");
        assertThat(admin.said("PUT", "/admin/users/" + ada, "{'role':'member'}")).isEqualTo("400 AB01");
        assertThat(admin.said("PUT", "/admin/users/" + ada, "{'role':'owner'}")).isEqualTo("400 AB01");
        assertThat(admin.said("PUT", "/admin/users/" + ada, "{'role':'admin'}")).isEqualTo("200");
        String owner = portkey.state().person(StandInPortkey.OWNER).orElseThrow().id();
        assertThat(admin.said("PUT", "/admin/users/" + owner, "{'role':'member'}")).isEqualTo("400 AB01");
        assertThat(admin.said("DELETE", "/admin/users/" + owner, "")).isEqualTo("400 AB01");
    }

    @Test
    void an_admin_seems_to_be_in_every_workspace_and_is_a_member_of_none() throws Exception {
        portkey.byHand().workspace("Sales");
        portkey.byHand().person("boss@acme.com", "Bo", "Ss", "admin");
        assertThat(admin.json("/admin/users/" + id("boss@acme.com")).path("workspace_ids")).hasSize(2);
        assertThat(admin.json("/admin/workspaces/" + slug("Sales") + "/users").path("data")).isEmpty();
    }

    @Test
    void pages_are_counted_from_zero_in_three_styles_and_another_style_is_not_heard() throws Exception {
        portkey.byHand().organisation(250, 3, 7);
        assertThat(ids("/admin/users?pageSize=100&currentPage=%d", "data")).hasSize(251);
        assertThat(ids("/admin/workspaces?page_size=2&current_page=%d", "data")).hasSize(4);
        assertThat(admin.json("/admin/users?page_size=100&current_page=1").path("data").get(0)).as("the first page for ever").isEqualTo(admin.json("/admin/users").path("data").get(0));
        assertThat(admin.json("/admin/users?pageSize=1000").path("data")).as("at most 100").hasSize(100);

        String workspace = slug("Team 01");
        for (int g = 0; g < 105; g++) {
            admin.send("POST", "/scim/workspaces", "{'workspace_id':'%s','role':'member','scim_group_name':'Group %d'}".formatted(workspace, g));
        }
        assertThat(admin.json("/scim/workspaces").path("total_count").asInt()).as("of those returned").isEqualTo(100);
        assertThat(ids("/scim/workspaces?page_size=100&page=%d", "mappings")).hasSize(105);
        assertThat(admin.json("/scim/workspaces?workspace_id=" + workspace).path("mappings")).as("only by UUID").isEmpty();
    }

    @Test
    void members_come_in_batches_of_people_of_the_organisation_all_or_nobody() throws Exception {
        portkey.byHand().workspace("Sales");
        String ada = person("ada@acme.com");
        String members = "/admin/workspaces/" + slug("Sales") + "/users";
        assertThat(admin.said("POST", members, "{'users':[{'id':'%s','role':'member'},{'id':'stranger','role':'member'}]}".formatted(ada))).isEqualTo("400 AB01");
        assertThat(portkey.state().members("Sales")).isEmpty();
        assertThat(admin.said("POST", members, "{'users':[{'id':'%s','role':'member'}]}".formatted(ada))).isEqualTo("200");
        assertThat(admin.said("PUT", members + "/" + ada, "{'role':'member'}")).isEqualTo("400 AB01");
        JsonNode alone = admin.json(members + "/" + ada);
        assertThat(alone.has("id")).isFalse();
        assertThat(alone.path("user_id").asText() + alone.path("role").asText()).isEqualTo(ada + "ws-member");
    }

    @Test
    void whoever_has_left_is_403_and_a_deleted_workspace_404_or_the_other_way_round() throws Exception {
        String ada = person("ada@acme.com");
        portkey.byHand().workspace("Sales");
        portkey.byHand().join("Sales", "ada@acme.com", "admin");
        String slug = slug("Sales");
        assertThat(admin.said("DELETE", "/admin/users/" + ada, "")).isEqualTo("200");
        assertThat(admin.said("GET", "/admin/workspaces/" + slug + "/users/" + ada, "")).isEqualTo("403 AB03");
        portkey.quirk(PortkeyQuirk.DEPARTED_IS_404, true);
        assertThat(admin.said("DELETE", "/admin/workspaces/" + slug + "/users/" + ada, "")).isEqualTo("404 AB08");

        portkey.byHand().deleteWorkspace("Sales");
        assertThat(admin.said("GET", "/admin/workspaces/" + slug + "/users", "")).isEqualTo("404 AB08");
        portkey.quirk(PortkeyQuirk.DELETED_WORKSPACE_IS_403, true);
        assertThat(admin.said("GET", "/admin/workspaces/" + slug, "")).isEqualTo("403 AB03");
    }

    @Test
    void keys_go_with_their_owner_unless_portkey_forgets_them() throws Exception {
        portkey.byHand().workspace("Sales");
        for (String email : List.of("ada@acme.com", "grace@acme.com")) {
            person(email);
            portkey.byHand().join("Sales", email, "member");
            portkey.byHand().key(email, "Sales", "laptop");
        }
        admin.send("DELETE", "/admin/users/" + id("ada@acme.com"), "");
        assertThat(portkey.state().keys("ada@acme.com")).isEmpty();
        portkey.quirk(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL, true);
        admin.send("DELETE", "/admin/users/" + id("grace@acme.com"), "");
        assertThat(portkey.state().keys("grace@acme.com")).as("he has left, and still gets in").hasSize(2);
        String key = admin.json("/api-keys?workspace_id=" + portkey.state().workspace("Sales").orElseThrow().id()).path("data").get(0).path("id").asText();
        assertThat(admin.said("DELETE", "/api-keys/" + key, "")).isEqualTo("200");
        assertThat(portkey.state().keys("grace@acme.com")).hasSize(1);
    }

    @Test
    void a_workspace_is_deleted_by_its_name_only_when_empty_and_never_the_default_one() throws Exception {
        portkey.byHand().workspace("Sales");
        portkey.byHand().furnish("Sales", "🚀", 2);
        String path = "/admin/workspaces/" + slug("Sales");
        assertThat(admin.json(path).path("name").asText()).isEqualTo("🚀 Sales");
        assertThat(admin.said("DELETE", path, "")).isEqualTo("400 AB01");
        assertThat(admin.said("DELETE", path, "{'name':'Sales','force_delete':true}")).isEqualTo("409 AB07");
        portkey.byHand().furnish("Sales", "", 0);
        assertThat(admin.said("DELETE", path, "{'name':'Sales'}")).isEqualTo("200");
        assertThat(admin.said("DELETE", "/admin/workspaces/" + slug(StandInPortkey.DEFAULT_WORKSPACE), "{'name':'%s'}".formatted(StandInPortkey.DEFAULT_WORKSPACE))).isEqualTo("409 AB07");
        assertThat(admin.json("/admin/workspaces").path("data").get(0).path("is_default").asInt()).isEqualTo(1);
    }

    @Test
    void a_key_without_a_scope_is_403_and_a_wrong_one_401() throws Exception {
        portkey.withoutScopes("organisation_users.list", "scim");
        assertThat(admin.said("GET", "/admin/users", "")).isEqualTo("403 AB03");
        assertThat(admin.said("GET", "/scim/groups", "")).isEqualTo("403 AB03");
        assertThat(admin.said("GET", "/admin/users/" + id(StandInPortkey.OWNER), "")).as("list does not give read, nor take it").isEqualTo("200");
        portkey.withoutScopes();
        assertThat(admin.said("GET", "/admin/users", "")).isEqualTo("200");
        try (AdminClient stranger = AdminClient.with(portkey.adminUrl(), "x-portkey-api-key", "other")) {
            assertThat(stranger.said("GET", "/admin/users", "")).isEqualTo("401 AB05");
        }
        assertThat(portkey.log().writes()).as("no client wrote").allMatch(write -> write.method().equals("HAND"));
    }

    @Test
    void a_subscription_without_seats_takes_nobody() throws Exception {
        portkey.seats(2);
        assertThat(invite("ada@acme.com", StandInPortkey.DEFAULT_WORKSPACE)).isEqualTo("200");
        assertThat(invite("grace@acme.com", StandInPortkey.DEFAULT_WORKSPACE)).isEqualTo("402 AB09");
        try (AdminClient scim = AdminClient.scim(portkey.scimUrl())) {
            assertThat(scim.said("POST", "/Users", "{'userName':'grace@acme.com'}")).isEqualTo("402");
        }
        portkey.byHand().cancel("ada@acme.com");
        assertThat(invite("grace@acme.com", StandInPortkey.DEFAULT_WORKSPACE)).isEqualTo("200");
    }

    @Test
    void a_group_has_one_role_and_the_same_mapping_is_made_once() throws Exception {
        portkey.byHand().workspace("Sales");
        portkey.byHand().workspace("Support");
        String mapping = "{'workspace_id':'%s','role':'%s','scim_group_name':'%s'}";
        assertThat(admin.said("POST", "/scim/workspaces", mapping.formatted(slug("Sales"), "Member", "Staff"))).isEqualTo("200");
        assertThat(admin.said("POST", "/scim/workspaces", mapping.formatted(slug("Sales"), "member", "Staff"))).isEqualTo("200");
        assertThat(portkey.state().mappings()).hasSize(1);
        assertThat(admin.send("POST", "/scim/workspaces", mapping.formatted(slug("Support"), "admin", "Staff")).body()).contains("already mapped to other workspace(s) with role 'member'");
        assertThat(admin.said("POST", "/scim/workspaces", mapping.formatted(slug("Support"), "admin", "ws-Support-role-admin"))).isEqualTo("400 AB01");
    }

    @Test
    void an_organisation_made_by_hand_is_the_same_for_the_same_seed() {
        portkey.byHand().organisation(800, 60, 1);
        PortkeyState state = portkey.state();
        assertThat(state.people()).hasSize(801);
        assertThat(state.workspaces()).hasSize(61);
        try (StandInPortkey again = new StandInPortkey(0, "")) {
            again.byHand().organisation(800, 60, 1);
            assertThat(again.state().memberships()).isEqualTo(state.memberships());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Set<String> ids(String path, String list) throws Exception {
        Set<String> ids = new HashSet<>();
        for (int page = 0; ; page++) {
            JsonNode rows = admin.json(path.formatted(page)).path(list);
            if (rows.isEmpty()) {
                return ids;
            }
            rows.forEach(row -> ids.add(row.path("id").asText()));
        }
    }

    private String invite(String email, String workspace) throws Exception {
        return admin.said("POST", "/admin/users/invites", "{'email':'%s','role':'member','workspaces':[{'id':'%s','role':'manager'}]}".formatted(email, slug(workspace)));
    }

    private String person(String email) {
        return portkey.byHand().person(email, "First", "Last", "member").id();
    }

    private String id(String email) {
        return portkey.state().person(email).orElseThrow().id();
    }

    private String slug(String workspace) {
        return portkey.state().workspace(workspace).orElseThrow().slug();
    }
}
