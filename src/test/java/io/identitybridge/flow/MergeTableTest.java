package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of who wins (architecture.md), a test a row: {@code lab} is pulled and pushed, {@code okta} is pushed only. */
class MergeTableTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    static Path folder;
    static StandInOkta idp;
    static TestBridge bridge;
    /** People of the pulled directory whom no test has used yet. */
    static final List<Company.Person> unused = new ArrayList<>();

    private final String name = TestBridge.unique();

    @BeforeAll
    static void start() throws IOException {
        idp = new StandInOkta(Company.of(24, 2, 1), "secret", 0);
        unused.addAll(idp.company().people("", 24));
        bridge = TestBridge.start(files("all"), folder, "lab.url=" + idp.url(), "lab.token=secret");
        bridge.pull("lab");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        idp.close();
    }

    private static BridgeFiles files(String folderName) {
        return BridgeFiles.of(folder.resolve(folderName), "lab", "okta").edit("lab.source.yaml", "lag: 5s", "lag: 10m")
                .edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {share: 5%,  always-allow: 500}");
    }

    @Test
    void row_1_a_pulled_value_counts_only_if_its_page_was_asked_for_after_the_push_plus_lag_else_it_is_read_again() {
        Company.Person ada = unused.removeFirst();
        bridge.scim("lab", "PUT", "/Users/" + scimId(ada), TestBridge.user(ada.id(), ada.email(), true).replaceFirst("\\{", "{\"displayName\":\"Pushed\","));
        idp.company().firstName(ada.id(), "Pulled");
        bridge.pull("lab");
        assertThat(displayName(ada.email())).isEqualTo("Pushed");
        assertThat(bridge.count("select count(*) from account where external_id = ? and reread_at is not null", ada.id())).as("it is noted to be read again").isOne();
        lagPasses();
        bridge.pull("lab");
        assertThat(displayName(ada.email())).startsWith("Pulled ");
        assertThat(bridge.count("select count(*) from account where external_id = ? and reread_at is not null", ada.id())).isZero();
    }

    @Test
    void row_2_whom_one_way_disables_is_disabled_until_a_push_or_a_complete_pull_after_the_lag_says_active() {
        Company.Person ada = unused.removeFirst();
        bridge.scim("lab", "PATCH", "/Users/" + scimId(ada), OFF);
        assertThat(bridge.people("archived")).contains(ada.email());
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("a pull within the lag").contains(ada.email());
        lagPasses();
        bridge.pull("lab");
        assertThat(bridge.people("active")).as("a complete pull after it").contains(ada.email());
        idp.company().status(ada.id(), "SUSPENDED");
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("disabled by the pull, active by the push").contains(ada.email());
        bridge.scim("lab", "PATCH", "/Users/" + scimId(ada), OFF.replace("false", "true"));
        assertThat(bridge.people("active")).as("a push enables").contains(ada.email());
    }

    @Test
    void row_3_who_is_absent_from_a_complete_snapshot_is_archived_in_the_same_run_once_his_point_read_says_gone() {
        Company.Person ada = unused.removeFirst();
        idp.company().delete(ada.id());
        bridge.pull("lab");
        assertThat(bridge.people("archived")).contains(ada.email());
    }

    @Test
    void row_3_where_nobody_can_be_asked_a_second_complete_snapshot_after_the_time_in_the_mapping_proves_it() throws IOException {
        BridgeFiles blind = files("blind").edit("lab.source.yaml", "    by-id: {path: \"/users/${id}\", gone: [404]}\n", "")
                .edit("lab.yaml", "admit: in-any-workspace                   #", "admit: everybody #");
        try (StandInOkta other = new StandInOkta(Company.of(12, 2, 1), "secret", 0); TestBridge own = TestBridge.start(blind, folder.resolve("blind"), "lab.url=" + other.url(), "lab.token=secret")) {
            own.pull("lab");
            own.sql.update("update account set pulled_at = pulled_at - interval '1 hour'"); // or this might be a page of the time before they were there
            Company.Person ada = other.company().people("", 1).getFirst();
            other.company().delete(ada.id());
            own.pull("lab");
            assertThat(own.people("active")).as("a candidate only").contains(ada.email());
            own.pull("lab");
            assertThat(own.people("active")).as("too early").contains(ada.email());
            own.sql.update("update account set missing_since = missing_since - interval '2 hours' where missing_since is not null");
            own.pull("lab");
            assertThat(own.people("archived")).containsExactly(ada.email());
        }
    }

    @Test
    void row_4_an_explicit_deletion_archives_at_once_and_leaves_a_tombstone_that_no_older_page_revives() {
        Company.Person ada = unused.removeFirst();
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + scimId(ada), "").status()).isEqualTo(204);
        assertThat(bridge.people("archived")).contains(ada.email());
        assertThat(bridge.count("select count(*) from account where external_id = ? and gone_at is not null", ada.id())).isOne();
        bridge.pull("lab");
        assertThat(bridge.people("archived")).contains(ada.email());
    }

    @Test
    void row_5_of_several_accounts_the_person_is_active_if_any_is_and_each_sources_grants_follow_its_own_account() {
        String lab = push("lab", "x-" + name, mail("both"));
        String okta = push("okta", "y-" + name, mail("both"));
        group("lab", "Lab", "member", lab);
        group("okta", "Okta", "member", okta);
        assertThat(workspacesOf("both")).containsExactly("Lab " + name, "Okta " + name);
        bridge.scim("lab", "PATCH", "/Users/" + lab, OFF);
        assertThat(bridge.people("active")).contains(mail("both"));
        assertThat(workspacesOf("both")).containsExactly("Okta " + name);
        bridge.scim("okta", "PATCH", "/Users/" + okta, OFF);
        assertThat(bridge.people("archived")).contains(mail("both"));
    }

    @Test
    void row_5_with_an_authority_the_first_listed_source_that_knows_the_person_decides() {
        BridgeFiles ruled = files("ruled").edit("portkey.yaml", "authority: []", "authority: [okta, lab]");
        try (TestBridge own = TestBridge.start(ruled, folder.resolve("ruled"))) {
            own.scim("lab", "POST", "/Users", TestBridge.user("x", "ada@acme.com", true));
            own.scim("lab", "POST", "/Users", TestBridge.user("z", "bob@acme.com", true));
            String okta = own.scim("okta", "POST", "/Users", TestBridge.user("y", "ada@acme.com", true)).body().get("id").asText();
            own.scim("okta", "PATCH", "/Users/" + okta, OFF);
            assertThat(own.people("archived")).as("lab says active, and okta decides").containsExactly("ada@acme.com");
            assertThat(own.people("active")).as("whom okta does not know").containsExactly("bob@acme.com");
        }
    }

    @Test
    void row_6_in_one_workspace_the_highest_role_holds_and_of_two_sources_the_lowest_organisation_role_with_a_finding() {
        String lab = bridge.scim("lab", "POST", "/Users", withRole("x-" + name, mail("boss"), "admin")).body().get("id").asText();
        group("lab", "Place", "member", lab);
        group("lab", "Place", "admin", lab);
        assertThat(bridge.memberships()).contains("Place " + name + "/" + mail("boss") + "=admin");
        assertThat(orgRole("boss")).isEqualTo("admin");
        String okta = bridge.scim("okta", "POST", "/Users", withRole("y-" + name, mail("boss"), "member")).body().get("id").asText();
        group("okta", "Place", "member", okta);
        assertThat(bridge.memberships()).as("each source's word counts").contains("Place " + name + "/" + mail("boss") + "=admin");
        assertThat(orgRole("boss")).isEqualTo("member");
        assertThat(explain("boss").toString()).as("the finding").contains("the lowest holds");
    }

    @Test
    void row_7_an_account_is_linked_by_its_person_key_else_by_e_mail_once_and_two_hits_or_anothers_domain_are_a_letter() {
        String person = "user:\n    person: 'resource.?title.orValue(resource.userName)'\n";
        BridgeFiles keyed = files("keyed").edit("lab.yaml", "scim:\n", "scim:\n  " + person).edit("okta.yaml", "# scim: ", "scim:\n  " + person + "#")
                .edit("okta.yaml", "tests:\n", "tests:\n  - name: pushed by Okta\n    given:\n      pushed: [{externalId: 00u9, userName: g@acme.com, title: employee 9, active: true}]\n    plan: []\n");
        try (TestBridge own = TestBridge.start(keyed, folder.resolve("keyed"))) {
            own.scim("lab", "POST", "/Users", titled("a", "ada@acme.com", "employee 1"));
            own.scim("okta", "POST", "/Users", titled("b", "countess@acme.com", "employee 1"));
            assertThat(own.people("active")).as("by person key").containsExactly("ada@acme.com");
            own.scim("lab", "POST", "/Users", TestBridge.user("c", "bob@acme.com", true));
            own.scim("okta", "POST", "/Users", TestBridge.user("d", "BOB@acme.com", true));
            assertThat(own.people("active")).as("by e-mail, in any case").hasSize(2);
            own.scim("lab", "POST", "/Users", TestBridge.user("e", "ada@acme.com", true).replaceFirst("userName\":\"ada", "userName\":\"other"));
            assertThat(letters(own, "e")).contains("belongs to somebody else of lab who is still active");
            own.scim("lab", "POST", "/Users", TestBridge.user("f", "dee@elsewhere.example", true));
            assertThat(letters(own, "f")).contains("may not become a member");
            own.sql.update("update person set person_key = 'employee 3'");
            own.scim("lab", "POST", "/Users", titled("g", "gus@acme.com", "employee 3"));
            assertThat(letters(own, "g")).contains("2 people have the person key");
            assertThat(own.people("active")).hasSize(2);
        }
    }

    private static String titled(String externalId, String mail, String title) {
        return TestBridge.user(externalId, mail, true).replaceFirst("\\{", "{\"title\":\"" + title + "\",");
    }

    @Test
    void row_8_a_changed_e_mail_renames_the_same_person() {
        String id = push("lab", "x-" + name, mail("maiden"));
        String person = person("maiden");
        bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user("x-" + name, mail("married"), true));
        assertThat(person("married")).isEqualTo(person);
        assertThat(bridge.people("active")).doesNotContain(mail("maiden"));
    }

    @Test
    void row_9_a_new_external_id_with_the_e_mail_of_somebody_living_is_a_letter_and_of_a_tombstone_somebody_new() {
        String first = push("lab", "x-" + name, mail("held"));
        String person = person("held");
        bridge.scim("lab", "POST", "/Users", TestBridge.user("y-" + name, mail("held"), true).replaceFirst("userName\":\"held", "userName\":\"other"));
        assertThat(letters(bridge, "y-" + name)).contains("belongs to somebody else of lab");
        bridge.scim("lab", "DELETE", "/Users/" + first, "");
        push("lab", "z-" + name, mail("held"));
        assertThat(bridge.count("select count(*) from person where email_folded = ? and status = 'active'", mail("held"))).isOne();
        assertThat(bridge.count("select count(*) from person where id = ?::uuid and status = 'archived' and freed", person)).as("the old one gave it up").isOne();
    }

    @Test
    void row_10_a_post_for_somebody_inactive_or_deleted_revives_the_same_id_and_for_an_active_holder_is_409() {
        String id = push("lab", "x-" + name, mail("back"));
        String person = person("back");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertRevived(id, post("x-" + name, mail("back")));
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertRevived(id, post("x-" + name, mail("back")));
        assertThat(person("back")).isEqualTo(person);
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        assertRevived(id, bridge.scim("lab", "POST", "/Users", TestBridge.user("-", mail("back"), true).replace("\"externalId\":\"-\",", "")));
        Answer taken = post("other-" + name, mail("back"));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.body().get("scimType").asText()).isEqualTo("uniqueness");
    }

    @Test
    void row_10_a_tombstone_whose_external_id_another_account_has_now_is_nobodys_and_its_name_is_somebody_news() {
        String gone = push("lab", "x-" + name, mail("back"));
        String other = push("lab", "y-" + name, mail("other"));
        bridge.scim("lab", "DELETE", "/Users/" + gone, "");
        assertThat(bridge.scim("lab", "PATCH", "/Users/" + other, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"x-" + name + "\"}]}").status()).isEqualTo(200);
        Answer fresh = bridge.scim("lab", "POST", "/Users", TestBridge.user("-", mail("back"), true).replace("\"externalId\":\"-\",", ""));
        assertThat(fresh.status()).as(fresh.toString()).isEqualTo(201);
        assertThat(fresh.body().get("id").asText()).isNotIn(gone, other);
        assertThat(bridge.people("active")).contains(mail("back"), mail("other"));
        assertThat(bridge.scim("lab", "GET", "/Users?filter=externalId eq \"x-" + name + "\"", "").body().at("/Resources/0/id").asText()).isEqualTo(other);
    }

    private static void assertRevived(String id, Answer answer) {
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().get("id").asText()).isEqualTo(id);
        assertThat(answer.body().get("active").asBoolean()).isTrue();
    }

    @Test
    void row_11_a_group_list_that_names_an_archived_person_revives_nobody() {
        String id = push("lab", "x-" + name, mail("left"));
        String group = group("lab", "Place", "member", id);
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-Place " + name + "-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}");
        assertThat(bridge.people("archived")).contains(mail("left"));
        assertThat(workspacesOf("left")).isEmpty();
    }

    @Test
    void row_12_a_group_is_known_by_its_external_id_and_without_one_once_by_its_exact_name() {
        JsonNode pulled = bridge.scim("lab", "GET", "/Groups?filter=displayName eq \"ws-Team 0-role-manager\"", "").body().at("/Resources/0");
        Answer byName = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-manager\"}");
        assertThat(byName.body().get("id").asText()).as("pushed without an id, it is the pulled one").isEqualTo(pulled.get("id").asText());
        String first = bridge.scim("lab", "POST", "/Groups", "{\"externalId\":\"g-" + name + "\",\"displayName\":\"ws-One " + name + "-role-member\"}").body().get("id").asText();
        Answer again = bridge.scim("lab", "POST", "/Groups", "{\"externalId\":\"g-" + name + "\",\"displayName\":\"ws-Two " + name + "-role-member\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(bridge.count("select count(*) from directory_group where external_id = ?", "g-" + name)).isOne();
        assertThat(bridge.scim("lab", "GET", "/Groups/" + first, "").body().get("displayName").asText()).isEqualTo("ws-One " + name + "-role-member");
    }

    @Test
    void row_13_a_renamed_group_keeps_its_workspaces_identity_and_where_another_group_gives_it_too_its_people_move() {
        String id = push("lab", "x-" + name, mail("mover"));
        String group = group("lab", "Old", "member", id);
        String workspace = workspace("Old");
        rename(group, "New");
        assertThat(workspace("New")).isEqualTo(workspace);
        group("lab", "New", "manager", push("lab", "y-" + name, mail("stays")));
        rename(group, "Newer");
        assertThat(workspace("New")).as("the other group's people are there").isEqualTo(workspace);
        assertThat(workspacesOf("mover")).containsExactly("Newer " + name);
        assertThat(workspacesOf("stays")).containsExactly("New " + name);
    }

    @Test
    void row_13_a_renamed_group_of_a_run_that_is_still_taken_in_keeps_its_workspace_whosever_change_comes_first() {
        String lab = push("lab", "x-" + name, mail("shared"));
        String group = group("okta", "Old", "member", push("okta", "y-" + name, mail("shared")));
        String workspace = workspace("Old");
        bridge.sql.update("update directory_group set places = array['New ' || ?, places[2], places[3]], moved_from = lower('old ' || ?) where id = ?::uuid", name, name, group); // as a pull leaves it before its deeds
        bridge.scim("lab", "PATCH", "/Users/" + lab, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Countess\"}]}");
        assertThat(workspacesOf("shared")).containsExactly("New " + name);
        assertThat(workspace("New")).isEqualTo(workspace);
    }

    @Test
    void row_14_whom_an_edited_mapping_admits_no_longer_waits_in_a_plan_and_is_never_removed_at_once() {
        BridgeFiles edited = files("edited");
        try (TestBridge own = TestBridge.start(edited, folder.resolve("edited"))) {
            own.scim("lab", "POST", "/Users", TestBridge.user("a", "ada@acme.com", true));
            for (int i = 0; i < 200 && own.count("select count(*) from source_state where source = 'lab' and evaluated is not null") == 0; i++) {
                TestBridge.pause(50);
            }
            edited.edit("lab.yaml", "scim:\n  admit: everybody", "scim:\n  admit: resource.userName != \"ada@acme.com\"");
            own.activate();
            for (int i = 0; i < 200 && own.count("select count(*) from plan where status = 'held'") == 0; i++) {
                TestBridge.pause(50);
            }
            assertThat(own.people("active")).containsExactly("ada@acme.com");
            assertThat(own.sql.queryForList("select sentence from plan_line where status = 'held'", String.class)).containsExactly("archive user ada@acme.com");
        }
    }

    @Test
    void row_15_people_of_a_source_whose_files_were_taken_away_are_frozen_until_it_is_released_on_purpose() throws IOException {
        BridgeFiles taken = files("taken");
        try (TestBridge own = TestBridge.start(taken, folder.resolve("taken"))) {
            String id = own.scim("okta", "POST", "/Users", TestBridge.user("a", "ada@acme.com", true)).body().get("id").asText();
            own.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}");
            Files.delete(taken.mappings.resolve("okta.yaml"));
            Files.delete(taken.routes.resolve("okta.source.yaml"));
            own.activate();
            TestBridge.pause(1_000);
            assertThat(own.memberships()).containsExactly("Sales/ada@acme.com=member");
            assertThat(own.api("POST", "/sources/okta/release", "{}").status()).isEqualTo(200);
            assertThat(own.memberships()).as("what that takes away is held").containsExactly("Sales/ada@acme.com=member");
            assertThat(own.count("select count(*) from plan_line where status = 'held' and sentence = 'archive user ada@acme.com'")).isOne();
        }
    }

    /** An hour goes by for all that was pushed. */
    private static void lagPasses() {
        bridge.sql.update("update account set pushed_at = pushed_at - interval '1 hour' where pushed_at is not null");
    }

    private static String scimId(Company.Person person) {
        return bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + person.id() + "\"", "").body().at("/Resources/0/id").asText();
    }

    private static String displayName(String email) {
        return bridge.sql.queryForObject("select display_name from person where email_folded = ? and not freed", String.class, email);
    }

    private static String letters(TestBridge bridge, String key) {
        return String.join("\n", bridge.sql.queryForList("select sentence from dead_letter where key = ? and status = 'open'", String.class, key));
    }

    private JsonNode explain(String who) {
        return bridge.api("GET", "/explain?person=" + mail(who), "").body();
    }

    private String orgRole(String who) {
        return bridge.sql.queryForObject("select org_role from person where email_folded = ? and not freed", String.class, mail(who));
    }

    private String person(String who) {
        return bridge.sql.queryForObject("select id::text from person where email_folded = ? and not freed", String.class, mail(who));
    }

    private String workspace(String workspace) {
        return bridge.sql.queryForObject("select id::text from workspace where name = ? and status = 'active'", String.class, workspace + " " + name);
    }

    private List<String> workspacesOf(String who) {
        return bridge.sql.queryForList("select w.name from membership m join workspace w on w.id = m.workspace_id join person p on p.id = m.person_id where p.email_folded = ? order by 1", String.class, mail(who));
    }

    private String mail(String who) {
        return who + "." + name + "@acme.com";
    }

    private Answer post(String externalId, String mail) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(externalId, mail, true));
    }

    private static String push(String source, String externalId, String mail) {
        Answer answer = bridge.scim(source, "POST", "/Users", TestBridge.user(externalId, mail, true));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static String withRole(String externalId, String mail, String role) {
        return TestBridge.user(externalId, mail, true).replaceFirst("\\{", "{\"roles\":[{\"value\":\"" + role + "\",\"primary\":true}],");
    }

    private String group(String source, String workspace, String role, String member) {
        Answer answer = bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + " " + name + "-role-" + role + "\",\"members\":[{\"value\":\"" + member + "\"}]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private void rename(String group, String workspace) {
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-" + workspace + " " + name + "-role-member\"}}]}");
    }
}
