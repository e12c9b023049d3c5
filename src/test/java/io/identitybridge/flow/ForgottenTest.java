package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import io.identitybridge.store.Retention;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Somebody who is gone is forgotten: no row of any table names him any more, and the audit still says what happened to whom. */
class ForgottenTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @AutoClose
    private static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    private final String name = TestBridge.unique();

    @Test
    void no_table_names_him_and_the_audit_stays_with_a_pseudonym() {
        String mail = "zelda.marker" + name + "@acme.com";
        String id = push("z" + name, mail, "Zelda Marker" + name);
        group("Sales " + name, id);
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"Zelda Q Marker" + name + "\",\"title\":\"x\"}}]}");
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"zelda2.marker" + name + "@acme.com\"},{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"zelda2.marker" + name + "@acme.com\"}]}");
        bridge.scim("lab", "GET", "/Users?filter=userName eq \"" + mail + "\"", "");
        push("o" + name, "other." + name + "@acme.com", "Otto");
        String twin = TestBridge.user("twin" + name, "zelda2.marker" + name + "@acme.com", true).replaceFirst("\"userName\":\"[^\"]*", "\"userName\":\"second" + name);
        assertThat(bridge.scim("lab", "POST", "/Users", twin).status()).isEqualTo(201); // a letter that names her, of an account of its own
        assertThat(bridge.count("select count(*) from dead_letter where key = 'twin" + name + "' and status = 'open'")).isOne();
        bridge.scim("lab", "DELETE", "/Users/" + id("twin" + name), "");
        hand("revoke", "other." + name + "@acme.com", "she wrote to Zelda2.Marker" + name + "@acme.com");
        bridge.sql.update("insert into field_override (account_id, source, field, value, reason, until, actor) values (?::uuid, 'lab', 'displayName', 'Override Marker' || ?, 'she asked', now() + interval '1 day', 'operator')", id, name);
        bridge.sql.update("insert into dead_letter_attempt (letter_id, n, cause, said, origin) select id, 99, 'AMBIGUOUS', 'zelda2.marker' || ? || '@acme.com', 'push' from dead_letter where key = 'twin' || ?", name, name);
        assertThat(refused("zelda2.marker" + name + "@acme.com")).contains("he is active");
        bridge.sql.update("insert into field_override (account_id, source, field, value, reason, until, actor, ended_at, ended_by, ended_why) values (?::uuid, 'lab', 'displayName', 'Otto', 'so', now(), 'operator', now(), 'operator', 'asked by zelda2.marker' || ? || '@acme.com')", id("o" + name), name);
        bridge.sql.update("update dead_letter set assigned_to = 'zelda2.marker' || ? || '@acme.com' where key = 'twin' || ?", name, name);
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        String she = person(id);
        bridge.sql.update("insert into target_left (user_id, person_id, places) values (?, ?::uuid, '{a}')", "u" + name, she);
        bridge.sql.update("insert into target_had (user_id, place) values (?, 'b')", "u" + name);
        bridge.sql.update("insert into target_gone (email_folded, workspace, owner, at) values ('zelda2.marker' || ? || '@acme.com', 7, 'managed', now())", name); // a row of hers, taken out a moment ago
        JsonNode job = bridge.api("POST", "/dead-letters/replays", "{\"q\":\"twin" + name + "\"}").body();
        bridge.sql.update("update replay_job set q = 'zelda2.marker' || ? || '@acme.com' where id = ?", name, job.path("id").asLong());
        bridge.sql.update("update audit set lost = array['displayName', 'Zelda of old, Marker' || ?, 'okta', 'of several sources the first by name is heard'] where person_id = ?::uuid", name, she);
        bridge.sql.update("update audit set lost = array['email', 'zelda2.marker' || ? || '@acme.com', 'okta', 'that account is not in: left'] where person_id = ?::uuid", name, person(id("o" + name)));
        bridge.sql.update("insert into target_person (email, email_folded, user_id, org_role, owner, asked_at) values ('Zelda2', 'zelda2.marker' || ? || '@acme.com', 'o1', 'owner', 'protected', now())", name);
        assertThat(refused("zelda2.marker" + name + "@acme.com")).as("an owner there is nobody's here").contains("Portkey has him as a member still");
        bridge.sql.update("delete from target_person where user_id = 'o1'");
        List<String> done = hand("forget", "zelda2.marker" + name + "@acme.com", "asked for by zelda2.marker" + name + "@acme.com");
        String pseudonym = "person:" + she.substring(0, 8);
        assertThat(done.getFirst()).startsWith("forget " + pseudonym + ": 2 accounts, 1 letters, ");
        assertThat(done.getLast()).contains("not destroyed: backups");
        assertThat(holding("marker" + name)).isEmpty();
        assertThat(bridge.count("select (select count(*) from target_left) + (select count(*) from target_had)")).isZero();
        List<String> audit = bridge.sql.queryForList("select unnest(changes) from audit where person_id = ?::uuid order by id", String.class, she);
        assertThat(audit).contains("create user " + pseudonym, "add " + pseudonym + " to Sales " + name + " as member", "rename user " + pseudonym + " to " + pseudonym,
                "update user " + pseudonym + ": displayName \"...\" -> \"...\"", "archive user " + pseudonym, "forget " + pseudonym + ": asked for by " + pseudonym);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit", String.class)).anyMatch(what -> what.startsWith("revoke other." + name) && what.endsWith("she wrote to " + pseudonym));
        JsonNode letter = bridge.api("GET", "/dead-letters?key=twin" + name, "").body().at("/items/0");
        assertThat(letter.get("forgotten").asText()).matches("\\d{4}-\\d\\d-\\d\\d");
        assertThat(letter.get("sentence").asText()).contains("forgotten on " + letter.get("forgotten").asText());
        assertThat(hand("forget", "zelda2.marker" + name + "@acme.com", "again")).first().asString().startsWith("nothing is held of");
    }

    @Test
    void who_is_only_disabled_where_he_was_pushed_is_forgotten_and_may_come_back_as_somebody_new() {
        String mail = "back." + name + "@acme.com";
        String id = push("b" + name, mail, "Back");
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        String before = person(id);
        hand("forget", mail, "asked for");
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(404);
        push("b" + name, mail, "Back");
        assertThat(bridge.people("active")).contains(mail);
        assertThat(bridge.sql.queryForList("select id::text from person where email_folded = ?", String.class, mail)).hasSize(1).doesNotContain(before);
    }

    @Test
    void who_was_revoked_stays_so_by_the_hash_of_his_address() {
        String mail = "bad." + name + "@acme.com";
        String id = push("r" + name, mail, "Bad");
        hand("revoke", mail, "dismissed");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        String person = person(id);
        hand("forget", mail, "asked for");
        assertThat(holding(mail)).isEmpty();
        push("r2" + name, mail, "Bad");
        assertThat(bridge.people("active")).doesNotContain(mail);
        assertThat(bridge.api("GET", "/dead-letters?key=r2" + name, "").body().at("/items/0/sentence").asText()).contains("'" + mail + "' is the address of somebody whom an operator has revoked");
        hand("lift", person, "taken back");
        bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + bridge.count("select id from dead_letter where key = 'r2" + name + "' and status = 'open'") + "]}");
        assertThat(bridge.people("active")).contains(mail);
    }

    @Test
    void an_address_that_is_somebody_elses_by_now_stays_his() {
        String mail = "shared." + name + "@acme.com";
        String id = push("s1" + name, mail, "First");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        String old = person(id);
        push("s2" + name, mail, "Second");
        assertThat(hand("forget", old, "asked for").getFirst()).startsWith("forget person:" + old.substring(0, 8));
        assertThat(bridge.people("active")).contains(mail);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where person_id <> ?::uuid", String.class, old)).contains("create user " + mail);
        assertThat(bridge.sql.queryForList("select unnest(changes) from audit where person_id = ?::uuid", String.class, old)).noneMatch(what -> what.contains(mail));
    }

    @Test
    void a_letter_about_somebody_whose_id_is_his_address_is_filed_under_a_hash_found_by_it_and_closed_like_any() {
        String mail = "Idris.marker" + name + "@elsewhere.org";
        String id = push(mail, mail, "Idris");
        List<String> rows = bridge.sql.queryForList("select d::text from dead_letter d where status = 'open' and record_id = ?::uuid", String.class, id);
        assertThat(rows).hasSize(1).noneMatch(row -> row.toLowerCase(Locale.ROOT).contains("marker" + name));
        JsonNode found = bridge.api("GET", "/dead-letters?key=" + mail, "").body().at("/items/0");
        assertThat(found.get("key").asText()).matches("hash:[0-9a-f]{32}");
        assertThat(found.get("sentence").asText()).contains(mail);
        for (String by : List.of("key=" + found.get("key").asText(), "person=" + mail.toLowerCase(Locale.ROOT))) {
            assertThat(bridge.api("GET", "/dead-letters?" + by, "").body().at("/items/0/id")).as(by).isEqualTo(found.get("id"));
        }
        bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + found.get("id") + "]}");
        assertThat(bridge.count("select attempts from dead_letter where id = ?", found.get("id").asLong())).as("tried, and its domain is still nobody's").isEqualTo(2);
        push(mail.replace("Idris", "other"), mail.replace("Idris", "other"), "Other");
        String better = mail.replace("elsewhere.org", "acme.com");
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"" + better + "\"},{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"" + better + "\"}]}");
        assertThat(bridge.sql.queryForObject("select status from dead_letter where id = ?", String.class, found.get("id").asLong())).isEqualTo("superseded");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        hand("forget", better, "asked for");
        assertThat(holding("idris.marker" + name)).isEmpty();
        assertThat(bridge.sql.queryForObject("select key from dead_letter where id = ?", String.class, found.get("id").asLong())).startsWith("person:");
    }

    @Test
    void an_override_goes_with_him_whose_account_has_gone_long_before() {
        String mail = "ella.marker" + name + "@acme.com";
        String id = push("e" + name, mail, "Ella");
        assertThat(bridge.api("POST", "/dead-letters/overrides", "{\"source\":\"lab\",\"account\":\"" + id + "\",\"field\":\"displayName\",\"value\":\"Ella Override Marker" + name + "\",\"until\":\"1d\",\"reason\":\"she asked\"}").status()).isEqualTo(200);
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        bridge.sql.update("update field_override set until = now(), ended_at = now() where account_id = ?::uuid", id);
        String she = person(id);
        bridge.sql.update("update account set gone_at = now() - interval '46 days' where id = ?::uuid", id);
        bridge.bean(Retention.class).run();
        assertThat(bridge.count("select count(*) from account where id = ?::uuid", id)).isZero();
        hand("forget", she, "asked for");
        assertThat(holding("marker" + name)).isEmpty();
    }

    @Test
    void what_operators_wrote_of_him_in_their_reasons_goes() {
        String mail = "rita.marker" + name + "@acme.com";
        String id = push("ri" + name, mail, "Rita");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        bridge.sql.update("insert into target (kind, address, database, mode_why) values ('portkey-scim', 'https://portkey', 'x', 'observe: ' || ? || ' was removed there')", mail);
        bridge.sql.update("insert into run (id, source, complete, status, actor, bridge, set_hash, ended_at, accepted) values (gen_random_uuid(), 'gone', true, 'done', 'operator', 'b', 'x', now(), 'all left with ' || ?)", mail);
        hand("forget", mail, "asked for");
        assertThat(holding("marker" + name)).isEmpty();
        bridge.sql.update("delete from target");
    }

    @Test
    void nothing_is_held_of_whom_nobody_knows() {
        assertThat(hand("forget", "nobody." + name + "@acme.com", "asked for")).first().asString().startsWith("nothing is held of");
    }

    /** The tables of which a row says this. */
    private static List<String> holding(String text) {
        List<String> holding = new ArrayList<>();
        UUID last = UUID.randomUUID();
        bridge.scim("lab", "GET", "/Users/" + last, "");
        bridge.waitFor("select count(*) from request_log where resource_id = '" + last + "'", 1); // it is written twice a second, in order
        for (String table : bridge.sql.queryForList("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'", String.class)) {
            bridge.sql.queryForList("select t::text from \"" + table + "\" t where lower(t::text) like ?", String.class, "%" + text.toLowerCase(Locale.ROOT) + "%").forEach(row -> holding.add(table + ": " + row));
        }
        return holding;
    }

    private static String push(String externalId, String mail, String displayName) {
        String user = TestBridge.user(externalId, mail, true).replaceFirst("\"active\"", "\"displayName\":\"" + displayName + "\",\"active\"");
        Answer answer = bridge.scim("lab", "POST", "/Users", user);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static void group(String workspace, String member) {
        assertThat(bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + "-role-member\",\"members\":[{\"value\":\"" + member + "\",\"display\":\"x\"}]}").status()).isEqualTo(201);
    }

    private static String id(String externalId) {
        return bridge.sql.queryForObject("select id::text from account where external_id = ?", String.class, externalId);
    }

    private static String person(String account) {
        return bridge.sql.queryForObject("select person_id::text from link where account_id = ?::uuid", String.class, account);
    }

    private static List<String> hand(String word, String person, String reason) {
        Answer answer = bridge.api("POST", "/" + word, "{\"person\":\"" + person + "\",\"reason\":\"" + reason + "\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        List<String> said = new ArrayList<>();
        answer.body().get("done").forEach(sentence -> said.add(sentence.asText()));
        return said;
    }

    private static String refused(String person) {
        Answer answer = bridge.api("POST", "/forget", "{\"person\":\"" + person + "\",\"reason\":\"asked for\"}");
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        return answer.body().get("detail").asText();
    }
}
