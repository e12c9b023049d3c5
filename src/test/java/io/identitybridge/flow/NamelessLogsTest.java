package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Whatever goes well or wrong with somebody, no log line, no meter, no letter, run or request says who it was. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class NamelessLogsTest {
    private static final String MARKER = "qzmarker";
    @TempDir
    Path folder;

    @Test
    void logs_meters_letters_runs_and_requests_carry_ids_and_no_names(CapturedOutput log) throws IOException {
        try (StandInOkta okta = new StandInOkta(Company.of(6, 2, 1), "secret", 0);
                TestBridge bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 2"), folder,
                        "lab.url=" + okta.url(), "lab.token=secret", "logging.level.io.identitybridge=debug")) {
            okta.company().add("00u1", "Zelda", "Qzmarker", "zelda.qzmarker@acme.com");
            okta.company().add("00u2", "Xena", "Qzmarker", "zelda.qzmarker@acme.com"); // one address, two people
            okta.company().add("00u3", "Otto", "Qzmarker", "qzmarker@elsewhere.example"); // a domain that may not become a member
            okta.company().add("00u4", "Bad", "Qzmarker", "crash.qzmarker@acme.com");
            okta.company().add("00u5", "No", "Qzmarker", "qzmarker-without-address");
            List.of("00u1", "00u2", "00u3", "00u4").forEach(id -> okta.company().join("00g00000001", id));
            bridge.sql.execute("alter table person add constraint no_crash check (email not like 'crash%') not valid"); // the database's detail line shows the row
            assertThat(bridge.pull("lab").get("letters").asInt()).isGreaterThanOrEqualTo(2);
            okta.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/users", 0, 0, 0)));
            bridge.pull("lab");
            okta.faults().set(List.of());

            String id = bridge.scim("lab", "POST", "/Users", user("p1", "pushed.qzmarker@acme.com")).body().get("id").asText();
            bridge.scim("lab", "POST", "/Users", user("p1", "pushed.qzmarker@acme.com"));
            bridge.scim("lab", "POST", "/Users", user("p2", "crash2.qzmarker@acme.com"));
            bridge.scim("lab", "POST", "/Users", user("p3", "qzmarker@elsewhere.example"));
            bridge.scim("lab", "POST", "/Users", "{\"userName\":\"qzmarker\",\"emails\":\"qzmarker\"}");
            bridge.scim("lab", "POST", "/Users", "{\"userName\":\"qzmarker@acme.com\",");
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"nothing.x\",\"value\":\"qzmarker@acme.com\"}]}");
            bridge.scim("lab", "GET", "/Users?filter=userName eq \"pushed.qzmarker@acme.com\"", "");
            bridge.scim("lab", "GET", "/Users?filter=qzmarker eq qzmarker@acme.com", "");
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"Other Qzmarker\"}}]}");
            for (String table : List.of("link", "person", "account")) {
                bridge.sql.execute("alter table " + table + " rename to away");
                bridge.scim("lab", "POST", "/Users", user("b-" + table, "broken." + table + ".qzmarker@acme.com"));
                bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"Qzmarker " + table + "\"}}]}");
                bridge.pull("lab");
                bridge.sql.execute("alter table away rename to " + table);
            }
            List<Long> open = bridge.sql.queryForList("select id from dead_letter where status = 'open' and resource = 'user'", Long.class);
            assertThat(open).hasSizeGreaterThanOrEqualTo(3);
            bridge.api("POST", "/dead-letters/replay", "{\"ids\":" + open + "}");
            bridge.api("POST", "/dead-letters/discard", "{\"ids\":[" + open.getFirst() + "],\"reason\":\"known\"}");
            bridge.sql.execute("alter table person add constraint none_archived check (status = 'active') not valid");
            assertThat(bridge.api("POST", "/revoke", "{\"person\":\"pushed.qzmarker@acme.com\",\"reason\":\"dismissed\"}").status()).isEqualTo(500);
            bridge.sql.execute("alter table person drop constraint none_archived");
            bridge.api("POST", "/revoke", "{\"person\":\"pushed.qzmarker@acme.com\",\"reason\":\"dismissed\"}");
            bridge.api("GET", "/explain?person=zelda.qzmarker@acme.com", "");
            bridge.api("GET", "/members?created=qzmarker@acme.com", "");
            bridge.pull("lab");

            assertThat(lines(log.getAll())).isEmpty();
            assertThat(lines(bridge.health())).isEmpty();
            assertThat(lines(bridge.metrics())).isEmpty();
            for (String table : List.of("dead_letter", "run", "plan", "request_log", "due", "outbox", "tally", "source_state", "drift", "push_missed", "person_cipher")) {
                assertThat(bridge.sql.queryForList("select t::text from " + table + " t where lower(t::text) like '%" + MARKER + "%'", String.class)).as(table).isEmpty();
            }
            assertThat(bridge.api("GET", "/dead-letters", "").body().toString()).as("shown, it names them").contains("zelda.qzmarker@acme.com");
        }
    }

    /** With what no letter, log or audit may ever hold. */
    private static String user(String externalId, String mail) {
        return TestBridge.user(externalId, mail, true).replaceFirst("\"active\"", "\"displayName\":\"Pushed Qzmarker\",\"password\":\"pw-qzmarker\",\"phoneNumbers\":[{\"value\":\"qzmarker-1\"}],\"addresses\":[{\"streetAddress\":\"qzmarker street\"}],\"active\"");
    }

    private static List<String> lines(String text) {
        List<String> found = new ArrayList<>();
        text.lines().filter(line -> line.toLowerCase(Locale.ROOT).contains(MARKER)).forEach(found::add);
        return found;
    }
}
