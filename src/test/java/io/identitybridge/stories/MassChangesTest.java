package io.identitybridge.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days on which every single request is right and all of them together are a mistake: one at a time, one workspace, a little every quarter of an hour, one line of a file. */
@Tag("real")
class MassChangesTest {
    private static final String OFF = "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    static Path folder;
    static BridgeFiles files;
    static TestBridge bridge;
    static Peer unassigned;
    static Peer rule;
    static Peer drip;
    static Peer admins;

    @BeforeAll
    static void one_bridge() throws IOException {
        files = BridgeFiles.of(folder);
        unassigned = Peer.of(files, "unassigned", 1_000, 3_300, 2);
        rule = Peer.of(files, "rule", 1_000, 500, 2);
        drip = Peer.of(files, "drip", 1_000, 220, 1);
        admins = Peer.of(files, "admins", 1_000, 5_400, 1);
        admins.company.rename(admins.group(0), "Everybody");
        files.edit("admins.yaml", "  - group: AI Platform Leads\n    workspaces: [Engineering]\n", "  - group: Everybody\n    workspaces: [House]\n").edit("admins.yaml", "{name: AI Platform Leads}", "{name: Everybody}")
                .edit("admins.yaml", "- create workspace Engineering", "- create workspace House").edit("admins.yaml", "add ada@acme.com to Engineering as manager", "add ada@acme.com to House as manager");
        files.edit("portkey.yaml", "  create:  {share: 100%, always-allow: 1000}", "  create:  {share: 100%, always-allow: 10000}");
        bridge = TestBridge.start(files, folder, peers().map(Peer::settings).flatMap(Stream::of).toArray(String[]::new));
        peers().forEach(peer -> peer.at(bridge));
    }

    @AfterAll
    static void stop() {
        bridge.close();
        peers().forEach(Peer::close);
    }

    private static Stream<Peer> peers() {
        return Stream.of(unassigned, rule, drip, admins);
    }

    /**
     * <b>The day.</b> Somebody takes one group off the application in Okta, and Okta does what it does: it says {@code active: false} of each of its 3,000 people, one request each, within a minute.
     * <b>The bridge</b> takes each at its word and answers 200, so that Okta has nothing to repeat; 5 % of the source's people are archived, and all others wait as lines of one
     * plan. The operator sees it in health and by {@code plans}; he has the group assigned again, Okta says {@code active: true}, and the plan closes. Whoever was archived comes back with
     * what he had.
     */
    @Test
    void an_okta_group_unassigned_is_3000_requests_in_a_minute_and_one_plan() throws Exception {
        unassigned.pulled();
        List<String> before = unassigned.memberships();
        List<String> ids = bridge.sql.queryForList("select id::text from account where source = 'unassigned' and user_name in (select email from person where status = 'active') order by 1 limit 3000", String.class);
        assertThat(ids).hasSize(3_000);

        all(ids, OFF);

        int most = unassigned.people("archived").size();
        assertThat(most).isBetween(5, before.size() / 20);
        assertThat(bridge.count("select count(*) from account where source = 'unassigned' and not active")).as("every fact is stored").isGreaterThanOrEqualTo(3_000);
        JsonNode plan = unassigned.plan();
        assertThat(plan.get("reasons")).as("the newest count of each limit").hasSizeLessThan(5);
        assertThat(plan.get("reasons").toString()).containsPattern("archive: \\d+ of \\d+ in 24 hours, at most " + most);
        assertThat(bridge.count("select count(*) from plan_line where plan_id = ? and status = 'held' and class = 'archive' and sentence like 'archive user %'", plan.get("id").asLong())).isEqualTo(3_000 - most);
        assertThat(bridge.health()).contains("\"status\":\"ATTENTION\"");

        all(ids, OFF.replace("false", "true"));
        assertThat(unassigned.plans()).isEmpty();
        assertThat(unassigned.memberships()).isEqualTo(before);
    }

    private static void all(List<String> ids, String patch) throws Exception {
        bridge.token("unassigned");
        try (ExecutorService eight = Executors.newFixedThreadPool(8)) {
            for (var answer : eight.invokeAll(ids.stream().<java.util.concurrent.Callable<Integer>>map(id -> () -> bridge.scim("unassigned", "PATCH", "/Users/" + id, patch).status()).toList())) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
    }

    /**
     * <b>The day.</b> A dynamic group's rule is edited ({@code department = "Sales "}) and matches nobody: one workspace of 40 among many is empty at the next pull. Forty of 500 is no number that a limit on
     * the whole source stops. <b>The bridge</b> holds it because of the one workspace that would lose most of its people, and does the rest of the run. If the rule is mended,
     * the plan closes; if the team really ended, its lines are approved, and its people keep all else they have.
     */
    @Test
    void a_dynamic_rule_that_empties_one_workspace_of_40_is_held_and_the_rest_goes_on() {
        String team = rule.group(0);
        List<Company.Person> everybody = rule.active();
        List<Company.Person> forty = everybody.subList(0, 40);
        everybody.forEach(person -> rule.company.join(rule.group(1), person.id()));
        rule.company.members(team, "", 1_000).orElseThrow().forEach(person -> rule.company.leave(team, person.id()));
        forty.forEach(person -> rule.company.join(team, person.id()));
        rule.pulled();
        List<String> before = rule.memberships();
        assertThat(before.stream().filter(line -> line.startsWith("rule 0/"))).hasSize(40);

        forty.forEach(person -> rule.company.leave(team, person.id()));
        rule.company.leave(rule.group(1), everybody.getLast().id());
        rule.company.join(rule.group(0), everybody.getLast().id());
        assertThat(rule.pulled().get("status").asText()).isEqualTo("held");
        assertThat(rule.memberships()).as("one moved as he should").containsAll(before.stream().filter(line -> line.startsWith("rule 0/")).toList()).contains("rule 0/" + everybody.getLast().email() + "=member")
                .doesNotContain("rule 1/" + everybody.getLast().email() + "=member");
        assertThat(rule.plan().get("reasons").toString()).contains("workspace rule 0: 40 of 4", "leave in 24 hours, at most 50%");
        assertThat(rule.waiting()).hasSize(40).allMatch(line -> line.startsWith("remove ") && line.endsWith(" from rule 0"));

        forty.forEach(person -> rule.company.join(team, person.id()));
        rule.pulled();
        assertThat(rule.plans()).as("mended").isEmpty();
        forty.forEach(person -> rule.company.leave(team, person.id()));
        rule.pulled();
        rule.approve();
        assertThat(rule.memberships()).as("meant").doesNotContainAnyElementsOf(forty.stream().map(person -> "rule 0/" + person.email() + "=member").toList());
        assertThat(rule.people("active")).hasSize(everybody.size());
    }

    /**
     * <b>The day.</b> Something at the source takes away one person every quarter of an hour, all day: 96 pulls, none of which is remarkable. <b>The bridge</b> counts 24 hours, not
     * runs: once a day's limit is spent, whoever else goes waits, however few they are at a time, and it goes on only as the first of them grow a day old.
     */
    @Test
    void ninety_six_pulls_a_day_that_each_stay_under_the_limit_together_do_not_pass_it() {
        drip.pulled();
        int members = drip.people("active").size();
        int most = members / 20;
        for (int pull = 0; pull < 96; pull++) {
            drip.company.delete(drip.active().getFirst().id());
            drip.passes("15 minutes");
            drip.pulled();
            assertThat(bridge.count("select coalesce(sum(n), 0) from tally where source = 'drip' and class = 'archive' and at > now() - interval '24 hours'")).as("pull " + pull).isLessThanOrEqualTo(most);
        }
        assertThat(drip.people("archived")).hasSizeBetween(5, most);
        int archived = drip.people("archived").size();
        assertThat(bridge.count("select count(*) from plan p join plan_line l on l.plan_id = p.id where p.source = 'drip' and l.status = 'held' and l.sentence like 'archive user %'")).isEqualTo(96 - archived);

        drip.passes("24 hours");
        drip.company.delete(drip.active().getFirst().id());
        drip.pulled();
        assertThat(drip.people("archived")).as("a day later one more goes at once").hasSize(archived + 1);
        assertThat(drip.plan().get("reasons")).as("the operator sees one plan, and how much it is by now").hasSize(1);
    }

    /**
     * <b>The day.</b> One word in a mapping: the group of everybody gives {@code admin} in place of {@code manager}. The file is right, its tests were changed with it, and 5,000 people would administer a workspace
     * within the minute. <b>The bridge</b> counts raises to admin, of an edit as of anything else: 20 a day at most, so that all wait, each line with the file and the line that was edited. {@code plan} had
     * shown it before; when the word is taken back, the plan closes, and nobody was ever an administrator.
     */
    @Test
    void a_mapping_edit_that_would_make_5000_administrators_waits_for_a_person() {
        admins.pulled();
        long managers = bridge.count("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'House' and m.role = 'manager'");
        assertThat(managers).isGreaterThanOrEqualTo(5_000);
        edit("manager", "admin");

        bridge.waitFor("select count(*) from plan_line l join plan p on p.id = l.plan_id where p.source = 'admins' and l.status = 'held' and l.class = 'raise'", managers);
        assertThat(bridge.count("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'House' and m.role = 'manager'")).as("nobody was raised").isEqualTo(managers);
        JsonNode plan = admins.plan();
        assertThat(plan.get("reasons").toString()).contains("raise: " + managers + " of ", "at most 20");
        assertThat(plan.at("/lines/items/0/sentence").asText()).startsWith("raise ").endsWith(" in House from manager to admin");
        admins.approve(1);
        assertThat(bridge.count("select count(*) from membership where role = 'admin'")).as("one was meant").isOne();

        edit("admin", "manager");
        bridge.waitFor("select count(*) from plan_line l join plan p on p.id = l.plan_id where p.source = 'admins' and l.status = 'held' and l.class = 'raise'", 0);
        assertThat(bridge.count("select count(*) from membership m join workspace w on w.id = m.workspace_id where w.name = 'House' and m.role = 'manager'")).isEqualTo(managers - 1);
    }

    private static void edit(String from, String to) {
        files.edit("admins.yaml", "role: " + from + "                         # CHANGE", "role: " + to + "                         # CHANGE").edit("admins.yaml", "add ada@acme.com to House as " + from, "add ada@acme.com to House as " + to);
        bridge.activate();
    }
}
