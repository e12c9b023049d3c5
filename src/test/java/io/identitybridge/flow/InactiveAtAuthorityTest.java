package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Okta decides by {@code authority}, and has somebody only ever shown as inactive who is active in the lab. Both tell the employee number as nickName. */
class InactiveAtAuthorityTest {
    private static final String LETTER = "select count(*) from dead_letter where status = 'open' and source = 'okta' and key = 'o1' and cause = 'AMBIGUOUS' and leaver";
    @TempDir
    Path folder;
    TestBridge bridge;

    @BeforeEach
    void start() {
        BridgeFiles files = BridgeFiles.of(folder, "lab", "okta").edit("portkey.yaml", "authority: []", "authority: [okta]");
        files.edit("lab.yaml", "scim:\n", "scim:\n  user:\n    person: resource.?nickName.orValue(\"\")\n").edit("okta.yaml", "# scim: ", "scim:\n  admit: everybody\n  user:\n    person: resource.?nickName.orValue(\"\")\n# scim: ")
                .edit("okta.yaml", "tests:\n", "tests:\n  - name: a number\n    given:\n      pushed: [{externalId: x, userName: bob@acme.com, nickName: \"1\", active: true}]\n    plan: [create user bob@acme.com]\n");
        bridge = TestBridge.start(files, folder, "bridge.sweep.every=3600000");
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void whoever_has_its_number_leaves_by_that_account() {
        push("lab", "l1", "ada@acme.com", "4711", true);
        push("okta", "o1", "ada@acme.com", "4711", false);
        assertThat(bridge.people("active")).isEmpty();
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
    }

    @Test
    void and_does_not_come_in_where_the_authority_was_heard_first_but_once_it_has_him_as_active() {
        String okta = push("okta", "o1", "ada@acme.com", "4711", false);
        push("lab", "l1", "ada@acme.com", "4711", true);
        assertThat(bridge.people("active")).isEmpty();
        assertThat(bridge.count("select count(*) from person")).isZero();
        active(okta, true);
        sweep();
        assertThat(bridge.count("select count(*) from link")).isEqualTo(2);
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
    }

    @Test
    void nor_where_the_authority_has_nobody_of_that_number_any_more() {
        String okta = push("okta", "o1", "ada@acme.com", "4711", false);
        push("lab", "l1", "ada@acme.com", "4711", true);
        assertThat(bridge.scim("okta", "DELETE", "/Users/" + okta, "").status()).isEqualTo(204);
        sweep();
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
    }

    @Test
    void whoever_has_only_its_address_stays_and_a_letter_says_so_until_somebody_says_that_it_is_his() {
        push("lab", "l1", "ada@acme.com", "", true);
        push("okta", "o1", "ada@acme.com", "", false);
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        assertThat(bridge.count(LETTER)).isOne();
        assertThat(bridge.api("GET", "/dead-letters", "").body().at("/items/0/sentence").asText()).contains("'ada@acme.com' is somebody's who is active, and okta, which decides by 'authority', has this account as inactive");
        said("link", "\"person\":\"ada@acme.com\",");
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        assertThat(bridge.count(LETTER)).isZero();
    }

    @Test
    void or_that_it_is_not() {
        push("lab", "l1", "ada@acme.com", "", true);
        String okta = push("okta", "o1", "ada@acme.com", "", false);
        said("unlink", "");
        assertThat(bridge.count(LETTER)).isZero();
        assertThat(bridge.scim("okta", "PATCH", "/Users/" + okta, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"x\"}]}").status()).isEqualTo(200);
        assertThat(bridge.count(LETTER)).isZero();
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
    }

    @Test
    void also_where_he_comes_later_than_that_account() {
        push("okta", "o1", "ada@acme.com", "", false);
        assertThat(bridge.count(LETTER)).isZero();
        String lab = push("lab", "l1", "ada@acme.com", "", true);
        sweep();
        assertThat(bridge.count(LETTER)).isOne();
        bridge.scim("lab", "DELETE", "/Users/" + lab, "");
        sweep();
        assertThat(bridge.count(LETTER)).as("whoever had the address has gone").isZero();
    }

    @Test
    void another_number_is_somebody_else() {
        push("lab", "l1", "ada@acme.com", "4711", true);
        push("okta", "o1", "ada@acme.com", "0815", false);
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        assertThat(bridge.count(LETTER)).isZero();
    }

    /** Whoever is due is looked at now, and not a while later. */
    private void sweep() {
        bridge.sql.update("update due set at = at - interval '1 minute'");
        LeftOver.sweep(bridge);
    }

    private String push(String source, String id, String email, String number, boolean active) {
        TestBridge.Answer answer = bridge.scim(source, "POST", "/Users", TestBridge.user(id, email, active).replaceFirst("\\{", "{\"nickName\":\"" + number + "\","));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private void active(String id, boolean active) {
        assertThat(bridge.scim("okta", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":" + active + "}}]}").status()).isEqualTo(200);
    }

    private void said(String what, String more) {
        TestBridge.Answer answer = bridge.api("POST", "/" + what, "{\"source\":\"okta\",\"account\":\"o1\"," + more + "\"reason\":\"asked her\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }
}
