package io.identitybridge.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worst days of other bridges, each told again to this one: nine that happened to others in public. What hits a bridge by its own operator's hand, or by sheer
 * number, is in {@link MassChangesTest}. Each peer is a source of one bridge, with people and workspaces of its own.
 */
@Tag("real")
class WorstDaysTest {
    @TempDir
    static Path folder;
    static BridgeFiles files;
    static TestBridge bridge;
    static Peer ssosync;
    static Peer idpScimSync;
    static Peer onePassword;
    static Peer moodle;
    static Peer firezone;
    static Peer connect;
    static Peer tower;
    static Peer renamed;
    static Peer flapping;

    @BeforeAll
    static void one_bridge() throws IOException {
        files = Peer.firstLoad(BridgeFiles.of(folder), "o365");
        ssosync = Peer.of(files, "ssosync", 50, 200, 5);
        idpScimSync = Peer.of(files, "idpscimsync", 50, 144, 144);
        onePassword = Peer.of(files, "onepassword", 50, 120, 12);
        moodle = Peer.of(files, "o365", 1_000, 14_600, 2);
        firezone = Peer.of(files, "firezone", 200, 100, 2);
        connect = Peer.of(files, "connect", 200, 100, 2);
        tower = Peer.of(files, "tower", 200, 30, 3);
        renamed = Peer.of(files, "renamed", 200, 30, 3);
        flapping = Peer.of(files, "flapping", 200, 30, 2);
        bridge = TestBridge.start(files, folder, peers().map(Peer::settings).flatMap(Stream::of).toArray(String[]::new));
        peers().forEach(peer -> peer.at(bridge));
    }

    @AfterAll
    static void stop() {
        bridge.close();
        peers().forEach(Peer::close);
    }

    private static Stream<Peer> peers() {
        return Stream.of(ssosync, idpScimSync, onePassword, moodle, firezone, connect, tower, renamed, flapping);
    }

    /**
     * <b>What happened.</b> Google answered 503 now and then while its directory was listed; whoever stood on the page that did not come was taken for deleted and
     * deleted in AWS. Where a group's list broke, its sync failed and nobody was told. <b>Here</b> a run that lacks one page of people, or of one group's people, has failed: nothing of
     * it counts, nobody is removed, and the run and {@code sources} say why. Once Google answers, the next run does what is due, the one real leaver included.
     */
    @Test
    void ssosync_503_from_google_deletes_nobody() {
        ssosync.pulled();
        List<String> before = ssosync.memberships();
        Company.Person leaver = ssosync.active().getLast();
        ssosync.company.delete(leaver.id());

        ssosync.broken(Faults.Kind.STATUS_503, "/users", 2);
        assertThat(ssosync.failed()).contains("503", "/users");
        ssosync.broken(Faults.Kind.STATUS_503, "/groups/" + ssosync.group(1) + "/users", 1);
        assertThat(ssosync.failed()).contains("503", ssosync.group(1));
        assertThat(ssosync.memberships()).isEqualTo(before);
        assertThat(bridge.api("GET", "/sources?q=ssosync", "").body().at("/items/0/lastRun").toString()).as("where the operator looks").contains("failed", "503", "nobody was removed");

        ssosync.mended();
        assertThat(ssosync.pulled().get("status").asText()).isEqualTo("done");
        assertThat(ssosync.people("archived")).containsExactly(leaver.email());
        assertThat(ssosync.memberships()).isEqualTo(before.stream().filter(line -> !line.contains(leaver.email())).toList());
    }

    /**
     * <b>What happened.</b> Google gave the same list of groups again and again, without an error, and half of them were not on it: 72 groups were deleted. <b>Here</b> an
     * absent group is a candidate, and nothing else in the run that first misses it. Absent from a second whole list after an hour, it counts as gone; but what that takes away is over the
     * limits, so it waits as a plan, with a line for each membership, and nobody loses anything. Once the list is whole, the plan is closed by itself.
     */
    @Test
    void idp_scim_sync_partial_list_deletes_no_72_groups() {
        idpScimSync.pulled();
        List<String> before = idpScimSync.memberships();
        assertThat(before).hasSizeGreaterThan(130);

        idpScimSync.broken(Faults.Kind.SHORT, "/groups", 0);
        assertThat(idpScimSync.pulled().get("message").asText()).contains("72 groups absent from the list");
        assertThat(idpScimSync.plans()).as("candidates only").isEmpty();
        idpScimSync.passes("2 hours");
        JsonNode run = idpScimSync.pulled();
        assertThat(run.get("status").asText()).isEqualTo("held");
        assertThat(idpScimSync.memberships()).isEqualTo(before);
        assertThat(idpScimSync.waiting()).hasSizeGreaterThan(60);

        idpScimSync.passes("1 hour");
        idpScimSync.mended();
        idpScimSync.pulled();
        assertThat(idpScimSync.plans()).as("no longer true").isEmpty();
        assertThat(idpScimSync.memberships()).isEqualTo(before);
        assertThat(idpScimSync.people("archived")).isEmpty();
    }

    /**
     * <b>What happened.</b> Somebody changed how groups are scoped at the source; all of them were empty at the next sync, and every member was suspended, administrators too.
     * <b>Here</b> lists that are all empty at once are a right that was lost or a query that asks for nothing: the run has failed. Where one list was spared, so that the
     * reading may be true, whoever stands in no group any more would be out; that waits as a plan, always, and closes once the groups are filled again.
     */
    @Test
    void one_password_emptied_groups_suspend_nobody() {
        onePassword.pulled();
        List<String> before = onePassword.memberships();
        List<List<Company.Person>> lists = new ArrayList<>();
        for (int g = 0; g < 12; g++) {
            lists.add(onePassword.company.members(onePassword.group(g), "", 100).orElseThrow());
        }

        empty(onePassword, lists, 0);
        assertThat(onePassword.failed()).contains("members: 0 read in 12 groups", "May the credentials still read them?");
        lists.getFirst().forEach(person -> onePassword.company.join(onePassword.group(0), person.id()));
        assertThat(onePassword.pulled().get("status").asText()).isEqualTo("held");
        assertThat(onePassword.memberships()).isEqualTo(before);
        assertThat(onePassword.people("archived")).isEmpty();
        assertThat(onePassword.waiting().stream().filter(line -> line.startsWith("archive user "))).hasSizeGreaterThan(90);
        assertThat(bridge.health()).contains("\"status\":\"ATTENTION\"");

        for (int g = 0; g < lists.size(); g++) {
            int group = g;
            lists.get(g).forEach(person -> onePassword.company.join(onePassword.group(group), person.id()));
        }
        onePassword.pulled();
        assertThat(onePassword.plans()).isEmpty();
        assertThat(onePassword.memberships()).isEqualTo(before);
    }

    private static void empty(Peer peer, List<List<Company.Person>> lists, int from) {
        for (int g = from; g < lists.size(); g++) {
            String group = peer.group(g);
            lists.get(g).forEach(person -> peer.company.leave(group, person.id()));
        }
    }

    /**
     * <b>What happened.</b> Microsoft Graph answered the list of users with an error, which was read as "there are no users": 14,000 accounts were suspended in one run.
     * <b>Here</b> an error on any page, a broken page and an empty list each end the run as failed, before anything is written.
     */
    @Test
    void o365_moodle_error_in_the_user_list_suspends_no_14000() {
        JsonNode first = moodle.pulled();
        assertThat(first.get("status").asText()).as(first.toString()).isEqualTo("done");
        long active = moodle.active().size();
        assertThat(active).isGreaterThan(13_500);
        assertThat(members(moodle)).isEqualTo(active);

        moodle.broken(Faults.Kind.EMPTY, "/users", 1);
        assertThat(moodle.failed()).contains("users: 0 read", "held before");
        moodle.broken(Faults.Kind.STATUS_503, "/users", 5);
        assertThat(moodle.failed()).contains("503");
        moodle.broken(Faults.Kind.CUT, "/users", 9);
        moodle.failed();
        moodle.broken(Faults.Kind.EMPTY, "/users", 2);
        assertThat(moodle.failed()).as("1,000 read, and the list says it is done").contains("1000 read", "are absent");
        assertThat(members(moodle)).isEqualTo(active);
        assertThat(bridge.count("select count(*) from account where source = 'o365' and missing_since is not null")).as("not even candidates").isZero();

        moodle.mended();
        assertThat(moodle.pulled().get("status").asText()).isEqualTo("done");
        assertThat(members(moodle)).isEqualTo(active);
        assertThat(moodle.plans()).isEmpty();
    }

    private static long members(Peer peer) {
        return bridge.count("select count(*) from person where status = 'active' and email_folded like ?", "%@" + peer.name + ".acme.com");
    }

    /**
     * <b>What happened.</b> A breaker that trips at 25 % stopped a real reorganisation; the only way on was to raise it to 75 % "in the mean time", for everybody and for good.
     * <b>Here</b> a trip leaves a plan with a line for each person. It is approved in part, then whole, once; the limit was never touched, so that the next six
     * leavers a day later wait again.
     */
    @Test
    void firezone_breaker_is_passed_once_by_line_and_stays_where_it_was() {
        firezone.pulled();
        List<Company.Person> leavers = firezone.active().subList(0, 30);
        leavers.forEach(person -> firezone.company.delete(person.id()));
        firezone.company.add("00unew", "Nia", "Young", "nia.young@firezone.acme.com");
        firezone.company.join(firezone.group(0), "00unew");

        JsonNode run = firezone.pulled();
        assertThat(run.get("status").asText()).isEqualTo("held");
        assertThat(firezone.people("active")).as("the rest of the run went on").contains("nia.young@firezone.acme.com");
        assertThat(firezone.people("archived")).isEmpty();
        assertThat(archivals(firezone)).hasSize(30);
        List<Integer> ten = new ArrayList<>();
        firezone.plan().at("/lines/items").forEach(line -> {
            if (line.get("sentence").asText().startsWith("archive user ") && ten.size() < 10) {
                ten.add(line.get("n").asInt());
            }
        });
        firezone.approve(ten.toArray(Integer[]::new));
        assertThat(firezone.people("archived")).hasSize(10);
        firezone.approve();
        assertThat(firezone.people("archived")).containsExactlyInAnyOrderElementsOf(leavers.stream().map(Company.Person::email).toList());
        assertThat(firezone.plans()).isEmpty();

        firezone.passes("25 hours");
        firezone.active().subList(0, 6).forEach(person -> firezone.company.delete(person.id()));
        assertThat(firezone.pulled().get("status").asText()).isEqualTo("held");
        assertThat(firezone.people("archived")).hasSize(30);
        assertThat(firezone.plan().get("reasons").toString()).contains("archive: 6 of ", "in 24 hours, at most 5");
    }

    private static List<String> archivals(Peer peer) {
        return peer.waiting().stream().filter(line -> line.startsWith("archive user ")).toList();
    }

    /**
     * <b>What happened.</b> Nobody could tell what the tripped protection had done and what not, so it was switched off, and at the next trip nothing stood in the way. <b>Here</b>
     * the run says what was applied and what is held; the plan says of what limit, each line of whom, and until when it waits. A limit cannot be switched off, only raised, for
     * one source, with a reason and a last day, which the file keeps.
     */
    @Test
    void azure_ad_connect_trip_says_what_was_done_and_no_limit_can_be_switched_off() {
        connect.pulled();
        List<Company.Person> leavers = connect.active().subList(0, 8);
        leavers.forEach(person -> connect.company.delete(person.id()));
        connect.company.add("00unew", "Omar", "Young", "omar.young@connect.acme.com");
        connect.company.join(connect.group(0), "00unew");

        JsonNode run = connect.pulled();
        assertThat(run.get("status").asText()).isEqualTo("held");
        assertThat(run.get("applied").toString()).contains("\"create\":1").doesNotContain("archive");
        assertThat(run.get("held").asInt()).as("eight people, each with his membership").isEqualTo(16);
        JsonNode plan = connect.plan();
        assertThat(plan.get("reasons").toString()).containsPattern("archive: 8 of \\d+ in 24 hours, at most 5");
        assertThat(plan.get("expiresAt").asText()).isNotBlank();
        assertThat(plan.at("/lines/items/0/reason").asText()).isNotBlank();

        files.edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: off");
        TestBridge.Answer refused = bridge.api("POST", "/files/activate", "{}");
        assertThat(refused.status()).isGreaterThanOrEqualTo(400);
        assertThat(refused.body().toString()).contains("\"file\":\"mappings/portkey.yaml\",\"line\":");
        files.edit("portkey.yaml", "archive: off", "archive: {share: 5%,  always-allow: 5}");
        assertThat(bridge.api("POST", "/files/activate", "{}").status()).as("and back, nothing has changed").isLessThan(400);

        connect.approve();
        assertThat(connect.people("archived")).containsExactlyInAnyOrderElementsOf(leavers.stream().map(Company.Person::email).toList());
    }

    /**
     * <b>What happened.</b> The sync deleted groups of AWS Control Tower, because they stood in AWS and not in Google: it had never made them. <b>Here</b> each
     * workspace and membership knows who made it. What the source never gave is out of its reach: a workspace made by hand, somebody put by hand into one of the source's own, and
     * what another source gave, all stay when its group is gone; only its own grants go.
     */
    @Test
    void ssosync_never_touches_control_towers_workspaces_that_it_did_not_make() {
        String made = byHand("workspace", "insert into workspace (id, name, name_folded, owner) values (?::uuid, 'AWSControlTowerAdmins', 'awscontroltoweradmins', 'manual')");
        String admin = byHand("person", "insert into person (id, email, email_folded, user_name, display_name, status, owner) values (?::uuid, 'root@hand.acme.com', 'root@hand.acme.com', 'root', 'Root', 'active', 'manual')");
        place(admin, made);
        tower.company.rename(tower.group(2), "ws-AWSControlTowerAdmins-role-member");
        tower.pulled();
        String shared = bridge.sql.queryForObject("select id::text from workspace where name = 'tower 0'", String.class);
        place(admin, shared);
        List<String> others = tower.memberships().stream().filter(line -> line.startsWith("tower 1/")).toList();

        for (String group : List.of(tower.group(2), tower.group(0))) {
            tower.company.disband(group);
        }
        tower.pulled();
        tower.passes("2 hours");
        tower.pulled();
        tower.plans().forEach(plan -> tower.approve());

        assertThat(bridge.memberships()).contains("AWSControlTowerAdmins/root@hand.acme.com=admin", "tower 0/root@hand.acme.com=admin").containsAll(others);
        assertThat(tower.memberships()).isEqualTo(others);
        assertThat(bridge.sql.queryForList("select status from workspace where id in (?::uuid, ?::uuid)", String.class, made, shared)).containsOnly("active");
        assertThat(bridge.people("active")).contains("root@hand.acme.com");
    }

    private static String byHand(String what, String sql) {
        String id = java.util.UUID.nameUUIDFromBytes(what.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
        bridge.sql.update(sql, id);
        return id;
    }

    private static void place(String person, String workspace) {
        bridge.sql.update("insert into membership (person_id, workspace_id, role, owner) values (?::uuid, ?::uuid, 'admin', 'manual')", person, workspace);
        bridge.sql.update("insert into grants (person_id, workspace_id, source, reason, role, rule) values (?::uuid, ?::uuid, 'manual', 'manual', 'admin', 'by hand')", person, workspace);
    }

    /**
     * <b>What happened.</b> A renamed group was deleted and made anew, so that its id was another one and every permission that pointed at it was gone. <b>Here</b> a group and a
     * person are who their ids say: a renamed group renames its workspace and a new address renames its person, and neither leaves anything for a moment.
     */
    @Test
    void ssosync_rename_of_a_group_or_a_person_keeps_the_id() {
        renamed.pulled();
        String workspace = "select id || ' ' || (select count(*) from membership where workspace_id = w.id) || ' ' || (select max(since) from membership where workspace_id = w.id) from workspace w where status = 'active' and name = ?";
        String before = bridge.sql.queryForObject(workspace, String.class, "renamed 1");
        Company.Person person = renamed.active().getFirst();
        String id = bridge.sql.queryForObject("select id::text from person where email = ?", String.class, person.email());
        int people = renamed.people("active").size();

        renamed.company.rename(renamed.group(1), "ws-renamed Operations-role-member");
        renamed.company.email(person.id(), "another.name@renamed.acme.com");
        assertThat(renamed.pulled().get("status").asText()).isEqualTo("done");

        assertThat(bridge.sql.queryForObject(workspace, String.class, "renamed Operations")).isEqualTo(before);
        assertThat(bridge.count("select count(*) from workspace where name = 'renamed 1'")).isZero();
        assertThat(bridge.sql.queryForObject("select id::text from person where email = 'another.name@renamed.acme.com'", String.class)).isEqualTo(id);
        assertThat(renamed.people("active")).hasSize(people);
        assertThat(bridge.count("select count(*) from audit a, unnest(a.changes) c where a.source = 'renamed' and (c like 'remove %' or c like 'archive %')")).isZero();
    }

    /**
     * <b>What happened.</b> One run took members out and the next put them back, hour after hour: two parts of the sync did not agree, and each of the two was quick. <b>Here</b> a
     * membership that went and came again within 24 hours is not taken a second time: that removal waits, and its reason says that the source changes its mind.
     */
    @Test
    void ssosync_members_who_come_and_go_each_run_are_not_taken_a_second_time() {
        flapping.company.people("", 100).forEach(person -> flapping.company.join(flapping.group(1), person.id())); // whoever leaves the first is still a member
        flapping.pulled();
        List<String> before = flapping.memberships();
        Company.Person person = flapping.company.members(flapping.group(0), "", 1).orElseThrow().getFirst();
        String line = "flapping 0/" + person.email() + "=member";

        flapping.company.leave(flapping.group(0), person.id());
        flapping.pulled();
        assertThat(flapping.memberships()).as("once is what the IdP says").doesNotContain(line);
        flapping.company.join(flapping.group(0), person.id());
        flapping.pulled();
        flapping.company.leave(flapping.group(0), person.id());
        assertThat(flapping.pulled().get("status").asText()).isEqualTo("held");
        assertThat(flapping.memberships()).isEqualTo(before);
        assertThat(flapping.plan().at("/lines/items/0/reason").asText()).contains("it went and came again within 24 hours");

        flapping.company.join(flapping.group(0), person.id()); // the source has made up its mind
        flapping.pulled();
        assertThat(flapping.plans()).isEmpty();
        assertThat(flapping.memberships()).isEqualTo(before);
    }
}
