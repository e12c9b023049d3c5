package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose word each field and role of a person is, what decided it, what lost against it and why; and how it was before. */
class ExplainedTest {
    @TempDir
    static Path folder;
    static StandInOkta idp;
    static TestBridge bridge;
    static Company.Person ada;

    @BeforeAll
    static void pulled_pushed_and_known_to_two_sources() throws IOException {
        idp = new StandInOkta(Company.of(5, 2, 1), "secret", 0);
        ada = idp.company().people("", 1).getFirst();
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta").edit("okta.yaml", "admit: in-any-workspace   ", "admit: everybody          ").edit("okta.yaml", "    plan: []\n", "    plan: [create user ada@acme.com]\n"), folder, "lab.url=" + idp.url(), "lab.token=secret");
        bridge.pull("lab");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        idp.close();
    }

    @Test
    void each_field_says_source_way_time_line_and_run_and_what_lost_and_why() {
        String run = bridge.sql.queryForObject("select id::text from run", String.class);
        JsonNode name = field(explain(), "displayName");
        assertThat(List.of(name.get("value").asText(), name.get("source").asText(), name.get("account").asText(), name.get("via").asText())).containsExactly(ada.firstName() + " " + ada.lastName(), "lab", ada.id(), "pull");
        assertThat(name.get("rule").asText()).matches("mappings/lab.yaml:\\d+");
        assertThat(name.at("/decided/origin").asText()).isEqualTo("run:" + run);

        String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"" + ada.id() + "\"", "").body().at("/Resources/0/id").asText();
        bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user(ada.id(), ada.email(), true).replaceFirst("\\{", "{\"displayName\":\"Pushed\",\"roles\":[{\"value\":\"admin\"}],"));
        JsonNode pushed = field(explain(), "displayName");
        assertThat(List.of(pushed.get("value").asText(), pushed.get("via").asText())).containsExactly("Pushed", "push");
        assertThat(pushed.at("/decided/origin").asText()).startsWith("push:");
        assertThat(pushed.at("/lost/0/value").asText()).isEqualTo(ada.firstName() + " " + ada.lastName());
        assertThat(pushed.at("/lost/0/why").asText()).contains("the push is newer than the page of the pull");

        String other = bridge.scim("okta", "POST", "/Users", TestBridge.user("o1", ada.email(), true).replaceFirst("\\{", "{\"displayName\":\"Other\",")).body().get("id").asText();
        bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Team 0-role-admin\",\"members\":[{\"value\":\"" + other + "\"}]}");
        bridge.scim("okta", "POST", "/Groups", "{\"displayName\":\"ws-Finance-role-member\",\"members\":[{\"value\":\"" + other + "\"}]}");
        JsonNode told = explain();
        assertThat(field(told, "displayName").get("lost").toString()).contains("\"Other\"", "of several sources the first by name is heard");
        assertThat(field(told, "role").get("value").asText()).isEqualTo("member");
        assertThat(field(told, "role").get("lost").toString()).contains("\"admin\"", "the lowest holds");
        JsonNode team = StreamSupport.stream(told.get("roles").spliterator(), false).filter(role -> role.get("workspace").asText().equals("Team 0")).findFirst().orElseThrow();
        assertThat(team.get("role").asText()).isEqualTo("admin");
        assertThat(team.at("/lost/0/why").asText()).isEqualTo("several-roles: highest (portkey.yaml)");
        assertThat(team.at("/lost/0/rule").asText()).matches("mappings/lab.yaml:\\d+");
        assertThat(told.get("lost").toString()).as("out of every source's reach").contains("to Finance as member: protected (audited by hand");
    }

    @Test
    void the_past_is_told_from_the_audit_with_who_decided_it() {
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("past", "past@acme.com", true)).body().get("id").asText();
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Before-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}").body().get("id").asText();
        Instant then = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-After-role-member\"}}]}");
        bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user("past", "later@acme.com", true));
        Instant middle = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "DELETE", "/Users/" + id, "");

        JsonNode before = bridge.api("GET", "/explain?person=later@acme.com&at=" + then, "").body();
        assertThat(field(before, "status").get("value").asText()).isEqualTo("active");
        assertThat(field(before, "email").get("value").asText()).isEqualTo("past@acme.com");
        assertThat(before.get("roles")).hasSize(1);
        assertThat(before.at("/roles/0/workspace").asText()).isEqualTo("Before");
        assertThat(before.at("/roles/0/value").asText()).isEqualTo("member");
        assertThat(before.at("/roles/0/origin").asText()).startsWith("push:");
        assertThat(before.at("/roles/0/actor").asText()).isEqualTo("source:lab");
        assertThat(field(before, "userName").get("value").asText()).as("as the change after it found it").isEqualTo("past@acme.com");
        assertThat(field(before, "displayName").get("value").asText()).isEqualTo("past@acme.com");
        assertThat(field(before, "displayName").get("origin").asText()).startsWith("push:");
        assertThat(field(before, "displayName").get("source").asText()).isEqualTo("lab");
        assertThat(before.get("notHeld").toString()).contains("changed nothing").doesNotContain("reasons of roles");
        assertThat(before.at("/roles/0/grants/0/rule").asText()).matches("mappings/lab.yaml:\\d+");
        assertThat(before.at("/roles/0/grants/0/reason").asText()).isEqualTo("group:" + group);
        assertThat(before.at("/roles/0/lost")).isEmpty();
        assertThat(field(before, "email").get("rule").asText()).as("a push's own names have no line").isEqualTo("null");
        bridge.scim("lab", "POST", "/Users", TestBridge.user("still", "still@acme.com", true));
        JsonNode still = bridge.api("GET", "/explain?person=still@acme.com&at=2999-01-01", "").body();
        assertThat(field(still, "displayName").get("value").asText()).as("never changed: as he came").isEqualTo("still@acme.com");
        JsonNode renamed = bridge.api("GET", "/explain?person=later@acme.com&at=" + middle, "").body();
        assertThat(field(renamed, "email").get("value").asText()).isEqualTo("later@acme.com");
        assertThat(field(renamed, "email").at("/lost/0/value").asText() + ": " + field(renamed, "email").at("/lost/0/why").asText()).isEqualTo("past@acme.com: it was so until then");
        assertThat(renamed.at("/roles/0/workspace").asText()).as("the workspace keeps its identity").isEqualTo("After");
        JsonNode now = bridge.api("GET", "/explain?person=later@acme.com&at=2999-01-01", "").body();
        assertThat(field(now, "status").get("value").asText()).isEqualTo("archived");
        assertThat(now.get("roles")).isEmpty();
        assertThat(bridge.api("GET", "/explain?person=later@acme.com&at=2001-01-01", "").body().get("fields")).isEmpty();
        assertThat(bridge.api("GET", "/explain?person=later@acme.com&at=yesterday", "").body().get("detail").asText()).contains("'at' is a day or a time");
    }

    @Test
    void each_role_of_the_past_has_its_reasons_with_their_lines_and_those_that_lost() {
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("twice", "twice@acme.com", true)).body().get("id").asText();
        String low = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Twice-role-member\",\"members\":[{\"value\":\"" + id + "\"}]}").body().get("id").asText();
        String high = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Twice-role-admin\",\"members\":[{\"value\":\"" + id + "\"}]}").body().get("id").asText();
        Instant then = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "DELETE", "/Groups/" + high, "");
        JsonNode role = at("twice@acme.com", then).at("/roles/0");
        assertThat(role.get("value").asText()).isEqualTo("admin");
        assertThat(role.get("grants")).hasSize(1);
        assertThat(role.at("/grants/0/reason").asText()).isEqualTo("group:" + high);
        assertThat(role.at("/lost/0/reason").asText()).isEqualTo("group:" + low);
        assertThat(role.at("/lost/0/group").asText()).isEqualTo("ws-Twice-role-member");
        assertThat(role.at("/lost/0/role").asText() + " " + role.at("/lost/0/rule").asText()).matches("member mappings/lab.yaml:\\d+");
        assertThat(role.at("/lost/0/why").asText()).isEqualTo("several-roles: the highest held");
        JsonNode pulled = field(at(ada.email(), Instant.parse("2999-01-01T00:00:00Z")), "email");
        assertThat(pulled.get("rule").asText()).as("of a pull: %s", pulled).matches("mappings/\\w+.yaml:\\d+");
    }

    @Test
    void the_past_knows_what_another_source_said_of_a_field_and_why_it_did_not_hold() {
        bridge.scim("okta", "POST", "/Users", TestBridge.user("o-both", "both@acme.com", true).replaceFirst("\\{", "{\"displayName\":\"By Okta\","));
        String lab = bridge.scim("lab", "POST", "/Users", TestBridge.user("l-both", "both@acme.com", true).replaceFirst("\\{", "{\"displayName\":\"By Lab\",")).body().get("id").asText();
        Instant then = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "DELETE", "/Users/" + lab, "");

        JsonNode name = field(at("both@acme.com", then), "displayName");
        assertThat(name.get("value").asText()).isEqualTo("By Lab");
        assertThat(name.get("lost")).hasSize(2);
        assertThat(name.at("/lost/0/why").asText()).isEqualTo("it was so until then");
        assertThat(List.of(name.at("/lost/1/value").asText(), name.at("/lost/1/source").asText(), name.at("/lost/1/why").asText())).containsExactly("By Okta", "okta", "of several sources the first by name is heard; authority in portkey.yaml says otherwise");
        JsonNode after = field(at("both@acme.com", Instant.parse("2999-01-01T00:00:00Z")), "displayName");
        assertThat(after.get("value").asText()).isEqualTo("By Okta");
        assertThat(after.at("/lost/0/value").asText()).isEqualTo("By Lab");
    }

    @Test
    void the_past_is_asked_for_by_the_address_of_then() {
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("maiden", "Maiden.Name@acme.com", true)).body().get("id").asText();
        Instant then = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user("maiden", "married.name@acme.com", true));
        Instant between = bridge.sql.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
        bridge.scim("lab", "POST", "/Users", TestBridge.user("other", "maiden.name@acme.com", true));

        assertThat(at("maiden.name@acme.com", then).at("/person/email").asText()).as("who had it then").isEqualTo("married.name@acme.com");
        assertThat(at("married.name@acme.com", then).at("/person/email").asText()).as("today's address still does").isEqualTo("married.name@acme.com");
        assertThat(at("married.name@acme.com", between).at("/person/email").asText()).isEqualTo("married.name@acme.com");
        assertThat(at("maiden.name@acme.com", Instant.parse("2999-01-01T00:00:00Z")).at("/person/email").asText()).as("somebody else has it now").isEqualTo("maiden.name@acme.com");
        bridge.sql.update("delete from audit a where exists (select 1 from unnest(a.changes) c where c = 'create user Maiden.Name@acme.com')");
        assertThat(at("maiden.name@acme.com", then).at("/person/email").asText()).as("by the rename that came after, where the audit reaches no further").isEqualTo("married.name@acme.com");
        assertThat(bridge.api("GET", "/explain?person=nobody.ever@acme.com&at=" + then, "").status()).isEqualTo(404);
    }

    private static JsonNode at(String person, Instant when) {
        return bridge.api("GET", "/explain?person=" + person + "&at=" + when, "").body();
    }

    private static JsonNode explain() {
        return bridge.api("GET", "/explain?person=" + ada.email(), "").body();
    }

    private static JsonNode field(JsonNode told, String name) {
        return StreamSupport.stream(told.get("fields").spliterator(), false).filter(field -> field.get("field").asText().equals(name)).findFirst().orElseThrow(() -> new AssertionError(told.toString()));
    }
}
