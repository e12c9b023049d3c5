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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters replayed by number, by cause and by filter: dry, against a draft, at a rate, by each mode, and how often. */
class ReplaysTest {
    @TempDir
    static Path folder;
    static BridgeFiles files;
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(4, 2, 1), "secret", 0);
        files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s").edit("lab.source.yaml", "type eq \"OKTA_GROUP\"}\n    id: /id\n", "type eq \"OKTA_GROUP\"}\n    id: /id\n    by-id: {path: \"/groups/${id}\", gone: [404]}\n");
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret", "bridge.replay.every=100", "bridge.heal.every=300");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @BeforeEach
    void nothingOpen() {
        bridge.sql.update("update dead_letter set status = 'discarded', closed_at = now() where status in ('open', 'retrying')");
    }

    @Test
    void a_dry_run_counts_by_cause_and_says_what_a_cap_would_leave() {
        pushed("dry", "elsewhere.org", 3);
        long before = bridge.count("select count(*) from replay_job");
        JsonNode dry = replays("{\"dryRun\":true,\"source\":\"lab\",\"most\":2}").body();
        assertThat(dry.get("letters").asInt()).isEqualTo(3);
        assertThat(dry.get("takes").asInt()).isEqualTo(2);
        assertThat(dry.get("causes").get(0).get("count").asInt()).isEqualTo(3);
        assertThat(replays("{\"dryRun\":true,\"source\":\"lab\",\"olderThan\":\"1h\"}").body().get("letters").asInt()).isZero();
        assertThat(replays("{\"source\":\"nobody\"}").status()).isEqualTo(409);
        assertThat(bridge.count("select count(*) from replay_job")).as("nothing was begun").isEqualTo(before);
    }

    @Test
    void a_draft_says_which_letters_pass_and_what_fails_and_touches_nothing() throws IOException {
        pushed("draft", "soon.org", 3);
        pushed("draft2", "never.org", 1);
        String draft = Files.readString(files.mappings.resolve("portkey.yaml")).replace("  acme-labs.io: exact", "  acme-labs.io: exact\n  soon.org: exact");
        TestBridge.Answer answer = replays("{\"draft\":{\"file\":\"portkey\",\"text\":" + quoted(draft) + "}}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().get("sentence").asText()).startsWith("with this file 3 of 4 letters pass, 1 fail: 1 with email");
        assertThat(open()).isEqualTo(4);
        assertThat(bridge.count("select count(*) from person where email like '%@soon.org'")).isZero();
        assertThat(replays("{\"draft\":{\"file\":\"portkey\",\"text\":\"organisatoin: x\"}}").status()).isEqualTo(422);
    }

    @Test
    void a_replay_keeps_to_its_rate_and_can_be_stopped() {
        pushed("rate", "elsewhere.org", 6);
        long job = replays("{\"source\":\"lab\",\"rate\":2}").body().get("id").asLong();
        await("select done >= 2 from replay_job where id = " + job);
        assertThat(bridge.api("POST", "/dead-letters/replays/" + job + "/stop", "").body().get("status").asText()).isEqualTo("stopped");
        long done = bridge.count("select done from replay_job where id = ?", job);
        assertThat(done).isLessThan(6);
        assertThat(bridge.api("POST", "/dead-letters/replays/" + job + "/stop", "").status()).isEqualTo(409);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where origin = ? order by id", String.class, "replay:" + job))
                .containsExactly("replay " + job + " begins (converge, 6 letters)", "replay " + job + " stopped (0 of 6 letters closed)");
    }

    @Test
    void a_replay_that_its_bridge_left_behind_is_brought_to_its_end_by_another() {
        pushed("left", "elsewhere.org", 3);
        bridge.sql.update("insert into replay_job (mode, source, actor, set_hash, last_id, at_id, total, done, lease_owner, lease_until)"
                + " select 'converge', 'lab', 'operator', 'h', max(id), min(id), 3, 1, 'a bridge that died', now() + interval '1 second' from dead_letter where status = 'open'");
        long job = bridge.count("select max(id) from replay_job");
        ended(job);
        assertThat(bridge.sql.queryForMap("select done, closed, skipped from replay_job where id = ?", job)).containsEntry("done", 3L).containsEntry("closed", 0L).containsEntry("skipped", 0L);
        assertThat(bridge.sql.queryForList("select replays from dead_letter where status = 'open' order by id", Integer.class)).as("the first one was tried before").containsExactly(0, 1, 1);
    }

    @Test
    @Tag("real")
    void a_replay_that_takes_longer_than_its_lease_stays_with_its_bridge() {
        pushed("slow", "elsewhere.org", 4);
        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.SLOW, "/users/*", 0, 0, 4_000)));
        long job = replays("{\"source\":\"lab\",\"mode\":\"re-read\"}").body().get("id").asLong();
        await("select lease_owner is not null from replay_job where id = " + job);
        bridge.sql.update("update replay_job set lease_until = now() where id = ?", job); // in place of two minutes
        await("select lease_until > now() + interval '1 minute' from replay_job where id = " + job);
        assertThat(bridge.sql.queryForMap("select status, done from replay_job where id = ?", job)).as("still at its first letters").containsEntry("status", "running").containsEntry("done", 0L);
        bridge.sql.update("update replay_job set lease_owner = 'a bridge that took it over', lease_until = now() + interval '4 seconds', at_id = last_id, done = 4 where id = ?", job);
        assertThat(ended(job).get("done").asInt()).as("whoever lost it brings it back to no earlier letter").isEqualTo(4);
        assertThat(bridge.sql.queryForList("select distinct replays from dead_letter where status = 'open'", Integer.class)).containsExactly(1);
        okta.faults().set(List.of());
    }

    @Test
    void a_letter_replayed_five_times_needs_a_person_and_then_an_explicit_word() {
        pushed("often", "elsewhere.org", 1);
        for (int i = 0; i < 5; i++) {
            ended(replays("{\"source\":\"lab\"}").body().get("id").asLong());
        }
        JsonNode sixth = ended(replays("{\"source\":\"lab\"}").body().get("id").asLong());
        assertThat(sixth.get("skipped").asInt()).isOne();
        assertThat(bridge.api("GET", "/dead-letters?needsHuman=true", "").body().get("total").asInt()).isOne();
        assertThat(replays("{\"source\":\"lab\",\"dryRun\":true}").body().get("needsHuman").asInt()).isOne();
        assertThat(ended(replays("{\"source\":\"lab\",\"force\":true}").body().get("id").asLong()).get("skipped").asInt()).isZero();
        assertThat(bridge.count("select replays from dead_letter where status = 'open'")).isEqualTo(6);
        assertThat(bridge.api("GET", "/dead-letters/" + bridge.count("select id from dead_letter where status = 'open'"), "").body().get("tries").size()).isEqualTo(7);
    }

    @Test
    void a_re_read_asks_the_idp_again_and_closes_what_is_right_there_by_now() {
        bridge.pull("lab");
        String id = bridge.sql.queryForObject("select external_id from account where pulled is not null order by 1 limit 1", String.class);
        bridge.sql.update("update account set pulled = jsonb_set(pulled, '{record,profile,email}', '\"stale@elsewhere.org\"') where external_id = ?", id);
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) select 'lab', 'user', ?, version, 'TARGET_POISON', 'plan', 's', 'f', 'run:1', 'h' from account where external_id = ?", id, id);
        JsonNode converged = ended(replays("{\"source\":\"lab\"}").body().get("id").asLong());
        assertThat(converged.get("closed").asInt()).as("what is stored is still wrong: " + converged).isZero();
        JsonNode read = ended(replays("{\"source\":\"lab\",\"mode\":\"re-read\"}").body().get("id").asLong());
        assertThat(read.get("closed").asInt()).as(read.toString()).isOne();
        assertThat(bridge.sql.queryForObject("select pulled::text from account where external_id = ?", String.class, id)).doesNotContain("stale@");
        assertThat(bridge.count("select count(*) from stage_record") + bridge.count("select count(*) from source_state where lease_owner is not null")).isZero();
    }

    @Test
    void a_re_read_asks_for_a_group_alone_and_leaves_its_members_as_they_are() {
        bridge.pull("lab");
        String id = bridge.sql.queryForObject("select external_id from directory_group where pulled is not null order by 1 limit 1", String.class);
        long members = bridge.count("select count(*) from group_member m join directory_group g on g.id = m.group_id where g.external_id = ? and m.removed_at is null", id);
        bridge.sql.update("update directory_group set pulled = jsonb_set(pulled, '{record,profile,name}', '\"ws-Stale-role-member\"') where external_id = ?", id);
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) select 'lab', 'group', ?, version, 'MAPPING_POISON', 'map', 's', 'f', 'run:1', 'h' from directory_group where external_id = ?", id, id);
        long runs = bridge.count("select count(*) from run");
        JsonNode read = ended(replays("{\"source\":\"lab\",\"resource\":\"group\",\"mode\":\"re-read\"}").body().get("id").asLong());
        assertThat(read.get("closed").asInt() + " " + read.get("said")).as(read.toString()).isEqualTo("1 []");
        assertThat(bridge.sql.queryForObject("select pulled::text from directory_group where external_id = ?", String.class, id)).doesNotContain("Stale");
        assertThat(bridge.count("select count(*) from run")).as("no pull was needed").isEqualTo(runs);
        assertThat(members).isPositive().isEqualTo(bridge.count("select count(*) from group_member m join directory_group g on g.id = m.group_id where g.external_id = ? and m.removed_at is null", id));
    }

    /** Found by trying it: who was only pushed, by an id that the IdP's own list does not have, was taken for gone. */
    @Test
    void a_re_read_takes_nobody_for_gone_whom_no_pull_ever_brought() {
        String id = pushed("stranger", "elsewhere.org", 1).getFirst();
        JsonNode job = ended(replays("{\"source\":\"lab\",\"mode\":\"re-read\"}").body().get("id").asLong());
        assertThat(job.get("said").get(0).asText()).startsWith("lab was not read again: it knows 1 of them by no such id, and no pull ever brought them: nothing is concluded from that");
        assertThat(bridge.count("select count(*) from account where id = ?::uuid and gone_at is null", id)).isOne();
        assertThat(open()).isOne();
    }

    @Test
    void an_original_is_applied_only_where_nothing_newer_has_come() {
        pushed("orig", "elsewhere.org", 1);
        bridge.sql.update("update dead_letter set generation = generation - 1 where status = 'open'");
        JsonNode job = ended(replays("{\"source\":\"lab\",\"mode\":\"original\"}").body().get("id").asLong());
        assertThat(job.get("said").get(0).asText()).contains("something newer has come since, so its original is not applied");
        assertThat(open()).isOne();
    }

    @Test
    void a_key_has_one_open_letter_however_often_it_fails_and_of_newer_states_only_the_last() {
        String id = pushed("one", "elsewhere.org", 1).getFirst();
        for (int i = 0; i < 3; i++) {
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"Name " + i + "\"}}]}");
        }
        assertThat(open()).isOne();
        assertThat(bridge.sql.queryForMap("select attempts, parked, generation - (select version from account where id = ?::uuid) as behind from dead_letter where status = 'open'", id))
                .containsEntry("attempts", 4).containsEntry("parked", 3).containsEntry("behind", 0L);
    }

    @Test
    void a_replay_about_somebody_gone_since_is_superseded() {
        String id = pushed("gone", "elsewhere.org", 1).getFirst();
        long letter = bridge.count("select id from dead_letter where status = 'open'");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        bridge.sql.update("update dead_letter set status = 'open', closed_at = null where id = ?", letter);
        ended(replays("{\"ids\":[" + letter + "]}").body().get("id").asLong());
        assertThat(bridge.sql.queryForObject("select status || ': ' || why from dead_letter where id = ?", String.class, letter)).isEqualTo("superseded: whoever it is about is gone since");
    }

    @Test
    void a_bug_is_tried_once_more_by_itself_and_is_then_what_it_turns_out_to_be() {
        pushed("bug", "elsewhere.org", 1);
        bridge.sql.update("update dead_letter set cause = 'BUG', last_at = now() - interval '2 minutes' where status = 'open'");
        await("select attempts = 2 and replays = 0 and cause <> 'BUG' from dead_letter where status = 'open'");
    }

    private static List<String> pushed(String name, String domain, int people) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            String unique = name + TestBridge.unique();
            ids.add(bridge.scim("lab", "POST", "/Users", TestBridge.user(unique, unique + "@" + domain, true)).body().get("id").asText());
        }
        return ids;
    }

    private static TestBridge.Answer replays(String body) {
        return bridge.api("POST", "/dead-letters/replays", body);
    }

    private static JsonNode ended(long job) {
        await("select status <> 'running' from replay_job where id = " + job);
        return bridge.api("GET", "/dead-letters/replays/" + job, "").body();
    }

    private static void await(String query) {
        for (int i = 0; i < 400 && !List.of(true).equals(bridge.sql.queryForList(query, Boolean.class)); i++) {
            TestBridge.pause(50);
        }
        assertThat(bridge.sql.queryForList(query, Boolean.class)).as(query + bridge.sql.queryForList("select * from replay_job")).containsExactly(true);
    }

    private static long open() {
        return bridge.count("select count(*) from dead_letter where status in ('open', 'retrying')");
    }

    private static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }
}
