package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyQuirk;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What Portkey refuses, from its answer to the operators' route; and what follows where it refuses too much. */
@TestMethodOrder(MethodOrderer.MethodName.class)
@Tag("real")
class PortkeyLettersTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    private static final String LOG = "        - log:\n            loggingLevel: WARN\n            message: \"dead letter";
    @TempDir
    static Path folder;
    static final Gateway gateway = new Gateway();
    static Hook hook;
    static StandInPortkey portkey;
    static BridgeFiles files;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        hook = new Hook();
        portkey = new StandInPortkey(0, "/v1", gateway);
        portkey.quirk(PortkeyQuirk.INVITE_WANTS_SLUG, true);
        files = BridgeFiles.of(folder, "lab").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d}\nswitches:")
                .everywhere("archive: {share: 5%,  always-allow: 5}", "archive: {share: 5%,  always-allow: 500}").everywhere("workspace-shrinks: 50%", "workspace-shrinks: 100%").edit("errors.camel.yaml", LOG, "        - to: " + hook.url() + "\n" + LOG);
        Files.writeString(files.routes.resolve("errors.causes.yaml"), Files.readString(Path.of("routes/errors.causes.yaml")).replace("rules:\n", "rules:\n  - {where: target, status: [500], is: target-poison}\n").replace("at-least: 50", "at-least: 20"));
        bridge = TestBridge.start(files, folder.resolve("data"), "bridge.raise.every=50", "PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY);
        await(() -> bridge.count("select count(*) from target"), 1L);
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        portkey.close();
        hook.close();
    }

    @BeforeEach
    void quiet() {
        gateway.quiet();
        portkey.faults().set(List.of());
    }

    @Test
    void a_what_portkey_will_never_take_is_told_to_the_operators_route() {
        refuses("POST", "/admin/users/invites");
        push("poi", "poi@acme.com");
        Hook.Call call = hook.calls(1).getFirst();
        String person = person("poi@acme.com");
        assertThat(call.headers()).containsEntry("deadlettersource", "portkey").containsEntry("deadlettercause", "TARGET_POISON").containsEntry("deadletterresource", "person").containsEntry("deadletterstep", "publish")
                .containsEntry("deadletterroute", "publish").containsEntry("deadletterid", String.valueOf(bridge.count("select id from dead_letter where key = ?", person)));
        assertThat(call.headers() + call.body()).doesNotContain("poi@").doesNotContain(person);
    }

    @Test
    void ab_an_answer_that_echoes_the_request_leaves_nothing_of_it_and_his_letter_is_found_by_his_address() {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_400, "/admin/users/invites", 0, 0, 0, "POST", 0, false)));
        push("olga", "olga@acme.com");
        String key = person("olga@acme.com");
        await(() -> bridge.sql.queryForList("select status || ' ' || cause from dead_letter where key = ?", String.class, key), List.of("open TARGET_POISON"));
        String kept = bridge.sql.queryForList("select d.sentence || d.fingerprint || string_agg(a.said, ' ') from dead_letter d join dead_letter_attempt a on a.letter_id = d.id where d.key = ? group by d.id", String.class, key).toString();
        assertThat(kept).contains("400 AB01", "invalid request").doesNotContain("olga", StandInPortkey.ADMIN_KEY);
        JsonNode letters = bridge.api("GET", "/dead-letters?person=olga@acme.com", "").body().path("items");
        assertThat(letters).hasSize(1);
        bridge.api("POST", "/target/read", "{}");
        assertThat(bridge.api("GET", "/target/drift?pending=false&q=olga", "").body().path("items")).as("what was refused is no work under way").hasSize(1)
                .first().satisfies(line -> assertThat(line.path("sentence").asText()).endsWith("(letter " + letters.get(0).path("id") + ": open)"));
        bridge.api("POST", "/dead-letters/discard", "{\"ids\":[" + letters.get(0).path("id") + "],\"reason\":\"for the test\"}");
        assertThat(bridge.api("GET", "/target/drift?pending=false&q=olga", "").body().path("items")).hasSize(1).first().satisfies(line -> assertThat(line.path("sentence").asText()).endsWith(": discarded)"));
    }

    @Test
    void ac_letters_of_one_cause_are_one_group_and_say_nobodys_name_whatever_of_him_the_answer_says() {
        for (String name : List.of("gil.grau", "gus.blau", "gert_gelb")) {
            gateway.says(2, "POST", "/v1/admin/users/invites", 400, Map.of("Content-Type", "application/json"), "{\"success\":false,\"data\":{\"message\":\"mailbox " + name + " is not a mailbox\",\"errorCode\":\"AB01\"}}");
            push(name, name + "@acme.com");
            String key = person(name + "@acme.com");
            await(() -> bridge.count("select count(*) from dead_letter where key = ?", key), 1L);
        }
        assertThat(bridge.sql.queryForList("select distinct fingerprint from dead_letter where sentence like '%is not a mailbox%'", String.class)).singleElement().asString().doesNotContain("gil", "grau", "gelb");
    }

    @Test
    void b_whoever_leaves_is_taken_out_although_his_key_is_blocked_by_a_letter() {
        String lea = push("lea", "lea@acme.com");
        await(() -> portkey.state().pending("lea@acme.com").isPresent(), true);
        String user = portkey.byHand().accept("lea@acme.com").id();
        bridge.sql.update("update target_person set user_id = ?, invite_id = null, invite_status = null, invite_carries = '{}' where email = 'lea@acme.com'", user);
        refuses("POST", "/admin/workspaces/*/users");
        group("ws-Leas-role-member", lea);
        String key = person("lea@acme.com");
        await(() -> bridge.sql.queryForList("select status || ' ' || cause from dead_letter where key = ?", String.class, key), List.of("open TARGET_POISON"));
        assertThat(bridge.count("select count(*) from outbox where key = ?::uuid and blocked", key)).isOne();
        bridge.scim("lab", "PATCH", "/Users/" + lea, OFF);
        await(() -> portkey.state().person("lea@acme.com").isPresent(), false);
        await(() -> bridge.sql.queryForList("select status from dead_letter where key = ?", String.class, key), List.of("superseded"));
    }

    @Test
    void c_where_too_much_is_refused_only_leavers_go_on_until_a_trial_goes_well() {
        String leo = push("leo", "leo@acme.com");
        await(() -> portkey.state().pending("leo@acme.com").isPresent(), true);
        tooMuch("c");
        push("after-c", "after-c@acme.com");
        bridge.scim("lab", "PATCH", "/Users/" + leo, OFF);
        await(() -> portkey.state().pending("leo@acme.com").isPresent(), false);
        assertThat(portkey.state().pending("after-c@acme.com")).as("whoever has not left waits").isEmpty();
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where origin = 'quarantine'", String.class)).as("one alarm").hasSize(1).first().asString().matches("quarantine Portkey: \\d+ of \\d+ people and workspaces failed within 60 minutes");
        JsonNode target = bridge.api("GET", "/target", "").body();
        assertThat(target.get("quarantineWhy").asText()).contains("failed within 60 minutes");
        assertThat(target.get("quarantinedAt").isTextual()).isTrue();
        assertThat(bridge.health()).contains("portkey since ").contains("ATTENTION");
        assertThat(bridge.metrics()).contains("bridge_connection_quarantined{source=\"portkey\"} 1.0");
        bridge.sql.update("update target set trial_at = now()");
        await(() -> portkey.state().pending("after-c@acme.com").isPresent(), true);
        await(() -> bridge.count("select count(*) from target where quarantined_at is not null"), 0L);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where origin = 'quarantine' order by id", String.class)).hasSize(2).last().asString().startsWith("quarantine of Portkey is over: a trial of ");
        assertThat(bridge.metrics()).contains("bridge_connection_quarantined{source=\"portkey\"} 0.0");
    }

    @Test
    void d_a_trial_that_fails_keeps_it_and_an_operator_lifts_it() {
        bridge.sql.update("update target set rated_since = null");
        tooMuch("d");
        refuses("POST", "/admin/users/invites");
        push("trial", "trial@acme.com");
        bridge.sql.update("update target set trial_at = now()");
        String trial = person("trial@acme.com");
        await(() -> { // refused once it is asked afresh: that takes two turns, and so perhaps two trials
            bridge.sql.update("update target set trial_at = now() where exists (select 1 from outbox where key = ?::uuid and not blocked)", trial);
            return bridge.count("select count(*) from dead_letter where key = ?", trial);
        }, 1L);
        assertThat(bridge.count("select count(*) from target where quarantined_at is not null")).isOne();
        portkey.faults().set(List.of());
        push("after-d", "after-d@acme.com");
        assertThat(bridge.api("POST", "/target/resume", "{\"reason\":\"the domain is verified now\"}").status()).isEqualTo(200);
        await(() -> portkey.state().pending("after-d@acme.com").isPresent(), true);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit order by id", String.class)).contains("target resume: the domain is verified now");
        assertThat(bridge.api("POST", "/target/resume", "{\"reason\":\"again\"}").status()).isEqualTo(409);
    }

    @Test
    void e_a_replay_says_what_became_of_letters_about_portkey_and_is_no_newer_state() throws IOException {
        refuses("POST", "/admin/users/invites");
        List<Long> letters = List.of(letter("rea"), letter("reb"), letter("rec"));
        assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letters.getFirst() + "]}").body().path("results").toString()).contains("0 closed, 1 still open");
        assertThat(letter(letters.getFirst())).as("refused again, and nothing newer has come").isEqualTo("open 0");
        JsonNode refused = replayed("{\"ids\":" + letters + ",\"mode\":\"converge\",\"force\":true}");
        assertThat(refused.path("closed").asInt() + " " + refused.path("open").asInt() + " " + refused.path("waits").asInt()).isEqualTo("0 3 0");
        bridge.scim("lab", "PATCH", "/Users/" + bridge.sql.queryForObject("select id::text from account where external_id = 'rea'", String.class), "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"Rea R\"}}]}");
        await(() -> letter(letters.getFirst()), "open 1");
        JsonNode dry = tried(letters, Files.readString(Path.of("mappings/lab.yaml")));
        assertThat(dry.path("sentence").asText()).isEqualTo("3 letters are about Portkey, and whether it takes what is wanted no file says: 3 of whom or which it wants the same (letter %d, %d, %d): Portkey has refused that (3 with POST /admin/users/invites: 500 AB04: Internal ...), so fix it there, or replay them once it takes it"
                .formatted(letters.toArray()));
        JsonNode other = tried(letters, Files.readString(Path.of("mappings/lab.yaml")).replace("  admit: everybody ", "  user: {displayName: 'resource.displayName == \"Rea R\" ? \"Rea\" : resource.displayName'}\n  admit: everybody "));
        assertThat(other.path("sentence").asText()).contains(": 1 of whom or which the draft wants something else: tried by itself once the file is active; 2 of whom or which it wants the same (letter " + letters.get(1) + ", " + letters.get(2) + ")");
        assertThat(other.path("atPortkey").asInt() + " " + other.path("changedAtPortkey").asInt() + " " + other.path("sameAtPortkey")).isEqualTo("3 1 [" + letters.get(1) + "," + letters.get(2) + "]");
        assertThat(bridge.sql.queryForObject("select display_name from person where email = 'rea@acme.com'", String.class)).as("nothing is touched").isEqualTo("Rea R");
        JsonNode original = replayed("{\"ids\":" + letters + ",\"mode\":\"original\",\"force\":true}");
        assertThat(original.path("said").toString()).contains("letter " + letters.getLast() + " is about Portkey and holds no record of an IdP");
        assertThat(original.path("open").asInt()).isEqualTo(3);
        portkey.faults().set(List.of());
        assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letters.getFirst() + "]}").body().path("results").toString()).contains("1 closed, 0 still open");
        long looked = gateway.heard("GET", "/v1/admin/users");
        JsonNode read = replayed("{\"ids\":" + letters.subList(1, 3) + ",\"mode\":\"re-read\",\"force\":true}");
        assertThat(read.path("closed").asInt() + " " + read.path("open").asInt()).isEqualTo("2 0");
        assertThat(gateway.heard("GET", "/v1/admin/users")).as("Portkey was asked for each before anything was written").isGreaterThanOrEqualTo(looked + 2);
        assertThat(bridge.sql.queryForList("select status from dead_letter where id = any(?::bigint[])", String.class, letters.toString().replace('[', '{').replace(']', '}'))).containsOnly("resolved");
    }

    @Test
    void f_a_replay_that_waits_for_the_publisher_holds_no_other_back() {
        refuses("POST", "/admin/users/invites");
        long slow = letter("sla");
        long other = letter("slb");
        gateway.holds("POST");
        long first = bridge.api("POST", "/dead-letters/replays", "{\"ids\":[" + slow + "]}").body().path("id").asLong();
        await(() -> bridge.sql.queryForObject("select done || ' ' || status from replay_job where id = ?", String.class, first), "1 running");
        assertThat(replayed("{\"ids\":[" + other + "],\"mode\":\"original\"}").path("open").asInt()).as("which is refused, and over").isOne();
        assertThat(bridge.sql.queryForObject("select status from replay_job where id = ?", String.class, first)).isEqualTo("running");
        portkey.faults().set(List.of());
        gateway.letsGo();
        await(() -> bridge.sql.queryForObject("select status || ' ' || closed from replay_job where id = ?", String.class, first), "done 1");
    }

    @Test
    void g_a_re_read_of_letters_about_workspaces_reads_all_of_portkey() {
        refuses("POST", "/admin/workspaces");
        group("ws-Refused-role-member", push("wes", "wes@acme.com"));
        await(() -> bridge.count("select count(*) from dead_letter where resource = 'workspace' and status = 'open'"), 1L);
        long letter = bridge.count("select id from dead_letter where resource = 'workspace' and status = 'open'");
        Instant before = read();
        portkey.faults().set(List.of());
        JsonNode read = replayed("{\"ids\":[" + letter + "],\"mode\":\"re-read\"}");
        assertThat(read.path("said").toString()).contains("1 are due for Portkey again, and are closed once it has taken them; it is asked first what is there");
        assertThat(read.path("closed").asInt()).isOne();
        assertThat(portkey.state().workspace("Refused")).isPresent();
        await(() -> read().isAfter(before), true);
        await(() -> portkey.state().pending("wes@acme.com").filter(invite -> !invite.workspaces().isEmpty()).isPresent(), true);
    }

    @Test
    void h_a_re_read_writes_nothing_of_a_workspace_before_its_reading_is_over() {
        refuses("POST", "/admin/workspaces");
        group("ws-By Hand-role-member", push("han", "han@acme.com"));
        await(() -> bridge.count("select count(*) from dead_letter where resource = 'workspace' and status = 'open'"), 1L);
        long letter = bridge.count("select id from dead_letter where resource = 'workspace' and status = 'open'");
        portkey.faults().set(List.of());
        gateway.quiet();
        portkey.byHand().workspace("By Hand");
        replayed("{\"ids\":[" + letter + "],\"mode\":\"re-read\"}");
        assertThat(gateway.heard("POST", "/v1/admin/workspaces")).as("it is there, and the reading shows it").isZero();
        assertThat(bridge.sql.queryForList("select kind from target_finding where closed_at is null and subject = (select key from dead_letter where id = ?)", String.class, letter)).containsExactly("unmanaged");
        assertThat(bridge.count("select count(*) from outbox where kind = 'workspace'")).isZero();
    }

    @Test
    void i_a_re_read_of_a_workspace_waits_while_its_reading_fails_and_a_replay_without_one_does_not() {
        refuses("POST", "/admin/workspaces");
        group("ws-Unread-role-member", push("unr", "unr@acme.com"));
        await(() -> bridge.count("select count(*) from dead_letter where resource = 'workspace' and status = 'open'"), 1L);
        long letter = bridge.count("select id from dead_letter where resource = 'workspace' and status = 'open'");
        portkey.faults().set(List.of());
        gateway.quiet();
        gateway.says("GET", "/v1/admin/users", 200, java.util.Map.of("Content-Type", "application/json"), "[]");
        bridge.api("POST", "/dead-letters/replays", "{\"ids\":[" + letter + "],\"mode\":\"re-read\"}");
        await(() -> bridge.count("select count(*) from target where read_failed_at is not null"), 1L);
        assertThat(gateway.heard("POST", "/v1/admin/workspaces")).isZero();
        assertThat(bridge.count("select count(*) from outbox where kind = 'workspace' and due_at <= now()")).as("it waits for a reading that goes through").isOne();
        assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter + "]}").body().path("results").toString()).contains("1 closed");
        assertThat(portkey.state().workspace("Unread")).isPresent();
    }

    @Test
    void j_a_draft_says_of_letters_about_workspaces_which_it_wants_otherwise_and_which_are_refused_with_what() throws IOException {
        refuses("POST", "/admin/workspaces");
        group("ws-Rude-role-member", push("rud", "rud@acme.com"));
        group("ws-Kept-role-member", push("kep", "kep@acme.com"));
        await(() -> bridge.count("select count(*) from dead_letter where resource = 'workspace' and status = 'open'"), 2L);
        List<Long> letters = bridge.sql.queryForList("select d.id from dead_letter d join workspace w on w.id::text = d.key where d.status = 'open' order by w.name desc", Long.class);
        String lab = Files.readString(Path.of("mappings/lab.yaml"));
        JsonNode same = tried(letters, lab);
        assertThat(same.path("sentence").asText()).contains("2 of whom or which it wants the same (letter ").contains("2 with POST /admin/workspaces: 500 AB04");
        assertThat(same.path("refusedAtPortkey").path(0).path("count").asInt()).isEqualTo(2);
        JsonNode other = tried(letters, lab.replace("  admit: everybody ", "  group: {displayName: 'resource.displayName.replace(\"Rude\", \"Civil\")'}\n  admit: everybody "));
        assertThat(other.path("changedAtPortkey") + " " + other.path("sameAtPortkey")).as("%s", other).isEqualTo("1 [" + letters.get(1) + "]");
        String organisation = Files.readString(files.mappings.resolve("portkey.yaml"));
        JsonNode none = bridge.api("POST", "/dead-letters/replays", "{\"ids\":" + letters + ",\"draft\":{\"file\":\"portkey\",\"text\":" + TextNode.valueOf(organisation.replace("create-missing-workspaces: true", "create-missing-workspaces: false")) + "}}").body();
        assertThat(none.path("changedAtPortkey").asInt()).as("%s", none).isEqualTo(2);
        assertThat(bridge.sql.queryForList("select name from workspace where name in ('Rude', 'Kept', 'Civil') order by 1", String.class)).as("nothing is touched").containsExactly("Kept", "Rude");
    }

    private static Instant read() {
        return bridge.sql.queryForObject("select coalesce(read_at, '-infinity') from target", java.sql.Timestamp.class).toInstant();
    }

    private static JsonNode tried(List<Long> letters, String draft) {
        return bridge.api("POST", "/dead-letters/replays", "{\"ids\":" + letters + ",\"draft\":{\"file\":\"lab\",\"text\":" + TextNode.valueOf(draft) + "}}").body();
    }

    /** Somebody whose invite is refused; gives his letter. */
    private static long letter(String name) {
        push(name, name + "@acme.com");
        String key = person(name + "@acme.com");
        await(() -> bridge.count("select count(*) from dead_letter where key = ? and status = 'open'", key), 1L);
        return bridge.count("select id from dead_letter where key = ?", key);
    }

    private static String letter(long id) {
        return bridge.sql.queryForObject("select status || ' ' || parked from dead_letter where id = ?", String.class, id);
    }

    private static JsonNode replayed(String order) {
        long id = bridge.api("POST", "/dead-letters/replays", order).body().path("id").asLong();
        await(() -> bridge.sql.queryForObject("select status from replay_job where id = ?", String.class, id), "done");
        return bridge.api("GET", "/dead-letters/replays/" + id, "").body();
    }

    /** So much that Portkey is quarantined. */
    private static void tooMuch(String name) {
        refuses("POST", "/admin/users/invites");
        for (int i = 0; i < 30; i++) {
            push(name + i, name + i + "@acme.com");
        }
        await(() -> bridge.count("select count(*) from target where quarantined_at is not null"), 1L);
        portkey.faults().set(List.of());
    }

    private static void refuses(String method, String path) {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_500, path, 0, 0, 0, method, 0, false)));
    }

    private static String push(String id, String email) {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user(id, email, true)).body().path("id").asText();
    }

    private static String person(String email) {
        return bridge.sql.queryForObject("select id::text from person where email = ?", String.class, email);
    }

    private static void group(String name, String member) {
        bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + name + "\",\"members\":[{\"value\":\"" + member + "\"}]}");
    }

    private static <T> void await(Supplier<T> seen, T wanted) {
        for (int i = 0; i < 600 && !wanted.equals(seen.get()); i++) {
            TestBridge.pause(50);
        }
        assertThat(seen.get()).as("%s %s", bridge.sql.queryForList("select * from target"), bridge.sql.queryForList("select status, cause, sentence from dead_letter")).isEqualTo(wanted);
    }
}
