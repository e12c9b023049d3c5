package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each expression under {@code scim:} in a mapping at work on pushes, and {@code out-of-scope} with them. */
class PushedExpressionsTest {
    private static final String WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private static final String SCIM = """
            scim:
              admit: resource.?userType.orValue("") != "Guest"
              user:
                externalId:  resource.nickName
                userName:    resource.userName.split("@")[0]
                email:       resource.userName + ".com"
                displayName: resource.title
                active:      resource.?profileUrl.orValue("") != "off"
                roles:       '[resource["%s"].costCenter]'
                person:      resource["%s"].employeeNumber
              group:
                keep:        resource.displayName.startsWith("team ")
                externalId:  resource.displayName.substring(5).split("+")[0]
                displayName: '"ws-" + resource.displayName.substring(5) + "-role-member"'
            """.formatted(WORK, WORK);
    private static final String USER = "{\"userName\":\"%s\",\"nickName\":\"n-%s\",\"title\":\"Dr %s\",\"userType\":\"%s\",\"profileUrl\":\"%s\",\"" + WORK + "\":{\"costCenter\":\"admin\",\"employeeNumber\":\"e-%s\"}}";
    @TempDir
    static Path folder;
    static TestBridge bridge;

    @BeforeAll
    static void start() {
        String person = USER.formatted("grace@acme", "grace", "Grace", "Employee", "on", "grace");
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.yaml", "scim:\n  admit: everybody                        # pushed people: all of them, placed or not\n", SCIM)
                .edit("lab.yaml", "      pushed: [{externalId: 00u9, userName: Grace@acme.com, displayName: Grace Murray, active: true, emails: [{value: Grace@acme.com, primary: true}]}]\n    plan:\n      - create user Grace@acme.com\n",
                        "      pushed: [" + person + "]\n    plan: [create user grace@acme.com, make grace@acme.com organisation admin]\n")
                .edit("lab.yaml", "tests:\n", "tests:\n  - name: a pushed group\n    given:\n      pushed: [" + person + "]\n      pushed-groups: [{displayName: team Sales, members: [{value: grace@acme}]}, {displayName: other, members: [{value: grace@acme}]}]\n"
                        + "    plan: [create user grace@acme.com, make grace@acme.com organisation admin, create workspace Sales, add grace@acme.com to Sales as member]\n"), folder);
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    private final String name = TestBridge.unique();

    @Test
    void each_attribute_of_a_user_is_what_its_expression_says() {
        String id = push("Employee", "on");
        assertThat(bridge.sql.queryForList("select email || ' ' || user_name || ' ' || display_name || ' ' || org_role || ' ' || person_key from person where email = ?", String.class, mail()))
                .containsExactly(mail() + " " + name + " Dr " + name + " admin e-" + name);
        assertThat(bridge.scim("lab", "GET", "/Users?filter=externalId eq \"n-" + name + "\"", "").body().at("/Resources/0/id").asText()).as("who sends no externalId has the expression's").isEqualTo(id);
        put(id, "Employee", "off");
        assertThat(bridge.people("archived")).contains(mail());
    }

    @Test
    void whoever_is_not_admitted_never_comes_in_and_who_was_waits_in_a_plan() {
        push("Guest", "on");
        assertThat(bridge.people("active")).doesNotContain(mail());
        String other = name + "x";
        String id = bridge.scim("lab", "POST", "/Users", user(other, "Employee", "on")).body().get("id").asText();
        bridge.scim("lab", "PUT", "/Users/" + id, user(other, "Guest", "on"));
        assertThat(bridge.people("active")).as("a loss of scope is held, never done at once").contains(other + "@acme.com");
        assertThat(bridge.sql.queryForList("select sentence || ': ' || reason from plan_line where status = 'held'", String.class)).contains("archive user " + other + "@acme.com: lab no longer admits him");
        bridge.scim("lab", "PUT", "/Users/" + id, user(other, "Employee", "on"));
        assertThat(bridge.count("select count(*) from plan_line where status = 'held' and sentence like ?", "%" + other + "%")).isZero();
    }

    @Test
    void a_group_is_kept_called_and_known_by_its_expressions_and_shown_as_it_was_pushed() {
        String id = push("Employee", "on");
        for (String group : List.of("team " + name, "ws-" + name + "-role-admin")) {
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + group + "\",\"members\":[{\"value\":\"" + id + "\"}]}");
        }
        assertThat(bridge.memberships()).contains(name + "/" + mail() + "=member").doesNotContain(name + "/" + mail() + "=admin");
        assertThat(bridge.scim("lab", "GET", "/Groups?filter=externalId eq \"" + name + "\"", "").body().at("/Resources/0/displayName").asText()).isEqualTo("team " + name);
    }

    @Test
    void an_external_id_that_an_expression_gives_joins_as_one_that_is_sent() {
        String id = push("Employee", "on");
        String renamed = user(name, "Employee", "on").replace(name + "@acme", name + "-new@acme");
        assertThat(bridge.scim("lab", "POST", "/Users", renamed).status()).as("a living one has it").isEqualTo(409);
        String nameless = bridge.scim("lab", "POST", "/Users", renamed.replace("\"nickName\":\"n-" + name + "\",", "")).body().get("id").asText();
        assertThat(bridge.scim("lab", "PUT", "/Users/" + nameless, renamed).status()).as("a living one has it").isEqualTo(409);
        bridge.scim("lab", "DELETE", "/Users/" + nameless, "");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        TestBridge.Answer back = bridge.scim("lab", "POST", "/Users", renamed);
        assertThat(back.status()).isEqualTo(201);
        assertThat(back.body().get("id").asText()).isEqualTo(id);
    }

    @Test
    void a_group_whose_expression_gives_the_external_id_of_another_is_refused() {
        String group = "{\"displayName\":\"team " + name + "%s\"}";
        assertThat(bridge.scim("lab", "POST", "/Groups", group.formatted("")).status()).isEqualTo(201);
        assertThat(bridge.scim("lab", "POST", "/Groups", group.formatted("+2")).status()).isEqualTo(409);
    }

    private String push(String type, String state) {
        TestBridge.Answer answer = bridge.scim("lab", "POST", "/Users", user(name, type, state));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private void put(String id, String type, String state) {
        assertThat(bridge.scim("lab", "PUT", "/Users/" + id, user(name, type, state)).status()).isEqualTo(200);
    }

    private static String user(String who, String type, String state) {
        return USER.formatted(who + "@acme", who, who, type, state, who);
    }

    private String mail() {
        return name + "@acme.com";
    }
}
