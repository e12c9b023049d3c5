package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The shipped routes when a step breaks: a push is told so, a pull is parked once, and nothing that was said is lost. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class FaultsAtWorkTest {
    @TempDir
    static Path folder;
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(20, 2, 1), "secret", 0);
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 2"), folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @Tag("real") // it waits for a statement's limit of time
    @Test
    void a_push_that_cannot_be_written_is_a_scim_error_and_works_when_it_can() {
        bridge.sql.execute("alter table person rename to person_away");
        TestBridge.Answer broken = bridge.scim("lab", "POST", "/Users", TestBridge.user("broken1", "broken1@acme.com", true));
        bridge.sql.execute("alter table person_away rename to person");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(broken.body().get("schemas").get(0).asText()).isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
        assertThat(broken.body().toString()).doesNotContain("person_away", "relation");
        assertThat(broken.headers().keySet()).noneMatch(name -> name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("user-agent"));
        assertThat(bridge.count("select count(*) from dead_letter where resource = 'exchange'")).as("a push that was answered is no letter").isZero();
        TestBridge.Answer again = bridge.scim("lab", "POST", "/Users", TestBridge.user("broken1", "broken1@acme.com", true));
        assertThat(again.status()).as("its fact is there already").isEqualTo(409);
        bridge.waitFor("select count(*) from person where email = 'broken1@acme.com'", 1);
    }

    @Test
    void a_pull_that_breaks_is_parked_once_and_its_facts_are_applied_later(CapturedOutput log) {
        bridge.sql.execute("alter table link rename to link_away");
        JsonNode run = bridge.pull("lab");
        bridge.sql.execute("alter table link_away rename to link");
        assertThat(run.get("status").asText()).isEqualTo("failed");
        assertThat(bridge.count("select count(*) from dead_letter where resource = 'exchange' and cause = 'BUG'")).isOne();
        assertThat(bridge.sql.queryForObject("select sentence from dead_letter where resource = 'exchange'", String.class)).doesNotContain("@acme.com");
        String told = "dead letter " + bridge.count("select id from dead_letter where resource = 'exchange'") + " of lab: ";
        for (int i = 0; i < 600 && !log.getAll().contains(told); i++) {
            TestBridge.pause(50); // it is told off the route that failed
        }
        assertThat(log.getAll()).contains(told);
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
        assertThat(bridge.memberships()).isNotEmpty();
    }

    @Test
    void a_source_that_does_not_answer_is_a_failed_run_and_no_letter() {
        okta.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/users", 0, 0, 0)));
        long letters = bridge.count("select count(*) from dead_letter");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("failed");
        okta.faults().set(List.of());
        assertThat(bridge.count("select count(*) from dead_letter")).isEqualTo(letters);
    }

    @Test
    void a_database_that_goes_away_in_the_middle_of_parking_fails_the_exchange_and_is_counted() throws Exception {
        long letters = bridge.count("select count(*) from dead_letter");
        double lost = lost();
        CompletableFuture<Exchange> parked;
        try (Connection other = bridge.bean(DataSource.class).getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table dead_letter in access exclusive mode");
            parked = CompletableFuture.supplyAsync(() -> bridge.bean(ProducerTemplate.class).send("direct:dead-letter", exchange -> exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException("it broke"))));
            bridge.waitFor("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%into dead_letter %'", 1);
            bridge.sql.queryForList("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%into dead_letter %'");
            assertThat(parked.get(30, TimeUnit.SECONDS).getException()).as("nobody may believe that the letter is there").isNotNull();
            other.rollback();
        }
        assertThat(lost() - lost).isEqualTo(1);
        assertThat(bridge.count("select count(*) from dead_letter")).isEqualTo(letters);
    }

    private static double lost() {
        return bridge.bean(MeterRegistry.class).get("bridge.dead.letter.store.failures").counter().count();
    }
}
