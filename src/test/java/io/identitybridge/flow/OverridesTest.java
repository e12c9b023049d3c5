package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Overrides;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One field of one account under an operator's word for a time; and a source of which too much fails. */
class OverridesTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab"), "bridge.rates.every=200");

    @Test
    void an_override_lets_somebody_in_whom_his_record_keeps_out_and_is_seen_wherever_somebody_asks() {
        String id = "ov" + TestBridge.unique();
        bridge.scim("lab", "POST", "/Users", TestBridge.user(id, id + "@elsewhere.org", true));
        long letter = bridge.count("select id from dead_letter where status = 'open' and key = ?", id);
        JsonNode done = override(id, "email", id + "@acme.com", "30d").body().get("done");
        assertThat(done.toString()).contains("create user " + id + "@acme.com");
        assertThat(bridge.sql.queryForObject("select status from dead_letter where id = ?", String.class, letter)).isEqualTo("superseded");
        assertThat(bridge.sql.queryForObject("select pushed::text from account where external_id = ?", String.class, id)).as("what was pushed is never edited").contains("@elsewhere.org").doesNotContain("@acme.com");
        assertThat(bridge.api("GET", "/explain?person=" + id + "@acme.com", "").body().toString()).contains("by operator until ", "his record is wrong");
        assertThat(bridge.api("GET", "/dead-letters/" + letter, "").body().get("overrides").get(0).get("reason").asText()).isEqualTo("his record is wrong");
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where origin like 'override:%'", String.class)).anyMatch(said -> said.contains(": email of account ") && said.endsWith(": his record is wrong"));
        bridge.scim("lab", "PUT", "/Users/" + scimId(id), TestBridge.user(id, id + "@elsewhere.org", true).replace("\"active\"", "\"displayName\":\"Another Name\",\"active\""));
        assertThat(bridge.people("active")).as("a later push changes nothing about it").contains(id + "@acme.com");
    }

    @Test
    void an_override_ends_by_command_and_by_its_time() {
        String id = "end" + TestBridge.unique();
        bridge.scim("lab", "POST", "/Users", TestBridge.user(id, id + "@acme.com", true).replace("\"active\"", "\"displayName\":\"Given\",\"active\""));
        override(id, "displayName", "By Hand", "30d");
        assertThat(shown(id)).isEqualTo("By Hand");
        long number = bridge.count("select max(id) from field_override");
        assertThat(bridge.api("POST", "/dead-letters/overrides/" + number + "/end", "{\"reason\":\"mended there\"}").body().toString()).contains("displayName \\\"By Hand\\\" -> \\\"Given\\\"");
        assertThat(bridge.api("POST", "/dead-letters/overrides/" + number + "/end", "{\"reason\":\"again\"}").status()).isEqualTo(409);
        override(id, "displayName", "For A Day", "1d");
        assertThat(shown(id)).isEqualTo("For A Day");
        bridge.sql.update("update field_override set until = now() where ended_at is null and field = 'displayName'");
        await("select count(*) from person where email = '" + id + "@acme.com' and display_name = 'Given'");
        await("select count(*) from field_override where ended_why = 'its time was over' and account_id = (select id from account where external_id = '" + id + "')");
    }

    @Test
    void an_override_whose_time_runs_out_while_its_files_are_away_ends_once_they_are_back() throws IOException {
        BridgeFiles files = BridgeFiles.of("lab", "okta");
        try (TestBridge other = TestBridge.of(files)) {
            other.pushed("lab", "boss", "boss@acme.com");
            String body = "{\"source\":\"lab\",\"account\":\"boss\",\"field\":\"roles\",\"value\":\"admin\",\"until\":\"1d\",\"reason\":\"for a day\"}";
            assertThat(other.api("POST", "/dead-letters/overrides", body).body().toString()).contains("make boss@acme.com organisation admin");
            Path mapping = files.mappings.resolve("lab.yaml");
            Path source = files.routes.resolve("lab.source.yaml");
            for (Path file : List.of(mapping, source)) {
                Files.move(file, files.folder.resolve(file.getFileName()));
            }
            other.activate();
            long number = other.count("select id from field_override");
            assertThat(other.api("POST", "/dead-letters/overrides/" + number + "/end", "{\"reason\":\"now\"}").body().get("detail").asText()).isEqualTo("there is no mappings/lab.yaml now, so its people stay as they are: put it back first");
            assertThat(other.api("POST", "/dead-letters/overrides", body).status()).isEqualTo(409);
            other.sql.update("update field_override set until = now()");
            other.bean(OverrideOperations.class).follow();
            assertThat(other.count("select count(*) from field_override where ended_at is null")).as("nobody has looked at him").isOne();
            Files.move(files.folder.resolve("lab.yaml"), mapping);
            Files.move(files.folder.resolve("lab.source.yaml"), source);
            other.activate();
            other.waitFor("select count(*) from field_override where ended_at is null", 0);
            assertThat(other.sql.queryForObject("select org_role from person where email = 'boss@acme.com'", String.class)).isEqualTo("member");
        }
    }

    @Test
    @Tag("real")
    void what_a_bridge_did_not_come_to_when_overrides_began_and_ended_is_done_after_its_restart() {
        BridgeFiles files = BridgeFiles.of("lab");
        List<String> database = TestDatabase.freshAddress();
        long number;
        try (TestBridge dies = TestBridge.start(database, files, files.folder, "bridge.look.every=3600000")) {
            dies.pushed("lab", "boss", "boss@acme.com");
            dies.pushed("lab", "worker", "worker@acme.com");
            dies.api("POST", "/dead-letters/overrides", "{\"source\":\"lab\",\"account\":\"boss\",\"field\":\"roles\",\"value\":\"admin\",\"until\":\"1d\",\"reason\":\"for a day\"}");
            assertThat(dies.sql.queryForObject("select org_role from person where email = 'boss@acme.com'", String.class)).isEqualTo("admin");
            number = dies.count("select id from field_override");
            dies.bean(Overrides.class).end(number, "ann", "it is over"); // and it dies before anything follows
            dies.bean(Overrides.class).put(new SourceName("lab"), dies.sql.queryForObject("select id from account where external_id = 'worker'", UUID.class), "displayName", "By Hand", "misspelt", Instant.now().plusSeconds(86_400), "ann");
        }
        try (TestBridge again = TestBridge.start(database, files, files.folder)) {
            again.waitFor("select count(*) from person where email = 'boss@acme.com' and org_role = 'member'", 1);
            again.waitFor("select count(*) from person where email = 'worker@acme.com' and display_name = 'By Hand'", 1);
            again.waitFor("select count(*) from field_override where id = " + number + " and ended_at is not null and ended_by = 'ann' and ended_why = 'it is over'", 1);
        }
    }

    @Test
    void whoever_has_left_is_not_brought_back_by_an_override() {
        String id = "left" + TestBridge.unique();
        bridge.scim("lab", "POST", "/Users", TestBridge.user(id, id + "@acme.com", true));
        bridge.scim("lab", "PUT", "/Users/" + scimId(id), TestBridge.user(id, id + "@acme.com", false));
        override(id, "displayName", "Back Again", "30d");
        assertThat(bridge.people("active")).doesNotContain(id + "@acme.com");
        assertThat(override(id, "active", "true", "30d").status()).isEqualTo(400);
        assertThat(override(id, "email", "no address", "30d").status()).isEqualTo(400);
        assertThat(override("nobody", "email", "a@acme.com", "30d").status()).isEqualTo(409);
        assertThat(override(id, "email", "a@acme.com", "2020-01-01").status()).isEqualTo(400);
    }

    @Test
    void a_source_of_which_too_much_fails_is_quarantined_until_somebody_has_looked() {
        String run = TestBridge.unique();
        for (int i = 0; i < 50; i++) {
            bridge.scim("lab", "POST", "/Users", TestBridge.user("q" + run + i, "q" + run + i + (i % 3 == 0 ? "@elsewhere.org" : "@acme.com"), true));
        }
        await("select count(*) from source_state where source = 'lab' and quarantined_at is not null");
        assertThat(bridge.api("GET", "/sources?name=lab", "").body().get("items").get(0).get("quarantineWhy").asText()).contains(" failed within 60 minutes");
        assertThat(bridge.health()).contains("quarantined\":[\"lab since ");
        FailureRates rates = bridge.bean(FailureRates.class);
        assertThat(rates.holdsBack(new io.identitybridge.model.SourceName("lab"))).as("it was not pulled within the hour").isEmpty();
        bridge.sql.update("insert into run (id, source, complete, status, actor, bridge, set_hash, ended_at) values (gen_random_uuid(), 'lab', true, 'done', 'clock', 'b', 'h', now())");
        assertThat(rates.holdsBack(new io.identitybridge.model.SourceName("lab")).orElseThrow()).startsWith("lab is quarantined (").endsWith("source resume lab ends that");
        assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("late" + run, "late" + run + "@acme.com", true)).status()).as("pushes are stored as ever").isEqualTo(201);
        bridge.api("POST", "/sources/lab/resume", "");
        TestBridge.pause(600);
        assertThat(bridge.count("select count(*) from source_state where source = 'lab' and quarantined_at is not null")).as("what was before does not count any more").isZero();
        bridge.sql.update("update source_state set rated_since = null where source = 'lab'");
        await("select count(*) from source_state where source = 'lab' and quarantined_at is not null");
        bridge.sql.update("update source_rate set minute = minute - interval '61 minutes'");
        await("select count(*) from audit where origin = 'quarantine' and changes[1] like 'quarantine of lab is over: 0 of 0 failed%'");
    }

    private static TestBridge.Answer override(String account, String field, String value, String until) {
        return bridge.api("POST", "/dead-letters/overrides", "{\"source\":\"lab\",\"account\":\"" + account + "\",\"field\":\"" + field + "\",\"value\":\"" + value + "\",\"until\":\"" + until + "\",\"reason\":\"his record is wrong\"}");
    }

    private static String scimId(String externalId) {
        return bridge.sql.queryForObject("select id::text from account where external_id = ?", String.class, externalId);
    }

    private static String shown(String id) {
        return bridge.sql.queryForObject("select display_name from person where email = ?", String.class, id + "@acme.com");
    }

    private static void await(String query) {
        for (int i = 0; i < 600 && bridge.count(query) == 0; i++) {
            TestBridge.pause(50);
        }
        assertThat(List.of(bridge.count(query))).as(query).isNotEqualTo(List.of(0L));
    }
}
