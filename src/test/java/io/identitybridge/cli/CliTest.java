package io.identitybridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.admin.AdminServer;
import io.identitybridge.admin.SomePeople;
import io.identitybridge.model.Controls;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    @TempDir
    static Path data;
    @AutoClose
    static AdminServer bridge;

    record Said(int exit, String out, String err) {
        com.fasterxml.jackson.databind.JsonNode json() throws IOException {
            return Api.JSON.readTree(out);
        }
    }

    @BeforeAll
    static void start() {
        bridge = AdminServer.withSomePeople(data);
    }

    @BeforeEach
    void forget() {
        bridge.controls.forget();
    }

    @Test
    void what_is_done_about_the_target_needs_a_reason_and_says_what_follows() {
        assertThat(bridge("target", "apply").exit()).as("without a reason").isEqualTo(2);
        assertThat(bridge("target", "apply", "--reason", "day one").out()).contains("written");
        assertThat(bridge("target", "adopt", "--reason", "day one").out()).contains("bridge plans 7", "bridge approve 7");
        assertThat(bridge("target", "bind", "Sales", "sales-1a2b", "--reason", "two of the name").exit()).isZero();
        assertThat(bridge("target", "keys", "ada@acme.com")).returns(1, run -> run.exit()).extracting(run -> run.out()).asString().contains("k1", "laptop", "ws-sales");
        assertThat(bridge("target", "keys", "ada@acme.com", "--revoke").exit()).as("without a reason").isNotZero();
        assertThat(bridge("target", "keys", "ada@acme.com", "--revoke", "--only", "k1,k2", "--reason", "she left").out()).contains("API key k1 is revoked");
        assertThat(bridge("target", "mappings").out()).contains("none");
        assertThat(bridge("target", "unmap", "m1", "--reason", "cutover").out()).contains("mapping m1 is ended");
        assertThat(bridge.controls.told.subList(3, 6)).containsExactly("target keys of ada@acme.com", "target revoke [k1, k2] of ada@acme.com by operator: she left", "target unmap m1 by operator: cutover");
        assertThat(bridge.controls.told.subList(0, 3)).containsExactly("target apply by operator: day one", "adopt by operator: day one", "bind Sales to sales-1a2b by operator: two of the name");
        assertThat(bridge("target", "resume").exit()).as("without a reason").isEqualTo(2);
        assertThat(bridge("target", "resume", "--reason", "the domain is verified").out()).contains("everybody is sent to Portkey again");
        assertThat(bridge.controls.told).last().isEqualTo("target resume by operator: the domain is verified");
        assertThat(bridge("target").out()).contains("portkey-admin-api at https://portkey.acme.com/v1");
        assertThat(bridge("plan", "--target").out()).contains("seats");
        assertThat(bridge("target", "findings").out()).contains("nothing to tell");
    }

    @Test
    void help_names_every_command() {
        Said said = bridge("help");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("serve", "check", "plan", "pull", "plans", "approve", "reject", "explain", "dead-letters", "token", "sources", "source", "requests", "files", "revoke", "lift", "forget", "link", "unlink", "re-anchor", "undo", "operator", "target", "BRIDGE_URL");
    }

    @Test
    void a_wrong_command_or_a_missing_word_is_wrong_use() {
        for (String[] words : new String[][] {{}, {"nosuch"}, {"plan"}, {"approve", "x"}, {"token"}, {"source", "nosuch"}, {"dead-letters", "discard", "1"}, {"plans", "--nosuch"}}) {
            Said said = bridge(words);
            assertThat(said.exit()).as(String.join(" ", words)).isEqualTo(2);
            assertThat(said.err()).isNotBlank();
            assertThat(said.out()).isEmpty();
        }
    }

    @Test
    void an_operator_is_made_listed_used_and_revoked() {
        String token = bridge("operator", "create", "grace", "--role", "viewer", "--days", "9").out().strip();
        assertThat(token).startsWith("pibo_");
        assertThat(bridge("operator", "list").out()).contains("grace", "viewer", "true").doesNotContain(token);
        Map<String, String> hers = new HashMap<>(Map.of("BRIDGE_URL", "http://localhost:" + bridge.listeners.adminPort(), "BRIDGE_ADMIN_TOKEN", token));
        assertThat(run(hers, "sources").exit()).isZero();
        Said refused = run(hers, "approve", "1");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("this needs the role approver; grace is viewer");
        assertThat(bridge("operator", "revoke", "grace").out()).contains("revoked grace");
        assertThat(run(hers, "sources").exit()).isEqualTo(2);
    }

    @Test
    void a_bridge_that_does_not_run_gives_one_sentence_and_exit_2() throws IOException {
        String url = "http://localhost:" + freePort();
        Said said = run(Map.of("BRIDGE_URL", url, "BRIDGE_ADMIN_TOKEN", "x"), "plans");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err().strip().lines()).hasSize(1).first().asString().contains("no bridge answers at " + url, "bridge serve", "BRIDGE_URL");
    }

    @Test
    void the_bridge_is_asked_where_its_own_settings_put_it() throws IOException {
        String port = bridge.listeners.adminUrl().replaceFirst(".*:", "");
        for (String address : new String[] {"", "127.0.0.1", "0.0.0.0"}) {
            assertThat(run(Map.of("BRIDGE_ADMIN_PORT", port, "BRIDGE_ADMIN_ADDRESS", address, "BRIDGE_DATA", data.toString()), "plans").exit()).isZero();
        }
        assertThat(run(Map.of("BRIDGE_ADMIN_PORT", String.valueOf(freePort()), "BRIDGE_URL", bridge.listeners.adminUrl(), "BRIDGE_DATA", data.toString()), "plans").exit()).isZero();
        assertThat(run(Map.of("BRIDGE_ADMIN_PORT", "nonsense", "BRIDGE_ADMIN_TOKEN", "x"), "plans").err()).contains("no address: 'http://localhost:nonsense'");
    }

    @Test
    void a_missing_or_wrong_admin_token_is_told_without_the_token() {
        Said none = run(Map.of("BRIDGE_DATA", data.resolve("nosuch").toString()), "plans");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("no admin token", "BRIDGE_DATA");
        Said wrong = run(Map.of("BRIDGE_URL", bridge.listeners.adminUrl(), "BRIDGE_ADMIN_TOKEN", "wrong-one"), "plans");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("does not know this admin token").doesNotContain("wrong-one");
        assertThat(run(Map.of("BRIDGE_URL", "localhost", "BRIDGE_ADMIN_TOKEN", "x"), "plans").err()).contains("BRIDGE_URL is no address");
    }

    @Test
    void the_public_address_is_recognised_as_none_of_the_admin() {
        Said said = run(Map.of("BRIDGE_URL", "http://localhost:" + bridge.listeners.publicPort(), "BRIDGE_ADMIN_TOKEN", "x"), "plans");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("Nothing is here");
    }

    @Test
    void a_name_cannot_colour_wipe_or_turn_what_an_approver_reads() throws IOException {
        String name = "\u001b[31mred \u001b[2J\u202Eeve\u2069\u009b\nplan 2";
        long plan = bridge.sql.queryForObject("insert into plan (source, cause, reasons, set_hash) values ('okta', 'push', array[?], 'h1') returning id", Long.class, name);
        bridge.sql.update("insert into plan_line (plan_id, n, account_id, class, sentence, reason, facts) values (?, 1, ?, 'remove', ?, ?, '\\x00')", plan, SomePeople.BOB_ACCOUNT, "remove bob@acme.com from " + name, name);
        bridge.sql.update("update person set display_name = ? where id = ?", name, SomePeople.ADA);
        String shown = "\\u001B[31mred \\u001B[2J\\u202Eeve\\u2069\\u009B\\nplan 2";
        try {
            for (String[] words : new String[][] {{"plans", "" + plan}, {"plans"}, {"approve", "" + plan}, {"explain", "ada@acme.com"}}) {
                assertThat(bridge(words).out()).as(words[0]).contains(shown).doesNotContainPattern("[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069&&[^\\n]]");
            }
            assertThat(bridge("plans", "" + plan, "--json").out()).doesNotContainPattern("[\\p{Cc}\\u202A-\\u202E&&[^\\n\\r]]");
            assertThat(bridge("plans", "" + plan, "--json").json().at("/reasons/0").asText()).isEqualTo(name);
        } finally {
            bridge.sql.update("delete from plan_line where plan_id = ?", plan);
            bridge.sql.update("delete from plan where id = ?", plan);
            bridge.sql.update("update person set display_name = 'Ada' where id = ?", SomePeople.ADA);
        }
    }

    @Test
    void plans_lists_what_waits_and_shows_the_lines_of_one() throws IOException {
        assertThat(bridge("plans").out()).contains("PLAN", "okta", "archive: 6 of 10 in 24 hours, at most 5");
        assertThat(bridge("plans", "1").out()).contains("archive user bob@acme.com", "archive user eve@acme.com");
        assertThat(bridge("plans", "--json").json().get("items").get(0).get("held").asInt()).isEqualTo(2);
        assertThat(bridge("plans", "99").err()).contains("no plan 99");
    }

    @Test
    void approve_names_the_hash_of_the_plan_it_shows() {
        String hash = bridge.get("/api/plans/1").json().get("hash").asText();
        Said said = bridge("approve", "1", "--only", "1,2");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("archive user bob@acme.com", "archive user ada@acme.com: applied");
        assertThat(bridge("reject", "1", "--only", "2", "--reason", "a mistake").exit()).isZero();
        assertThat(bridge.controls.told).containsExactly("approve 1 [1, 2] of " + hash + " by operator", "reject 1 [2] by operator: a mistake");
    }

    @Test
    void what_the_bridge_refuses_is_a_finding() {
        bridge.controls.refusal = Optional.of("plan 1 has changed since you looked at it; look again");
        Said said = bridge("approve", "1", "--json");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).isEqualTo("bridge: plan 1 has changed since you looked at it; look again" + System.lineSeparator());
    }

    @Test
    void an_operators_word_needs_its_reason_and_says_what_was_done() {
        assertThat(bridge("revoke", "ada@acme.com").exit()).as("without a reason").isEqualTo(2);
        assertThat(bridge("revoke", "ada@acme.com", "--reason", " ").err()).contains("say 'reason' in one line");
        assertThat(bridge("forget", "ada@acme.com").exit()).as("without a reason").isEqualTo(2);
        assertThat(bridge("revoke", "ada@acme.com", "--reason", "her laptop was stolen").out()).contains("revoke ada@acme.com");
        assertThat(bridge("lift", "ada@acme.com", "--reason", "found").exit()).isZero();
        assertThat(bridge("link", "okta", "u3", "ada@acme.com", "--reason", "one human").exit()).isZero();
        assertThat(bridge("unlink", "okta", "u3", "--reason", "two humans").exit()).isZero();
        assertThat(bridge("re-anchor", "okta", "u3", "u33", "--reason", "rebuilt").exit()).isZero();
        assertThat(bridge("link", "nosuch", "u3", "ada@acme.com", "--reason", "x").err()).contains("no source 'nosuch'");
        Said undo = bridge("undo", "1", "--reason", "a mistake");
        assertThat(undo.out()).contains("2 remove ada@acme.com from Sales: undone", "1 create workspace Sales: cannot be undone");
        assertThat(undo.exit()).as("something cannot be undone").isEqualTo(1);
        assertThat(bridge("forget", "ada@acme.com", "--reason", "asked for").out()).contains("forget ada@acme.com");
        assertThat(bridge.controls.told).containsExactly("revoke ada@acme.com by operator: her laptop was stolen", "lift ada@acme.com by operator: found", "link okta u3 to ada@acme.com by operator: one human",
                "unlink okta u3 by operator: two humans", "re-anchor okta u3 to u33 by operator: rebuilt", "undo 1 by operator: a mistake", "forget ada@acme.com by operator: asked for");
    }

    @Test
    void pull_waits_for_the_end_of_the_run_and_says_what_it_did() throws IOException {
        Said said = bridge("pull", "okta", "--full");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("done: read users 3; 0 changed; applied nothing; 0 held, 0 dead letters");
        assertThat(bridge.controls.told).containsExactly("pull okta full by operator");
        assertThat(bridge("pull", "okta", "--json").json().get("status").asText()).isEqualTo("done");
        bridge.sql.update("update run set status = 'failed', message = 'page 3: 503'");
        Said failed = bridge("pull", "okta");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("failed", "page 3: 503");
        bridge.sql.update("update run set status = 'reading', message = 'paused; it goes on'");
        assertThat(bridge("pull", "okta").out()).as("nobody waits for what is paused").contains("reading: read users 3", "paused; it goes on");
        assertThat(bridge("sources").out()).contains("paused; it goes on");
        bridge.sql.update("update run set status = 'done', message = null");
    }

    @Test
    void plan_shows_the_lines_of_a_draft_and_held_ones_are_findings() throws IOException {
        Path draft = Files.writeString(data.resolve("draft.yaml"), "source: okta");
        bridge.controls.preview = new Controls.Preview(List.of("create user bob@acme.com"), List.of(), List.of(), 1);
        Said said = bridge("plan", "okta", "--mapping", draft.toString());
        assertThat(said.exit()).isZero();
        assertThat(said.out().lines()).containsExactly("create user bob@acme.com", "1 change");
        assertThat(bridge.controls.told).containsExactly("preview okta with source: okta");
        bridge.controls.preview = new Controls.Preview(List.of(), List.of("archive user bob@acme.com: too many"), List.of(), 1);
        assertThat(bridge("plan", "okta").exit()).isEqualTo(1);
        assertThat(bridge("plan", "nosuch").err()).contains("no source 'nosuch'");
        assertThat(bridge("plan", "okta", "--mapping", "nosuch.yaml").exit()).isEqualTo(2);
    }

    @Test
    void explain_shows_roles_by_rule_and_what_stands_in_the_way() {
        Said ada = bridge("explain", "ada@acme.com");
        assertThat(ada.exit()).isZero();
        assertThat(ada.out()).contains("Ada@acme.com (Ada): active", "Sales: admin", "group ws-Sales-role-admin, mappings/okta.yaml:26");
        assertThat(ada.out()).as("since when she is there, which is not since when she is admin").containsPattern("Sales: admin, there since \\S+Z").doesNotContain(", since ");
        Said bob = bridge("explain", "bob@acme.com");
        assertThat(bob.exit()).isEqualTo(1);
        assertThat(bob.out()).contains("bob@acme.com: not a member", "dead letter 1", "plan 1 holds line 1");
    }

    @Test
    void dead_letters_are_listed_grouped_shown_replayed_and_discarded() throws IOException {
        assertThat(bridge("dead-letters").out()).contains("user u5: admit: not a bool");
        assertThat(bridge("dead-letters", "list", "--json").json().get("total").asInt()).isEqualTo(3);
        assertThat(bridge("dead-letters", "--group").out()).contains("COUNT", "MAPPING_POISON|user|email|no value");
        assertThat(bridge("dead-letters", "show", "1").out()).contains("record: {\"login\":\"b\"}");
        Said stay = bridge("dead-letters", "replay", "1", "2");
        assertThat(stay.out()).contains("1 closed");
        assertThat(stay.exit()).as("letters that stay open are findings").isEqualTo(1);
        assertThat(bridge("dead-letters", "replay", "--fingerprint", "MAPPING_POISON|user|admit|not a bool", "--json").json().get("open").asInt()).isOne();
        assertThat(bridge.controls.told).containsExactly("replay [1, 2] by operator", "replay [3] by operator");
        assertThat(bridge("dead-letters", "replay").exit()).isEqualTo(2);
        assertThat(bridge("dead-letters", "discard", "99", "--reason", "gone").exit()).isEqualTo(1);
    }

    @Test
    void many_letters_are_replayed_by_a_filter_counted_first_and_tried_against_a_draft() throws IOException {
        assertThat(bridge("dead-letters", "replay", "--all", "--dry-run").out()).contains("COUNT", "3 letters, 3 would be taken");
        Path draft = Files.writeString(data.resolve("okta.yaml"), "mapping: okta");
        Said tried = bridge("dead-letters", "replay", "--source", "okta", "--mapping", draft.toString());
        assertThat(tried.out().strip()).isEqualTo("with this file 41 of 44 letters pass, 3 fail: 3 with email: no value");
        assertThat(tried.exit()).isEqualTo(1);
        bridge.sql.update("insert into replay_job (mode, actor, set_hash, status, last_id, total, done, closed) values ('re-read', 'operator', 'h', 'done', 9, 3, 3, 3)");
        bridge.controls.replay = bridge.sql.queryForObject("select max(id) from replay_job", Long.class);
        Said done = bridge("dead-letters", "replay", "--source", "okta", "--mode", "re-read", "--rate", "5", "--force");
        assertThat(done.out()).contains("done: 3 of 3 letters, 3 closed, 0 still open, 0 not tried");
        assertThat(done.exit()).isZero();
        assertThat(bridge("dead-letters", "replays").out()).contains("REPLAY", "re-read");
        assertThat(bridge.controls.told).contains("try okta with mapping: okta", "replay okta re-read at 5 forced by operator");
        assertThat(bridge("dead-letters", "replay", "1", "--source", "okta").exit()).isEqualTo(2);
        assertThat(bridge("dead-letters", "replay", "--all", "--mode", "nosuch").err()).contains("mode is converge, re-read or original");
    }

    @Test
    void letters_are_assigned_put_aside_and_exported_and_a_field_is_overridden() throws IOException {
        assertThat(bridge("dead-letters", "assign", "1", "--to", "eve").out()).contains("assigned 1");
        assertThat(bridge("dead-letters", "show", "1").out()).contains("assignedTo: eve");
        assertThat(bridge("dead-letters", "snooze", "1", "--until", "3d").out()).contains("snoozed 1");
        assertThat(bridge("dead-letters", "--json").json().get("total").asInt()).isEqualTo(2);
        assertThat(bridge("dead-letters", "--snoozed", "--json").json().get("total").asInt()).isEqualTo(3);
        assertThat(bridge("dead-letters", "snooze", "1").exit()).isZero();
        assertThat(bridge("dead-letters", "snooze", "1", "--until", "2020-01-01").exit()).isEqualTo(2);
        Said exported = bridge("dead-letters", "export");
        assertThat(exported.json().get("total").asInt()).isEqualTo(3);
        assertThat(exported.out()).contains("\"fields\"").doesNotContain("u5", "@acme.com", "eve");
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash, status, closed_at, why) values ('okta', 'user', 'u9', 1, 'BUG', 'map', 's', 'f', 'run:x', 'h', 'discarded', now(), 'eve@acme.com is a guest')");
        assertThat(bridge("dead-letters", "export", "--status", "discarded").out()).contains("\"discarded\"").doesNotContain("eve", "guest");
        bridge.sql.update("delete from dead_letter where key = 'u9'");
        assertThat(bridge("dead-letters", "override", "okta", "00u1", "email", "ada@acme.com", "--until", "30d", "--reason", "misspelt").out()).contains("override 1 until ");
        assertThat(bridge("dead-letters", "overrides", "end", "4", "--reason", "mended").out()).contains("update user ada@acme.com");
        assertThat(bridge("dead-letters", "overrides").exit()).isZero();
        assertThat(bridge.controls.told).contains("override email of 00u1 at okta by operator: misspelt", "end override 4 by operator: mended");
    }

    @Test
    void a_token_is_printed_alone_so_that_a_script_can_take_it() throws IOException {
        Said said = bridge("token", "create", "lab", "--label", "first");
        assertThat(said.out().strip()).startsWith("pib_").doesNotContain(" ", "\n");
        assertThat(bridge("token", "create", "lab", "--json").json().get("token").asText()).startsWith("pib_");
        String id = bridge("token", "list", "lab", "--json").json().get("items").get(1).get("id").asText();
        assertThat(bridge("token", "list", "lab").out()).contains("first", id).doesNotContain(said.out().strip());
        assertThat(bridge("token", "revoke", "lab", id).exit()).isZero();
        assertThat(bridge("token", "revoke", "lab", id).exit()).isEqualTo(2);
        assertThat(bridge("token", "create", "nosuch").exit()).isEqualTo(2);
        assertThat(bridge("token", "create", "lab", "--client-secret", "--label", "Entra").out().strip()).startsWith("pibs_").doesNotContain(" ", "\n");
        assertThat(bridge("token", "list", "lab").out()).contains("client-secret", "Entra");
        assertThat(bridge("token", "revoke", "lab", "999").err()).contains("'999' is no id: one has 32 hexadecimal digits").doesNotContain("convert");
    }

    @Test
    void sources_say_what_is_off_and_which_setting_is_missing() {
        bridge.parts.add(new Situation.Part("pull", "okta", false, "off", List.of("OKTA_TOKEN")));
        assertThat(bridge("sources").out()).contains("pull off: lacks OKTA_TOKEN");
        bridge.parts.clear();
        assertThat(bridge("source", "pause", "okta").out()).contains("okta is paused");
        assertThat(bridge("source", "resume", "okta").exit()).isZero();
        assertThat(bridge("source", "release", "okta").out()).contains("held as plan 9");
    }

    @Test
    void requests_and_files_are_shown() throws IOException {
        assertThat(bridge("requests", "--source", "okta", "--status", "201").out()).contains("create a user", "/scim/v2/okta/Users");
        assertThat(bridge("files").out()).contains("active: h1", "mappings/okta.yaml");
        assertThat(bridge("files", "show", "mappings/okta.yaml").out()).isEqualTo("text");
        assertThat(bridge("files", "activate", "--json").json().get("hash").asText()).isEqualTo("abc123");
        bridge.controls.faults = List.of(new FileFault("mappings/okta.yaml", 3, 5, "unknown key 'usre'", "did you mean 'user'?"));
        assertThat(bridge("files", "rollback").out()).contains("active: abc122");
        assertThat(bridge("files", "rollback", "abcd").out()).contains("active: abcd");
        assertThat(bridge("files", "rollback", "'--").err()).contains("a hash is 4 to 64 of");
        Said refused = bridge("files", "activate");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("mappings/okta.yaml:3:5: unknown key 'usre'; did you mean 'user'?");
    }

    @Test
    void a_list_longer_than_one_page_is_gathered_up_to_the_limit() throws IOException {
        for (int i = 0; i < 510; i++) {
            bridge.sql.update("insert into token (id, source, hash, created_by) values (gen_random_uuid(), 'okta', ?, 'test')", ("t" + i).getBytes());
        }
        assertThat(bridge("token", "list", "okta", "--limit", "505", "--json").json().get("items")).hasSize(505);
        assertThat(bridge("token", "list", "okta").out()).contains("... and 460 more");
    }

    private static Said bridge(String... words) {
        Map<String, String> environment = new HashMap<>(Map.of("BRIDGE_URL", bridge.listeners.adminUrl(), "BRIDGE_DATA", data.toString()));
        return run(environment, words);
    }

    static Said run(Map<String, String> environment, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.run(words, environment, settings -> { }, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Said(exit, out.toString(), err.toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
