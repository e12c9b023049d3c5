package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.source.Contract;
import io.identitybridge.source.ContractFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google Workspace by the shipped files, from a stand-in with people, units and groups of its own; what is said is held against Google's OpenAPI. */
class GooglePullTest {
    private static final Contract CONTRACT = Contract.of("google-directory-subset.json", "");
    private static final Pattern USER = Pattern.compile("/admin/directory/v1/users/([^/]+)");
    private static final Pattern MEMBERS = Pattern.compile("/admin/directory/v1/groups/([^/]+)/members");
    private static final Map<String, String> UNITS = new ConcurrentHashMap<>();
    private static final Map<String, String> USERS = new ConcurrentHashMap<>();
    private static final Map<String, String> GROUPS = new ConcurrentHashMap<>();
    /** Paths that answer 403 with this reason. */
    private static final Map<String, String> REFUSED = new ConcurrentHashMap<>();
    /** Whose record is taken away as soon as a page of users was told. */
    private static volatile String goesAfterTheFirstPage = "";
    @TempDir
    static Path folder;
    static HttpServer google;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws Exception {
        google = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        google.createContext("/", GooglePullTest::answer).getFilters().add(new ContractFilter(CONTRACT, path -> !path.endsWith("/token")));
        google.start();
        String url = "http://127.0.0.1:" + google.getAddress().getPort();
        BridgeFiles files = BridgeFiles.of(folder.resolve("files"), "google").edit("google.source.yaml", "lag: 5m", "lag: 0s");
        bridge = TestBridge.start(files, folder, "GOOGLE_KEY_FILE=" + key(), "GOOGLE_ADMIN=reader@acme.com", "GOOGLE_URL=" + url, "GOOGLE_TOKEN_URL=" + url + "/token");
    }

    private static Path key() throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        String pem = "-----BEGIN PRIVATE KEY-----\\n" + Base64.getEncoder().encodeToString(pairs.generateKeyPair().getPrivate().getEncoded()) + "\\n-----END PRIVATE KEY-----\\n";
        return Files.writeString(folder.resolve("key.json"), "{\"client_email\":\"bridge@acme.iam.gserviceaccount.com\",\"private_key_id\":\"k\",\"private_key\":\"" + pem + "\"}");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        google.stop(0);
    }

    @BeforeEach
    void as_it_was() {
        goesAfterTheFirstPage = "";
        List.of(UNITS, USERS, GROUPS, REFUSED).forEach(Map::clear);
        unit("/", "acme", "");
        unit("/Research", "research", "/");
        unit("/Research/Lab", "lab", "/Research");
        user("1001", "Ada", "/Research/Lab", "");
        user("1002", "Eve", "/", "");
        user("1003", "Joe", "/", "");
        GROUPS.put("01sales", "1002");
        assertThat(pull().get("status").asText()).isEqualTo("done");
        assertThat(bridge.memberships()).containsExactly("Research/ada@acme.com=member", "Sales/eve@acme.com=manager");
    }

    @AfterEach
    void as_the_specification_has_it() {
        assertThat(CONTRACT.faults()).isEmpty();
    }

    @Test
    void a_unit_that_is_renamed_with_all_below_it_moves_nobody() {
        UNITS.clear();
        unit("/", "acme", "");
        unit("/Science", "research", "/");
        unit("/Science/Lab", "lab", "/Science");
        user("1001", "Ada", "/Science/Lab", "");
        JsonNode run = pull();
        assertThat(run.get("status").asText()).isEqualTo("done");
        assertThat(run.get("applied").size()).as("nothing is written: %s", run).isZero();
        assertThat(bridge.memberships()).containsExactly("Research/ada@acme.com=member", "Sales/eve@acme.com=manager");
    }

    @Test
    void a_unit_renamed_while_it_was_read_is_a_letter_and_moves_nobody() {
        user("1001", "Ada", "/Science/Lab", "");
        assertThat(pull().get("letters").asInt()).isEqualTo(1);
        assertThat(bridge.memberships()).contains("Research/ada@acme.com=member");
        as_it_was();
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).as("the next reading closes it").isZero();
    }

    @Test
    void who_leaves_a_unit_leaves_its_workspace() {
        user("1001", "Ada", "/", "");
        pull();
        assertThat(bridge.memberships()).containsExactly("Sales/eve@acme.com=manager");
        assertThat(bridge.people("active")).doesNotContain("ada@acme.com");
    }

    @Test
    void suspended_and_deleted_people_are_archived_in_the_same_run() {
        user("1001", "Ada", "/Research/Lab", "\"suspended\":true,");
        USERS.remove("1002");
        pull();
        assertThat(bridge.people("active")).isEmpty();
        assertThat(bridge.memberships()).isEmpty();
    }

    /** Who comes or goes while pages are read shifts the next ones by one. */
    @Test
    void whoever_falls_between_two_pages_is_asked_for_alone() {
        goesAfterTheFirstPage = "1001";
        JsonNode run = pull();
        assertThat(run.get("message").asText()).contains("1 users absent from the list, 1 of them there when asked for");
        assertThat(bridge.count("select count(*) from account where external_id = '1003' and gone_at is null")).isEqualTo(1);
        assertThat(bridge.memberships()).containsExactly("Research/ada@acme.com=member", "Sales/eve@acme.com=manager");
    }

    @Test
    void a_list_that_breaks_off_removes_nobody() {
        USERS.remove("1001");
        REFUSED.put("/admin/directory/v1/groups/01sales/members", "forbidden");
        assertThat(pull().get("status").asText()).isEqualTo("failed");
        assertThat(bridge.memberships()).containsExactly("Research/ada@acme.com=member", "Sales/eve@acme.com=manager");
    }

    @Test
    void a_list_that_is_left_out_and_a_directory_that_seems_empty_remove_nobody() {
        USERS.clear();
        JsonNode run = pull();
        assertThat(run.get("status").asText()).isEqualTo("failed");
        assertThat(run.toString()).contains("users: 0 read");
        assertThat(bridge.memberships()).hasSize(2);
    }

    private static JsonNode pull() {
        return bridge.pull("google");
    }

    private static void unit(String path, String id, String parent) {
        UNITS.put(path, "{\"kind\":\"admin#directory#orgUnit\",\"name\":\"x\",\"orgUnitPath\":\"" + path + "\",\"orgUnitId\":\"id:03ph8a2z1" + id + "\""
            + (parent.isEmpty() ? "" : ",\"parentOrgUnitPath\":\"" + parent + "\"") + "}");
    }

    private static void user(String id, String name, String unit, String more) {
        USERS.put(id, "{\"kind\":\"admin#directory#user\",\"id\":\"" + id + "\"," + more + "\"primaryEmail\":\"" + name + "@acme.com\",\"name\":{\"fullName\":\"" + name + "\"},\"orgUnitPath\":\"" + unit + "\"}");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (REFUSED.containsKey(path)) {
            send(exchange, 403, "{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"message\":\"no\",\"domain\":\"global\",\"reason\":\"" + REFUSED.get(path) + "\"}]}}");
        } else if (path.equals("/token")) {
            send(exchange, 200, "{\"access_token\":\"t\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
        } else if (path.endsWith("/orgunits")) {
            send(exchange, 200, list("orgUnits", "organizationUnits", new ArrayList<>(UNITS.values()), "", 100));
        } else if (path.endsWith("/users")) {
            send(exchange, 200, list("users", "users", new ArrayList<>(new java.util.TreeMap<>(USERS).values()), query, 2));
            USERS.remove(goesAfterTheFirstPage);
        } else if (path.endsWith("/groups")) {
            send(exchange, 200, list("groups", "groups", GROUPS.keySet().stream().map(id -> "{\"kind\":\"admin#directory#group\",\"id\":\"" + id + "\",\"name\":\"ws-Sales-role-manager\"}").toList(), query, 2));
        } else if (MEMBERS.matcher(path).matches()) {
            String id = GROUPS.get(MEMBERS.matcher(path).replaceAll("$1"));
            send(exchange, 200, list("members", "members", List.of("{\"kind\":\"admin#directory#member\",\"id\":\"" + id + "\",\"type\":\"USER\"}", "{\"id\":\"C01\",\"type\":\"CUSTOMER\"}"), query, 2));
        } else if (USERS.get(USER.matcher(path).replaceAll("$1")) instanceof String user) {
            send(exchange, 200, user);
        } else {
            send(exchange, 404, "{\"error\":{\"code\":404,\"message\":\"Resource Not Found: userKey\",\"errors\":[{\"reason\":\"notFound\"}]}}");
        }
    }

    /** As Google pages: a token leads on, and a list without elements is left out. */
    private static String list(String kind, String key, List<String> all, String query, int size) {
        int from = query.contains("pageToken=") ? Integer.parseInt(query.replaceAll(".*pageToken=(\\d+).*", "$1")) : 0;
        List<String> page = all.subList(Math.min(from, all.size()), Math.min(all.size(), from + size));
        Map<String, String> body = new LinkedHashMap<>(Map.of("\"kind\"", "\"admin#directory#" + kind + "\""));
        if (!page.isEmpty()) {
            body.put("\"" + key + "\"", page.toString());
        }
        if (from + size < all.size()) {
            body.put("\"nextPageToken\"", "\"" + (from + size) + "\"");
        }
        return "{" + String.join(",", body.entrySet().stream().map(part -> part.getKey() + ":" + part.getValue()).toList()) + "}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
