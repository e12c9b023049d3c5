package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.model.SourceName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are edited while a pull reads: what it has not read, and what it read otherwise, takes nothing from anybody. */
class EditedInMidPullTest {
    private static final String ACTIVE = "'!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"])'";
    @TempDir
    Path folder;
    final Door door = new Door();
    StandInOkta okta;
    BridgeFiles files;
    TestBridge bridge;

    @BeforeEach
    void start() throws IOException {
        okta = new StandInOkta(Company.of(24, 2, 1), "secret", 0, door);
        files = BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s").manyMayLeave().edit("lab.yaml", "admit: in-any-workspace  ", "admit: everybody         ");
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret");
    }

    @AfterEach
    void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void the_first_pull_of_people_who_were_pushed_ends_nobody_for_a_field_that_it_was_not_told_to_read() {
        List<Company.Person> pushed = okta.company().people("", 10);
        pushed.forEach(person -> bridge.pushed("lab", person.id(), person.email()));
        bridge.lagPasses();
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
        whileItReads(this::readsDepartments);
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).containsPattern("mappings/lab.yaml:[0-9, ]+ was edited");
        assertThat(bridge.pull("lab").get("status").asText()).as("it reads what the edit names").isEqualTo("done");
        assertThat(bridge.people("active")).containsAll(pushed.stream().map(Company.Person::email).toList());
        assertThat(held()).isEqualTo("[]");
    }

    @Test
    void a_pull_that_was_reading_when_an_edit_came_is_not_the_one_that_reads_everything_after_it() {
        bridge.pull("lab");
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
        whileItReads(() -> {
            readsDepartments();
            bridge.waitFor("select count(*) from source_state where source = 'lab' and full_wanted", 1);
        });
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(bridge.count("select count(*) from source_state where source = 'lab' and full_wanted")).isOne();
        bridge.pull("lab");
        assertThat(bridge.count("select count(*) from source_state where source = 'lab' and full_wanted")).isZero();
        assertThat(held()).isEqualTo("[]");
    }

    @Test
    void a_pull_by_a_source_file_that_is_another_by_now_fails_and_what_the_next_does_not_find_waits() {
        bridge.pull("lab");
        okta.company().delete(okta.company().people("", 1).getFirst().id());
        JsonNode run = whileItReads(this::narrows);
        assertThat(run.get("status").asText()).isEqualTo("failed");
        assertThat(run.get("message").asText()).isEqualTo("routes/lab.source.yaml was edited while it was read; the next run reads everything as it says now; nobody was removed");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("held");
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).containsPattern("routes/lab.source.yaml:\\d+ was edited");
    }

    @Test
    void a_run_that_was_opened_before_the_edit_reads_by_the_files_of_then() {
        bridge.pull("lab");
        okta.company().delete(okta.company().people("", 1).getFirst().id());
        Pulls.Answer.Go go = (Pulls.Answer.Go) bridge.bean(Pulls.class).begin(new SourceName("lab"), true, "operator");
        narrows();
        bridge.bean(ProducerTemplate.class).send("direct:pull-now", exchange -> {
            exchange.setProperty(IdpComponent.TICKET, go.ticket());
            exchange.getMessage().setHeader("source", "lab");
        });
        assertThat(bridge.run(go.ticket().run().toString()).get("status").asText()).isEqualTo("failed");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("held");
        assertThat(bridge.people("archived")).isEmpty();
    }

    @Test
    @Tag("real")
    void what_a_pull_takes_in_by_the_files_of_before_is_looked_at_by_the_new_ones_before_another_pull_takes_anything_away() throws Exception {
        bridge.pull("lab");
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
        Company.Person ada = okta.company().people("", 1).getFirst();
        okta.company().firstName(ada.id(), "Another");
        try (Connection other = bridge.bean(DataSource.class).getConnection(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table drift in access exclusive mode"); // what a run looks at first when it applies, and nobody else
            bridge.startPull("lab");
            bridge.waitFor("select count(*) from run where status = 'applying'", 1);
            files.edit("lab.yaml", ACTIVE, ACTIVE.substring(0, ACTIVE.length() - 1) + " && record.id != \"" + ada.id() + "\"'");
            bridge.activate();
            bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'archive user " + ada.email() + "'", 1);
            TestBridge.pause(12_000); // so long all bridges have to follow to an edit
            other.rollback();
        }
        bridge.waitFor("select count(*) from run where ended_at is null", 0);
        bridge.pull("lab");
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).containsPattern("archive user " + ada.email() + ": mappings/lab.yaml:[0-9, ]+ was edited");
    }

    @Test
    void nor_where_a_second_edit_comes_while_the_first_is_looked_at() throws Exception {
        bridge.close();
        bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret", "bridge.look.every=3600000");
        bridge.pull("lab");
        Company.Person ada = okta.company().people("", 1).getFirst();
        files.edit("lab.yaml", "record.profile.firstName + \" \"", "record.profile.firstName + \"  \"");
        bridge.activate();
        try (Connection other = bridge.bean(DataSource.class).getConnection(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select 1 from account for update");
            bridge.startPull("lab");
            bridge.waitFor("select least(1, count(*)) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", 1);
            files.edit("lab.yaml", ACTIVE, ACTIVE.substring(0, ACTIVE.length() - 1) + " && record.id != \"" + ada.id() + "\"'");
            bridge.activate();
            other.rollback();
        }
        bridge.waitFor("select count(*) from run where ended_at is null", 0);
        assertThat(bridge.people("archived")).isEmpty();
        bridge.pull("lab");
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).containsPattern("archive user " + ada.email() + ": mappings/lab.yaml:[0-9, ]+ was edited");
    }

    @Test
    void nor_after_a_bridge_that_died_over_that_pull() {
        bridge.pull("lab");
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
        Company.Person ada = okta.company().people("", 1).getFirst();
        files.edit("lab.yaml", ACTIVE, ACTIVE.substring(0, ACTIVE.length() - 1) + " && record.id != \"" + ada.id() + "\"'");
        bridge.activate();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'archive user " + ada.email() + "'", 1);
        bridge.sql.update("update account set standing = 'IN', active = true where external_id = ?", ada.id()); // as the files of before have it
        bridge.sql.update("update plan_line set status = 'stale'");
        bridge.sql.update("update run set status = 'applying', ended_at = null");
        bridge.pull("lab");
        assertThat(bridge.people("archived")).isEmpty();
        assertThat(held()).containsPattern("archive user " + ada.email() + ": mappings/lab.yaml:[0-9, ]+ was edited");
    }

    private JsonNode whileItReads(Runnable edit) {
        CountDownLatch opens = door.close("/groups");
        String run = bridge.startPull("lab");
        door.awaitCall("/groups");
        edit.run();
        opens.countDown();
        bridge.waitFor("select count(*) from run where ended_at is null", 0);
        return bridge.run(run);
    }

    private void readsDepartments() {
        files.edit("lab.yaml", ACTIVE, ACTIVE.substring(0, ACTIVE.length() - 1) + " && record.profile.?department.orValue(\"\") != \"\"'").edit("lab.yaml", "lastName: Byron}}", "lastName: Byron, department: Sales}}");
        bridge.activate();
    }

    private void narrows() {
        files.edit("lab.source.yaml", "query: {limit: \"50\", filter: lastUpdated gt", "query: {limit: \"49\", filter: lastUpdated gt");
        bridge.activate();
    }

    private String held() {
        return bridge.sql.queryForList("select sentence || ': ' || reason from plan_line where status = 'held'", String.class).toString();
    }
}
