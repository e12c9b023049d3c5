package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that really shrank: a run refuses to believe it, an operator says once that it is so, and from there on it is a removal like any other. */
@Tag("real")
class AcceptedShrinkTest {
    private static final String ACCEPT = "{\"acceptShrink\":\"the Oslo branch was sold\"}";
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge bridge;
    List<String> before;

    @BeforeEach
    void pulled_once() throws IOException {
        okta = new StandInOkta(Company.of(100, 4, 1), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 2");
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
        before = bridge.memberships();
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void ninety_of_a_hundred_go_by_a_word_a_plan_and_an_approval_and_the_word_is_good_once() {
        okta.company().people("", 90).forEach(person -> okta.company().delete(person.id()));
        assertThat(failed()).contains("are absent", "take this for true once: pull SOURCE --accept-shrink REASON");

        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/groups", 1, 0, 0)));
        assertThat(bridge.pull("lab", ACCEPT).get("status").asText()).as("the word heals no broken reading").isEqualTo("failed");
        okta.faults().set(List.of());
        assertThat(failed()).as("and is spent with it").contains("are absent");

        JsonNode run = bridge.pull("lab", ACCEPT);
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("held");
        assertThat(run.get("message").asText()).contains("taken for true, whatever is absent: the Oslo branch was sold (operator)");
        assertThat(bridge.memberships()).as("under the guard as ever").isEqualTo(before);
        assertThat(bridge.api("GET", "/audit?q=Oslo", "").body().at("/items/0/changes/0").asText()).isEqualTo("pull all of lab and take for true whatever is absent: the Oslo branch was sold");
        String plan = bridge.api("GET", "/plans?status=held", "").body().at("/items/0/id").asText();
        assertThat(bridge.api("POST", "/plans/" + plan + "/approve", "{}").status()).isEqualTo(200);
        assertThat(bridge.people("active")).hasSizeLessThan(11).isNotEmpty();
        assertThat(bridge.pull("lab").get("status").asText()).as("the next is like any other").isEqualTo("done");
    }

    @Test
    void lists_of_members_that_are_all_empty_are_believed_once_and_held() {
        okta.company().groups("", 10).forEach(group -> okta.company().members(group.getKey(), "", 100).orElseThrow().forEach(person -> okta.company().leave(group.getKey(), person.id())));
        assertThat(failed()).contains("members: 0 read in 4 groups", "take this for true once");
        assertThat(bridge.pull("lab", ACCEPT).get("status").asText()).isEqualTo("held");
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.api("GET", "/plans?status=held", "").body().get("total").asInt()).isOne();
    }

    @Test
    void a_directory_of_nobody_is_never_believed_and_a_word_without_a_role_or_a_reason_is_none() {
        okta.company().people("", 100).forEach(person -> okta.company().delete(person.id()));
        assertThat(bridge.pull("lab", ACCEPT).get("message").asText()).contains("users: 0 read");
        assertThat(bridge.memberships()).isEqualTo(before);
        assertThat(bridge.api("POST", "/sources/lab/runs", "{\"acceptShrink\":\" \"}").status()).isEqualTo(400);
        String runs = bridge.api("POST", "/operators", "{\"name\":\"otto\",\"roles\":[\"operator\"]}").body().get("token").asText();
        assertThat(bridge.apiAs(runs, "POST", "/sources/lab/runs", ACCEPT).body().get("detail").asText()).contains("this needs the role approver");
    }

    private String failed() {
        JsonNode run = bridge.pull("lab");
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("failed");
        return run.get("message").asText();
    }
}
