package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The judge of other tests is not asleep: a wrong question of a caller is seen, and known differences are let pass. */
class PortkeyContractTest {
    @Test
    void a_wrong_question_is_seen() throws Exception {
        assertThat(judged("GET", "/admin/users?page_size=10", "")).contains("page_size");
        assertThat(judged("PUT", "/admin/users/x", "{'role':'owner'}")).contains("owner");
        assertThat(judged("DELETE", "/admin/workspaces/x", "")).contains("body");
        assertThat(judged("GET", "/admin/people", "")).contains("No API path");
    }

    @Test
    void a_question_without_the_key_is_seen() {
        PortkeyContract contract = PortkeyContract.ofPortkey();
        try (AdminClient stranger = AdminClient.with(contract.portkey().adminUrl(), "Authorization", "Bearer x")) {
            stranger.get("/admin/users");
            assertThatThrownBy(() -> contract.afterEach(null)).hasMessageContaining("x-portkey-api-key");
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void known_differences_and_faults_on_request_pass() throws Exception {
        PortkeyContract contract = PortkeyContract.ofPortkey();
        StandInPortkey portkey = contract.portkey();
        portkey.byHand().organisation(1, 1, 1);
        portkey.quirk(PortkeyQuirk.TIMES_WITHOUT_ZONE, true);
        portkey.faults().set(java.util.List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/admin/users", 0, 1, 0), new Faults.Fault(Faults.Kind.STATUS_429, "/admin/users", 0, 1, 1_000)));
        try (AdminClient admin = AdminClient.admin(portkey.adminUrl())) {
            admin.get("/admin/users");
            admin.get("/admin/users");
            admin.get("/admin/users");
            admin.get("/admin/workspaces/" + portkey.state().workspace("Team 01").orElseThrow().slug() + "/users/" + portkey.state().person("person0001@acme.com").orElseThrow().id());
            contract.afterEach(null);
            assertThat(contract.met()).hasSize(2);
        }
    }

    private static String judged(String method, String path, String json) throws Exception {
        PortkeyContract contract = PortkeyContract.ofPortkey();
        try (AdminClient admin = AdminClient.admin(contract.portkey().adminUrl())) {
            admin.send(method, path, json);
            contract.afterEach(null);
            return "nothing";
        } catch (AssertionError e) {
            return e.getMessage();
        }
    }
}
