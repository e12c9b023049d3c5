package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.lab.Faults.Fault;
import io.identitybridge.lab.Faults.Kind;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between the bridge and Portkey, on request; and what the log says of it. */
class StandInPortkeyFaultsTest {
    private StandInPortkey portkey;
    private AdminClient admin;

    @BeforeEach
    void start() throws IOException {
        portkey = new StandInPortkey(0, "/v1");
        admin = AdminClient.admin(portkey.adminUrl());
    }

    @AfterEach
    void stop() {
        admin.close();
        portkey.close();
    }

    @Test
    void a_call_fails_before_it_does_anything_or_after() throws Exception {
        portkey.faults().set(List.of(new Fault(Kind.STATUS_503, "/admin/workspaces", 0, 1, 0), new Fault(Kind.STATUS_500, "/admin/workspaces", 0, 1, 0).afterwards()));
        HttpResponse<String> down = admin.send("POST", "/admin/workspaces", "{'name':'Sales'}");
        assertThat(down.statusCode() + down.body()).isEqualTo("503upstream unavailable");
        assertThat(portkey.state().workspace("Sales")).isEmpty();
        assertThat(admin.said("POST", "/admin/workspaces", "{'name':'Sales'}")).isEqualTo("500 AB04");
        assertThat(portkey.state().workspace("Sales")).as("done all the same").isPresent();
        portkey.faults().set(List.of(new Fault(Kind.RESET, "/admin/workspaces", 0, 1, 0).afterwards()));
        assertThatThrownBy(() -> admin.send("POST", "/admin/workspaces", "{'name':'Support'}")).isInstanceOf(IOException.class);
        assertThat(portkey.log().of("Support")).singleElement().satisfies(write -> assertThat(write.status()).isEqualTo(200));
    }

    @Test
    void a_429_says_when_to_come_back_and_so_does_the_rate_limit() throws Exception {
        portkey.faults().set(List.of(new Fault(Kind.STATUS_429, "/admin/*", 0, 1, 1_500), new Fault(Kind.STATUS_429, "/admin/*", 0, 1, 0)));
        assertThat(admin.get("/admin/users").headers().firstValue("Retry-After")).contains("2");
        assertThat(admin.get("/admin/users").headers().firstValue("Retry-After")).isEmpty();
        portkey.rate(1);
        List<String> said = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            said.add(admin.said("GET", "/admin/users", ""));
        }
        assertThat(said).contains("429 AB06");
    }

    @Test
    void chance_follows_the_seed() throws Exception {
        assertThat(failures(42)).isEqualTo(failures(42)).isNotEqualTo(failures(43)).contains("503", "200");
    }

    private List<String> failures(long seed) throws Exception {
        portkey.faults().seed(seed);
        portkey.faults().set(List.of(Fault.likely(Kind.STATUS_503, "GET", "/*", 50)));
        List<String> said = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            said.add(admin.said("GET", "/admin/workspaces", ""));
        }
        return said;
    }

    @Test
    void after_a_write_reads_are_stale_for_a_while() throws Exception {
        portkey.stale(2, 0);
        admin.send("POST", "/admin/workspaces", "{'name':'Sales'}");
        assertThat(count()).isEqualTo(1);
        assertThat(count()).isEqualTo(1);
        assertThat(count()).isEqualTo(2);
        portkey.stale(0, 0);
        admin.send("POST", "/admin/workspaces", "{'name':'Support'}");
        assertThat(count()).isEqualTo(3);
        portkey.faults().set(List.of(new Fault(Kind.STALE, "/admin/workspaces", 0, 1, 0)));
        admin.send("POST", "/admin/workspaces", "{'name':'Research'}");
        assertThat(count()).as("one read").isEqualTo(3);
        assertThat(count()).isEqualTo(4);
        portkey.stale(0, 60_000);
        admin.send("POST", "/admin/workspaces", "{'name':'Finance'}");
        assertThat(count()).isEqualTo(4);
        assertThat(admin.said("POST", "/admin/workspaces", "{'name':'Finance'}")).as("a write sees what is").isEqualTo("409 AB07");
    }

    private int count() throws Exception {
        return admin.json("/admin/workspaces").path("data").size();
    }

    @Test
    void a_list_is_short_or_empty_and_says_nothing_of_it() throws Exception {
        portkey.byHand().organisation(20, 1, 1);
        portkey.faults().set(List.of(new Fault(Kind.SHORT, "/admin/users", 1, 1, 0), new Fault(Kind.EMPTY, "/admin/users", 1, 1, 0), new Fault(Kind.CUT, "/admin/users", 1, 1, 0)));
        assertThat(admin.json("/admin/users").path("data")).hasSize(10);
        assertThat(admin.json("/admin/users").path("total").asInt(-1)).isZero();
        assertThatThrownBy(() -> admin.get("/admin/users")).isInstanceOf(IOException.class);
        assertThat(admin.json("/admin/users").path("data")).hasSize(21);
    }

    @Test
    void faults_are_set_over_http_for_both_apis() throws Exception {
        try (AdminClient lab = AdminClient.admin(portkey.url()); AdminClient scim = AdminClient.scim(portkey.scimUrl())) {
            assertThat(lab.said("PUT", "/lab/faults?seed=7", "[{'kind':'STATUS_403','path':'/Users*','method':'GET','percent':100}]")).isEqualTo("200");
            assertThat(scim.get("/Users").statusCode()).isEqualTo(403);
            assertThat(scim.send("POST", "/Users", "{'userName':'ada@acme.com'}").statusCode()).isEqualTo(201);
            assertThat(lab.send("PUT", "/lab/faults", "[{'kind':'REPEATED','path':'/Users'}]").body()).contains("knows no fault REPEATED");
            assertThat(lab.said("DELETE", "/lab/faults", "")).isEqualTo("200");
            assertThat(scim.get("/Users").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void what_people_do_by_hand_is_done_over_http_as_well() throws Exception {
        try (AdminClient lab = AdminClient.admin(portkey.url())) {
            admin.send("POST", "/admin/users/invites", "{'email':'ada@acme.com','role':'member','workspaces':[]}");
            assertThat(lab.said("POST", "/lab/hand/accept?email=ada@acme.com", "")).isEqualTo("200");
            assertThat(lab.send("POST", "/lab/hand/accept?email=ada@acme.com", "").body()).contains("no pending invite for ada@acme.com");
            assertThat(lab.get("/lab/state").body()).contains("ada@acme.com member", "ada@acme.com accepted");
            assertThat(lab.get("/lab/log").body()).contains("create user ada@acme.com");
            assertThat(lab.said("PUT", "/lab/quirks/DEPARTED_IS_404?on=true", "")).isEqualTo("200");
            assertThat(lab.said("PUT", "/lab/quirks/NONE?on=true", "")).isEqualTo("400");
        }
    }

    @Test
    void the_log_says_what_each_write_did_in_the_order_of_its_effect() throws Exception {
        portkey.byHand().workspace("Sales");
        String ada = portkey.byHand().person("ada@acme.com", "Ada", "L", "member").id();
        String members = "/admin/workspaces/" + portkey.state().workspace("Sales").orElseThrow().id() + "/users";
        portkey.log().clear();
        admin.send("POST", members, "{'users':[{'id':'%s','role':'member'}]}".formatted(ada));
        admin.send("PUT", members + "/" + ada, "{'role':'admin'}");
        admin.send("PUT", members + "/" + ada, "{'role':'admin'}");
        admin.send("DELETE", "/admin/users/" + ada, "");
        assertThat(portkey.log().deeds("ADA@acme.com")).containsExactly("add ada@acme.com to Sales as member", "raise ada@acme.com in Sales from member to admin",
                "remove ada@acme.com from Sales", "archive user ada@acme.com");
        assertThat(portkey.log().writes()).extracting(PortkeyLog.Write::status).containsExactly(200, 200, 400, 200);
        assertThat(portkey.log().writes()).extracting(PortkeyLog.Write::number).containsExactly(1L, 2L, 3L, 4L);
    }
}
