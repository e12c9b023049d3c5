package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge did is in its meters, by source and cause, and nobody is named in them. */
class MetersTest {
    @TempDir
    Path folder;

    @Test
    void what_came_in_what_became_of_it_and_what_is_open() throws IOException, InterruptedException {
        try (StandInOkta okta = new StandInOkta(Company.of(4, 2, 1), "secret", 0); TestBridge bridge = TestBridge.start(BridgeFiles.of(folder, "lab").edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 1"),
                folder, "lab.url=" + okta.url(), "lab.token=secret")) {
            bridge.pull("lab");
            String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext1", "ada.meter@acme.com", true)).body().get("id").asText();
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}]}");
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Meters-role-member\",\"members\":[{\"value\":\"somebody-not-known-yet\"}]}");
            bridge.scim("lab", "POST", "/Users", TestBridge.user("eve", "eve@elsewhere.example", true));
            long letter = bridge.count("select id from dead_letter");
            bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter + "]}");
            HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(bridge.scimBase("nosuch") + "/Users")).build(), HttpResponse.BodyHandlers.discarding());
            okta.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_503, "/users", 0, 0, 0)));
            bridge.pull("lab");
            bridge.sql.update("update token set expires_at = now() + interval '1 day', last_used = now()");

            String meters = meters(bridge);
            assertThat(meters).contains("bridge_events_total{resource=\"run\",result=\"applied\",via=\"pull\"} 1.0", "bridge_events_total{resource=\"run\",result=\"failed\",via=\"pull\"} 1.0",
                    "bridge_events_total{resource=\"user\",result=\"applied\",via=\"push\"} 2.0", "bridge_events_total{resource=\"user\",result=\"letter\",via=\"push\"} 1.0", "bridge_events_total{resource=\"group\",");
            assertThat(meters).contains("bridge_scim_request_seconds_count{method=\"PATCH\",source=\"lab\",status=\"2xx\"} 1", "bridge_scim_request_seconds_bucket{method=\"PATCH\"", "bridge_revoke_seconds_count{via=\"push\"} 1",
                    "bridge_scim_repairs_total{repair=\"a text for the truth value active\",source=\"lab\"} 1.0");
            assertThat(meters).contains("bridge_dead_letters_opened_total{class=\"", "bridge_dead_letter_oldest_age_seconds{class=\"", "bridge_dead_letter_replays_total{mode=\"converge\",result=\"open\"} 1.0",
                    "bridge_pending_references{source=\"lab\"} 1.0", "bridge_reconcile_complete{source=\"lab\"} 0.0", "bridge_reconcile_objects{source=\"lab\",state=\"seen\"} 10.0", "bridge_reconcile_objects{source=\"lab\",state=\"missing\"} 0.0");
            assertThat(meters).contains("bridge_token_expiry_timestamp_seconds{source=\"lab\"", "bridge_token_last_used_timestamp_seconds{source=\"lab\"", "bridge_exchanges_total{result=\"completed\",route=\"scim-push\"}",
                    "bridge_exchanges_total{result=\"handled\",route=\"pull-now\"} 1.0").containsPattern("bridge_mapping_info\\{sha=\"[0-9a-f]{64}\"} 1");
            assertThat(meters.lines().filter(line -> line.startsWith("bridge_"))).noneMatch(line -> line.contains("@") || line.contains("nosuch"));

            bridge.api("POST", "/dead-letters/discard", "{\"ids\":[" + letter + "],\"reason\":\"a guest\"}");
            assertThat(meters(bridge)).contains("bridge_dead_letters_closed_total{outcome=\"discarded\"}").doesNotContain("bridge_dead_letter_oldest_age_seconds{");
        }
    }

    private static String meters(TestBridge bridge) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(bridge.adminUrl() + "/actuator/prometheus")).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
