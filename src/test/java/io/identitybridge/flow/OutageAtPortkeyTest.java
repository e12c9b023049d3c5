package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.store.Outbox;
import io.identitybridge.store.OutboxKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between the bridge and Portkey, or Portkey as a whole, is out of order: that is told once, and each key waits. */
@Tag("real")
class OutageAtPortkeyTest {
    private static final Map<String, String> HTML = Map.of("Content-Type", "text/html", "Location", "https://login.corp.example/");
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byAdminApi().applies();

    @BeforeEach
    void quiet() {
        with.quiet();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 407})
    void a_proxy_that_wants_a_sign_in_stops_the_connection_and_is_no_letter_for_each_key(int status) {
        List.of("GET", "POST").forEach(method -> with.gateway.says(method, "/v1/.*", status, HTML, ""));
        for (int i = 0; i < 3; i++) {
            with.push("sign" + status + i, "sign" + status + i + "@acme.com", true);
        }
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where stopped_at is not null"), 1L);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox where leased_by is not null"), 0L);
        assertThat(letters()).as("one alarm").isZero();
        with.gateway.quiet();
        with.bridge.sql.update("update target set probe_at = now()");
        nothingWaits();
        assertThat(with.portkey.state().pending("sign" + status + "2@acme.com")).isPresent();
    }

    @Test
    void a_gateways_404_is_no_workspace_that_was_deleted() {
        String group = with.group("ws-Ports-role-member", with.push("pam", "pam@acme.com", true));
        nothingWaits();
        with.gateway.says("PUT", "/v1/admin/workspaces/[^/]+", 404, HTML, "<html><body><h1>404 Not Found</h1></body></html>");
        renamed(group, "ws-Docks-role-member");
        PortkeyBridge.await(() -> letters() > 0 || with.findings().stream().anyMatch(finding -> finding.contains("Docks")), true);
        assertThat(with.findings()).noneMatch(finding -> finding.startsWith("lost: workspace Docks"));
        assertThat(with.bridge.sql.queryForList("select sentence from dead_letter where source = 'portkey' and status in ('open', 'retrying')", String.class)).singleElement().asString().contains("Portkey shows it still", "proxy");
        with.gateway.quiet();
        assertThat(with.bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + with.bridge.count("select id from dead_letter where source = 'portkey' and status in ('open', 'retrying')") + "]}").status()).isEqualTo(200);
        nothingWaits();
        assertThat(letters()).isZero();
        assertThat(with.portkey.state().workspaces()).anyMatch(workspace -> workspace.name().equals("Docks"));
    }

    @Test
    void a_workspace_that_was_deleted_is_told_as_lost_where_it_is_renamed() {
        String group = with.group("ws-Piers-role-member", with.push("pip", "pip@acme.com", true));
        nothingWaits();
        with.portkey.byHand().deleteWorkspace("Piers");
        renamed(group, "ws-Quays-role-member");
        PortkeyBridge.await(() -> with.findings().stream().anyMatch(finding -> finding.startsWith("lost: workspace Quays was deleted")), true);
        assertThat(letters()).isZero();
    }

    @Test
    void a_key_for_which_nothing_is_asked_does_not_say_that_portkey_is_back() {
        UUID eva = settled("eva");
        with.bridge.sql.update("update target set failures = 10, failed_at = now(), open_until = now()");
        with.bridge.bean(Outbox.class).again(OutboxKey.Kind.PERSON, List.of(eva));
        nothingWaits();
        assertThat(with.bridge.count("select count(*) from target where open_until is not null and failures = 10")).as("one key at a time still").isEqualTo(1);
        with.push("ed", "ed@acme.com", true);
        nothingWaits();
        assertThat(with.bridge.count("select count(*) from target where open_until is null and failures = 0")).as("an invite that was taken").isEqualTo(1);
    }

    @Test
    void keys_for_which_nothing_is_asked_end_no_quarantine() {
        UUID moe = settled("moe");
        with.bridge.sql.update("update target set rated_since = null");
        with.bridge.sql.update("insert into source_rate (source, minute, events, failed) values ('portkey', date_trunc('minute', now()), 100, 100) on conflict (source, minute) do update set events = 100, failed = 100");
        with.bridge.sql.update("update target set quarantined_at = now(), quarantine_why = 'a test', trial_at = now()");
        with.bridge.bean(Outbox.class).again(OutboxKey.Kind.PERSON, List.of(moe));
        nothingWaits();
        assertThat(with.bridge.count("select count(*) from target where quarantined_at is not null")).isEqualTo(1);
        with.push("max", "max@acme.com", true);
        with.bridge.sql.update("update target set trial_at = now()");
        nothingWaits();
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where quarantined_at is not null"), 0L);
    }

    /** Somebody who is at Portkey as he should be; gives the bridge's id. */
    private static UUID settled(String name) {
        with.push(name, name + "@acme.com", true);
        nothingWaits();
        return with.bridge.sql.queryForObject("select id from person where email = ?", UUID.class, name + "@acme.com");
    }

    private static void renamed(String group, String name) {
        assertThat(with.bridge.scim("okta-app", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"" + name + "\"}]}").status()).isBetween(200, 204);
    }

    private static void nothingWaits() {
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
    }

    private static long letters() {
        return with.bridge.count("select count(*) from dead_letter where source = 'portkey' and status in ('open', 'retrying')");
    }
}
