package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;

/** portkey.yaml edited, and a source's files taken away, while the bridge runs. */
class EditedOrganisationTest {
    private static final String LOOKED_AT = "insert into due (account_id, source, cause, waits) select id, source, 'files:1', 'mappings/lab.yaml was edited' from account";
    private static final String HELD = "select count(*) from plan_line where status = 'held' and sentence = 'archive user ada@acme.com'";
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    @TempDir
    Path folder;
    BridgeFiles files;
    TestBridge bridge;

    @BeforeEach
    void start() {
        files = BridgeFiles.of(folder, "lab", "okta");
        bridge = TestBridge.start(files, folder);
        bridge.waitFor("select count(*) from source_state where ruled is not null", 2);
    }

    @AfterEach
    void stop() {
        pool.close();
        bridge.close();
    }

    @Test
    void what_an_edit_gives_comes_at_once_and_what_it_takes_away_waits() {
        push("u1", "new@elsewhere.org");
        String member = push("u2", "boss@acme.com");
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + member + "\"}]}");
        assertThat(bridge.people("active")).containsExactly("boss@acme.com");
        files.edit("portkey.yaml", "  acme-labs.io: exact\n", "  acme-labs.io: exact\n  elsewhere.org: exact\n")
                .edit("portkey.yaml", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [admin, manager, member], organisation: admin}}", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [manager, member], organisation: admin}}");
        bridge.activate();
        bridge.waitFor("select count(*) from person where email = 'new@elsewhere.org' and status = 'active'", 1);
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove boss@acme.com from Sales'", 1);
        assertThat(bridge.memberships()).contains("Sales/boss@acme.com=admin");
        assertThat(bridge.api("GET", "/plans?status=held", "").body().toString()).containsPattern("mappings/portkey.yaml:[0-9, ]+( and more)? was edited");
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
    }

    @Test
    void a_source_that_only_observed_applies_once_it_may() {
        files.edit("portkey.yaml", "  lab:   {mode: apply,", "  lab:   {mode: observe,");
        bridge.activate();
        push("u1", "ada@acme.com");
        assertThat(bridge.people("active")).isEmpty();
        files.edit("portkey.yaml", "  lab:   {mode: observe,", "  lab:   {mode: apply,");
        bridge.activate();
        bridge.waitFor("select count(*) from person where email = 'ada@acme.com' and status = 'active'", 1);
    }

    @Test
    void what_a_source_that_only_observes_says_is_not_done_by_another_ones_change_either() {
        String lab = push("u1", "ada@acme.com");
        String okta = bridge.scim("okta", "POST", "/Users", TestBridge.user("o1", "ada@acme.com", true)).body().get("id").asText();
        String sales = bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + okta + "\"}]}").body().get("id").asText();
        assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=admin");
        files.edit("okta.yaml", "admit: in-any-workspace   ", "admit: everybody          ").edit("okta.yaml", "    plan: []\n", "    plan: [create user ada@acme.com]\n");
        bridge.activate();
        String leaver = push("u2", "bob@acme.com");
        bridge.pushed("okta", "o2", "bob@acme.com");
        files.edit("portkey.yaml", "  okta:  {mode: apply,", "  okta:  {mode: observe,");
        bridge.activate();
        bridge.scim("okta", "PATCH", "/Groups/" + sales, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members\"}]}");
        bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Vault-role-admin\",\"members\":[{\"value\":\"" + okta + "\"}]}");
        bridge.scim("lab", "PATCH", "/Users/" + lab, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Countess\"}]}");
        assertThat(bridge.sql.queryForList("select display_name from person", String.class)).contains("Countess");
        assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=admin");
        bridge.scim("lab", "PATCH", "/Users/" + leaver, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
        assertThat(bridge.people("archived")).as("he has nothing of okta, which still calls him active").containsExactly("bob@acme.com");
        files.edit("portkey.yaml", "  okta:  {mode: observe,", "  okta:  {mode: apply,");
        bridge.activate();
        bridge.waitFor("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'Vault'", 1);
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove ada@acme.com from Sales'", 1);
    }

    @Test
    void people_of_a_source_without_files_are_frozen_until_it_is_released() throws IOException {
        String id = push("u1", "ada@acme.com");
        Files.delete(files.mappings.resolve("lab.yaml"));
        Files.delete(files.routes.resolve("lab.source.yaml"));
        bridge.activate();
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).as("nothing new is taken in").isEqualTo(503);
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        TestBridge.Answer released = bridge.api("POST", "/sources/lab/release", "{}");
        assertThat(released.status()).as(released.toString()).isEqualTo(200);
        assertThat(bridge.people("active")).as("a release waits for a person as well").containsExactly("ada@acme.com");
        String plan = bridge.api("GET", "/plans?status=held&source=lab", "").body().at("/items/0/id").asText();
        assertThat(bridge.api("POST", "/plans/" + plan + "/approve", "{}").status()).isEqualTo(200);
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
    }

    @Tag("real")
    @Test
    void a_removal_that_an_edit_brings_waits_even_if_the_bridge_breaks_off_in_between() {
        String member = push("u1", "ada@acme.com");
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"AI Platform Leads\",\"members\":[{\"value\":\"" + member + "\"}]}");
        assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.com=manager");
        bridge.sql.execute("alter table plan rename to plan_away");
        files.edit("lab.yaml", "role: manager                         # CHANGE ME", "role: member                          # CHANGE ME")
                .edit("lab.yaml", "- add ada@acme.com to Engineering as manager", "- add ada@acme.com to Engineering as member");
        bridge.activate();
        bridge.waitFor("select count(*) from due where waits is not null", 1);
        bridge.sql.execute("alter table plan_away rename to plan");
        bridge.waitFor("select count(*) from plan_line where status = 'held'", 1);
        assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.com=manager");
    }

    @Test
    void a_push_right_after_an_edit_takes_nothing_away_that_only_the_edit_would() {
        String member = push("u1", "ada@acme.com");
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"AI Platform Leads\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
        String before = bridge.sql.queryForObject("select evaluated from source_state where source = 'lab'", String.class);
        files.edit("lab.yaml", "role: manager                         # CHANGE ME", "role: member                          # CHANGE ME")
                .edit("lab.yaml", "- add ada@acme.com to Engineering as manager", "- add ada@acme.com to Engineering as member");
        bridge.activate();
        bridge.scim("lab", "PATCH", "/Users/" + member, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"A\"}]}");
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + member + "\"}]}]}");
        assertThat(bridge.memberships()).containsExactly("Engineering/ada@acme.com=manager");
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated <> '" + before + "' and not exists (select 1 from due)", 1); // while everybody is looked at after an edit, he would wait too
        bridge.scim("lab", "PATCH", "/Users/" + member, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}");
        assertThat(bridge.people("archived")).as("a leaver goes all the same").containsExactly("ada@acme.com");
    }

    @Test
    void whoever_a_push_switches_off_while_everybody_is_looked_at_after_an_edit_goes_at_once() {
        String ada = push("u1", "ada@acme.com");
        String ben = push("u2", "ben@acme.com");
        bridge.sql.update(LOOKED_AT);
        bridge.scim("lab", "PATCH", "/Users/" + ada, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}");
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        bridge.bean(TransactionTemplate.class).executeWithoutResult(tx -> { // and where that look comes to him while he is being switched off
            bridge.sql.update("delete from due");
            bridge.sql.queryForList("select 1 from person for update");
            Future<?> leaves = pool.submit(() -> bridge.scim("lab", "PATCH", "/Users/" + ben, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}"));
            bridge.waitForLock(leaves);
            bridge.sql.update(LOOKED_AT);
        });
        bridge.waitFor("select count(*) from person where status = 'archived'", 2);
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).isZero();
    }

    @Test
    void whoever_was_switched_off_before_and_only_an_edit_lets_go_waits() {
        files.edit("lab.yaml", "user-inactive: archive", "user-inactive: keep").edit("lab.yaml", "    plan:\n      - remove ada@acme.com from Sales\n      - archive user ada@acme.com\n", "    plan: []\n");
        bridge.activate();
        String ada = push("u1", "ada@acme.com");
        bridge.scim("lab", "PATCH", "/Users/" + ada, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}");
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        files.edit("lab.yaml", "user-inactive: keep", "user-inactive: archive").edit("lab.yaml", "    plan: []\n", "    plan:\n      - remove ada@acme.com from Sales\n      - archive user ada@acme.com\n");
        bridge.activate();
        bridge.waitFor(HELD, 1);
        bridge.sql.update("delete from plan_line"); // as before the look had come to him
        bridge.sql.update(LOOKED_AT);
        bridge.scim("lab", "PATCH", "/Users/" + ada, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"A\"}]}");
        assertThat(bridge.count(HELD)).isOne();
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
    }

    @Test
    void an_operators_word_right_after_an_edit_takes_nothing_away_that_only_the_edit_would() {
        bridge.close();
        bridge = TestBridge.start(files, folder, "bridge.look.every=3600000"); // nobody has looked yet
        String member = push("u1", "boss@acme.com");
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + member + "\"}]}");
        bridge.scim("okta", "POST", "/Users", TestBridge.user("o1", "boss@acme-labs.io", true));
        files.edit("portkey.yaml", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [admin, manager, member], organisation: admin}}", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [manager, member], organisation: admin}}");
        bridge.activate();
        assertThat(bridge.api("POST", "/link", "{\"source\":\"okta\",\"account\":\"o1\",\"person\":\"boss@acme.com\",\"reason\":\"one human\"}").status()).isEqualTo(200);
        assertThat(bridge.memberships()).containsExactly("Sales/boss@acme.com=admin");
        assertThat(bridge.sql.queryForList("select sentence from plan_line where status = 'held'", String.class)).containsExactly("remove boss@acme.com from Sales");
    }

    @Test
    void who_waits_for_an_edit_goes_at_once_when_the_idp_deletes_him() {
        String id = push("u1", "ada@acme.com");
        files.edit("lab.yaml", "  admit: everybody                        # pushed people: all of them, placed or not", "  admit: resource.userName != \"ada@acme.com\"");
        bridge.activate();
        bridge.waitFor(HELD, 1);
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).isZero();
    }

    @Test
    void what_waits_goes_on_waiting_under_another_name() {
        String member = push("u1", "ada@acme.com");
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-admin\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
        files.edit("portkey.yaml", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [admin, manager, member], organisation: admin}}", "  lab:   {mode: apply, may-grant: {workspaces: [\"*\"], roles: [manager, member], organisation: admin}}");
        bridge.activate();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove ada@acme.com from Sales'", 1);
        bridge.scim("lab", "PUT", "/Users/" + member, TestBridge.user("u1", "countess@acme.com", true));
        assertThat(bridge.memberships()).containsExactly("Sales/countess@acme.com=admin");
        assertThat(bridge.sql.queryForList("select sentence from plan_line where status = 'held'", String.class)).containsExactly("remove countess@acme.com from Sales");
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"ws-Trade-role-admin\"}]}");
        assertThat(bridge.memberships()).allMatch(line -> line.endsWith("/countess@acme.com=admin")).hasSize(1);
        assertThat(bridge.count("select count(*) from plan_line where status = 'held'")).isOne();
    }

    @Test
    void who_was_kept_when_he_went_is_kept_only_as_long_as_the_mapping_says_so() {
        files.edit("lab.yaml", "  group-missing: remove-members", "  group-missing: keep");
        bridge.activate();
        String member = push("u1", "ada@acme.com");
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-member\",\"members\":[{\"value\":\"" + member + "\"}]}").body().get("id").asText();
        assertThat(bridge.scim("lab", "DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
        assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=member");
        files.edit("lab.yaml", "  group-missing: keep", "  group-missing: remove-members");
        bridge.activate();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'remove ada@acme.com from Sales'", 1);
    }

    private String push(String externalId, String email) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(externalId, email, true)).body().get("id").asText();
    }
}
