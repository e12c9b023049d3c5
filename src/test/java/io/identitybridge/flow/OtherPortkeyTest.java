package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address of Portkey becomes another one while calls to the one before are on their way: the new one is read, and decided on, first (src/docs/adoption.md). */
@Tag("real")
class OtherPortkeyTest {
    private final Gateway before = new Gateway();
    private final Gateway after = new Gateway();
    private StandInPortkey one;
    private StandInPortkey other;
    private TestBridge bridge;
    private Path address;
    private Path folder;
    private BridgeFiles files;
    private List<String> database;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        database = TestDatabase.freshAddress();
        one = new StandInPortkey(0, "/v1", before);
        other = new StandInPortkey(0, "/v1", after);
        address = Files.writeString(folder.resolve("address"), one.adminUrl().toString());
        files = BridgeFiles.of(folder, "okta-app").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d, lag: 1s, side-by-side: 1}\nswitches:");
        bridge = TestBridge.start(database, files, folder.resolve("data"), "PORTKEY_URL_FILE=" + address, "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY);
        PortkeyBridge.await(() -> bridge.count("select count(*) from target where read_at is not null and reading is null"), 1L);
    }

    @AfterEach
    void stop() {
        before.quiet();
        bridge.close();
        one.close();
        other.close();
    }

    @Test
    void what_the_one_before_answers_late_makes_nobody_of_the_new_one_the_bridges() throws Exception {
        String eva = push("eva");
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
        PortkeyBridge.await(() -> one.state().pending("eva@acme.com").isPresent() && bridge.count("select count(*) from outbox") == 0, true);
        String user = one.byHand().accept("eva@acme.com").id();
        bridge.sql.update("update target_person set user_id = ?, invite_id = null, invite_status = null, invite_carries = '{}' where email = 'eva@acme.com'", user);
        other.byHand().person("eva@acme.com", "By", "Hand", "member");
        before.holds("PUT");
        bridge.scim("okta-app", "PATCH", "/Users/" + eva, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"roles\",\"value\":[{\"value\":\"admin\"}]}]}");
        PortkeyBridge.await(() -> before.heard("PUT", "/v1/admin/users/.*"), 1L);
        moves();
        before.letsGo();
        PortkeyBridge.await(() -> bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
        assertThat(bridge.api("POST", "/target/read", "{}").status()).isEqualTo(200);
        assertThat(bridge.sql.queryForList("select owner || ' ' || (user_id = ?) from target_person where email = 'eva@acme.com'", String.class, user)).containsExactly("unmanaged false");
    }

    @Test
    void what_was_planned_for_the_one_before_is_not_sent_to_the_new_one() throws Exception {
        for (String route : new String[] {"publish-leavers", "target-read"}) { // they wait for Portkey, too
            bridge.bean(CamelContext.class).getRouteController().stopRoute(route);
        }
        for (int i = 0; i < 20; i++) {
            push("new" + i);
        }
        before.slow(150);
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
        PortkeyBridge.await(() -> before.heard("POST", "/v1/admin/users/invites") > 2, true);
        Files.writeString(address, other.adminUrl().toString());
        TestBridge.pause(3_000);
        assertThat(after.heard("(POST|PUT|DELETE)", ".*")).isZero();
        assertThat(bridge.count("select count(*) from target where mode = 'observe' and address = ?", other.adminUrl().toString())).isEqualTo(1);
    }

    @Test
    void a_bridge_whose_address_is_the_one_before_neither_reads_nor_writes_there_any_more() {
        try (TestBridge newer = TestBridge.start(database, files, folder.resolve("newer"), "PORTKEY_URL=" + other.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY)) {
            PortkeyBridge.await(() -> newer.count("select count(*) from target where address = ? and read_at is not null and reading is null", other.adminUrl().toString()), 1L);
            before.quiet();
            assertThat(bridge.api("POST", "/target/apply", "{\"reason\":\"asked of the wrong one\"}").body().toString()).contains("another bridge publishes to another Portkey");
            newer.bean(TargetState.class).mode(true, "test", "for the test");
            newer.sql.update("update target set read_wanted = true");
            for (int i = 0; i < 20; i++) {
                push("both" + i);
            }
            PortkeyBridge.await(() -> newer.count("select count(*) from outbox") + newer.count("select count(*) from target where read_wanted or reading is not null"), 0L);
            assertThat(before.heard(".*", ".*")).isZero();
            assertThat(other.state().pending("both19@acme.com")).isPresent();
        }
    }

    private void moves() throws IOException {
        Files.writeString(address, other.adminUrl().toString());
        PortkeyBridge.await(() -> bridge.count("select count(*) from target where address = ? and mode = 'observe'", other.adminUrl().toString()), 1L);
    }

    private String push(String id) {
        return bridge.scim("okta-app", "POST", "/Users", TestBridge.user(id, id + "@acme.com", true)).body().path("id").asText();
    }
}
