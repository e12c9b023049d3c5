package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Controls;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class AdminApiTest {
    @TempDir
    static Path data;
    @AutoClose
    static AdminServer bridge;

    @BeforeAll
    static void start() {
        bridge = AdminServer.withSomePeople(data);
    }

    @BeforeEach
    void forget() {
        bridge.controls.forget();
    }

    @Test
    void members_have_the_shape_of_the_contract() {
        JsonNode list = bridge.get("/api/members?status=active").json();
        assertThat(list.get("total").asInt()).isEqualTo(1);
        assertThat(list.get("next").isNull()).isTrue();
        JsonNode ada = list.get("items").get(0);
        assertThat(ada.get("id").asText()).isEqualTo(SomePeople.ADA.toString());
        assertThat(ada.get("email").asText()).isEqualTo("Ada@acme.com");
        assertThat(List.of(ada.get("userName").asText(), ada.get("displayName").asText(), ada.get("role").asText(), ada.get("status").asText()))
                .containsExactly("Ada@acme.com", "Ada", "member", "active");
        assertThat(ada.get("createdAt").asText()).isEqualTo("2026-11-01T10:00:00Z");
    }

    @Test
    void a_filter_finds_an_email_in_any_case_and_q_finds_a_part() {
        assertThat(total("/api/members?email=ADA@acme.COM")).isEqualTo(1);
        assertThat(total("/api/members?q=grac")).isEqualTo(1);
        assertThat(total("/api/members?q=%25")).isZero();
        assertThat(total("/api/members?workspace=sales&source=okta")).isEqualTo(1);
    }

    @Test
    void pages_follow_each_other_without_a_gap_or_a_repetition() {
        List<String> seen = new ArrayList<>();
        String path = "/api/dead-letters?limit=1";
        for (JsonNode page = bridge.get(path).json(); ; page = bridge.get(path + "&cursor=" + page.get("next").asText()).json()) {
            assertThat(page.get("total").asInt()).isEqualTo(3);
            page.get("items").forEach(letter -> seen.add(letter.get("key").asText()));
            if (page.get("next").isNull()) {
                break;
            }
        }
        assertThat(seen).containsExactly("u5", "u4", "u3");
    }

    @Test
    void a_limit_over_500_gives_500_and_one_that_is_no_number_is_refused() {
        assertThat(bridge.get("/api/members?limit=100000").status()).isEqualTo(200);
        for (String limit : List.of("0", "-1", "many", "99999999999")) {
            assertThat(problem(bridge.get("/api/members?limit=" + limit), 400)).contains("limit is a number from 1 to 500");
        }
    }

    @Test
    void an_unknown_parameter_is_refused_with_those_there_are() {
        assertThat(problem(bridge.get("/api/members?stauts=active"), 400)).contains("unknown parameter 'stauts'", "status", "cursor");
    }

    @Test
    void a_status_that_is_none_is_refused_and_does_not_read_as_nothing_there() {
        assertThat(problem(bridge.get("/api/dead-letters?status=opne"), 400)).contains("no status is called 'opne'; there are open, retrying, resolved, superseded, discarded, expired");
        for (String list : List.of("plans", "runs", "members", "workspaces", "dead-letters/replays")) {
            assertThat(problem(bridge.get("/api/" + list + "?status=opne"), 400)).as(list).contains("no status is called 'opne'; there are ");
        }
        assertThat(bridge.get("/api/dead-letters?status=open,resolved").status()).isEqualTo(200);
    }

    @Test
    void a_cursor_of_another_list_or_of_no_list_is_refused() {
        String cursor = bridge.get("/api/dead-letters?limit=1").json().get("next").asText();
        assertThat(problem(bridge.get("/api/members?cursor=" + cursor), 400)).contains("cursor");
        assertThat(problem(bridge.get("/api/members?cursor=zzz!"), 400)).contains("cursor");
    }

    @Test
    void a_filter_value_of_the_wrong_kind_is_refused() {
        assertThat(problem(bridge.get("/api/members?id=nobody"), 400)).contains("wrong kind");
        assertThat(bridge.get("/api/runs/nobody").status()).isEqualTo(400);
    }

    @Test
    void a_workspace_shows_its_members_with_every_grant() {
        JsonNode sales = bridge.get("/api/workspaces?name=SALES").json().get("items").get(0);
        assertThat(sales.get("members").asInt()).isEqualTo(1);
        JsonNode ada = bridge.get("/api/workspaces/" + sales.get("id").asText() + "/members").json().get("items").get(0);
        assertThat(ada.get("role").asText()).isEqualTo("admin");
        assertThat(ada.get("grants")).hasSize(2);
        assertThat(ada.get("grants").get(0).get("reason").asText()).isEqualTo("group:" + SomePeople.GROUP);
        assertThat(ada.get("grants").get(0).get("group").asText()).isEqualTo("ws-Sales-role-admin");
        assertThat(ada.get("grants").get(1).get("rule").asText()).isEqualTo("mappings/okta.yaml:31");
        assertThat(problem(bridge.get("/api/workspaces/" + SomePeople.ADA + "/members"), 404)).contains("no workspace");
    }

    @Test
    void explain_names_grant_rule_and_run_of_each_role() {
        JsonNode ada = bridge.get("/api/explain?person=ada@acme.com").json();
        assertThat(ada.get("provisioned").asBoolean()).isTrue();
        JsonNode role = ada.get("roles").get(0);
        assertThat(role.get("workspace").asText()).isEqualTo("Sales");
        assertThat(role.get("origin").asText()).isEqualTo("run:" + SomePeople.RUN);
        assertThat(role.get("grants").get(0).get("rule").asText()).isEqualTo("mappings/okta.yaml:26");
    }

    @Test
    void explain_says_why_somebody_is_not_provisioned() {
        JsonNode bob = bridge.get("/api/explain?person=BOB@acme.com").json();
        assertThat(bob.get("provisioned").asBoolean()).isFalse();
        assertThat(texts(bob.get("why"))).anyMatch(why -> why.contains("not a member"))
                .anyMatch(why -> why.contains("dead letter 1: user u3: email"))
                .anyMatch(why -> why.contains("plan 1 holds line 1"));
        assertThat(texts(bridge.get("/api/explain?person=grace@acme.com").json().get("why"))).anyMatch(why -> why.contains("archived since"))
                .anyMatch(why -> why.contains("okta is disabled there"));
        assertThat(problem(bridge.get("/api/explain?person=nobody@acme.com"), 404)).contains("no source has told of");
        assertThat(problem(bridge.get("/api/explain"), 400)).contains("person=EMAIL");
    }

    @Test
    void letters_are_grouped_by_their_cause_the_commonest_first() {
        JsonNode groups = bridge.get("/api/dead-letters?group=true").json();
        assertThat(groups.get("total").asInt()).isEqualTo(2);
        assertThat(groups.get("items").get(0).get("count").asInt()).isEqualTo(2);
        JsonNode letter = bridge.get("/api/dead-letters/1").json();
        assertThat(letter.get("record").get("login").asText()).isEqualTo("b");
        assertThat(texts(letter.get("unknown"))).containsExactly("phone");
    }

    @Test
    void letters_are_replayed_by_number_or_by_cause() {
        assertThat(bridge.post("/api/dead-letters/replay", "{\"ids\": [3, 1]}").status()).isEqualTo(200);
        assertThat(bridge.post("/api/dead-letters/replay", "{\"fingerprint\": \"MAPPING_POISON|user|email|no value\"}").status()).isEqualTo(200);
        assertThat(problem(bridge.get("/api/dead-letters/x"), 400)).isEqualTo("'x' is no number");
        assertThat(bridge.controls.told).containsExactly("replay [1, 3] by operator", "replay [1, 2] by operator");
        assertThat(problem(bridge.post("/api/dead-letters/replay", "{\"ids\": [99]}"), 409)).contains("no open letter has the number 99");
        assertThat(problem(bridge.post("/api/dead-letters/replay", "{}"), 400)).contains("'ids'");
    }

    @Test
    void a_discarded_letter_is_closed_with_its_reason_and_audited() {
        bridge.sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('lab', 'user', 'x', 1, 'BUG', 'map', 'user x: no', 'f', 'run:1', 'h1')");
        long id = bridge.get("/api/dead-letters?source=lab").json().get("items").get(0).get("id").asLong();
        assertThat(problem(bridge.post("/api/dead-letters/discard", "{\"ids\": [" + id + "]}"), 400)).contains("'reason'");
        assertThat(bridge.post("/api/dead-letters/discard", "{\"ids\": [" + id + "], \"reason\": \"a test person\"}").status()).isEqualTo(200);
        assertThat(bridge.get("/api/dead-letters/" + id).json().get("why").asText()).isEqualTo("a test person");
        assertThat(bridge.get("/api/audit?origin=letter:" + id).json().get("items").get(0).get("changes").get(0).asText())
                .isEqualTo("discard letter " + id + " (user x: no): a test person");
        bridge.sql.update("delete from dead_letter where id = ?", id);
    }

    @Test
    void a_plan_is_approved_by_the_hash_of_what_was_shown() {
        JsonNode plan = bridge.get("/api/plans/1").json();
        assertThat(plan.get("lines").get("total").asInt()).isEqualTo(2);
        assertThat(plan.get("lines").get("items").get(0).get("sentence").asText()).isEqualTo("archive user bob@acme.com");
        String hash = plan.get("hash").asText();
        assertThat(hash).matches("[0-9a-f]{32,}");
        assertThat(bridge.post("/api/plans/1/approve", "{\"only\": [1], \"hash\": \"" + hash + "\"}").status()).isEqualTo(200);
        assertThat(bridge.post("/api/plans/1/reject", "{\"reason\": \"a mistake\"}").status()).isEqualTo(200);
        assertThat(bridge.controls.told).containsExactly("approve 1 [1] of " + hash + " by operator", "reject 1 [] by operator: a mistake");
        assertThat(problem(bridge.post("/api/plans/77/approve", "{}"), 404)).contains("no plan 77");
    }

    @Test
    void the_hash_of_a_plan_changes_with_what_it_holds() {
        String before = bridge.get("/api/plans/1").json().get("hash").asText();
        bridge.sql.update("update plan_line set status = 'stale' where plan_id = 1 and n = 2");
        assertThat(bridge.get("/api/plans/1").json().get("hash").asText()).isNotEqualTo(before);
        bridge.sql.update("update plan_line set status = 'held' where plan_id = 1 and n = 2");
        assertThat(bridge.get("/api/plans/1").json().get("hash").asText()).isEqualTo(before);
    }

    @Test
    void a_misspelt_or_empty_only_approves_nothing() {
        assertThat(problem(bridge.post("/api/plans/1/approve", "{\"onyl\": [1]}"), 400)).contains("unknown field 'onyl'");
        assertThat(problem(bridge.post("/api/plans/1/approve", "{\"only\": []}"), 400)).contains("leave it out");
        assertThat(problem(bridge.post("/api/plans/1/approve", "[1]"), 400)).contains("JSON object");
        assertThat(bridge.controls.told).isEmpty();
    }

    @Test
    void a_pull_is_started_and_answered_with_its_run() {
        AdminServer.Answer answer = bridge.post("/api/sources/okta/runs", "{\"full\": true}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("run").asText()).isEqualTo(RecordingControls.RUN.toString());
        assertThat(bridge.get("/api/runs/" + RecordingControls.RUN).json().get("seen").get("users").asInt()).isEqualTo(3);
        assertThat(bridge.post("/api/sources/okta/runs", "").status()).isEqualTo(202);
        assertThat(bridge.controls.told).containsExactly("pull okta full by operator", "pull okta by operator");
        assertThat(total("/api/sources/lab/runs")).isZero();
    }

    @Test
    void what_the_flow_refuses_is_a_conflict_in_its_words() {
        bridge.controls.refusal = Optional.of("okta is paused");
        assertThat(problem(bridge.post("/api/sources/okta/runs", "{}"), 409)).isEqualTo("okta is paused");
    }

    @Test
    void an_unknown_source_is_not_found_whatever_is_asked_of_it() {
        for (String path : List.of("runs", "tokens", "pause", "preview", "release")) {
            assertThat(problem(bridge.post("/api/sources/nosuch/" + path, "{}"), 404)).contains("no source 'nosuch'", "okta");
        }
    }

    @Test
    void a_source_is_paused_resumed_released_and_previewed() {
        bridge.controls.preview = new Controls.Preview(List.of("create user bob@acme.com"), List.of(), List.of(), 1);
        assertThat(bridge.post("/api/sources/okta/preview", "{\"mapping\": \"source: okta\"}").json().get("lines").get(0).asText()).isEqualTo("create user bob@acme.com");
        assertThat(bridge.post("/api/sources/okta/pause", "").json().get("paused").asBoolean()).isTrue();
        assertThat(bridge.post("/api/sources/okta/resume", "").json().get("paused").asBoolean()).isFalse();
        assertThat(bridge.post("/api/sources/okta/release", "").json().get("result").asText()).contains("plan 9");
        assertThat(bridge.controls.told).containsExactly("preview okta with source: okta", "pause okta by operator", "resume okta by operator", "release okta by operator");
    }

    @Test
    void sources_show_how_they_stand_and_which_setting_is_missing() {
        bridge.parts.add(new Situation.Part("pull", "okta", false, "off", List.of("OKTA_TOKEN")));
        JsonNode list = bridge.get("/api/sources").json();
        assertThat(texts(list.get("items"), "name")).containsExactly("lab", "okta");
        JsonNode okta = list.get("items").get(1);
        assertThat(okta.get("accounts").asInt()).isEqualTo(3);
        assertThat(okta.get("openLetters").asInt()).isEqualTo(3);
        assertThat(okta.get("heldLines").asInt()).isEqualTo(2);
        assertThat(okta.get("lastRun").get("status").asText()).isEqualTo("done");
        assertThat(texts(okta.get("pull").get("missing"))).containsExactly("OKTA_TOKEN");
        assertThat(bridge.get("/api/status").json().get("parts").get(0).get("on").asBoolean()).isFalse();
        bridge.parts.clear();
    }

    @Test
    void files_are_shown_and_a_faulty_set_is_refused_with_each_fault() {
        JsonNode files = bridge.get("/api/files").json();
        assertThat(files.get("hash").asText()).isEqualTo("h1");
        assertThat(files.get("files").get(0).get("name").asText()).isEqualTo("mappings/okta.yaml");
        assertThat(bridge.get("/api/files?contents=true").json().get("files").get(0).get("text").asText()).isEqualTo("text");
        bridge.controls.faults = List.of(new FileFault("mappings/okta.yaml", 3, 5, "unknown key 'usre'", "did you mean 'user'?"));
        AdminServer.Answer answer = bridge.post("/api/files/activate", "");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("faults").get(0).get("line").asInt()).isEqualTo(3);
    }

    @Test
    void requests_and_audit_are_listed() {
        assertThat(bridge.get("/api/requests?status=201&source=okta").json().get("items").get(0).get("meaning").asText()).isEqualTo("create a user");
        JsonNode audit = bridge.get("/api/audit?person=ada@acme.com").json();
        assertThat(audit.get("items").get(0).get("actor").asText()).isEqualTo("source:okta");
        assertThat(audit.get("items").get(0).get("person").asText()).isEqualTo("Ada@acme.com");
    }

    @Test
    void an_unknown_path_is_a_problem_too() {
        assertThat(problem(bridge.get("/api/nosuch"), 404)).isNotBlank();
        assertThat(bridge.send("DELETE", bridge.listeners.adminPort(), "/api/members", "", bridge.token()).status()).isEqualTo(405);
    }

    @Test
    void the_openapi_document_has_every_route_and_no_other() {
        JsonNode paths = bridge.get("/api/openapi.json").json().get("paths");
        TreeSet<String> written = new TreeSet<>();
        paths.fieldNames().forEachRemaining(path -> paths.get(path).fieldNames().forEachRemaining(method -> written.add(method.toUpperCase() + " " + path)));
        TreeSet<String> served = new TreeSet<>();
        bridge.context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class).getHandlerMethods().keySet().forEach(route ->
                route.getPatternValues().stream().filter(path -> path.startsWith("/api")).forEach(path ->
                        route.getMethodsCondition().getMethods().forEach(method -> served.add(method + " " + path))));
        assertThat(served).isNotEmpty().isEqualTo(written);
    }

    private static int total(String path) {
        return bridge.get(path).json().get("total").asInt();
    }

    private static String problem(AdminServer.Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        return answer.json().get("detail").asText();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.get(field).asText()));
        return texts;
    }
}
