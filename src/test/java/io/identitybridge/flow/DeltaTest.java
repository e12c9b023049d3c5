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
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes beside a delta that names only what changed, read from a stand-in for Microsoft Graph. */
class DeltaTest {
    private static final String ADA_ID = "0a000000-0000-4000-8000-000000000001";
    private static final String EVE_ID = "0a000000-0000-4000-8000-000000000002";
    private static final String GROUP_ID = "0c000000-0000-4000-8000-000000000001";
    private static final String ADA = "{\"id\":\"" + ADA_ID + "\",\"userType\":\"Member\",\"accountEnabled\":%s,\"userPrincipalName\":\"Ada@acme-labs.io\",\"displayName\":\"%s\"}";
    private static final String ASSIGNED = "{\"principalId\":\"0a000000-0000-4000-8000-000000000001\",\"principalType\":\"User\",\"appRoleId\":\"0b000000-0000-4000-8000-000000000001\"}";
    @TempDir
    Path folder;
    private final Contract contract = Contract.of("msgraph-subset.json", "");
    HttpServer graph;
    TestBridge bridge;
    /** What the next deltas say, and what a read of Ada alone says (404 where empty). */
    volatile String users = "";
    volatile String groups = "";
    volatile String alone = "";
    /** What a second reading of the groups says, where it says something else. */
    volatile String groupsAgain = "";
    volatile String inGroup = "";
    volatile boolean expired;
    /** A page of users behind the first, where there is one, and what happens before it is given. */
    volatile String secondPage = "";
    volatile Runnable before = () -> { };
    volatile String assignments = ASSIGNED;
    volatile String roles = "{\"id\":\"0b000000-0000-4000-8000-000000000001\",\"value\":\"Member\"}";

    @BeforeEach
    void start() throws IOException {
        start(false);
    }

    private void start(boolean listsRevive) throws IOException {
        graph = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        graph.createContext("/", this::answer).getFilters().add(new ContractFilter(contract, path -> !path.endsWith("/token")));
        graph.start();
        BridgeFiles files = BridgeFiles.of(folder.resolve("lists-" + listsRevive), "entra").edit("portkey.yaml", "group-based-user-provisioning: false", "group-based-user-provisioning: " + listsRevive).edit("portkey.yaml", "entra: {mode: propose, lag: 5m", "entra: {mode: apply, lag: 10m");
        bridge = TestBridge.start(files, folder, "ENTRA_TENANT=t", "ENTRA_CLIENT_ID=c", "ENTRA_CLIENT_SECRET=s", "ENTRA_APP_ID=app", "ENTRA_URL=" + url(), "ENTRA_LOGIN_URL=" + url());
        users = ADA.formatted("true", "Ada");
        alone = users;
        assertThat(bridge.pull("entra").get("status").asText()).isEqualTo("done");
        users = "";
    }

    @AfterEach
    void stop() {
        bridge.close();
        graph.stop(0);
        assertThat(contract.faults()).as("the stand-in is as Graph's OpenAPI has it").isEmpty();
    }

    @Test
    void a_delta_about_something_else_enables_nobody_whom_a_push_has_disabled() {
        alone = ADA.formatted("false", "Ada Lovelace");
        push("active", "\"False\"");
        assertThat(bridge.people("archived")).containsExactly("ada@acme-labs.io");
        bridge.lagPasses();
        users = "{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"displayName\":\"Ada Lovelace\"}";
        bridge.pull("entra");
        assertThat(bridge.people("archived")).containsExactly("ada@acme-labs.io");
    }

    @Test
    void a_delta_about_something_else_disables_nobody_whom_a_push_has_enabled() {
        users = "{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"accountEnabled\":false}";
        bridge.pull("entra");
        assertThat(bridge.people("archived")).containsExactly("ada@acme-labs.io");
        push("active", "true");
        alone = ADA.formatted("true", "Ada Lovelace");
        bridge.lagPasses();
        users = "{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"displayName\":\"Ada Lovelace\"}";
        bridge.pull("entra");
        assertThat(bridge.people("active")).containsExactly("ada@acme-labs.io");
        assertThat(bridge.sql.queryForObject("select display_name from person", String.class)).as("read as a whole").isEqualTo("Ada Lovelace");
    }

    @Test
    void a_deletion_told_within_the_lag_is_asked_for_again_and_a_change_told_after_it_brings_him_back_only_as_he_is_now() {
        push("title", "\"Countess\"");
        users = "{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"@removed\":{\"reason\":\"deleted\"}}";
        bridge.pull("entra");
        assertThat(bridge.people("active")).as("the push is newer").containsExactly("ada@acme-labs.io");
        users = "";
        alone = "";
        bridge.lagPasses();
        bridge.pull("entra");
        assertThat(bridge.people("archived")).containsExactly("ada@acme-labs.io");
        bridge.lagPasses();
        users = "{\"id\":\"" + ADA_ID + "\",\"displayName\":\"Countess\"}";
        bridge.pull("entra");
        assertThat(bridge.people("archived")).as("a change from before, told once more").containsExactly("ada@acme-labs.io");
        alone = ADA.formatted("false", "Countess");
        bridge.pull("entra");
        assertThat(bridge.people("archived")).as("restored, and disabled").containsExactly("ada@acme-labs.io");
        users = ADA.formatted("true", "Countess");
        bridge.pull("entra");
        assertThat(bridge.people("active")).containsExactly("ada@acme-labs.io");
    }

    @Test
    void a_members_removal_told_within_the_lag_makes_the_next_reading_a_whole_one() {
        groups = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true,\"members@delta\":[{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"@odata.type\":\"#microsoft.graph.user\"}]}";
        bridge.pull("entra");
        assertThat(bridge.memberships()).containsExactly("Subsidiary Sales/ada@acme-labs.io=manager");
        String group = bridge.sql.queryForObject("select id::text from directory_group", String.class);
        bridge.scim("entra", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id() + "\"}]}]}");
        groups = "{\"id\":\"g1\",\"members@delta\":[{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"@odata.type\":\"#microsoft.graph.user\",\"@removed\":{\"reason\":\"deleted\"}}]}";
        bridge.pull("entra");
        assertThat(bridge.memberships()).as("the push is newer").hasSize(1);
        bridge.lagPasses();
        groups = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true}";
        users = ADA.formatted("true", "Ada");
        assertThat(bridge.pull("entra").get("complete").asBoolean()).isTrue();
        assertThat(bridge.memberships()).isEmpty();
    }

    @Test
    void a_list_of_a_delta_brings_nobody_back_where_it_may_not() {
        disabledThenListed();
        assertThat(bridge.people("archived")).containsExactly("ada@acme-labs.io");
    }

    @Test
    void a_list_of_a_delta_brings_back_where_it_may_unless_the_person_comes_with_it_and_is_disabled() throws IOException {
        stop();
        start(true);
        disabledThenListed();
        assertThat(bridge.memberships()).containsExactly("Subsidiary Sales/ada@acme-labs.io=manager");
        users = "{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"accountEnabled\":false}";
        alone = ADA.formatted("false", "Ada");
        bridge.lagPasses();
        bridge.pull("entra");
        assertThat(bridge.people("archived")).as("his own record is read in the same pull").containsExactly("ada@acme-labs.io");
    }

    /** Whoever is assigned to an application is no change of his own record, so no delta tells it. */
    @Test
    void an_assignment_is_taken_in_by_the_next_delta_and_one_that_is_taken_away_waits_for_a_person() {
        String eve = ADA.formatted("true", "Eve").replace(ADA_ID, EVE_ID).replace("Ada@", "eve@");
        users = eve;
        bridge.pull("entra");
        assertThat(bridge.people("active")).as("not assigned").containsExactly("ada@acme-labs.io");
        users = "";
        assignments = ASSIGNED.replace(ADA_ID, EVE_ID) + "," + ASSIGNED;
        assertThat(bridge.pull("entra").get("complete").asBoolean()).isFalse();
        assertThat(bridge.people("active")).containsExactlyInAnyOrder("ada@acme-labs.io", "eve@acme-labs.io");
        assignments = ASSIGNED + "," + ASSIGNED.replace(ADA_ID, EVE_ID);
        bridge.pull("entra");
        assertThat(bridge.sql.queryForObject("select coalesce(message, '') from run order by started_at desc limit 1", String.class)).as("in another order they are the same").isEmpty();
        assignments = ASSIGNED;
        bridge.pull("entra");
        assertThat(bridge.people("active")).hasSize(2);
        assertThat(bridge.sql.queryForList("select l.sentence from plan_line l join plan p on p.id = l.plan_id where p.status = 'held'", String.class)).containsExactly("archive user eve@acme-labs.io");
    }

    @Test
    void a_role_that_the_application_no_longer_has_is_forgotten_with_the_next_delta() {
        roles = "{\"id\":\"0b000000-0000-4000-8000-000000000002\",\"value\":\"Reader\"}";
        bridge.pull("entra");
        assertThat(bridge.sql.queryForObject("select pulled -> 'app' from account", String.class)).contains("Reader").doesNotContain("Member");
    }

    @Test
    void a_cursor_that_has_expired_makes_the_same_run_a_whole_one_and_finds_who_left_meanwhile() {
        String eve = ADA.formatted("true", "Eve").replace(ADA_ID, EVE_ID).replace("Ada@", "eve@");
        assignments = ASSIGNED + "," + ASSIGNED.replace(ADA_ID, EVE_ID);
        users = eve;
        bridge.pull("entra");
        assertThat(bridge.people("active")).containsExactly("ada@acme-labs.io", "eve@acme-labs.io");
        bridge.lagPasses();
        expired = true;
        users = eve;
        alone = "";
        JsonNode run = bridge.pull("entra");
        assertThat(run.get("message").asText()).startsWith("the cursor had expired, so everything was read");
        assertThat(bridge.people("active")).as("no delta has told that Ada is gone").containsExactly("eve@acme-labs.io");
    }

    @Test
    void a_whole_reading_of_many_members_is_no_right_that_was_lost_and_one_of_none_is() {
        List<String> ids = IntStream.range(10, 22).mapToObj(n -> ADA_ID.replace("000001", "0000" + n)).toList();
        String people = ids.stream().map(id -> ADA.formatted("true", "P").replace(ADA_ID, id).replace("Ada@", "p" + id.substring(34) + "@")).collect(Collectors.joining(","));
        assignments = ASSIGNED + ids.stream().map(id -> "," + ASSIGNED.replace(ADA_ID, id)).collect(Collectors.joining());
        users = people;
        groups = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true,\"members@delta\":["
                + ids.stream().map(id -> "{\"id\":\"" + id + "\",\"@odata.type\":\"#microsoft.graph.user\"}").collect(Collectors.joining(",")) + "]}";
        bridge.pull("entra");
        List<String> before = bridge.memberships();
        assertThat(before).isNotEmpty();
        users = ADA.formatted("true", "Ada") + "," + people;
        whole();
        assertThat(bridge.memberships()).isEqualTo(before);
        groups = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true}";
        JsonNode run = bridge.pullAll("entra");
        assertThat(run.get("status").asText()).isEqualTo("failed");
        assertThat(run.get("message").asText()).contains("members: 0 read in 1 groups");
        assertThat(bridge.memberships()).isEqualTo(before);
    }

    @Test
    void an_assigned_group_that_is_not_found_takes_nothing_from_its_people_at_once_and_after_a_day_what_it_gave_waits_for_a_person() {
        String eve = ADA.formatted("true", "Eve").replace(ADA_ID, EVE_ID).replace("Ada@", "eve@");
        assignments = ASSIGNED + "," + ASSIGNED.replace(ADA_ID, GROUP_ID).replace("\"User\"", "\"Group\"");
        inGroup = "{\"value\":[{\"id\":\"" + EVE_ID + "\",\"@odata.type\":\"#microsoft.graph.user\"}]}";
        String found = inGroup;
        users = eve;
        bridge.pull("entra");
        assertThat(bridge.people("active")).containsExactlyInAnyOrder("ada@acme-labs.io", "eve@acme-labs.io");
        inGroup = "";
        users = "{\"id\":\"" + ADA_ID + "\",\"@removed\":{\"reason\":\"deleted\"}}";
        JsonNode run = bridge.pull("entra");
        assertThat(run.get("message").asText()).contains("has a row there and is not found itself; the 1 people who had it keep it");
        assertThat(bridge.people("active")).as("and Ada, who left, is gone").containsExactly("eve@acme-labs.io");
        users = eve;
        aDayPasses();
        inGroup = found;
        whole();
        assertThat(bridge.count("select count(*) from vanished_group")).as("found again").isZero();
        inGroup = "";
        whole();
        whole();
        assertThat(bridge.people("active")).containsExactly("eve@acme-labs.io");
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).as("too early").isZero();
        aDayPasses();
        assertThat(whole().get("message").asText()).contains("for so long that nobody has it by that group any more");
        assertThat(bridge.sql.queryForList("select sentence || ': ' || reason from plan_line where status = 'held'", String.class)).containsExactly("archive user eve@acme-labs.io: entra no longer admits him");
        inGroup = found;
        bridge.pull("entra");
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).as("found after all").isZero();
        assertThat(bridge.people("active")).containsExactly("eve@acme-labs.io");
    }

    private void aDayPasses() {
        bridge.sql.update("update vanished_group set since = since - interval '1 day'");
    }

    /** Graph says now and then less than there is; one answer takes nobody out, two do. */
    @Test
    void members_whom_one_answer_of_a_whole_reading_leaves_out_stay() {
        String eve = ADA.formatted("true", "Eve").replace(ADA_ID, EVE_ID).replace("Ada@", "eve@");
        assignments = ASSIGNED + "," + ASSIGNED.replace(ADA_ID, EVE_ID);
        String both = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true,\"members@delta\":[{\"id\":\"" + ADA_ID + "\",\"@odata.type\":\"#microsoft.graph.user\"},{\"id\":\"" + EVE_ID + "\",\"@odata.type\":\"#microsoft.graph.user\"}]}";
        String one = both.replace("{\"id\":\"" + EVE_ID + "\",\"@odata.type\":\"#microsoft.graph.user\"}", "").replace("},]", "}]");
        users = eve;
        groups = both;
        bridge.pull("entra");
        assertThat(bridge.memberships()).hasSize(2);
        users = ADA.formatted("true", "Ada") + "," + eve;
        groups = one;
        groupsAgain = both;
        assertThat(whole().get("message").asText()).contains("1 lists of members lacked somebody, so all groups were read again");
        assertThat(bridge.memberships()).hasSize(2);
        groups = one;
        groupsAgain = "";
        whole();
        assertThat(bridge.memberships()).containsExactly("Subsidiary Sales/ada@acme-labs.io=manager");
    }

    @Test
    void who_was_read_with_the_assignments_of_before_a_break_is_looked_at_again_by_the_next_delta() {
        assignments = ASSIGNED + "," + ASSIGNED.replace(ADA_ID, EVE_ID);
        users = ADA.formatted("true", "Eve").replace(ADA_ID, EVE_ID).replace("Ada@", "eve@");
        secondPage = ADA.formatted("true", "Ada");
        before = () -> {
            bridge.waitFor("select count(*) from run_page where resource = 'users'", 1);
            bridge.api("POST", "/sources/entra/pause", "");
        };
        bridge.api("POST", "/sources/entra/runs", "{\"full\": true}");
        bridge.waitFor("select count(*) from run where message like 'paused%'", 1);
        StoppedPullsTest.awaitNobodyReads(bridge, "entra");
        before = () -> { };
        assignments = ASSIGNED;
        bridge.api("POST", "/sources/entra/resume", "");
        whole();
        assertThat(bridge.people("active")).as("so her page said").contains("eve@acme-labs.io");
        users = "";
        secondPage = "";
        bridge.pull("entra");
        assertThat(bridge.count("select count(*) from plan_line where status = 'held' and sentence = 'archive user eve@acme-labs.io'")).as("she is assigned no more").isOne();
    }

    private JsonNode whole() {
        JsonNode run = bridge.pullAll("entra");
        assertThat(run.get("complete").asBoolean()).as(run.toString()).isTrue();
        assertThat(run.get("status").asText()).as(run.toString()).isIn("done", "held");
        return run;
    }

    private void disabledThenListed() {
        push("active", "\"False\"");
        bridge.lagPasses();
        groups = "{\"id\":\"g1\",\"displayName\":\"ai.Subsidiary Sales.manager\",\"securityEnabled\":true,\"members@delta\":[{\"id\":\"0a000000-0000-4000-8000-000000000001\",\"@odata.type\":\"#microsoft.graph.user\"}]}";
        bridge.pull("entra");
    }

    private void push(String attribute, String value) {
        assertThat(bridge.scim("entra", "PATCH", "/Users/" + id(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"" + attribute + "\",\"value\":" + value + "}]}").status()).isEqualTo(200);
    }

    private String id() {
        return bridge.scim("entra", "GET", "/Users?filter=externalId eq \"0a000000-0000-4000-8000-000000000001\"", "").body().at("/Resources/0/id").asText();
    }

    private String url() {
        return "http://127.0.0.1:" + graph.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = path.endsWith("/token") ? "{\"access_token\":\"t\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
                : path.endsWith("appRoleAssignedTo") ? "{\"value\":[" + assignments + "]}"
                : path.contains("servicePrincipals") ? "{\"appRoles\":[" + roles + "]}"
                : path.endsWith("/members") ? inGroup
                : path.endsWith("/users/delta") ? users(String.valueOf(exchange.getRequestURI().getQuery()))
                : path.endsWith("/groups/delta") ? delta("groups", once()) : alone;
        boolean stale = expired && String.valueOf(exchange.getRequestURI().getQuery()).contains("deltatoken");
        String said = stale ? "{\"error\":{\"code\":\"syncStateNotFound\",\"message\":\"gone\"}}" : body.isEmpty() ? "{\"error\":{\"code\":\"Request_ResourceNotFound\",\"message\":\"none\"}}" : body;
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(stale ? 410 : body.isEmpty() ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String users(String query) {
        if (query.contains("skiptoken")) {
            before.run();
            return delta("users", secondPage);
        }
        return secondPage.isEmpty() ? delta("users", users) : "{\"value\":[" + users + "],\"@odata.nextLink\":\"" + url() + "/users/delta?$skiptoken=2\"}";
    }

    private String once() {
        String said = groups;
        groups = groupsAgain.isEmpty() ? groups : groupsAgain;
        return said;
    }

    private String delta(String what, String records) {
        return "{\"value\":[" + String.join(",", List.of(records)) + "],\"@odata.deltaLink\":\"" + url() + "/" + what + "/delta?$deltatoken=" + System.nanoTime() + "\"}";
    }
}
