package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters that are tried by the clock on the side of the sources: whoever leaves is tried until he is out, and a run that broke begins again. */
class SourceLeaversTest {
    @TempDir
    static Path folder;
    static StandInOkta okta;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        okta = new StandInOkta(Company.of(6, 3, 1), "secret", 0);
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "lag: 5s", "lag: 0s"), folder, "lab.url=" + okta.url(), "lab.token=secret", "bridge.heal.every=200");
        bridge.sql.execute("create table refused (who text)");
        bridge.sql.execute("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one' using errcode = '22023'; end $$");
        bridge.sql.execute("create function refuse_some() returns trigger language plpgsql as $$ begin if new.external_id in (select who from refused) then raise exception 'not this one' using errcode = '22023'; end if; return new; end $$");
        bridge.sql.execute("create trigger refuse_some before update on account for each row execute function refuse_some()");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("done");
    }

    @AfterAll
    static void stop() {
        bridge.close();
        okta.close();
    }

    @Test
    void whose_archive_cannot_be_written_is_tried_every_quarter_of_an_hour_until_he_is_out() {
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("leo", "leo@acme.com", true)).body().get("id").asText();
        bridge.sql.execute("create trigger refuse before update on person for each row when (new.status = 'archived' and new.email = 'leo@acme.com') execute function refuse()");
        assertThat(bridge.scim("lab", "DELETE", "/Users/" + id, "").status()).isEqualTo(204);
        assertThat(bridge.sql.queryForList("select cause || ' ' || leaver from dead_letter where key = 'leo' and status in ('open', 'retrying')", String.class)).containsExactly("BUG true");
        await("with hours as (update dead_letter set attempts = 9, last_at = now(), next_at = null where key = 'leo' and coalesce(next_at, now()) < now() + interval '13 minutes') select next_at between now() + interval '13 minutes' and now() + interval '15 minutes' from dead_letter where key = 'leo'"); // as after hours
        bridge.sql.update("update dead_letter set next_at = now() where key = 'leo'");
        await("select attempts = 10 and next_at > now() + interval '1 minute' and status in ('open', 'retrying') from dead_letter where key = 'leo'"); // the next try has its time: it is not set any more
        assertThat(bridge.people("active")).as("nobody takes it for done").contains("leo@acme.com");
        bridge.sql.execute("drop trigger refuse on person");
        bridge.sql.update("update dead_letter set next_at = now() where key = 'leo'");
        await("select status = 'superseded' from dead_letter where key = 'leo'");
        assertThat(bridge.people("archived")).contains("leo@acme.com");
    }

    @Test
    void whose_leaving_could_not_even_be_stored_is_not_closed_by_what_was_there_before_and_goes_once_it_can_be() {
        Company.Person person = okta.company().people("", 6).get(2);
        assertThat(bridge.people("active")).contains(person.email());
        bridge.sql.update("insert into refused values (?)", person.id());
        okta.company().status(person.id(), "SUSPENDED");
        bridge.pull("lab");
        assertThat(bridge.sql.queryForMap("select d.leaver, d.generation - a.version as ahead from dead_letter d join account a on a.external_id = d.key where d.key = ? and d.status in ('open', 'retrying')", person.id()))
                .containsEntry("leaver", true).containsEntry("ahead", 1L);
        bridge.sql.update("update dead_letter set next_at = now() where key = ?", person.id());
        await("select attempts >= 2 and next_at > now() + interval '10 seconds' and status in ('open', 'retrying') from dead_letter where key = '" + person.id() + "'");
        assertThat(bridge.people("active")).contains(person.email());
        bridge.sql.update("delete from refused");
        bridge.sql.update("update dead_letter set next_at = now() where key = ?", person.id());
        await("select status = 'superseded' from dead_letter where key = '" + person.id() + "'");
        assertThat(bridge.people("archived")).contains(person.email());
    }

    @Test
    void a_run_that_broke_begins_again_by_the_clock_and_its_letter_is_closed_with_it() {
        bridge.sql.execute("alter table cursor rename to cursor_away");
        assertThat(bridge.pull("lab").get("status").asText()).isEqualTo("failed");
        bridge.sql.execute("alter table cursor_away rename to cursor");
        long runs = bridge.count("select count(*) from run");
        bridge.sql.update("update dead_letter set next_at = now() where resource = 'exchange' and status in ('open', 'retrying')");
        await("select count(*) = 0 from dead_letter where resource = 'exchange' and status in ('open', 'retrying')");
        assertThat(bridge.sql.queryForList("select status || ': ' || why from dead_letter where resource = 'exchange'", String.class)).isEqualTo(List.of("superseded: a later run went through"));
        assertThat(bridge.count("select count(*) from run")).isGreaterThan(runs);
        await("select count(*) = 0 from run where ended_at is null"); // the next test pulls, too
    }

    private static void await(String query) {
        for (int i = 0; i < 600 && !List.of(true).equals(bridge.sql.queryForList(query, Boolean.class)); i++) {
            TestBridge.pause(50);
        }
        assertThat(bridge.sql.queryForList(query, Boolean.class)).as("%s %s", query, bridge.sql.queryForList("select key, status, cause, attempts, next_at, leaver, generation, sentence from dead_letter")).containsExactly(true);
    }
}
