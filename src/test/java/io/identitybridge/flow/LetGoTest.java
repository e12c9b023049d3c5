package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sources know somebody, one no longer admits him, and then he leaves at the other. */
class LetGoTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    static Path folder;
    static BridgeFiles files;
    static TestBridge bridge;

    @BeforeAll
    static void start() {
        files = BridgeFiles.of(folder.resolve("files"), "lab", "okta");
        bridge = TestBridge.start(files, folder);
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void whom_an_operator_has_let_go_where_he_is_no_longer_admitted_goes_when_he_leaves_elsewhere_and_nobody_else_does() {
        List<String> names = List.of("ada", "ben", "cleo");
        List<String> labs = names.stream().map(name -> user("lab", name)).toList();
        List<String> oktas = names.stream().map(name -> user("okta", name)).toList();
        group("lab", "Labs", labs.subList(0, 2)); // of lab, cleo has nothing
        group("okta", "Sales", oktas);
        files.edit("lab.yaml", "scim:\n  admit: everybody", "scim:\n  admit: \"!(resource.userName in ['ada@acme.com', 'ben@acme.com', 'cleo@acme.com'])\"");
        bridge.activate();
        until(() -> bridge.held().size() == 2);
        assertThat(bridge.held()).containsExactly("remove ada@acme.com from Labs", "remove ben@acme.com from Labs");
        assertThat(admitted()).containsExactly("ada", "ben", "cleo");
        long plan = bridge.sql.queryForObject("select plan_id from plan_line where sentence = 'remove ada@acme.com from Labs' and status = 'held'", Long.class);
        int line = bridge.sql.queryForObject("select n from plan_line where plan_id = ? and sentence = 'remove ada@acme.com from Labs'", Integer.class, plan);
        assertThat(bridge.api("POST", "/plans/" + plan + "/approve", "{\"only\":[" + line + "]}").status()).isEqualTo(200);
        assertThat(bridge.memberships()).doesNotContain("Labs/ada@acme.com=member").contains("Labs/ben@acme.com=member", "Sales/ada@acme.com=member");
        assertThat(admitted()).containsExactly("ben", "cleo");

        oktas.forEach(id -> bridge.scim("okta", "PATCH", "/Users/" + id, OFF));
        assertThat(bridge.people("archived")).as("lab has let her go").containsExactly("ada@acme.com");
        assertThat(bridge.held()).as("lab calls them active, and nobody has seen that it does not admit them").contains("archive user ben@acme.com", "archive user cleo@acme.com");

        files.edit("lab.yaml", "scim:\n  admit: \"!(resource.userName in ['ada@acme.com', 'ben@acme.com', 'cleo@acme.com'])\"", "scim:\n  admit: everybody");
        bridge.activate();
        until(() -> admitted().size() == 3);
        assertThat(admitted()).as("and does so again").containsExactly("ada", "ben", "cleo");
    }

    private static void until(BooleanSupplier done) {
        for (int i = 0; i < 400 && !done.getAsBoolean(); i++) {
            TestBridge.pause(50);
        }
    }

    private static List<String> admitted() {
        return bridge.sql.queryForList("select split_part(user_name, '@', 1) from account where source = 'lab' and admitted order by 1", String.class);
    }

    private static String user(String source, String name) {
        return bridge.scim(source, "POST", "/Users", TestBridge.user(source + name, name + "@acme.com", true)).body().get("id").asText();
    }

    private static void group(String source, String workspace, List<String> ids) {
        String members = String.join(",", ids.stream().map(id -> "{\"value\":\"" + id + "\"}").toList());
        assertThat(bridge.scim(source, "POST", "/Groups", "{\"displayName\":\"ws-" + workspace + "-role-member\",\"members\":[" + members + "]}").status()).isEqualTo(201);
    }
}
