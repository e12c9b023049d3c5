package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People and groups of a real Keycloak, each change followed through to membership: by its Admin API with groups in groups flattened, and by
 * its own SCIM server, which lists top-level groups only.
 */
@Tag("real")
class KeycloakLifeTest {
    private static final String NORTH = "/ws-Sales-role-member/ws-Sales North-role-manager";
    @TempDir
    Path folder;
    Keycloak keycloak;
    TestBridge admin;
    TestBridge scim;

    @Test
    void each_change_ends_in_membership_by_both_of_its_interfaces() throws IOException, InterruptedException {
        try (Keycloak started = Keycloak.start(folder, KeycloakLifeTest::realm, "scim-api"); TestBridge byAdmin = byAdminApi(started); TestBridge byScim = byScim(started)) {
            keycloak = started;
            admin = byAdmin;
            scim = byScim;
            members(List.of("Research/dan@acme.com=member", "Research/eve@acme.com=member", "Sales North/bob@acme.com=manager", "Sales North/cy@acme.com=manager", "Sales/ada@acme.com=member", "Sales/bob@acme.com=member", "Sales/cy@acme.com=member"),
                    List.of("Research/dan@acme.com=member", "Research/eve@acme.com=member", "Sales/ada@acme.com=member"));

            created();
            changed();
            renamed();
            moved();
            nested();
            disabled();
            deleted();
        }
    }

    private void created() throws IOException, InterruptedException {
        keycloak.admin("POST", "/users", Map.of("username", "flo", "email", "flo@acme.com", "firstName", "Flo", "lastName", "F", "enabled", true));
        join("flo", "/ws-Research-role-member");
        members(admin("+Research/flo@acme.com=member"), scim("+Research/flo@acme.com=member"));
    }

    private void changed() throws IOException, InterruptedException {
        change("ada", user -> user.put("lastName", "Byron"));
        members(admin(), scim());
        assertThat(admin.count("select count(*) from person where email = 'ada@acme.com' and display_name = 'Ada Byron'")).isOne();
        assertThat(scim.count("select count(*) from person where email = 'ada@acme.com' and display_name = 'Ada Byron'")).isOne();
    }

    private void renamed() throws IOException, InterruptedException {
        String before = admin.sql.queryForObject("select id::text from person where email = 'dan@acme.com'", String.class);
        change("dan", user -> user.put("username", "daniel").put("email", "daniel@acme.com"));
        members(admin("-Research/dan@acme.com=member", "+Research/daniel@acme.com=member"), scim("-Research/dan@acme.com=member", "+Research/daniel@acme.com=member"));
        assertThat(admin.sql.queryForObject("select id::text from person where email = 'daniel@acme.com'", String.class)).as("the same person").isEqualTo(before);
    }

    private void moved() throws IOException, InterruptedException {
        leave("eve", "/ws-Research-role-member");
        join("eve", "/ws-Sales-role-member");
        members(admin("-Research/eve@acme.com=member", "+Sales/eve@acme.com=member"), scim("-Research/eve@acme.com=member", "+Sales/eve@acme.com=member"));
    }

    private void nested() throws IOException, InterruptedException {
        join("daniel", NORTH + "/deep");
        leave("cy", NORTH + "/deep");
        members(admin("+Sales North/daniel@acme.com=manager", "+Sales/daniel@acme.com=member", "-Sales North/cy@acme.com=manager", "-Sales/cy@acme.com=member"), scim());
        keycloak.admin("DELETE", "/groups/" + group(NORTH + "/deep"), null);
        members(admin("-Sales North/daniel@acme.com=manager", "-Sales/daniel@acme.com=member"), scim());
    }

    private void disabled() throws IOException, InterruptedException {
        change("bob", user -> user.put("enabled", false));
        change("eve", user -> user.put("enabled", false));
        members(admin("-Sales North/bob@acme.com=manager", "-Sales/bob@acme.com=member", "-Sales/eve@acme.com=member"), scim("-Sales/eve@acme.com=member"));
        assertThat(admin.people("archived")).contains("bob@acme.com", "eve@acme.com");
        change("eve", user -> user.put("enabled", true));
        members(admin("+Sales/eve@acme.com=member"), scim("+Sales/eve@acme.com=member"));
    }

    private void deleted() throws IOException, InterruptedException {
        keycloak.admin("DELETE", "/users/" + id("flo"), null);
        members(admin("-Research/flo@acme.com=member"), scim("-Research/flo@acme.com=member"));
        assertThat(admin.people("archived")).contains("flo@acme.com");
        assertThat(scim.people("archived")).contains("flo@acme.com");
        keycloak.admin("DELETE", "/groups/" + group("/ws-Research-role-member"), null);
        members(admin("-Research/daniel@acme.com=member"), scim("-Research/daniel@acme.com=member"));
    }

    private List<String> admin(String... changes) {
        return after(admin, changes);
    }

    private List<String> scim(String... changes) {
        return after(scim, changes);
    }

    private static List<String> after(TestBridge bridge, String... changes) {
        List<String> lines = new java.util.ArrayList<>(bridge.memberships());
        for (String change : changes) {
            assertThat(change.startsWith("+") ? lines.add(change.substring(1)) : lines.remove(change.substring(1))).as(change).isTrue();
        }
        return lines;
    }

    /** Pulls both, and compares. */
    private void members(List<String> byAdmin, List<String> byScim) {
        JsonNode first = admin.pull("keycloak");
        assertThat(first.get("status").asText()).as(first.toString()).isEqualTo("done");
        assertThat(admin.memberships()).containsExactlyInAnyOrderElementsOf(byAdmin);
        JsonNode second = scim.pull("scim");
        assertThat(second.get("status").asText()).as(second.toString()).isEqualTo("done");
        assertThat(scim.memberships()).containsExactlyInAnyOrderElementsOf(byScim);
    }

    private void change(String name, java.util.function.Consumer<ObjectNode> change) throws IOException, InterruptedException {
        ObjectNode user = (ObjectNode) keycloak.admin("GET", "/users?exact=true&username=" + name, null).get(0);
        change.accept(user);
        keycloak.admin("PUT", "/users/" + user.get("id").asText(), user);
    }

    private void join(String name, String path) throws IOException, InterruptedException {
        keycloak.admin("PUT", "/users/" + id(name) + "/groups/" + group(path), null);
    }

    private void leave(String name, String path) throws IOException, InterruptedException {
        keycloak.admin("DELETE", "/users/" + id(name) + "/groups/" + group(path), null);
    }

    private String id(String name) throws IOException, InterruptedException {
        return keycloak.admin("GET", "/users?exact=true&username=" + name, null).get(0).get("id").asText();
    }

    private String group(String path) throws IOException, InterruptedException {
        return keycloak.admin("GET", "/group-by-path" + path.replace(" ", "%20"), null).get("id").asText();
    }

    private TestBridge byAdminApi(Keycloak started) {
        BridgeFiles files = BridgeFiles.of(folder.resolve("admin"), "keycloak").edit("keycloak.source.yaml", "nested: direct", "nested: flatten");
        return TestBridge.start(files, folder.resolve("admin"), "KEYCLOAK_URL=" + started.url(), "KEYCLOAK_REALM=" + Keycloak.REALM, "KEYCLOAK_CLIENT_ID=bridge", "KEYCLOAK_CLIENT_SECRET=for-tests-only");
    }

    private TestBridge byScim(Keycloak started) {
        return TestBridge.start(BridgeFiles.of(folder.resolve("scim"), "scim").edit("scim.source.yaml", "complete: true ", "lag: 0s\ncomplete: true "), folder.resolve("scim"), "SCIM_URL=" + scimUrl(started.url()), "SCIM_TOKEN_URL=" + started.url() + "/realms/" + Keycloak.REALM + "/protocol/openid-connect/token",
                "SCIM_CLIENT_ID=bridge", "SCIM_CLIENT_SECRET=for-tests-only");
    }

    private static String scimUrl(String url) {
        return url + "/realms/" + Keycloak.REALM + "/scim/v2";
    }

    private static Map<String, Object> realm(String url) {
        Map<String, Object> north = Map.of("name", "ws-Sales North-role-manager", "subGroups", List.of(Map.of("name", "deep")));
        List<Map<String, Object>> groups = List.of(Map.of("name", "ws-Sales-role-member", "subGroups", List.of(north)), Map.of("name", "ws-Research-role-member"));
        List<Map<String, Object>> users = List.of(user("ada", "/ws-Sales-role-member"), user("bob", NORTH), user("cy", NORTH + "/deep"), user("dan", "/ws-Research-role-member"), user("eve", "/ws-Research-role-member"),
                Map.of("username", "service-account-bridge", "enabled", true, "serviceAccountClientId", "bridge", "clientRoles", Map.of("realm-management", List.of("view-users", "query-users", "query-groups"))));
        Map<String, Object> realm = new HashMap<>(Map.of("realm", Keycloak.REALM, "enabled", true, "editUsernameAllowed", true, "scimApiEnabled", true, "groups", groups, "users", users));
        Map<String, Object> audience = Map.of("name", "scim-audience", "protocol", "openid-connect", "protocolMapper", "oidc-audience-mapper",
                "config", Map.of("included.custom.audience", scimUrl(url), "access.token.claim", "true", "id.token.claim", "false"));
        realm.put("clients", List.of(Map.of("clientId", "bridge", "enabled", true, "publicClient", false, "serviceAccountsEnabled", true, "standardFlowEnabled", false, "secret", "for-tests-only", "protocolMappers", List.of(audience))));
        return realm;
    }

    private static Map<String, Object> user(String name, String group) {
        return Map.of("username", name, "email", name + "@acme.com", "firstName", name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1), "lastName", "X", "enabled", true, "groups", List.of(group));
    }
}
