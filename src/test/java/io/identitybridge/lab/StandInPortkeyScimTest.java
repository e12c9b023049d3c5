package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Portkey's own SCIM endpoint: people at once, groups that are places in workspaces. */
class StandInPortkeyScimTest {
    private StandInPortkey portkey;
    private AdminClient scim;

    @BeforeEach
    void start() throws IOException {
        portkey = new StandInPortkey(0, "/v1");
        scim = AdminClient.scim(portkey.scimUrl());
    }

    @AfterEach
    void stop() {
        scim.close();
        portkey.close();
    }

    @Test
    void a_person_is_made_at_once_with_any_role_archived_and_revived_under_the_same_id() throws Exception {
        String ada = user("ada@acme.com", "['Owner','member']");
        assertThat(portkey.state().person("ADA@acme.com").orElseThrow().role()).isEqualTo("owner");
        String group = group("ws-Sales-role-member", ada);
        assertThat(portkey.state().members("Sales")).containsKey("ada@acme.com");

        assertThat(scim.said("PATCH", "/Users/" + ada, "{'Operations':[{'op':'Replace','path':'active','value':'False'}]}")).isEqualTo("200");
        assertThat(portkey.state().members("Sales")).isEmpty();
        assertThat(portkey.state().keys("ada@acme.com")).isEmpty();
        scim.send("PATCH", "/Groups/" + group, "{'Operations':[{'op':'add','path':'members','value':[{'value':'%s'}]}]}".formatted(ada));
        assertThat(portkey.state().listed("ws-Sales-role-member")).as("a group revives nobody").isEmpty();

        assertThat(scim.said("POST", "/Users", "{'userName':'ada@acme.com'}")).isEqualTo("201");
        assertThat(id("ada@acme.com")).isEqualTo(ada);
        assertThat(portkey.state().person("ada@acme.com").orElseThrow().role()).as("none sent is member").isEqualTo("member");
        assertThat(scim.said("POST", "/Users", "{'userName':'Ada@acme.com'}")).isEqualTo("409");
        portkey.quirk(PortkeyQuirk.GROUPS_REVIVE, true);
        assertThat(scim.said("DELETE", "/Users/" + ada, "")).isEqualTo("204");
        scim.send("PATCH", "/Groups/" + group, "{'Operations':[{'op':'add','value':{'members':[{'value':'%s'}]}}]}".formatted(ada));
        assertThat(portkey.state().members("Sales")).containsKey("ada@acme.com");
    }

    @Test
    void only_verified_domains_and_what_lies_below_them_where_that_is_allowed() throws Exception {
        portkey.verifiedDomains("acme.com", ".example.org");
        assertThat(scim.said("POST", "/Users", "{'userName':'a@other.com'}")).isEqualTo("400");
        assertThat(scim.said("POST", "/Users", "{'userName':'a@sub.acme.com'}")).isEqualTo("400");
        assertThat(scim.said("POST", "/Users", "{'userName':'upn','emails':[{'value':'a@sub.example.org'}]}")).isEqualTo("201");
    }

    @Test
    void roles_come_in_five_forms_and_go_back_in_the_same() throws Exception {
        int n = 0;
        for (String roles : new String[] {"'admin'", "['admin','member']", "[{'value':'Admin','primary':false}]", "{'value':'admin'}", "[{'value':'{\\'id\\':\\'x\\',\\'value\\':\\'Admin\\'}'}]".replace("\\'", "\\\"")}) {
            String email = "n" + n++ + "@acme.com";
            String id = user(email, roles);
            assertThat(portkey.state().person(email).orElseThrow().role()).as(roles).isEqualTo("admin");
            assertThat(scim.json("/Users/" + id).path("roles").toString()).isEqualTo(roles.replace('\'', '"'));
        }
        user("x@acme.com", "['group','boss']");
        assertThat(portkey.state().person("x@acme.com").orElseThrow().role()).isEqualTo("member");
    }

    @Test
    void people_are_found_by_four_attributes_and_listed_from_one() throws Exception {
        String ada = user("ada@acme.com", "[]");
        scim.send("PATCH", "/Users/" + ada, "{'Operations':[{'op':'add','path':'externalId','value':'x1'},{'op':'replace','path':'name.givenName','value':'Augusta'},{'op':'replace','value':{'displayName':'Lady A'}}]}");
        for (String filter : new String[] {"userName eq \"ADA@acme.com\"", "emails.value eq \"ada@acme.com\"", "externalId eq \"x1\"", "emails eq \"ada@acme.com\""}) {
            assertThat(found("/Users", filter).path("Resources").get(0).path("id").asText()).as(filter).isEqualTo(ada);
        }
        assertThat(scim.json("/Users/" + ada).at("/name/givenName").asText() + scim.json("/Users/" + ada).path("displayName").asText()).isEqualTo("AugustaLady A");
        assertThat(found("/Users", "userName eq \"nobody\"").path("totalResults").asInt()).isZero();
        assertThat(found("/Users", "title co \"x\"").path("status").asText()).isEqualTo("400");
        portkey.byHand().organisation(120, 0, 1);
        assertThat(scim.json("/Users?startIndex=101&count=100").path("Resources")).hasSize(22);
        assertThat(scim.json("/Users?startIndex=1&count=0").path("totalResults").asInt()).isEqualTo(122);
    }

    @Test
    void a_pattern_group_is_a_place_and_makes_its_workspace_once() throws Exception {
        String ada = user("ada@acme.com", "[]");
        String grace = user("grace@acme.com", "[]");
        String group = group("ws-Complex Workspace-role-ADMIN", ada);
        assertThat(portkey.state().members("Complex Workspace")).isEqualTo(Map.of("ada@acme.com", "admin"));
        patch(group, "{'op':'add','path':'members','value':[{'value':'%s'},{'value':'nobody'}]}".formatted(grace));
        patch(group, "{'op':'remove','path':'members[value eq \\'%s\\']'}".replace("\\'", "\\\"").formatted(ada));
        assertThat(portkey.state().members("Complex Workspace")).isEqualTo(Map.of("grace@acme.com", "admin"));
        scim.send("PUT", "/Groups/" + group, "{'displayName':'ws-Complex Workspace-role-ADMIN','members':[{'value':'%s'}]}".formatted(ada));
        assertThat(portkey.state().members("Complex Workspace")).isEqualTo(Map.of("ada@acme.com", "admin"));
        assertThat(found("/Groups", "displayName eq \"ws-Complex Workspace-role-ADMIN\"").path("Resources")).hasSize(1);

        portkey.byHand().deleteWorkspace("Complex Workspace");
        patch(group, "{'op':'add','path':'members','value':[{'value':'%s'}]}".formatted(grace));
        assertThat(portkey.state().workspace("Complex Workspace")).as("an update makes no workspace").isEmpty();
    }

    @Test
    void deleting_a_group_archives_its_workspace_and_deleting_a_mapping_keeps_its_people() throws Exception {
        String ada = user("ada@acme.com", "[]");
        String sales = group("ws-Sales-role-member", ada);
        String staff = group("Staff", ada);
        portkey.byHand().workspace("Support");
        try (AdminClient admin = AdminClient.admin(portkey.adminUrl())) {
            String mapping = AdminClient.json(admin.send("POST", "/scim/workspaces", "{'workspace_id':'%s','role':'manager','scim_group_id':'%s'}"
                    .formatted(portkey.state().workspace("Support").orElseThrow().slug(), staff))).path("id").asText();
            assertThat(portkey.state().members("Support")).containsEntry("ada@acme.com", "manager");
            admin.send("DELETE", "/scim/workspaces/" + mapping, "");
        }
        patch(staff, "{'op':'remove','path':'members'}");
        assertThat(portkey.state().members("Support")).as("no longer the group's").containsKey("ada@acme.com");
        assertThat(scim.said("DELETE", "/Groups/" + sales, "")).isEqualTo("204");
        assertThat(portkey.state().workspace("Sales").orElseThrow().active()).isFalse();
        assertThat(portkey.state().members("Sales")).isEmpty();
    }

    @Test
    void in_two_groups_of_one_workspace_the_last_write_wins() throws Exception {
        String ada = user("ada@acme.com", "[]");
        String admins = group("ws-Sales-role-admin", ada);
        group("ws-Sales-role-member", ada);
        assertThat(portkey.state().members("Sales")).containsEntry("ada@acme.com", "member");
        patch(admins, "{'op':'remove','path':'members','value':[{'value':'%s'}]}".formatted(ada));
        assertThat(portkey.state().members("Sales")).containsEntry("ada@acme.com", "member");
    }

    @Test
    void a_wrong_token_is_401_and_anothers_address_403() throws Exception {
        try (AdminClient wrong = AdminClient.with(portkey.scimUrl(), "Authorization", "Bearer other"); AdminClient elsewhere = AdminClient.scim(portkey.url() + "/v2/scim/other")) {
            assertThat(wrong.said("GET", "/Users", "")).isEqualTo("401");
            assertThat(elsewhere.said("GET", "/Users", "")).isEqualTo("403");
        }
    }

    private JsonNode found(String path, String filter) throws Exception {
        return scim.json(path + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    private String user(String email, String roles) throws Exception {
        return AdminClient.json(scim.send("POST", "/Users", "{'userName':'%s','name':{'givenName':'G','familyName':'F'},'roles':%s}".formatted(email, roles))).path("id").asText();
    }

    private String group(String name, String member) throws Exception {
        return AdminClient.json(scim.send("POST", "/Groups", "{'displayName':'%s','members':[{'value':'%s'}]}".formatted(name, member))).path("id").asText();
    }

    private void patch(String group, String operation) throws Exception {
        assertThat(scim.said("PATCH", "/Groups/" + group, "{'Operations':[%s]}".formatted(operation))).isEqualTo("204");
    }

    private String id(String email) {
        return portkey.state().person(email).orElseThrow().id();
    }
}
