package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replay takes for true: the record that the letter holds, or what the IdP says now, asked for alone, or as a whole where that cannot be. */
class ReplayModesTest {
    private static final String BROKEN = "00ubroken";
    @TempDir
    static Path folder;
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(6, 3, 1), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s")
                .edit("lab.source.yaml", "  users:\n", "  kinds:\n    path: /groups\n    query: {limit: \"50\", filter: type eq \"OKTA_GROUP\"}\n    id: /id\n    on: /profile/kind\n  users:\n");
        Files.writeString(files.mappings.resolve("pushed.yaml"), Files.readString(files.mappings.resolve("lab.yaml")).replace("mapping: lab", "mapping: pushed"));
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret", "bridge.replay.every=100", "bridge.heal.every=3600000");
        bridge.sql.execute("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one' using errcode = '22023'; end $$");
        bridge.sql.execute("create trigger refuse before insert on account for each row when (new.external_id = '" + BROKEN + "') execute function refuse()");
        okta.company().add(BROKEN, "Bro", "Ken", "bro@acme.com");
        okta.company().join("00g00000001", BROKEN);
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @BeforeEach
    void nothingElseOpen() {
        bridge.sql.update("update dead_letter set status = 'discarded', closed_at = now() where status in ('open', 'retrying') and key <> ?", BROKEN);
    }

    @Test
    void the_original_of_a_record_that_could_not_be_kept_is_taken_in_without_the_idp() {
        assertThat(bridge.sql.queryForList("select cause || ' ' || status || ' ' || generation from dead_letter where key = ?", String.class, BROKEN)).containsExactly("BUG open 1");
        assertThat(bridge.people("active")).doesNotContain("bro@acme.com");
        bridge.sql.execute("drop trigger refuse on account");
        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/*", 0, 0, 0)));
        JsonNode job = replayed("{\"ids\":[" + bridge.count("select id from dead_letter where key = ? and status = 'open'", BROKEN) + "],\"mode\":\"original\"}");
        assertThat(job.get("closed").asInt()).as(job.toString()).isOne();
        okta.faults().set(List.of());
        assertThat(bridge.people("active")).contains("bro@acme.com");
        assertThat(bridge.sql.queryForObject("select pulled::text from account where external_id = ?", String.class, BROKEN)).contains("bro@acme.com");
    }

    @Test
    void an_original_takes_its_place_again_over_what_is_stored_of_that_moment() {
        String id = bridge.scim("lab", "POST", "/Users", "{\"externalId\":\"orig\",\"userName\":\"orig-user\",\"displayName\":\"Original Name\",\"active\":true}").body().get("id").asText();
        assertThat(bridge.sql.queryForList("select cause from dead_letter where key = 'orig' and sealed_record is not null", String.class)).as("no address").containsExactly("MAPPING_POISON");
        bridge.sql.update("update account set pushed = jsonb_set(pushed, '{displayName}', '\"Damaged\"') where id = ?::uuid", id);
        JsonNode job = replayed("{\"source\":\"lab\",\"cause\":\"MAPPING_POISON\",\"mode\":\"original\"}");
        assertThat(job.get("said")).as(job.toString()).isEmpty();
        assertThat(bridge.sql.queryForObject("select pushed::text from account where id = ?::uuid", String.class, id)).contains("Original Name").doesNotContain("Damaged");
        assertThat(job.get("open").asInt()).as("it has no address still").isOne();
        JsonNode again = replayed("{\"source\":\"lab\",\"cause\":\"MAPPING_POISON\",\"mode\":\"original\"}");
        assertThat(again.get("said")).as("the letter went on with what it has made: %s", again).isEmpty();
    }

    @Test
    void an_original_is_refused_in_plain_words_where_something_newer_came_and_where_none_is_kept() {
        String id = push("lab", "newer", "newer@elsewhere.org");
        bridge.sql.update("update account set version = version + 1 where id = ?::uuid", id);
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('lab', 'user', '00unever', 1, 'TARGET_POISON', 'map', 's', 'f', 'run:1', 'h')");
        JsonNode job = replayed("{\"source\":\"lab\",\"cause\":\"TARGET_POISON\",\"mode\":\"original\"}");
        assertThat(job.get("said").toString()).contains("something newer has come since, so its original is not applied; converge takes what is there now", "nothing of it is stored and its letter holds no record, so there is no original to apply; re-read asks the IdP");
        assertThat(job.get("open").asInt()).isEqualTo(2);
    }

    @Test
    void an_original_brings_nobody_back_who_is_gone_since() {
        String id = push("lab", "left", "left@elsewhere.org");
        long letter = bridge.count("select id from dead_letter where status = 'open' and key = 'left'");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        bridge.sql.update("update dead_letter set status = 'open', closed_at = null where id = ?", letter);
        replayed("{\"ids\":[" + letter + "],\"mode\":\"original\"}");
        assertThat(bridge.sql.queryForObject("select status || ': ' || why from dead_letter where id = ?", String.class, letter)).isEqualTo("superseded: whoever it is about is gone since");
        assertThat(bridge.count("select count(*) from account where external_id = 'left' and gone_at is null")).isZero();
    }

    @Test
    void people_and_groups_of_a_source_that_is_joined_are_read_again_by_one_pull_of_all_of_it() {
        String group = bridge.sql.queryForObject("select external_id from directory_group where pulled is not null order by 1 limit 1", String.class);
        String user = bridge.sql.queryForObject("select external_id from account where pulled is not null and external_id <> ? order by 1 limit 1", String.class, BROKEN);
        stale("directory_group", "group", group, "{record,profile,name}");
        stale("account", "user", user, "{record,profile,email}");
        long runs = bridge.count("select count(*) from run where complete");
        JsonNode job = replayed("{\"source\":\"lab\",\"q\":\"stale\",\"mode\":\"re-read\"}");
        assertThat(job.get("said").get(0).asText()).as(job.toString()).isEqualTo("all of lab was pulled, for its records cannot be asked for alone");
        assertThat(job.get("closed").asInt()).isEqualTo(2);
        assertThat(bridge.count("select count(*) from run where complete")).isEqualTo(runs + 1);
        assertThat(bridge.count("select count(*) from account where pulled::text like '%stale%'") + bridge.count("select count(*) from directory_group where pulled::text like '%stale%'")).isZero();
    }

    @Test
    void a_source_that_is_only_pushed_says_why_it_is_not_read_again_and_what_to_do() {
        push("pushed", "p1", "p1@elsewhere.org");
        JsonNode job = replayed("{\"source\":\"pushed\",\"mode\":\"re-read\"}");
        assertThat(job.get("said").get(0).asText()).startsWith("pushed was not read again: it is only pushed (there is no routes/pushed.source.yaml), and a bridge cannot ask for what is pushed. Have its IdP push them again")
                .endsWith("what is stored was converged");
        assertThat(job.get("open").asInt()).as("so the command ends with 1").isOne();
    }

    private static void stale(String table, String resource, String id, String field) {
        bridge.sql.update("update " + table + " set pulled = jsonb_set(pulled, ?::text[], '\"stale@elsewhere.org\"'), pulled_hash = '\\x00' where external_id = ?", field, id);
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) select 'lab', ?, ?, version, 'TARGET_POISON', 'plan', 'stale', 'f', 'run:1', 'h' from " + table + " where external_id = ?", resource, id, id);
    }

    private static String push(String source, String id, String email) {
        return bridge.scim(source, "POST", "/Users", TestBridge.user(id, email, true)).body().get("id").asText();
    }

    private static JsonNode replayed(String body) {
        TestBridge.Answer begun = bridge.api("POST", "/dead-letters/replays", body);
        assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
        JsonNode job = begun.body();
        for (int i = 0; i < 1_200 && job.get("status").asText().equals("running"); i++) {
            TestBridge.pause(50);
            job = bridge.api("GET", "/dead-letters/replays/" + begun.body().get("id").asLong(), "").body();
        }
        assertThat(job.get("status").asText()).as(job.toString()).isEqualTo("done");
        return job;
    }
}
