package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;

/** Held archives of which an operator decides only a part, or decides differently from the IdP. One archival is free, five creations are. */
class DecidedInPartTest {
    @TempDir
    Path folder;
    TestBridge bridge;
    String leaver;

    @BeforeEach
    void start() {
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}")
                .edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 5}"), folder);
        String first = push("first");
        leaver = push("leaver");
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + first + "\"},{\"value\":\"" + leaver + "\"}]}");
        active(first, false);
        active(leaver, false);
        assertThat(bridge.held()).containsExactly("archive user leaver@acme.com", "remove leaver@acme.com from Sales");
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void who_is_not_archived_keeps_what_would_have_gone_with_it() {
        bridge.decide("reject", "archive user leaver@acme.com");
        bridge.scim("lab", "PATCH", "/Users/" + leaver, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}]}");
        assertThat(bridge.memberships()).containsExactly("Sales/leaver@acme.com=admin");
        assertThat(bridge.held()).containsExactly("remove leaver@acme.com from Sales");
        bridge.decide("approve", "remove leaver@acme.com from Sales");
        assertThat(bridge.memberships()).isEmpty();
        assertThat(bridge.people("active")).contains("leaver@acme.com");
    }

    @Test
    void a_rejection_does_not_outlive_the_facts_that_it_was_about() {
        bridge.decide("reject", "archive user leaver@acme.com", "remove leaver@acme.com from Sales");
        active(leaver, true);
        bridge.sql.update("update tally set at = at - interval '2 days'");
        active(leaver, false);
        assertThat(bridge.people("archived")).as("he leaves once more, and within the limit").contains("leaver@acme.com");
    }

    @Test
    void a_rejected_archive_does_not_keep_him_whom_the_idp_deletes_then() {
        bridge.decide("reject", "archive user leaver@acme.com", "remove leaver@acme.com from Sales");
        bridge.sql.update("update tally set at = at - interval '2 days'");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + leaver, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).contains("leaver@acme.com");
    }

    @Test
    void an_archive_that_waits_is_not_done_because_another_source_knows_him_from_now_on_and_gives_him_nothing() {
        bridge.pushed("okta", "00u1", "leaver@acme.com");
        assertThat(bridge.people("active")).contains("leaver@acme.com");
        assertThat(bridge.held()).containsExactly("archive user leaver@acme.com", "remove leaver@acme.com from Sales");
        bridge.decide("approve", "archive user leaver@acme.com", "remove leaver@acme.com from Sales");
        assertThat(bridge.people("archived")).contains("leaver@acme.com");
    }

    @Test
    void nor_is_one_that_was_rejected() {
        bridge.decide("reject", "archive user leaver@acme.com", "remove leaver@acme.com from Sales");
        String okta = bridge.pushed("okta", "00u1", "leaver@acme.com");
        bridge.sql.update("update tally set at = at - interval '2 days'");
        bridge.scim("lab", "PATCH", "/Users/" + leaver, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}]}");
        assertThat(bridge.people("active")).contains("leaver@acme.com");
        assertThat(bridge.memberships()).containsExactly("Sales/leaver@acme.com=admin");
        bridge.scim("okta", "PATCH", "/Users/" + okta, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
        bridge.scim("okta", "DELETE", "/Users/" + okta, "");
        assertThat(bridge.people("archived")).as("that source has deleted him, too").contains("leaver@acme.com");
    }

    @Test
    void creations_side_by_side_do_not_pass_their_limit() throws Exception {
        bridge.token("lab");
        try (ExecutorService pool = Executors.newFixedThreadPool(12)) {
            IntStream.range(0, 24).mapToObj(n -> pool.submit(() -> push("p" + n))).toList().forEach(done -> {
                try {
                    done.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertThat(bridge.count("select count(*) from person")).isEqualTo(5);
        assertThat(bridge.count("select count(*) from account")).as("the facts are all there").isEqualTo(26);
        String waits = bridge.held().stream().filter(line -> line.startsWith("create user ")).findFirst().orElseThrow().substring("create user ".length());
        String id = bridge.sql.queryForObject("select id::text from account where email = ?", String.class, waits);
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Lab-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}");
        assertThat(bridge.decide("approve", "add " + waits + " to Lab as member")).as("what it goes with was not approved").contains("waits still");
        assertThat(bridge.held()).contains("create user " + waits, "add " + waits + " to Lab as member");
    }

    @Test
    void what_is_approved_is_done_though_somebody_else_looks_at_him_in_between() throws Exception {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<String> approval = bridge.bean(TransactionTemplate.class).execute(tx -> {
                bridge.sql.queryForList("select 1 from account for no key update");
                Future<String> asked = pool.submit(() -> bridge.decide("approve", "archive user leaver@acme.com", "remove leaver@acme.com from Sales"));
                bridge.waitForLock(asked);
                bridge.sql.update("delete from due"); // as whoever looked at him just then does
                return asked;
            });
            assertThat(approval.get()).doesNotContain("waits still");
        }
        assertThat(bridge.people("archived")).contains("leaver@acme.com");
    }

    private String push(String name) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(name, name + "@acme.com", true)).body().get("id").asText();
    }

    private void active(String id, boolean active) {
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":" + active + "}}]}");
    }
}
