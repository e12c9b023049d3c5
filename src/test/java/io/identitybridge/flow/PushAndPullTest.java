package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same person and the same group by push and by pull of one source are one, and the newer word holds. */
class PushAndPullTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    Path folder;
    private final Door door = new Door();
    StandInOkta okta;
    TestBridge bridge;
    Company.Person ada;

    @BeforeEach
    void start() throws IOException {
        okta = new StandInOkta(Company.of(5, 2, 1), "secret", 0, door);
        ada = okta.company().people("", 1).getFirst();
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 10m"), folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void pushed_first_without_the_idps_ids_and_pulled_then_they_are_joined() {
        String person = bridge.scim("lab", "POST", "/Users", "{\"userName\":\"" + ada.email().toUpperCase() + "\",\"active\":true,\"emails\":[{\"value\":\"" + ada.email() + "\",\"type\":\"work\"}]}").body().get("id").asText();
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-member\",\"members\":[{\"value\":\"" + person + "\"}]}").body().get("id").asText();
        bridge.lagPasses();
        assertThat(bridge.pull("lab").get("letters").asInt()).isZero();
        assertThat(bridge.count("select count(*) from directory_group where display_name = 'ws-Team 0-role-member'")).isOne();
        assertThat(bridge.scim("lab", "GET", "/Groups/" + group, "").body().get("externalId").asText()).isEqualTo("00g00000001");
        assertThat(bridge.scim("lab", "GET", "/Users/" + person, "").body().get("externalId").asText()).isEqualTo(ada.id());
        assertThat(bridge.people("active")).hasSize(5);
    }

    @Test
    void whoever_was_pushed_and_shown_by_a_pull_within_the_lag_leaves_with_the_next_whole_reading_that_has_him_not() {
        bridge.scim("lab", "POST", "/Users", "{\"userName\":\"" + ada.email() + "\",\"active\":true,\"emails\":[{\"value\":\"" + ada.email() + "\",\"type\":\"work\"}]}");
        bridge.pull("lab");
        assertThat(bridge.count("select count(*) from account where external_id = '" + ada.id() + "' and pulled_at is null")).as("known by the page, which is older than the push and its lag").isOne();
        okta.company().delete(ada.id());
        bridge.pull("lab");
        assertThat(bridge.people("active")).as("the list may still be of before").contains(ada.email());
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.people("archived")).containsExactly(ada.email());
    }

    @Test
    void a_group_that_was_pushed_and_shown_by_a_pull_within_the_lag_is_missed_and_gone_where_whole_readings_have_it_no_more() {
        String person = bridge.scim("lab", "POST", "/Users", TestBridge.user(ada.id(), ada.email(), true)).body().get("id").asText();
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-member\",\"members\":[{\"value\":\"" + person + "\"}]}");
        bridge.pull("lab");
        assertThat(bridge.memberships()).contains("Team 0/" + ada.email() + "=member");
        okta.company().disband("00g00000001");
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.sql.update("update directory_group set missing_since = missing_since - interval '2 days' where external_id = '00g00000001' and missing_since is not null")).as("a candidate").isOne();
        bridge.pull("lab");
        assertThat(bridge.count("select count(*) from directory_group where external_id = '00g00000001' and gone_at is not null")).isOne();
    }

    /** As Entra does, whose externalId is mailNickname unless somebody maps it from objectId. */
    @Test
    void a_push_that_puts_another_id_over_the_one_that_is_pulled_ends_nobody_and_can_be_mended() {
        bridge.pull("lab");
        okta.company().people("", 5).forEach(person -> bridge.scim("lab", "POST", "/Users", TestBridge.user(person.id(), person.email(), true)));
        String path = "/Users/" + bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + ada.email() + "\"", "").body().at("/Resources/0/id").asText();
        bridge.lagPasses();
        bridge.pull("lab");
        bridge.scim("lab", "PATCH", path, "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"externalId\",\"value\":\"nick\"}]}");
        for (int i = 0; i < 2; i++) {
            bridge.lagPasses();
            bridge.pull("lab");
            assertThat(bridge.people("active")).as("nobody left").hasSize(5);
        }
        assertThat(bridge.sql.queryForList("select sentence from dead_letter where status = 'open'", String.class)).singleElement().asString().contains("belongs to somebody else of lab");
        String second = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + second, "").status()).isEqualTo(204);
        assertThat(bridge.scim("lab", "PATCH", path, "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"externalId\",\"value\":\"" + ada.id() + "\"}]}").status()).isEqualTo(200);
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.people("active")).hasSize(5);
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
        okta.company().delete(ada.id());
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("known by one id again").containsExactly(ada.email());
    }

    @Test
    void pulled_first_and_pushed_then_it_is_the_same_id_and_no_second_person() {
        bridge.pull("lab");
        String known = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        TestBridge.Answer pushed = bridge.scim("lab", "POST", "/Users", TestBridge.user(ada.id(), ada.email(), true));
        assertThat(pushed.status()).isEqualTo(201);
        assertThat(pushed.body().get("id").asText()).isEqualTo(known);
        TestBridge.Answer group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-member\",\"members\":[]}");
        assertThat(group.status()).isEqualTo(201);
        assertThat(bridge.count("select count(*) from directory_group where display_name = 'ws-Team 0-role-member'")).isOne();
        assertThat(bridge.people("active")).hasSize(5);
    }

    @Test
    void a_page_older_than_the_push_changes_nothing_and_a_newer_one_does() {
        bridge.pull("lab");
        String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertThat(bridge.people("archived")).containsExactly(ada.email());
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("the IdP may still show the old within the lag").containsExactly(ada.email());
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("a complete pull after the lag says active").isEmpty();
    }

    @Test
    void somebody_disabled_by_pull_is_not_enabled_by_a_push_about_something_else() {
        bridge.pull("lab");
        String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user(ada.id(), ada.email(), true));
        bridge.lagPasses();
        okta.company().status(ada.id(), "SUSPENDED");
        bridge.pull("lab");
        assertThat(bridge.people("archived")).containsExactly(ada.email());
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Countess\"}]}");
        assertThat(bridge.people("archived")).containsExactly(ada.email());
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF.replace("false", "true"));
        assertThat(bridge.people("archived")).as("a push enables").isEmpty();
    }

    @Test
    void a_member_pushed_out_is_not_brought_back_by_an_older_page() {
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        String group = bridge.scim("lab", "GET", "/Groups?filter=members eq \"" + id + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + id + "\\\"]\"}]}");
        assertThat(bridge.memberships()).hasSize(before.size() - 1);
        bridge.pull("lab");
        assertThat(bridge.memberships()).hasSize(before.size() - 1);
    }

    @Test
    void what_a_push_did_to_a_group_is_settled_by_the_next_whole_reading_after_the_lag() {
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        String adas = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        String group = bridge.scim("lab", "GET", "/Groups?filter=members eq \"" + adas + "\"", "").body().at("/Resources/0/id").asText();
        String stranger = bridge.scim("lab", "GET", "/Users?filter=not (externalId eq \"" + ada.id() + "\")&count=100", "").body().get("Resources").findValuesAsText("id").stream()
                .filter(id -> bridge.scim("lab", "GET", "/Groups?filter=id eq \"" + group + "\" and members eq \"" + id + "\"", "").body().get("totalResults").asInt() == 0).findFirst().orElseThrow();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + stranger + "\"}]},{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + adas + "\\\"]\"}]}");
        assertThat(bridge.memberships()).isNotEqualTo(before);
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.count("select count(*) from group_member where pushed_at is not null or removed_at is not null")).isZero();
        assertThat(bridge.pull("lab").get("changed").asInt()).as("and then it is quiet").isZero();
    }

    @Test
    void a_group_deleted_by_a_push_is_not_brought_back_by_a_page_that_was_asked_for_before() {
        bridge.pull("lab");
        String group = bridge.scim("lab", "GET", "/Groups?filter=displayName eq \"ws-Team 0-role-member\"", "").body().at("/Resources/0/id").asText();
        CountDownLatch answer = door.close("/groups");
        String run = bridge.startPull("lab");
        door.awaitCall("/groups");
        assertThat(bridge.scim("lab", "DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
        answer.countDown();
        bridge.waitFor("select count(*) from run where ended_at is not null and id::text = '" + run + "'", 1);
        assertThat(bridge.memberships()).noneMatch(line -> line.matches("Team 0/.*=member"));
    }

    @Test
    void a_group_that_was_deleted_and_is_pushed_again_by_its_name_is_the_pulled_one_again() {
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        String named = "/Groups?filter=displayName eq \"ws-Team 0-role-member\"";
        bridge.scim("lab", "DELETE", "/Groups/" + bridge.scim("lab", "GET", named, "").body().at("/Resources/0/id").asText(), "");
        String again = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-member\",\"members\":[]}").body().get("id").asText();
        bridge.pull("lab");
        assertThat(bridge.sql.queryForObject("select external_id from directory_group where id = ?::uuid", String.class, again)).as("a page may be older than the deletion of the one that it shows").isNull();
        bridge.lagPasses();
        assertThat(bridge.pull("lab").get("letters").asInt()).isZero();
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.scim("lab", "GET", named, "").body().get("totalResults").asInt()).as("no twin that keeps whom a push takes out").isOne();
        String adas = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("lab", "PATCH", "/Groups/" + again, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + adas + "\\\"]\"}]}");
        assertThat(bridge.memberships()).doesNotContain("Team 0/" + ada.email() + "=member").hasSize(before.size() - 1);
    }

    @Test
    void whoever_was_deleted_and_comes_back_is_in_no_group_until_one_says_so() {
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("e1", "eve@acme.com", true)).body().get("id").asText();
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + id + "\"}]}").body().get("id").asText();
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("e1", "eve@acme.com", true)).body().get("id").asText()).isEqualTo(id);
        assertThat(bridge.people("active")).contains("eve@acme.com");
        assertThat(bridge.memberships()).isEmpty();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id + "\"}]}]}");
        assertThat(bridge.memberships()).containsExactly("Sales/eve@acme.com=admin");
    }

    @Test
    void whoever_was_deleted_and_comes_back_by_a_pull_leaves_the_name_he_was_pushed_under_to_whoever_has_it_since() {
        bridge.pull("lab");
        List<String> before = bridge.memberships();
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user(ada.id(), ada.email(), true)).body().get("id").asText();
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        String other = bridge.scim("lab", "POST", "/Users", TestBridge.user("z1", ada.email(), true)).body().get("id").asText();
        okta.company().email(ada.id(), "countess@acme.com");
        bridge.lagPasses();
        assertThat(bridge.pull("lab").get("letters").asInt()).isZero();
        TestBridge.Answer back = bridge.scim("lab", "GET", "/Users/" + id, "");
        assertThat(back.body().get("userName").asText()).as(back.toString()).isEqualTo("countess@acme.com");
        assertThat(bridge.scim("lab", "GET", "/Users/" + other, "").body().get("userName").asText()).isEqualTo(ada.email());
        assertThat(bridge.people("active")).contains(ada.email(), "countess@acme.com");
        assertThat(bridge.memberships()).as("all that the IdP gives him, and nothing to the other").isEqualTo(before.stream().map(line -> line.replace(ada.email(), "countess@acme.com")).sorted().toList());
        assertThat(bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Countess\"}]}").status()).isEqualTo(200);
        bridge.lagPasses();
        bridge.pull("lab");
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").body().get("displayName").asText()).as("what was pushed since he is back stays").isEqualTo("Countess");
    }

    @Test
    void of_many_pulls_asked_for_at_once_one_reads() throws Exception {
        CountDownLatch page = door.close("/v1/users");
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            long accepted = IntStream.range(0, 8).mapToObj(n -> pool.submit(() -> bridge.api("POST", "/sources/lab/runs", "{}").status())).toList().stream().filter(answer -> {
                try {
                    return answer.get() < 300;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }).count();
            assertThat(accepted).isOne();
        } finally {
            page.countDown();
        }
    }

    @Test
    void a_fault_of_the_database_while_a_run_begins_does_not_lock_the_source() {
        bridge.sql.execute("alter table run rename to run_away");
        assertThat(bridge.api("POST", "/sources/lab/runs", "{}").status()).isEqualTo(500);
        bridge.sql.execute("alter table run_away rename to run");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
    }
}
