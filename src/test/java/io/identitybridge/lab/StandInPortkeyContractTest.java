package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the stand-in answers is as Portkey's specification says, operation by operation. With {@code -Dportkey.proxy=URL -Dportkey.port=PORT}, as {@code .ci/prism} gives them, the
 * stand-in listens at that port and the calls go to that address, where a proxy is a second judge: it says 500 to an answer that breaks the specification.
 */
class StandInPortkeyContractTest {
    private static final String PROXY = System.getProperty("portkey.proxy", "");

    @RegisterExtension
    static final PortkeyContract contract = PortkeyContract.under("", Integer.getInteger("portkey.port", 0));

    private static final AdminClient admin = AdminClient.admin(PROXY.isEmpty() ? contract.portkey().adminUrl() : PROXY);
    private final String one = UUID.randomUUID().toString().substring(0, 8);

    /** A proxy knows nothing of what is known to differ. */
    @BeforeAll
    static void asSpecified() {
        contract.portkey().quirk(PortkeyQuirk.MEMBER_ROW_DIFFERS, PROXY.isEmpty());
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    @Test
    void invites() throws Exception {
        String workspace = workspace();
        String invite = done("POST", "/admin/users/invites", "{'email':'%s@acme.com','role':'member','workspaces':[{'id':'%s','role':'manager'}]}".formatted(one, workspace)).path("id").asText();
        assertThat(admin.said("POST", "/admin/users/invites", "{'email':'%s@acme.com','role':'member','workspaces':[]}".formatted(one))).isEqualTo("409 AB07");
        assertThat(done("GET", "/admin/users/invites?pageSize=100&currentPage=0&status=pending&email=" + one + "@acme.com", "").path("data")).hasSize(1);
        assertThat(done("GET", "/admin/users/invites/" + invite, "").path("status").asText()).isEqualTo("pending");
        done("POST", "/admin/users/invites/" + invite + "/resend", "");
        done("DELETE", "/admin/users/invites/" + invite, "");
        assertThat(done("GET", "/admin/users/invites?status=cancelled&role=member", "").path("data")).isNotEmpty();
        assertThat(admin.said("GET", "/admin/users/invites/nobody", "")).isEqualTo("404 AB08");
    }

    @Test
    void users() throws Exception {
        JsonNode owner = done("GET", "/admin/users?role=owner&pageSize=1&currentPage=0", "").path("data").get(0);
        assertThat(done("GET", "/admin/users/" + owner.path("id").asText(), "").path("workspace_ids")).isNotEmpty();
        assertThat(done("GET", "/admin/users?email=owner@acme.com", "").path("data")).hasSize(1);
        assertThat(admin.said("PUT", "/admin/users/" + owner.path("id").asText(), "{'role':'member'}")).isEqualTo("400 AB01");
        assertThat(admin.said("GET", "/admin/users/nobody", "")).isEqualTo("404 AB08");
        String person = person();
        done("PUT", "/admin/users/" + person, "{'role':'admin'}");
        done("DELETE", "/admin/users/" + person, "");
        assertThat(admin.said("GET", "/admin/users/" + person, "")).isEqualTo("403 AB03");
    }

    @Test
    void workspaces() throws Exception {
        JsonNode made = done("POST", "/admin/workspaces", "{'name':'W %s','description':'x','defaults':{'metadata':{'a':'b'}}}".formatted(one));
        String slug = made.path("slug").asText();
        assertThat(done("GET", "/admin/workspaces?page_size=100&current_page=0&status=active&exact_name=W%20" + one, "").path("data")).hasSize(1);
        assertThat(done("GET", "/admin/workspaces?name=nothing", "").path("data")).isEmpty();
        assertThat(done("GET", "/admin/workspaces/" + slug, "").path("id")).as("a slug goes in, the UUID comes out").isEqualTo(made.path("id"));
        done("PUT", "/admin/workspaces/" + slug, "{'name':'V %s','defaults':{'metadata':{'c':'d'}}}".formatted(one));
        assertThat(admin.said("POST", "/admin/workspaces", "{'name':'V %s'}".formatted(one))).isEqualTo("409 AB07");
        done("DELETE", "/admin/workspaces/" + slug, "{'name':'V %s'}".formatted(one));
        assertThat(admin.said("GET", "/admin/workspaces/" + slug, "")).isEqualTo("404 AB08");
    }

    @Test
    void members() throws Exception {
        String workspace = workspace();
        String person = person();
        String members = "/admin/workspaces/" + workspace + "/users";
        done("POST", members, "{'users':[{'id':'%s','role':'member'}]}".formatted(person));
        assertThat(admin.said("POST", members, "{'users':[{'id':'%s','role':'member'}]}".formatted(person))).isEqualTo("409 AB07");
        done("PUT", members + "/" + person, "{'role':'manager'}");
        assertThat(done("GET", members + "?page_size=100&current_page=0&role=manager", "").path("data")).hasSize(1);
        JsonNode alone = done("GET", members + "/" + person, "");
        assertThat(alone.path("id").asText(alone.path("user_id").asText())).isEqualTo(person);
        assertThat(done("GET", "/admin/workspaces/" + workspace, "").path("users")).hasSize(1);
        done("DELETE", members + "/" + person, "");
        assertThat(admin.said("DELETE", members + "/" + person, "")).isEqualTo("404 AB08");
    }

    @Test
    void mappings() throws Exception {
        String workspace = workspace();
        JsonNode mapping = done("POST", "/scim/workspaces", "{'workspace_id':'%s','role':'member','scim_group_name':'Group %s'}".formatted(workspace, one));
        String group = mapping.path("scim_group_id").asText();
        assertThat(done("POST", "/scim/workspaces", "{'workspace_id':'%s','role':'member','scim_group_id':'%s'}".formatted(workspace, group)).path("id")).isEqualTo(mapping.path("id"));
        assertThat(done("GET", "/scim/workspaces?page=0&page_size=100&scim_group_id=" + group, "").path("mappings")).hasSize(1);
        assertThat(done("GET", "/scim/groups?search=Group&page=0&page_size=100", "").path("groups")).isNotEmpty();
        assertThat(done("DELETE", "/scim/workspaces/" + mapping.path("id").asText(), "").path("success").asBoolean()).isTrue();
    }

    @Test
    void api_keys() throws Exception {
        String workspace = workspace();
        done("POST", "/admin/workspaces/" + workspace + "/users", "{'users':[{'id':'%s','role':'member'}]}".formatted(person()));
        String key = done("GET", "/api-keys?page_size=100&current_page=0&workspace_id=" + workspace, "").path("data").get(0).path("id").asText();
        assertThat(done("GET", "/api-keys/" + key, "").path("workspace_id").asText()).isEqualTo(workspace);
        done("DELETE", "/api-keys/" + key, "");
        assertThat(admin.said("GET", "/api-keys/" + key, "")).isEqualTo("404 AB08");
    }

    @Test
    void the_audit_log() throws Exception {
        workspace();
        String query = "/audit-logs?start_time=%s&end_time=%s&organisation_id=%s&page_size=100&current_page=0&method=POST".formatted(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1), StandInPortkey.ORGANISATION);
        assertThat(done("GET", query, "").path("records")).isNotEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "portkey.proxy", matches = ".+")
    void the_proxy_is_awake() throws Exception {
        String workspace = workspace();
        String person = person();
        done("POST", "/admin/workspaces/" + workspace + "/users", "{'users':[{'id':'%s','role':'member'}]}".formatted(person));
        contract.portkey().quirk(PortkeyQuirk.MEMBER_ROW_DIFFERS, true);
        assertThat(admin.send("GET", "/admin/workspaces/" + workspace + "/users/" + person, "").statusCode()).as("the role ws-member").isEqualTo(500);
        contract.portkey().quirk(PortkeyQuirk.MEMBER_ROW_DIFFERS, false);
        assertThat(admin.send("PUT", "/admin/users/" + person, "{'role':'owner'}").statusCode()).as("the role owner does not come through").isEqualTo(422);
    }

    /** Somebody whom nobody made by this API: invited, and in by his first login. */
    private String person() throws Exception {
        String email = one + "." + UUID.randomUUID().toString().substring(0, 8) + "@acme.com";
        done("POST", "/admin/users/invites", "{'email':'%s','role':'member','workspaces':[]}".formatted(email));
        contract.portkey().byHand().login(email, "First", "Last");
        return done("GET", "/admin/users?email=" + email, "").path("data").get(0).path("id").asText();
    }

    private String workspace() throws Exception {
        return done("POST", "/admin/workspaces", "{'name':'Workspace %s'}".formatted(UUID.randomUUID())).path("slug").asText();
    }

    private static JsonNode done(String method, String path, String json) throws Exception {
        var answer = admin.send(method, path, json);
        assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isEqualTo(200);
        return AdminClient.json(answer);
    }
}
