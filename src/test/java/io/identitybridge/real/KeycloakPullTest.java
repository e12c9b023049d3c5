package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A realm of 2,000 people and 50 groups in a real Keycloak, pulled by the shipped files. */
@Tag("real")
class KeycloakPullTest {
    private static final int PEOPLE = 2_000;
    private static final int TEAMS = 25;
    private static final List<String> TABLES = List.of("account", "directory_group", "group_member", "pending_member", "person", "link", "workspace", "membership", "grants", "due", "audit", "stage_record", "stage_member");
    @TempDir
    Path folder;

    @Test
    void people_arrive_stay_and_change_as_keycloak_says() throws IOException, InterruptedException {
        try (Keycloak keycloak = Keycloak.start(folder, realm()); TestBridge bridge = bridge(keycloak)) {
            long begin = System.nanoTime();
            JsonNode first = bridge.pull("keycloak");
            System.out.println("first pull of " + PEOPLE + " people: " + (System.nanoTime() - begin) / 1_000_000 + " ms, " + first);
            assertThat(first.get("status").asText()).isEqualTo("done");
            assertThat(bridge.memberships()).isEqualTo(new ArrayList<>(expected()));
            assertThat(bridge.people("active")).hasSize(PEOPLE - disabled());

            long before = bridge.count("select pg_current_xact_id()::text::bigint");
            JsonNode second = bridge.pull("keycloak");
            assertThat(second.get("changed").asInt()).isZero();
            Map<String, Long> written = written(bridge, before);
            System.out.println("second pull, rows written by table: " + written);
            assertThat(written.values()).containsOnly(0L);

            change(keycloak);
            JsonNode third = bridge.pull("keycloak");
            System.out.println("third pull: " + third);
            assertThat(third.get("status").asText()).isEqualTo("done");
            TreeSet<String> wanted = expected();
            wanted.removeIf(line -> List.of(email(1), email(2)).stream().anyMatch(line::contains));
            rename(wanted, email(3), "someone.else@acme.com");
            wanted.removeIf(line -> line.contains(email(4)));
            wanted.add("Team 20/" + email(4) + "=manager");
            wanted.add("Team 7/brand.new@acme.com=member");
            assertThat(bridge.memberships()).isEqualTo(new ArrayList<>(wanted));
            assertThat(bridge.people("archived")).containsExactlyInAnyOrder(email(1), email(2));
            assertThat(bridge.count("select count(*) from person where email = 'someone.else@acme.com' and display_name = 'Someone Else'")).isOne();
        }
    }

    /** Disabled, deleted, renamed, moved between groups, and new. */
    private static void change(Keycloak keycloak) throws IOException, InterruptedException {
        ObjectNode one = user(keycloak, 1);
        one.put("enabled", false);
        keycloak.admin("PUT", "/users/" + one.get("id").asText(), one);
        keycloak.admin("DELETE", "/users/" + user(keycloak, 2).get("id").asText(), null);
        ObjectNode three = user(keycloak, 3);
        three.put("email", "someone.else@acme.com").put("firstName", "Someone").put("lastName", "Else");
        keycloak.admin("PUT", "/users/" + three.get("id").asText(), three);
        String four = user(keycloak, 4).get("id").asText();
        for (JsonNode group : keycloak.admin("GET", "/users/" + four + "/groups", null)) {
            keycloak.admin("DELETE", "/users/" + four + "/groups/" + group.get("id").asText(), null);
        }
        keycloak.admin("PUT", "/users/" + four + "/groups/" + group(keycloak, "ws-Team 20-role-manager"), null);
        keycloak.admin("POST", "/users", Map.of("username", "brand.new", "email", "brand.new@acme.com", "firstName", "Brand", "lastName", "New", "enabled", true));
        String fresh = keycloak.admin("GET", "/users?exact=true&username=brand.new", null).get(0).get("id").asText();
        keycloak.admin("PUT", "/users/" + fresh + "/groups/" + group(keycloak, "ws-Team 7-role-member"), null);
    }

    private static ObjectNode user(Keycloak keycloak, int n) throws IOException, InterruptedException {
        return (ObjectNode) keycloak.admin("GET", "/users?exact=true&username=" + name(n), null).get(0);
    }

    private static String group(Keycloak keycloak, String name) throws IOException, InterruptedException {
        for (JsonNode group : keycloak.admin("GET", "/groups?max=200", null)) {
            if (group.get("name").asText().equals(name)) {
                return group.get("id").asText();
            }
        }
        throw new IllegalStateException("no group " + name);
    }

    private TestBridge bridge(Keycloak keycloak) throws IOException {
        BridgeFiles files = BridgeFiles.of(folder.resolve("bridge"), "keycloak").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 10000}");
        return TestBridge.start(files, folder.resolve("bridge"), "KEYCLOAK_URL=" + keycloak.url(), "KEYCLOAK_REALM=" + Keycloak.REALM, "KEYCLOAK_CLIENT_ID=bridge", "KEYCLOAK_CLIENT_SECRET=for-tests-only");
    }

    /** Rows of each table that a transaction since then has written. */
    private static Map<String, Long> written(TestBridge bridge, long since) {
        Map<String, Long> written = new LinkedHashMap<>();
        TABLES.forEach(table -> written.put(table, bridge.count("select count(*) from " + table + " where xmin::text::bigint >= ?" + (table.equals("audit") ? " and person_id is not null" : ""), since))); // the audit of who asked for the pull is one
        return written;
    }

    private static void rename(TreeSet<String> lines, String from, String to) {
        List<String> his = lines.stream().filter(line -> line.contains(from)).toList();
        lines.removeAll(his);
        his.forEach(line -> lines.add(line.replace(from, to)));
    }

    private static TreeSet<String> expected() {
        TreeSet<String> lines = new TreeSet<>();
        for (int n = 1; n <= PEOPLE; n++) {
            if (n % 100 != 0) {
                lines.add("Team " + n % TEAMS + "/" + email(n) + "=" + (n % 10 == 0 ? "manager" : "member"));
            }
        }
        return lines;
    }

    private static int disabled() {
        return PEOPLE / 100;
    }

    private static Map<String, Object> realm() {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (int team = 0; team < TEAMS; team++) {
            groups.add(Map.of("name", "ws-Team " + team + "-role-member"));
            groups.add(Map.of("name", "ws-Team " + team + "-role-manager"));
        }
        List<Map<String, Object>> users = new ArrayList<>();
        for (int n = 1; n <= PEOPLE; n++) {
            List<String> in = new ArrayList<>(List.of("/ws-Team " + n % TEAMS + "-role-member"));
            if (n % 10 == 0) {
                in.add("/ws-Team " + n % TEAMS + "-role-manager"); // two roles in one workspace: the higher one
            }
            users.add(Map.of("username", name(n), "email", email(n), "firstName", "Person", "lastName", "Number " + n, "enabled", n % 100 != 0, "groups", in));
        }
        users.add(Map.of("username", "service-account-bridge", "enabled", true, "serviceAccountClientId", "bridge", "clientRoles", Map.of("realm-management", List.of("view-users", "query-users", "query-groups"))));
        Map<String, Object> realm = new HashMap<>(Map.of("realm", Keycloak.REALM, "enabled", true, "groups", groups, "users", users));
        realm.put("clients", List.of(Map.of("clientId", "bridge", "enabled", true, "publicClient", false, "serviceAccountsEnabled", true, "standardFlowEnabled", false, "secret", "for-tests-only")));
        return realm;
    }

    private static String name(int n) {
        return "person.%04d".formatted(n);
    }

    private static String email(int n) {
        return name(n) + "@acme.com";
    }
}
