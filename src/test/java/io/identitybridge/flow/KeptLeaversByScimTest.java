package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same by Portkey's SCIM: whom it shows still is not gone. */
class KeptLeaversByScimTest {
    @AutoClose
    private static final PortkeyBridge with = PortkeyBridge.byScim().applies();

    @BeforeEach
    void quiet() {
        with.quiet();
    }

    @Test
    void a_right_to_archive_that_is_missing_stops_the_connection() {
        String dan = user("dan");
        with.gateway.forbids("PATCH", ".*/Users/[^/]+");
        with.leaves(dan);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from target where stopped_at is not null"), 1L);
        assertThat(active("dan")).isTrue();
        assertThat(with.bridge.count("select count(*) from outbox where leaver")).isEqualTo(1);
        with.gateway.quiet();
        with.bridge.sql.update("update target set probe_at = now()");
        PortkeyBridge.await(() -> active("dan"), false);
        with.settled();
    }

    @Test
    void a_gateways_404_to_groups_and_users_is_a_letter() {
        String eve = user("eve");
        with.group("ws-Seas-role-admin", eve);
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault("Seas", Map.of()).size(), 1);
        with.settled();
        with.gateway.says("PATCH", ".*/(Users|Groups)/[^/]+", 404, Map.of("Content-Type", "text/html"), "<html>404</html>");
        with.leaves(eve);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from dead_letter where source = 'portkey' and status in ('open', 'retrying')"), 1L);
        assertThat(active("eve")).isTrue();
        with.gateway.quiet();
        with.bridge.sql.update("update outbox set due_at = now() where leased_by is null");
        PortkeyBridge.await(() -> active("eve"), false);
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from outbox"), 0L);
        assertThat(with.portkey.state().listed("ws-Seas-role-admin")).isEmpty();
    }

    /** A group that is gone holds nobody; one that a gateway says nothing of may. */
    @Test
    void a_gateways_404_to_a_group_by_its_id_takes_nobody_for_out_of_it() {
        String kim = user("kim");
        String group = with.group("ws-Lakes-role-admin", kim);
        PortkeyBridge.await(() -> with.portkey.state().memberships().getOrDefault("Lakes", Map.of()).size(), 1);
        with.settled();
        with.gateway.says("GET", ".*/Groups/[^/]+", 404, Map.of("Content-Type", "text/html"), "<html>404</html>");
        with.gateway.says("PATCH", ".*/Groups/[^/]+", 404, Map.of("Content-Type", "text/html"), "<html>404</html>");
        with.bridge.scim("okta-app", "PATCH", "/Groups/" + group, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + kim + "\\\"]\"}]}");
        PortkeyBridge.await(() -> with.bridge.count("select count(*) from dead_letter where source = 'portkey' and status in ('open', 'retrying')"), 1L);
        assertThat(with.portkey.state().listed("ws-Lakes-role-admin")).containsExactly("kim@acme.com");
        with.gateway.quiet();
        long letter = with.bridge.count("select id from dead_letter where source = 'portkey' and status in ('open', 'retrying')");
        with.bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter + "]}");
        with.settled();
        assertThat(with.portkey.state().listed("ws-Lakes-role-admin")).isEmpty();
    }

    private String user(String name) {
        String id = with.push(name, name + "@acme.com", true);
        PortkeyBridge.await(() -> with.portkey.state().person(name + "@acme.com").isPresent() && with.bridge.count("select count(*) from outbox") == 0, true);
        return id;
    }

    private boolean active(String name) {
        return with.portkey.state().person(name + "@acme.com").orElseThrow().active();
    }
}
