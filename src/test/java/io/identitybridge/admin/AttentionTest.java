package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What makes an operator look: health, log and meters. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class AttentionTest {
    @TempDir
    Path data;
    AdminServer bridge;

    @BeforeEach
    void start() {
        bridge = AdminServer.start(data);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void a_bridge_with_nothing_open_is_up() {
        assertThat(health("").get("status").asText()).isEqualTo("UP");
    }

    @Test
    void a_held_plan_asks_for_attention_while_the_bridge_stays_alive() {
        SomePeople.write(bridge.sql, bridge.seals);
        AdminServer.Answer answer = bridge.get("/actuator/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("status").asText()).isEqualTo("ATTENTION");
        assertThat(answer.json().get("components").get("plans").get("details").get("held").get(0).asText()).startsWith("plan 1 of okta: 2 lines");
        assertThat(answer.json().get("components").get("letters").get("details").get("open").asInt()).isEqualTo(3);
        assertThat(health("/liveness").get("status").asText()).isEqualTo("UP");
        assertThat(health("/readiness").get("status").asText()).isEqualTo("UP");
    }

    @Test
    void a_failed_run_asks_for_attention_until_the_next_one_is_done() {
        bridge.sql.update("insert into source_state (source) values ('okta')");
        run("failed", "2026-11-01T10:00Z");
        assertThat(component("sources").get("status").asText()).isEqualTo("ATTENTION");
        run("done", "2026-11-01T11:00Z");
        assertThat(component("sources").get("status").asText()).isEqualTo("UP");
    }

    @Test
    void what_needs_a_person_now_is_down_and_the_bridge_stays_alive_and_ready() {
        assertThat(health("").get("status").asText()).isEqualTo("UP");
        down("plans", "insert into plan (source, cause, set_hash, created_at) values ('okta', 'run:x', 'h', now() - interval '3 hours')", "update plan set created_at = now() - interval '5 hours'", "delete from plan", "ATTENTION");
        down("leavers", "insert into outbox (kind, key, leaver, since) values ('person', gen_random_uuid(), true, now() - interval '14 minutes')", "update outbox set since = now() - interval '16 minutes'", "delete from outbox", "UP");
        down("credentials", "insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.example', 'd')", "update target set stopped_at = now(), stopped_why = 'HTTP 401'", "delete from target", "UP");
        down("letters", letter("BUG"), letter("AUTH"), "delete from dead_letter", "UP");
        bridge.parts.add(new Situation.Part("pull", "okta", true, "by the clock", List.of()));
        bridge.intervals.put(new SourceName("okta"), Duration.ofHours(1));
        bridge.sql.update("insert into source_state (source) values ('okta')");
        down("sources", "insert into run (id, source, complete, status, actor, bridge, set_hash, started_at, ended_at) values (gen_random_uuid(), 'okta', true, 'done', 'system', 'b', 'h', now(), now() - interval '2 hours')",
                "update run set ended_at = now() - interval '4 hours'", "update run set ended_at = now()", "UP");
        down("credentials", "update run set status = 'failed', message = 'users: page 1: HTTP 503'", "update run set message = 'users: page 1: HTTP 401'", "update run set status = 'done'", "UP");
        bridge.context.getBean(MeterRegistry.class).counter("bridge.dead.letter.store.failures").increment();
        assertThat(component("letters").get("status").asText()).isEqualTo("DOWN");
    }

    /** Asks for attention at most, is down, and is over. */
    private void down(String name, String before, String then, String over, String status) {
        bridge.sql.update(before);
        assertThat(component(name).get("status").asText()).as(before).isEqualTo(status);
        bridge.sql.update(then);
        AdminServer.Answer answer = bridge.get("/actuator/health");
        assertThat(answer.json().get("components").get(name).get("status").asText() + " " + answer.status()).as(then).isEqualTo("DOWN 503");
        assertThat(bridge.get("/actuator/health/liveness").status() + " " + bridge.get("/actuator/health/readiness").status()).isEqualTo("200 200");
        bridge.sql.update(over);
        assertThat(component(name).get("status").asText()).as(over).isEqualTo("UP");
    }

    private static String letter(String cause) {
        return "insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('okta', 'user', '%s', 1, '%s', 'map', 's', 'f', 'run:x', 'h')".formatted(cause, cause);
    }

    @Test
    void a_source_that_pulled_before_and_lost_a_setting_is_down() {
        bridge.parts.add(new Situation.Part("pull", "okta", false, "off", List.of("OKTA_TOKEN")));
        assertThat(component("sources").get("status").asText()).isEqualTo("UP");
        bridge.sql.update("insert into source_state (source, pulled_before) values ('okta', true)");
        assertThat(component("sources").get("status").asText()).isEqualTo("DOWN");
        assertThat(component("sources").toString()).contains("okta lacks OKTA_TOKEN");
    }

    @Test
    void a_portkey_that_only_leavers_go_on_to_and_a_bare_key_ask_for_attention() {
        bridge.sql.update("insert into target (kind, address, database, quarantined_at, quarantine_why) values ('portkey-admin-api', 'https://portkey.example', 'd', now(), '30 of 60 failed')");
        assertThat(component("sources").get("status").asText()).isEqualTo("ATTENTION");
        assertThat(component("sources").toString()).contains("portkey since ", ": 30 of 60 failed");
        bridge.sql.update("delete from target");
        bridge.sql.update("insert into bridge_key (salt, key, bare) values ('\\x00', '\\x00', true) on conflict (id) do update set bare = true");
        assertThat(component("secret").get("status").asText()).isEqualTo("ATTENTION");
        assertThat(component("secret").toString()).contains("BRIDGE_SECRET_FILE");
        bridge.sql.update("update bridge_key set bare = false");
        assertThat(component("secret").get("status").asText()).isEqualTo("UP");
    }

    @Test
    void faulty_files_ask_for_attention() {
        bridge.faults.add(new FileFault("mappings/okta.yaml", 3, 5, "unknown key 'usre'", "did you mean 'user'?"));
        assertThat(component("files").get("status").asText()).isEqualTo("ATTENTION");
        assertThat(component("files").toString()).contains("mappings/okta.yaml:3:5: unknown key 'usre'");
    }

    @Test
    void a_held_plan_is_logged_once(CapturedOutput log) {
        SomePeople.write(bridge.sql, bridge.seals);
        PlanAlarm alarm = bridge.context.getBean(PlanAlarm.class);
        alarm.look();
        alarm.look();
        assertThat(log.getAll().split("plan 1 of okta holds 2 changes", -1)).hasSize(2);
        assertThat(log.getAll()).contains("WARN", "archive: 6 of 10 in 24 hours, at most 5", "bridge approve 1").doesNotContain("bob@acme.com");
    }

    @Test
    void meters_count_what_is_open_at_the_moment_of_asking() {
        SomePeople.write(bridge.sql, bridge.seals);
        String meters = bridge.get("/actuator/prometheus").text();
        assertThat(meters).contains("bridge_plan_pending 1.0", "bridge_dead_letters_open{class=\"MAPPING_POISON\",resource=\"user\",source=\"okta\"} 3.0")
                .containsPattern("bridge_plan_oldest_age_seconds \\d").contains("bridge_reconcile_last_success_timestamp_seconds{source=\"okta\"} 1.7");
        bridge.sql.update("update dead_letter set status = 'resolved'");
        bridge.sql.update("update plan set status = 'closed'");
        assertThat(bridge.get("/actuator/prometheus").text()).contains("bridge_plan_pending 0.0").doesNotContain("bridge_dead_letters_open{");
    }

    private void run(String status, String at) {
        bridge.sql.update("insert into run (id, source, complete, status, actor, bridge, set_hash, started_at, ended_at, message) values (gen_random_uuid(), 'okta', true, ?, 'system', 'b', 'h', ?::timestamptz, ?::timestamptz, 'page 3: 503')", status, at, at);
    }

    private JsonNode component(String name) {
        return health("").get("components").get(name);
    }

    private JsonNode health(String group) {
        return bridge.get("/actuator/health" + group).json();
    }
}
