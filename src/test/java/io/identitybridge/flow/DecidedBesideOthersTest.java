package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.Retention;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;

/** What waits or was rejected of somebody whom two sources know, while accounts and files come and go. One removal and one archival a day are free. */
class DecidedBesideOthersTest {
    private static final String REMOVAL = "remove ada@acme.com from Sales";
    private static final String ARCHIVE = "archive user ada@acme.com";
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
        assertThat(bridge.held()).containsExactly(REMOVAL);
        dayPasses();
    }

    private void archiveWaits() {
        off(first);
        off(ada);
        assertThat(bridge.held()).containsExactly(ARCHIVE, REMOVAL);
        dayPasses();
    }

    private void known(String address) {
        okta = bridge.pushed("okta", "o3", address);
        group("okta", "Ops", okta);
    }

    @Test
    void a_rejection_outlives_the_account_that_it_was_about() {
        removalWaits();
        bridge.decide("reject", REMOVAL);
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
        bridge.decide("reject", REMOVAL);
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
        assertThat(bridge.held()).containsExactly(REMOVAL);
        assertThat(bridge.decide("approve", REMOVAL)).doesNotContain("not done");
        assertThat(bridge.memberships()).doesNotContain("Sales/ada@acme.com=admin");
    }

    @Test
    void of_whom_no_account_is_left_to_nothing_waits() {
        archiveWaits();
        bridge.pushed("okta", "o4", "bob@acme.com");
        group("okta", "Bobs", bridge.sql.queryForObject("select id::text from account where external_id = 'o4'", String.class));
        link("lab", "3", "bob@acme.com");
        assertThat(bridge.people("archived")).contains("ada@acme.com");
        assertThat(bridge.count("select count(*) from plan where status = 'held'")).isZero();
    }

    @Test
    void or_unlinked() {
        removalWaits();
        bridge.decide("reject", REMOVAL);
        hand("unlink", "\"source\":\"lab\",\"account\":\"3\"");
        touch("okta", okta);
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
    }

    @Test
    void what_waits_goes_on_waiting_when_the_files_of_its_source_were_away() throws IOException {
        removalWaits();
        away(() -> {
            touch("okta", okta);
            assertThat(bridge.decide("approve", REMOVAL)).contains("waits still, until the files of its source are back");
        });
        touch("lab", ada);
        assertThat(bridge.memberships()).contains("Sales/ada@acme.com=admin");
        assertThat(bridge.held()).containsExactly(REMOVAL);
    }

    @Test
    void an_archive_that_waits_goes_on_waiting_when_the_files_of_its_source_were_away() throws IOException {
        okta = bridge.pushed("okta", "o3", "ada@acme.com");
        archiveWaits();
        bridge.sql.update("insert into link (account_id, person_id, source, linked_by) select a.id, p.id, 'okta', 'email' from account a, person p where a.external_id = 'o3' and p.email = 'ada@acme.com' on conflict do nothing");
        away(() -> touch("okta", okta));
        touch("lab", ada);
        assertThat(bridge.people("active")).contains("ada@acme.com");
        assertThat(bridge.held()).containsExactly(ARCHIVE, REMOVAL);
    }

    @Test
    void an_archive_that_was_rejected_stays_so_when_the_files_of_its_source_were_away() throws IOException {
        okta = bridge.pushed("okta", "o3", "ada@acme.com");
        archiveWaits();
        bridge.decide("reject", ARCHIVE, REMOVAL);
        bridge.sql.update("insert into link (account_id, person_id, source, linked_by) select a.id, p.id, 'okta', 'email' from account a, person p where a.external_id = 'o3' and p.email = 'ada@acme.com' on conflict do nothing");
        away(() -> touch("okta", okta));
        touch("lab", ada);
        assertThat(bridge.people("active")).contains("ada@acme.com");
    }

    @Test
    void but_a_rejection_is_over_meanwhile_where_a_source_with_files_says_otherwise() throws IOException {
        known("ada@acme.com");
        String other = group("okta", "Sales", okta);
        bridge.scim("lab", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members\"}]}");
        bridge.sql.update("insert into tally (source, class, subject, n) values ('okta', 'remove', '', 1)"); // the one that is free
        removed(other);
        assertThat(bridge.held()).containsExactly(REMOVAL);
        bridge.decide("reject", REMOVAL);
        dayPasses();
        away(() -> {
            bridge.scim("okta", "PATCH", "/Groups/" + other, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + okta + "\"}]}]}");
            assertThat(bridge.count("select count(*) from plan_line where status = 'rejected'")).isZero();
        });
        removed(other);
        assertThat(bridge.memberships()).doesNotContain("Sales/ada@acme.com=admin");
    }

    private void removed(String group) {
        bridge.scim("okta", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + okta + "\\\"]\"}]}");
    }

    @Test
    void a_removal_that_was_rejected_with_an_archive_stays_so_when_another_source_lets_him_in() {
        archiveWaits();
        bridge.decide("reject", ARCHIVE, REMOVAL);
        known("ada@acme.com");
        assertThat(bridge.memberships()).contains("Ops/ada@acme.com=admin", "Sales/ada@acme.com=admin");
    }

    @Test
    void a_removal_that_waits_with_an_archive_goes_on_waiting_when_another_source_lets_him_in_under_another_address() {
        archiveWaits();
        known("byron@acme.com");
        link("okta", "o3", "ada@acme.com");
        assertThat(bridge.memberships()).contains("Ops/byron@acme.com=admin", "Sales/byron@acme.com=admin");
        assertThat(bridge.held()).containsExactly("remove byron@acme.com from Sales");
    }

    @Test
    void a_new_administrator_who_waits_goes_on_waiting_under_another_address() {
        raiseWaits();
        bridge.scim("lab", "PATCH", "/Users/" + ada, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"userName\":\"byron@acme.com\",\"emails\":[{\"value\":\"byron@acme.com\",\"type\":\"work\",\"primary\":true}]}}]}");
        assertThat(bridge.memberships()).contains("Sales/byron@acme.com=admin").doesNotContain("Ops/byron@acme.com=admin");
        assertThat(bridge.held()).containsExactly("add byron@acme.com to Ops as admin");
    }

    private void raiseWaits() {
        bridge.close();
        files.edit("portkey.yaml", "raise:   {at-most: 20}", "raise:   {at-most: 2}");
        bridge = TestBridge.start(files, folder);
        start(bridge);
        group("lab", "Ops", ada);
        assertThat(bridge.held()).containsExactly("add ada@acme.com to Ops as admin");
        dayPasses();
    }

    @Test
    void an_undone_plan_ends_nobody_whom_the_account_was_linked_to_since() {
        bridge.pushed("okta", "o4", "bob@acme.com");
        group("okta", "Bobs", bridge.sql.queryForObject("select id::text from account where external_id = 'o4'", String.class));
        files.edit("portkey.yaml", "lab:   {mode: apply,", "lab:   {mode: propose,");
        bridge.activate();
        bridge.pushed("lab", "5", "eve@acme.com");
        long plan = bridge.count("select plan_id from plan_line where status = 'held' and sentence = 'create user eve@acme.com'");
        bridge.decide("approve", "create user eve@acme.com");
        assertThat(bridge.people("active")).contains("eve@acme.com", "bob@acme.com");
        link("lab", "5", "bob@acme.com");
        bridge.sql.update("update account set gone_at = now(), standing = 'LEFT' where external_id = 'o4'");
        assertThat(bridge.api("POST", "/plans/" + plan + "/undo", "{\"reason\":\"a mistake\"}").body().toString()).contains("create user eve@acme.com: cannot be undone");
        assertThat(bridge.people("active")).contains("bob@acme.com");
    }

    @Test
    void a_line_that_is_being_done_is_not_rejected_meanwhile() throws Exception {
        removalWaits();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<String> rejection = bridge.bean(TransactionTemplate.class).execute(tx -> {
                bridge.sql.queryForList("select 1 from membership where person_id = (select id from person where email = 'ada@acme.com') for update");
                Future<String> approval = pool.submit(() -> bridge.decide("approve", REMOVAL));
                bridge.waitForLock(approval);
                Future<String> later = pool.submit(() -> bridge.decide("reject", REMOVAL));
                TestDatabase.waitForLocks(bridge.sql, later, 2);
                return later;
            });
            assertThat(rejection.get()).contains("waits no longer, not rejected");
        }
        assertThat(bridge.memberships()).doesNotContain("Sales/ada@acme.com=admin");
        assertThat(bridge.count("select count(*) from plan_line where status = 'rejected'")).isZero();
    }

    private void away(Runnable meanwhile) throws IOException {
        Path mapping = files.mappings.resolve("lab.yaml");
        Path source = files.routes.resolve("lab.source.yaml");
        String meaning = Files.readString(mapping);
        String reading = Files.readString(source);
        Files.delete(mapping);
        Files.delete(source);
        bridge.activate();
        meanwhile.run();
        Files.writeString(mapping, meaning);
        Files.writeString(source, reading);
        bridge.activate();
    }

    private String group(String source, String workspace, String... members) {
        String values = String.join(",", java.util.Arrays.stream(members).map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + "-role-admin\",\"members\":[" + values + "]}").body().get("id").asText();
    }

    private void touch(String source, String id) {
        assertThat(bridge.scim(source, "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + TestBridge.unique() + "\"}]}").status()).isEqualTo(200);
    }

    private void off(String id) {
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
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
}
