package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.Retention;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits or was rejected of somebody whom two sources know, while accounts and files come and go. One removal and one archival a day are free. */
class DecidedBesideOthersTest {
    private static final String REMOVAL = "remove ada@acme.com from Sales";
    @TempDir
    Path folder;
    BridgeFiles files;
    TestBridge bridge;
    String first;
    String ada;
    String sales;
    String okta;

    /** Ada is in Sales by lab, and in Ops by okta. */
    @BeforeEach
    void start() {
        files = BridgeFiles.of(folder, "lab", "okta").edit("portkey.yaml", "remove:  {share: 10%, always-allow: 20}", "remove:  {at-most: 1}")
                .edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}");
        bridge = TestBridge.start(files, folder);
        start(bridge);
    }

    private void start(TestBridge bridge) {
        first = bridge.pushed("lab", "1", "first@acme.com");
        ada = bridge.pushed("lab", "3", "ada@acme.com");
        sales = group("lab", "Sales", first, ada);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    private void removalWaits() {
        known("ada@acme.com");
        bridge.scim("lab", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + first + "\\\"]\"}]}");
        bridge.scim("lab", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ada + "\\\"]\"}]}");
        assertThat(held()).containsExactly(REMOVAL);
        dayPasses();
    }

    private void known(String address) {
        okta = bridge.pushed("okta", "o3", address);
        group("okta", "Ops", okta);
    }

    @Test
    void a_rejection_outlives_the_account_that_it_was_about() {
        removalWaits();
        decide("reject", REMOVAL);
        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        bridge.sql.update("update account set gone_at = now() - interval '46 days' where gone_at is not null");
        bridge.bean(Retention.class).run();
        assertThat(bridge.count("select count(*) from account where external_id = '3'")).isZero();
        touch("okta", okta);
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
    }

    @Test
    void what_waits_and_what_was_rejected_stays_with_the_person_when_the_account_is_linked_to_another() {
        removalWaits();
        decide("reject", REMOVAL);
        String bob = bridge.pushed("okta", "o4", "bob@acme.com");
        String his = group("okta", "Sales", bob);
        link("lab", "3", "bob@acme.com");
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin", "Sales/bob@acme.com=admin");
        touch("okta", okta);
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
        bridge.scim("okta", "PATCH", "/Groups/" + his, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + bob + "\\\"]\"}]}");
        assertThat(bridge.memberships()).as("what was rejected was not about Bob").doesNotContain("Sales/bob@acme.com=admin");
    }

    @Test
    void and_what_waits() {
        removalWaits();
        bridge.pushed("okta", "o4", "bob@acme.com");
        group("okta", "Bobs", bridge.sql.queryForObject("select id::text from account where external_id = 'o4'", String.class));
        link("lab", "3", "bob@acme.com");
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
        assertThat(held()).containsExactly(REMOVAL);
        assertThat(decide("approve", REMOVAL)).doesNotContain("not done");
        assertThat(bridge.memberships()).doesNotContain("Sales/ada@acme.com=admin");
    }

    @Test
    void or_unlinked() {
        removalWaits();
        decide("reject", REMOVAL);
        hand("unlink", "\"source\":\"lab\",\"account\":\"3\"");
        touch("okta", okta);
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
    }

    private String group(String source, String workspace, String... members) {
        String values = String.join(",", java.util.Arrays.stream(members).map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + "-role-admin\",\"members\":[" + values + "]}").body().get("id").asText();
    }

    private void touch(String source, String id) {
        assertThat(bridge.scim(source, "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + TestBridge.unique() + "\"}]}").status()).isEqualTo(200);
    }

    private void link(String source, String account, String person) {
        hand("link", "\"source\":\"" + source + "\",\"account\":\"" + account + "\",\"person\":\"" + person + "\"");
    }

    private void hand(String what, String fields) {
        TestBridge.Answer answer = bridge.api("POST", "/" + what, "{" + fields + ",\"reason\":\"because\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private void dayPasses() {
        bridge.sql.update("update tally set at = at - interval '2 days'");
    }

    private String decide(String what, String... sentences) {
        long plan = bridge.count("select plan_id from plan_line where sentence = ? and status = 'held'", sentences[0]);
        List<Integer> numbers = bridge.sql.queryForList("select n from plan_line where plan_id = ? and sentence = any(?)", Integer.class, plan, sentences);
        TestBridge.Answer answer = bridge.api("POST", "/plans/" + plan + "/" + what, "{\"only\":" + numbers + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body().toString();
    }

    private List<String> held() {
        return bridge.sql.queryForList("select sentence from plan_line where status = 'held' order by 1", String.class);
    }
}
