package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that go by another id than when they were pulled, on an operator's or a push's word. */
class OtherIdsTest {
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge bridge;
    Company.Person ada;
    Company.Person ravi;

    @BeforeEach
    void pulledOnce() throws IOException {
        okta = new StandInOkta(Company.of(24, 2, 1), "secret", 0);
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s").manyMayLeave();
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
        bridge.pull("lab");
        ada = okta.company().people("", 2).getFirst();
        ravi = okta.company().people("", 2).getLast();
        assertThat(theirs()).containsExactlyInAnyOrder("Team 0/" + ada.email() + "=member", "Team 0/" + ravi.email() + "=manager");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void nobody_is_archived_for_a_re_anchored_id_that_the_idp_has_never_shown() {
        String person = person(ada);
        anchor(ada.id(), "00uTYPO");
        for (int i = 0; i < 3; i++) {
            assertThat(bridge.pull("lab").get("status").asText()).isIn("held", "done");
        }
        assertThat(bridge.people("active")).contains(ada.email());
        assertThat(person(ada)).isEqualTo(person);
        assertThat(theirs()).hasSize(2);
        assertThat(held()).contains("archive user " + ada.email() + ": he was re-anchored to an id that the IdP has never shown; see whether it is the right one");
        assertThat(bridge.api("POST", "/link", "{\"source\":\"lab\",\"account\":\"" + ada.id() + "\",\"person\":\"" + ada.email() + "\",\"reason\":\"misspelt\"}").status()).isEqualTo(200);
        assertThat(held()).isEqualTo("[]");
        bridge.pull("lab");
        assertThat(person(ada)).isEqualTo(person);
        assertThat(theirs()).hasSize(2);
        okta.company().delete(ada.id());
        bridge.pull("lab");
        assertThat(bridge.people("archived")).as("a leaver as any other").containsExactly(ada.email());
    }

    @Test
    void whoever_is_shown_under_the_new_id_and_leaves_then_is_a_leaver_as_any_other() {
        okta.company().delete(ada.id());
        okta.company().add("00u99", ada.firstName(), ada.lastName(), ada.email());
        okta.company().join(okta.company().groups("", 1).getFirst().getKey(), "00u99");
        anchor(ada.id(), "00u99");
        bridge.pull("lab");
        assertThat(theirs()).hasSize(2);
        okta.company().delete("00u99");
        bridge.pull("lab");
        assertThat(bridge.people("archived")).containsExactly(ada.email());
    }

    @Test
    void two_who_have_each_others_id_by_pushes_have_what_the_lists_of_those_ids_say() {
        String a = account(ada);
        String r = account(ravi);
        for (String[] said : List.of(new String[] {a, "between", ada.email()}, new String[] {r, ada.id(), ravi.email()}, new String[] {a, ravi.id(), ada.email()})) {
            assertThat(bridge.scim("lab", "PUT", "/Users/" + said[0], TestBridge.user(said[1], said[2], true)).status()).isEqualTo(200);
        }
        swapped();
    }

    @Test
    void two_who_have_each_others_id_by_hand_have_what_the_lists_of_those_ids_say() {
        anchor(ada.id(), "between");
        anchor(ravi.id(), ada.id());
        anchor("between", ravi.id());
        swapped();
    }

    private void swapped() {
        okta.company().email(ada.id(), ravi.email());
        okta.company().email(ravi.id(), ada.email());
        bridge.lagPasses();
        bridge.pull("lab"); // shows them under those ids
        bridge.pull("lab");
        assertThat(theirs()).containsExactlyInAnyOrder("Team 0/" + ada.email() + "=manager", "Team 0/" + ravi.email() + "=member");
        assertThat(bridge.people("archived")).isEmpty();
    }

    private void anchor(String account, String id) {
        assertThat(bridge.api("POST", "/re-anchor", "{\"source\":\"lab\",\"account\":\"" + account + "\",\"id\":\"" + id + "\",\"reason\":\"because\"}").status()).isEqualTo(200);
    }

    private List<String> theirs() {
        return bridge.memberships().stream().filter(line -> line.contains(ada.email()) || line.contains(ravi.email())).toList();
    }

    private String person(Company.Person who) {
        return bridge.sql.queryForObject("select id::text from person where email = ? and not freed", String.class, who.email());
    }

    private String account(Company.Person who) {
        return bridge.sql.queryForObject("select id::text from account where external_id = ?", String.class, who.id());
    }

    private String held() {
        return bridge.sql.queryForList("select sentence || ': ' || reason from plan_line where status = 'held' order by sentence", String.class).toString();
    }
}
