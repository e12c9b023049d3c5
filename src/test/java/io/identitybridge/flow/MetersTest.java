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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge did is in its meters, by source and cause, and nobody is named in them. */
class MetersTest {
    private static final Pattern SAMPLE = Pattern.compile("^(bridge_\\w+)(?:\\{(.*)})? ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern DOCUMENTED = Pattern.compile("`(bridge_\\w+)(?:\\{([\\w,]+)})?`");
    /** Only a Portkey that is published to makes them. */
    private static final Set<String> OF_PUBLISHER = Set.of("bridge_converged_total", "bridge_converge_seconds", "bridge_target_request_seconds", "bridge_target_throttled_total");
    private static final Set<String> UNNAMED = Set.of();
    @TempDir
    Path folder;

    @Test
    void what_came_in_what_became_of_it_and_what_is_open() throws IOException, InterruptedException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Files.writeString(files.routes.resolve("lab-yearly.camel.yaml"), "- route: {id: lab-yearly, from: {uri: 'quartz:pull/lab-yearly?cron=0+0+3+1+1+?', steps: [{to: 'idp:lab'}, {to: 'direct:reconcile'}]}}\n");
        try (StandInOkta okta = new StandInOkta(Company.of(4, 2, 1), "secret", 0); TestBridge bridge = TestBridge.start(files.edit("lab.source.yaml", "  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 1"),
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
            bridge.sql.update("insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.example', 'd')");
            bridge.sql.update("update run set budget = '{\"/users\": {\"limit\": 600, \"left\": 512}}'");
            bridge.sql.update("insert into drift (source, attribute, kind, day, n) select 'lab', 'userName', 'missed', now()::date, 1 where not exists (select 1 from drift where kind = 'missed')");
            bridge.sql.update("update token set expires_at = now() + interval '1 day', last_used = now()");

            for (int i = 0; i < 200 && bridge.count("select count(*) from push_told") == 0; i++) { // counted with the request log, within a second
                TestBridge.pause(50);
            }
            String meters = meters(bridge);
            assertThat(meters).contains("bridge_events_total{op=\"snapshot\",resource=\"run\",result=\"applied\",via=\"pull\"} 1.0", "bridge_events_total{op=\"read\",resource=\"run\",result=\"failed\",via=\"pull\"} 1.0",
                    "bridge_events_total{op=\"write\",resource=\"user\",result=\"applied\",via=\"push\"} 2.0", "bridge_events_total{op=\"write\",resource=\"user\",result=\"letter\",via=\"push\"} 1.0", "bridge_events_total{op=\"write\",resource=\"group\",");
            assertThat(meters).contains("bridge_scim_request_seconds_count{method=\"PATCH\",source=\"lab\",status=\"2xx\"} 1", "bridge_scim_request_seconds_bucket{method=\"PATCH\"", "bridge_revoke_seconds_count{via=\"push\"} 1",
                    "bridge_scim_repairs_total{repair=\"a text for the truth value active\",source=\"lab\"} 1.0");
            assertThat(meters).contains("bridge_dead_letters_created_total{class=\"", "bridge_dead_letter_oldest_age_seconds{class=\"", "bridge_dead_letter_replays_total{mode=\"converge\",result=\"open\"} 1.0",
                    "bridge_pending_references{source=\"lab\"} 1.0", "bridge_reconcile_complete{source=\"lab\"} 0.0", "bridge_reconcile_objects{source=\"lab\",state=\"seen\"} 10.0", "bridge_reconcile_objects{source=\"lab\",state=\"missing\"} 0.0");
            assertThat(meters).contains("bridge_token_expiry_timestamp_seconds{source=\"lab\"", "bridge_token_last_used_timestamp_seconds{source=\"lab\"", "bridge_exchanges_total{result=\"completed\",route=\"scim-push\"}",
                    "bridge_exchanges_total{result=\"handled\",route=\"pull-now\"} 1.0").containsPattern("bridge_mapping_info\\{sha=\"[0-9a-f]{64}\"} 1");
            assertThat(meters).contains("bridge_dead_letters_parked{", "bridge_keys_blocked{class=\"TARGET_POISON\",resource=\"user\",source=\"lab\"} 1.0", "bridge_idp_rate_limit_remaining{bucket=\"/users\",source=\"lab\"} 512.0",
                    "bridge_connection_stopped{source=\"portkey\"} 0.0", "bridge_connection_quarantined{source=\"lab\"} 0.0", "bridge_leaver_oldest_age_seconds 0.0", "bridge_reconcile_last_complete_timestamp_seconds{source=\"lab\"} 1.", "bridge_reconcile_interval_seconds{source=\"lab\"} 3.1");
            assertThat(meters.lines().filter(line -> line.startsWith("bridge_"))).noneMatch(line -> line.contains("@") || line.contains("nosuch"));

            bridge.api("POST", "/dead-letters/discard", "{\"ids\":[" + letter + "],\"reason\":\"a guest\"}");
            assertThat(meters(bridge)).contains("bridge_dead_letters_closed_total{outcome=\"discarded\"}").doesNotContain("bridge_dead_letter_oldest_age_seconds{");
            documented(meters, meters(bridge));
        }
    }

    /** What the page says of meters is so, label by label. */
    private static void documented(String before, String after) throws IOException {
        Map<String, Set<String>> there = new TreeMap<>();
        (before + after).lines().forEach(line -> SAMPLE.matcher(line).results().forEach(sample -> there.computeIfAbsent(sample.group(1), name -> new TreeSet<>())
                .addAll(sample.group(2) == null ? List.of() : LABEL.matcher(sample.group(2)).results().map(label -> label.group(1)).filter(label -> !label.equals("le")).toList())));
        String page = Files.readString(Path.of("src/docs/operations.md"));
        String publisher = Files.readString(Path.of("src/main/java/io/identitybridge/publish/PublishMeters.java"));
        List<String> missing = new ArrayList<>();
        Set<String> documented = new TreeSet<>();
        DOCUMENTED.matcher(page.substring(page.indexOf("## Meters"), page.indexOf("## Alerts"))).results().forEach(meter -> {
            String name = meter.group(1);
            documented.add(name);
            Set<String> labels = meter.group(2) == null ? Set.of() : new TreeSet<>(List.of(meter.group(2).split(",")));
            Set<String> found = there.getOrDefault(name, there.get(name + "_count"));
            if (found == null && OF_PUBLISHER.contains(name)) {
                String ours = name.replaceAll("_(seconds|total)$", "").replace('_', '.');
                found = publisher.contains('"' + ours + '"') ? labels : null;
            }
            if (!labels.equals(found)) {
                missing.add(meter.group() + " is " + found);
            }
        });
        assertThat(missing).isEmpty();
        assertThat(there.keySet().stream().map(name -> name.replaceAll("_(count|sum|bucket|max)$", ""))).as("each is documented").allMatch(name -> documented.contains(name) || UNNAMED.contains(name));
        for (String file : List.of("alerts.yaml", "dashboard.json")) {
            assertThat(Pattern.compile("bridge_\\w+").matcher(Files.readString(Path.of("src/main/resources/ops", file))).results().map(name -> name.group().replaceAll("_(count|bucket)$", ""))).as(file).isNotEmpty().allMatch(documented::contains);
        }
    }

    private static String meters(TestBridge bridge) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(bridge.adminUrl() + "/actuator/prometheus")).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
