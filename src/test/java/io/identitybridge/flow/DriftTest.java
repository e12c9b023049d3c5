package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What push should have told and a pull found is counted by source and attribute: never told, told late, told otherwise. */
class DriftTest {
    private static final String USER = "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"externalId\":\"%s\",\"userName\":\"%s\",\"displayName\":\"%s\",\"active\":%s,\"emails\":[{\"value\":\"%s\",\"primary\":true}]}";
    @TempDir
    Path folder;
    StandInOkta idp;
    TestBridge bridge;
    Company.Person ada;
    Company.Person bob;

    @BeforeEach
    void pulled_and_then_pushed_alike() throws IOException {
        idp = new StandInOkta(Company.of(5, 2, 1), "secret", 0);
        ada = idp.company().people("", 2).getFirst();
        bob = idp.company().people("", 2).getLast();
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 10m"), folder, "lab.url=" + idp.url(), "lab.token=secret");
        bridge.pull("lab");
        assertThat(drift()).as("before anything is pushed, nothing can be missed").isEmpty();
        push(ada, ada.firstName() + " " + ada.lastName(), true);
        push(bob, bob.firstName() + " " + bob.lastName(), true);
        anHourGoesBy();
        bridge.pull("lab");
        assertThat(drift()).as("they say the same").isEmpty();
    }

    @AfterEach
    void stop() {
        bridge.close();
        idp.close();
    }

    @Test
    void a_change_that_a_pull_finds_before_any_push_has_told_it_is_missed_and_late_once_one_does() throws Exception {
        idp.company().firstName(ada.id(), "Augusta");
        idp.company().status(bob.id(), "SUSPENDED");
        bridge.pull("lab");
        assertThat(drift()).containsExactly("active missed 1 late 0 contradicted 0 open 1", "displayName missed 1 late 0 contradicted 0 open 1");
        bridge.pull("lab");
        assertThat(drift()).as("once for each change, not for each pull").containsExactly("active missed 1 late 0 contradicted 0 open 1", "displayName missed 1 late 0 contradicted 0 open 1");
        push(bob, bob.firstName() + " " + bob.lastName(), false);
        push(ada, ada.firstName() + " " + ada.lastName(), true);
        bridge.pull("lab");
        assertThat(drift()).as("the push about her still has the old name").containsExactly("active missed 1 late 1 contradicted 0 open 0", "displayName missed 1 late 0 contradicted 0 open 1");
        String meters = meters();
        assertThat(meters).contains("bridge_push_missed_total{attribute=\"active\",source=\"lab\"} 1.0", "bridge_push_missed_total{attribute=\"displayName\",source=\"lab\"} 1.0");
    }

    @Test
    void the_share_of_what_push_told_is_one_number() throws Exception {
        bridge.waitFor("select coalesce(sum(n), 0) from push_told where source = 'lab'", 2); // the request log is written beside the requests
        assertThat(bridge.api("GET", "/sources?q=lab", "").body().at("/items/0/pushReliability").asDouble()).as("two pushes, and nothing missed").isEqualTo(1);
        idp.company().firstName(ada.id(), "Augusta");
        idp.company().status(bob.id(), "SUSPENDED");
        bridge.pull("lab");
        assertThat(bridge.api("GET", "/sources?q=lab", "").body().at("/items/0/pushReliability").asDouble()).as("two told, two missed; a read tells nothing").isEqualTo(0.5);
        assertThat(meters()).contains("bridge_push_reliability_ratio{source=\"lab\"} 0.5");
        bridge.sql.update("update push_told set day = day - 31");
        assertThat(bridge.api("GET", "/sources?q=lab", "").body().at("/items/0/pushReliability").isNull()).as("nothing pushed in 30 days: no number").isTrue();
    }

    @Test
    void a_push_that_says_what_the_idps_own_record_never_said_is_contradicted() {
        push(ada, "Somebody Else", true);
        anHourGoesBy();
        bridge.pull("lab");
        assertThat(drift()).containsExactly("displayName missed 0 late 0 contradicted 1 open 0");
    }

    @Test
    void a_newcomer_and_a_leaver_whom_no_push_has_told_are_missed() {
        idp.company().add("00unew", "Nia", "Young", "nia.young@acme.com");
        idp.company().delete(ada.id());
        anHourGoesBy();
        bridge.pull("lab");
        assertThat(drift()).containsExactly("account missed 1 late 0 contradicted 0 open 1", "deletion missed 1 late 0 contradicted 0 open 1");
        bridge.scim("lab", "POST", "/Users", TestBridge.user("00unew", "nia.young@acme.com", true));
        bridge.pull("lab");
        assertThat(drift().getFirst()).isEqualTo("account missed 1 late 1 contradicted 0 open 0");
    }

    @Test
    void members_of_a_pushed_group_are_counted_one_by_one() {
        String group = bridge.scim("lab", "GET", "/Groups?filter=displayName eq \"ws-Team 0-role-member\"", "").body().at("/Resources/0/id").asText();
        String adas = scimId(ada);
        String idpGroup = idp.company().groups("", 1).getFirst().getKey();
        idp.company().join(idpGroup, ada.id());
        idp.company().leave(idpGroup, bob.id());
        bridge.pull("lab");
        anHourGoesBy();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-Team 0-role-member\"}},{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + adas + "\\\"]\"}]}");
        anHourGoesBy();
        idp.company().join(idpGroup, bob.id());
        bridge.pull("lab");
        assertThat(drift()).as("pushed out and there all the same; and somebody whom no push brought in").containsExactly("members missed 1 late 0 contradicted 1 open 1");
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + scimId(bob) + "\"}]}]}");
        bridge.pull("lab");
        assertThat(drift()).containsExactly("members missed 1 late 1 contradicted 1 open 0");
        assertThat(bridge.api("GET", "/drift?days=nonsense", "").status()).isEqualTo(400);
    }

    private void push(Company.Person person, String name, boolean active) {
        TestBridge.Answer answer = bridge.scim("lab", "PUT", "/Users/" + scimId(person), USER.formatted(person.id(), person.email(), name, active, person.email()));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private String scimId(Company.Person person) {
        return bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + person.id() + "\"", "").body().at("/Resources/0/id").asText();
    }

    /** For all that was pushed and pulled so far. */
    private void anHourGoesBy() {
        bridge.sql.update("update account set pushed_at = pushed_at - interval '1 hour', pulled_at = pulled_at - interval '1 hour'");
        bridge.sql.update("update directory_group set pushed_at = pushed_at - interval '1 hour', pulled_at = pulled_at - interval '1 hour'");
        bridge.sql.update("update group_member set pushed_at = pushed_at - interval '1 hour', removed_at = removed_at - interval '1 hour'");
    }

    private List<String> drift() {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : bridge.api("GET", "/drift?source=lab", "").body().get("items")) {
            lines.add(row.get("attribute").asText() + " missed " + row.get("missed") + " late " + row.get("late") + " contradicted " + row.get("contradicted") + " open " + row.get("open"));
        }
        return lines;
    }

    private String meters() throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(bridge.adminUrl() + "/actuator/prometheus")).header("Authorization", "Bearer " + TestBridge.ADMIN_TOKEN).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
