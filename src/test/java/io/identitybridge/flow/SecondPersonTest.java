package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.model.Controls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code limits.second-person}, what waits is done once two different people have said so, line by line. */
class SecondPersonTest {
    @TempDir
    Path folder;

    @Test
    void a_line_is_done_once_another_person_has_approved_it_too() {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "second-person: true\n  archive: {at-most: 1}");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            for (String name : List.of("abe", "ada", "bob")) { // one a day goes at once
                String id = bridge.scim("lab", "POST", "/Users", TestBridge.user(name, name + "@acme.com", true)).body().get("id").asText();
                bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
            }
            Controls controls = bridge.bean(Controls.class);
            long plan = bridge.count("select id from plan where status = 'held'");
            assertThat(controls.approve(plan, List.of(1), Optional.empty(), "grace")).containsExactly("1 archive user ada@acme.com: approved by grace, and waits for a second person (portkey.yaml: limits.second-person)");
            assertThat(controls.approve(plan, List.of(1), Optional.empty(), "grace")).as("the same person twice is one person").first().asString().contains("waits for a second person");
            assertThat(bridge.people("archived")).containsExactly("abe@acme.com");
            assertThat(controls.approve(plan, List.of(), Optional.empty(), "hedy")).containsExactly("1 archive user ada@acme.com", "2 archive user bob@acme.com: approved by hedy, and waits for a second person (portkey.yaml: limits.second-person)");
            assertThat(bridge.people("archived")).containsExactly("abe@acme.com", "ada@acme.com");
            assertThat(bridge.api("GET", "/plans/" + plan + "?status=held", "").body().at("/lines/items/0/firstBy").asText()).isEqualTo("hedy");
            controls.approve(plan, List.of(2), Optional.empty(), "grace");
            assertThat(bridge.people("archived")).containsExactly("abe@acme.com", "ada@acme.com", "bob@acme.com");
            assertThat(bridge.sql.queryForList("select actor || ': ' || unnest(changes) from audit where via = 'approve' order by id", String.class))
                    .contains("grace: approve plan " + plan + ", first of two (1 lines)", "hedy: archive user ada@acme.com", "grace: archive user bob@acme.com");
        }
    }
}
