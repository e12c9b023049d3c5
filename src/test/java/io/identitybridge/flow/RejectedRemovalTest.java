package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A removal from a workspace that was rejected, and what becomes of that person and that workspace afterwards. One removal a day is free. */
class RejectedRemovalTest {
    private static final String TITLE = "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}";
    @TempDir
    Path folder;
    TestBridge bridge;
    String ada;
    String sales;

    @BeforeEach
    void start() {
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta", "entra").edit("okta.yaml", "out-of-scope: archive", "out-of-scope: keep")
                .edit("portkey.yaml", "entra: {mode: propose,", "entra: {mode: apply,").edit("portkey.yaml", "domains: [acme-labs.io]", "domains: [acme-labs.io, acme.com]")
                .edit("portkey.yaml", "remove:  {share: 10%, always-allow: 20}", "remove:  {at-most: 1}"), folder);
    }

    private void removalWaits() {
        removalWaits(() -> { });
    }

    /** @param before what happens once Ada is in Sales */
    private void removalWaits(Runnable before) {
        String first = bridge.pushed("lab", "1", "first@acme.com");
        String other = bridge.pushed("lab", "2", "other@acme.com");
        ada = bridge.pushed("lab", "3", "ada@acme.com");
        sales = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + first + "\"},{\"value\":\"" + other + "\"},{\"value\":\"" + ada + "\"}]}").body().get("id").asText();
        before.run();
        out(first);
        out(ada);
        assertThat(bridge.held()).contains("remove ada@acme.com from Sales");
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void one_that_was_rejected_stays_so_when_he_gets_another_address() {
        removalWaits();
        decide("reject", "remove ada@acme.com from Sales");
        dayPasses();
        patch(ada, "{\"op\":\"replace\",\"value\":{\"userName\":\"byron@acme.com\",\"emails\":[{\"value\":\"byron@acme.com\",\"type\":\"work\",\"primary\":true}]}}");
        assertThat(bridge.memberships()).contains("Sales/byron@acme.com=admin");
    }

    @Test
    void and_when_the_workspace_gets_another_name() {
        removalWaits();
        decide("reject", "remove ada@acme.com from Sales");
        dayPasses();
        bridge.scim("lab", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-Selling-role-admin\"}}]}");
        patch(ada, TITLE);
        assertThat(bridge.memberships()).contains("Selling/other@acme.com=admin", "Selling/ada@acme.com=admin");
    }

    @Test
    void and_when_another_source_comes_to_know_him_and_keeps_what_he_has() {
        removalWaits();
        decide("reject", "remove ada@acme.com from Sales");
        dayPasses();
        bridge.pushed("okta", "00u1", "ada@acme.com");
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
    }

    @Test
    void and_when_somebody_approves_that_another_source_lets_him_go() {
        removalWaits(() -> bridge.scim("entra", "PATCH", "/Users/" + subsidiary(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userType\",\"value\":\"Guest\"}]}"));
        decide("reject", "remove ada@acme.com from Sales");
        assertThat(bridge.held()).containsExactly("remove ada@acme.com from Subsidiary Ops");
        decide("approve", "remove ada@acme.com from Subsidiary Ops");
        dayPasses();
        patch(ada, TITLE);
        assertThat(bridge.memberships()).doesNotContain("Subsidiary Ops/ada@acme.com=member").contains("Sales/ada@acme.com=admin");
    }

    @Test
    void and_when_it_waited_for_other_facts_first() {
        String[] guest = {""};
        removalWaits(() -> guest[0] = subsidiary());
        bridge.scim("entra", "PATCH", "/Users/" + guest[0], "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userType\",\"value\":\"Guest\"}]}");
        decide("reject", "remove ada@acme.com from Sales");
        dayPasses();
        patch(ada, TITLE);
        assertThat(bridge.held()).containsExactly("remove ada@acme.com from Subsidiary Ops");
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
    }

    /** Ada in a workspace by another source as well; gives her id there. */
    private String subsidiary() {
        String guest = bridge.pushed("entra", "e1", "ada@acme.com");
        bridge.scim("entra", "POST", "/Groups", "{\"displayName\":\"ai.Subsidiary Ops.member\",\"members\":[{\"value\":\"" + guest + "\"}]}");
        return guest;
    }

    private void out(String member) {
        bridge.scim("lab", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + member + "\\\"]\"}]}");
    }

    private void patch(String id, String operation) {
        assertThat(bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[" + operation + "]}").status()).isEqualTo(200);
    }

    private void dayPasses() {
        bridge.sql.update("update tally set at = at - interval '2 days'");
    }

    private void decide(String what, String sentence) {
        long plan = bridge.count("select plan_id from plan_line where sentence = ? and status = 'held'", sentence);
        long line = bridge.count("select n from plan_line where sentence = ? and status = 'held'", sentence);
        TestBridge.Answer answer = bridge.api("POST", "/plans/" + plan + "/" + what, "{\"only\":[" + line + "]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }
}
