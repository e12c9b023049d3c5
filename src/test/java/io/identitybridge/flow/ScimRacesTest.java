package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Requests that meet: what a client has seen is what it changes, and nobody's change is lost. */
class ScimRacesTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab");
    private final String name = TestBridge.unique();

    @Test
    void a_member_who_comes_while_the_group_is_changed_is_another_version() throws Exception {
        String member = user("comes");
        for (String[] change : new String[][] {{"PATCH", "{'Operations':[{'op':'add','path':'members','value':[{'value':'" + user("second") + "'}]}]}"}, {"PUT", "{'displayName':'g-PUT-" + name + "','members':[]}"}, {"DELETE", ""}}) {
            String path = "/Groups/" + id(bridge.scim("lab", "POST", "/Groups", json("{'displayName':'g-" + change[0] + "-" + name + "'}")));
            String group = path.substring("/Groups/".length());
            assertThat(meanwhile(change[0], path, json(change[1]), "select 1 from directory_group where id = '" + group + "' for share",
                    "insert into group_member (group_id, account_id, pushed_at) values ('" + group + "', '" + member + "', now())")).as(change[0]).isEqualTo(412);
            assertThat(bridge.scim("lab", "GET", path, "").body().at("/members/0/value").asText()).as(change[0]).isEqualTo(member);
        }
    }

    @Test
    void a_user_who_changes_while_he_is_deleted_is_another_version() throws Exception {
        String path = "/Users/" + user("changes");
        String id = path.substring("/Users/".length());
        assertThat(meanwhile("DELETE", path, "", "select 1 from account where id = '" + id + "' for update", "update account set version = version + 1, changed_at = now() where id = '" + id + "'")).isEqualTo(412);
        assertThat(bridge.scim("lab", "GET", path, "").status()).isEqualTo(200);
    }

    @Test
    void of_two_who_come_at_once_under_one_name_in_two_spellings_one_is_refused() throws Exception {
        String spelled = "jos\u00e9." + name + "@acme.com";
        Future<Answer> user = meanwhile(() -> bridge.scim("lab", "POST", "/Users", TestBridge.user("d-" + name, "JOSE\u0301." + name + "@acme.com", true)),
                "insert into account (id, source, external_id, user_name, email, active, standing, pushed, pushed_at) values (gen_random_uuid(), 'lab', 'c-" + name + "', '" + spelled + "', '" + spelled + "', true, 'LEFT', '{}', now())");
        assertThat(user.get().status()).isEqualTo(409);
        Future<Answer> group = meanwhile(() -> bridge.scim("lab", "POST", "/Groups", json("{'displayName':'E\u0301quipe " + name + "'}")),
                "insert into directory_group (id, source, display_name, pushed, pushed_at) values (gen_random_uuid(), 'lab', '\u00e9quipe " + name + "', '{}', now())");
        assertThat(group.get().status()).isEqualTo(409);
    }

    @Test
    void a_name_that_is_composed_in_part_is_taken_however_it_is_spelled() {
        String mixed = "e\u0301\u00e9." + name + "@acme.com";
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("m-" + name, mixed, true)).status()).isEqualTo(201);
        for (String other : List.of("\u00e9\u00e9.", "e\u0301e\u0301.", "\u00c9E\u0301.", "\u00e9e\u0301.")) {
            assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("n-" + name, other + name + "@acme.com", true)).body().path("scimType").asText()).as(other).isEqualTo("uniqueness");
        }
    }

    @Test
    void forty_parallel_patches_of_one_user_are_all_taken() throws Exception {
        String path = "/Users/" + user("busy");
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                String operation = json("{'Operations':[{'op':'add','path':'phoneNumbers','value':[{'value':'" + i + "'}]}]}");
                answers.add(threads.submit(() -> bridge.scim("lab", "PATCH", path, operation).status()));
            }
        }
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(200);
        }
        assertThat(bridge.scim("lab", "GET", path, "").body().get("phoneNumbers")).hasSize(40);
    }

    @Test
    void an_address_is_looked_up_and_not_searched_for() {
        bridge.sql.update("insert into account (id, source, external_id, user_name, email, standing, pushed, pushed_at) select gen_random_uuid(), 'crowd', 'c' || i, 'c' || i || '@acme.com', 'c' || i || '@acme.com', 'LEFT',"
                + " case when i % 2 = 0 then jsonb_build_object('userName', 'c' || i, 'emails', jsonb_build_array(jsonb_build_object('value', 'C' || i || '@acme.com'))) end, now() from generate_series(1, 20000) i");
        bridge.sql.execute("analyze account");
        long before = uses("account_addresses");
        user("one");
        assertThat(bridge.scim("lab", "GET", "/Users?filter=emails[type eq \"work\"].value eq \"one." + name + "@acme.com\"", "").body().get("totalResults").asInt()).isOne();
        for (int i = 0; i < 200 && uses("account_addresses") == before; i++) {
            TestBridge.pause(50);
        }
        assertThat(uses("account_addresses")).isGreaterThan(before);
    }

    private static long uses(String index) {
        return bridge.count("select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname = ?", index);
    }

    /** What a request with {@code If-Match} and the version of this moment is answered, when the change is committed after it has looked and before it can write. */
    private static int meanwhile(String method, String path, String body, String lock, String change) throws Exception {
        String version = bridge.scim("lab", "GET", path, "").headers().get("etag").getFirst();
        return meanwhile(() -> send(method, path, version, body), lock, change).get();
    }

    /** A request that somebody else's change, which is not committed yet, makes wait; it is by then. */
    private static <T> Future<T> meanwhile(Callable<T> request, String... changes) throws Exception {
        try (Connection other = bridge.sql.getDataSource().getConnection(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            for (String statement : changes) {
                try (PreparedStatement run = other.prepareStatement(statement)) {
                    run.execute();
                }
            }
            Future<T> answer = threads.submit(request);
            bridge.waitForLock(answer);
            other.commit();
            other.setAutoCommit(true);
            return answer;
        }
    }

    private static int send(String method, String path, String version, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + path)).header("Authorization", "Bearer " + bridge.token("lab")).header("If-Match", version).method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private String user(String who) {
        return id(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + who + "." + name, who + "." + name + "@acme.com", true)));
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
