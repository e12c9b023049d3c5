package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Data at the IdP that contradicts itself or cannot be kept concerns those it is about, and holds nobody else back: least of all a leaver. */
class OddDataTest {
    @TempDir
    Path folder;
    StandInOkta okta;
    TestBridge bridge;
    List<Company.Person> people;

    @BeforeEach
    void start() throws IOException {
        okta = new StandInOkta(Company.of(8, 3, 1), "secret", 0);
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab"), folder, "lab.url=" + okta.url(), "lab.token=secret");
        people = okta.company().people("", 8);
        assertThat(pull().get("status").asText()).isEqualTo("done");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void two_people_who_come_to_one_address_cost_nobody_else_anything() {
        okta.company().email(people.get(0).id(), "shared@acme.com");
        okta.company().email(people.get(1).id(), "shared@acme.com");
        leaves(3);
        okta.company().add("00unew", "New", "Comer", "new@acme.com");
        okta.company().join("00g00000001", "00unew");
        assertThat(pull().get("letters").asInt()).isOne();
        assertThat(bridge.people("active")).contains("shared@acme.com", "new@acme.com");
        assertThat(letter()).contains("'...' belongs to somebody else who is still active");
        okta.company().email(people.get(1).id(), people.get(1).email());
        okta.company().email(people.get(0).id(), people.get(0).email());
        pull();
        assertThat(bridge.people("active")).contains(people.get(0).email(), people.get(1).email()).doesNotContain("shared@acme.com");
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
    }

    @Test
    void somebody_who_comes_back_after_his_address_was_given_away_is_a_letter() {
        okta.company().status(people.get(0).id(), "SUSPENDED");
        pull();
        okta.company().add("00unew", "New", "Comer", people.get(0).email());
        okta.company().join("00g00000001", "00unew");
        pull();
        okta.company().status(people.get(0).id(), "ACTIVE");
        leaves(3);
        assertThat(pull().get("letters").asInt()).isOne();
        assertThat(bridge.count("select count(*) from person where email = ? and status = 'active'", people.get(0).email())).as("one address, one person").isOne();
        okta.company().email("00unew", "other@acme.com");
        pull();
        pull();
        assertThat(bridge.count("select count(*) from person where email = ? and status = 'active' and not freed", people.get(0).email())).as("free again, so he is back").isOne();
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
    }

    @Test
    void an_address_moves_on_from_one_to_the_next() {
        okta.company().email(people.get(0).id(), people.get(1).email());
        okta.company().email(people.get(1).id(), "fresh@acme.com");
        okta.company().status(people.get(4).id(), "SUSPENDED");
        pull();
        okta.company().email(people.get(5).id(), people.get(4).email());
        pull();
        assertThat(bridge.sql.queryForList("select p.email from person p join link l on l.person_id = p.id join account a on a.id = l.account_id where a.external_id in (?, ?, ?) order by a.external_id", String.class,
                people.get(0).id(), people.get(1).id(), people.get(5).id())).containsExactly(people.get(1).email(), "fresh@acme.com", people.get(4).email());
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
    }

    @Test
    void what_cannot_be_kept_is_a_letter_and_a_text_that_looks_like_an_escape_is_a_text() {
        okta.company().firstName(people.get(0).id(), "Ada\\u0000x");
        okta.company().firstName(people.get(1).id(), "Gra\u0000ce");
        okta.company().email(people.get(2).id(), "\u6f22\u5b57".repeat(600) + "@acme.com");
        okta.company().rename("00g00000002", "ws-" + "\u6f22".repeat(2_000) + "-role-member");
        leaves(3);
        assertThat(pull().get("letters").asInt()).isEqualTo(2);
        assertThat(bridge.sql.queryForList("select display_name from person where email in (?, ?) order by 1", String.class, people.get(0).email(), people.get(1).email()))
                .anyMatch(name -> name.startsWith("Ada\\u0000x ")).anyMatch(name -> name.startsWith("Grace "));
        assertThat(bridge.people("active")).as("he keeps the address he had").contains(people.get(2).email());
    }

    @Test
    void whose_record_is_faulty_is_what_he_was_and_is_in_the_groups_that_name_him() {
        okta.company().add("00unew", "New", "Comer", "new@acme.com");
        okta.company().join("00g00000001", "00unew");
        okta.company().join("00g00000003", "00unew");
        pull();
        assertThat(places("new@acme.com")).hasSize(2);
        okta.company().email("00unew", "nobody, new@acme.com");
        okta.company().leave("00g00000001", "00unew");
        leaves(3);
        assertThat(pull().get("letters").asInt()).isOne();
        assertThat(places("new@acme.com")).as("what the group's own list says").hasSize(1);
        assertThat(bridge.people("active")).contains("new@acme.com");
        JsonNode why = bridge.api("GET", "/explain?person=new@acme.com", "").body().get("why");
        assertThat(why.get(0).asText()).matches("his account at lab could not be mapped \\(dead letter [0-9]+\\), so what its record says is not taken in: user 00unew: email: it gives no e-mail address: .*");
        assertThat(why.toString()).doesNotContain("disabled").doesNotContain("keep");
        okta.company().join("00g00000002", "00unew");
        pull();
        assertThat(places("new@acme.com")).hasSize(2);
        okta.company().status("00unew", "SUSPENDED");
        pull();
        assertThat(bridge.people("archived")).as("a bad name holds no leaver back").contains("new@acme.com");
    }

    private List<String> places(String email) {
        return bridge.memberships().stream().filter(place -> place.contains("/" + email + "=")).toList();
    }

    @Test
    void nobody_comes_in_by_a_record_that_is_faulty() {
        okta.company().add("00unew", "New", "Comer", "new@acme.com");
        pull();
        okta.company().email("00unew", "nobody@evil.example@acme.com");
        okta.company().join("00g00000001", "00unew");
        leaves(3);
        assertThat(pull().get("letters").asInt()).isOne();
        assertThat(bridge.people("active")).doesNotContain("new@acme.com");
        assertThat(bridge.api("GET", "/explain?person=new@acme.com", "").body().get("why").toString()).contains("could not be mapped (dead letter ").doesNotContain("mapping says keep");
        okta.company().email("00unew", "new@acme.com");
        pull();
        assertThat(bridge.people("active")).contains("new@acme.com");
    }

    @Test
    void two_groups_that_come_to_one_name_share_a_workspace_however_it_is_written() {
        okta.company().rename("00g00000001", "ws-\u00c4lpha-role-member");
        okta.company().rename("00g00000002", "ws-Beta-role-member");
        pull();
        okta.company().rename("00g00000001", "ws-Z-role-member");
        okta.company().rename("00g00000002", "ws-Z-role-manager");
        leaves(3);
        assertThat(pull().get("status").asText()).isIn("done", "held");
        okta.company().rename("00g00000003", "ws-z\u0041\u0308-role-member");
        pull();
        okta.company().rename("00g00000001", "ws-Z\u00c4-role-manager");
        assertThat(pull().get("status").asText()).isIn("done", "held");
        assertThat(bridge.count("select count(*) from workspace where status = 'active' and name_folded = 'z\u00e4'")).isOne();
        assertThat(bridge.count("select count(*) from dead_letter where status = 'open'")).isZero();
    }

    private JsonNode pull() {
        return bridge.pull("lab");
    }

    private void leaves(int person) {
        okta.company().status(people.get(person).id(), "SUSPENDED");
    }

    @AfterEach
    void the_leaver_is_gone() {
        if (okta.company().person(people.get(3).id()).orElseThrow().status().equals("SUSPENDED")) {
            assertThat(bridge.people("archived")).contains(people.get(3).email());
        }
        assertThat(bridge.count("select count(*) from due")).isZero();
    }

    private String letter() {
        return bridge.sql.queryForObject("select sentence from dead_letter where status = 'open'", String.class);
    }
}
