package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan that nobody decided on in time is over, and what it held still waits for a person. */
class ExpiredPlansTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    Path folder;

    @Test
    void an_expired_plan_holds_nothing_and_what_is_still_true_waits_in_a_new_one() {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ids.add(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext" + i, "person" + i + "@acme.com", true)).body().get("id").asText());
            }
            ids.subList(0, 3).forEach(id -> bridge.scim("lab", "PATCH", "/Users/" + id, OFF));
            assertThat(bridge.people("archived")).containsExactly("person0@acme.com");

            bridge.bean(Sweeper.class).sweep();
            assertThat(statuses(bridge)).containsExactly("held 2");
            bridge.sql.update("update plan set expires_at = now()");
            bridge.bean(Sweeper.class).sweep();

            assertThat(statuses(bridge)).containsExactly("expired 0", "held 2");
            assertThat(bridge.people("archived")).as("silence approves nothing").containsExactly("person0@acme.com");
            assertThat(bridge.api("GET", "/plans/1", "").body().get("decision").asText()).isEqualTo("nobody decided in time; what it held waits in plan 2");
            assertThat(bridge.api("POST", "/plans/1/approve", "{}").body().get("detail").asText()).contains("it is expired");
            bridge.sql.update("update account set standing = 'IN', active = true where external_id = 'ext1'");
            bridge.sql.update("update due set at = now() - interval '1 minute'");
            bridge.bean(Sweeper.class).sweep();
            assertThat(statuses(bridge)).as("what is not true any more left it").containsExactly("expired 0", "held 1");
            bridge.api("POST", "/plans/2/approve", "{}");
            assertThat(bridge.people("archived")).containsExactly("person0@acme.com", "person2@acme.com");
            assertThat(bridge.api("GET", "/audit?origin=plan:1", "").body().toString()).contains("plan 1 expired");
        }
    }

    private static List<String> statuses(TestBridge bridge) {
        return bridge.sql.queryForList("select status || ' ' || (select count(*) from plan_line l where l.plan_id = p.id and l.status = 'held') from plan p order by id", String.class);
    }
}
