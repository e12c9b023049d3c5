package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files that are edited while the bridge runs: what is right comes at once and as a whole, what is wrong changes nothing. */
class EditedRoutesTest {
    private static final String CLOCK = """
            - route:
                id: lab-pull
                from:
                  uri: quartz:pull/lab
                  parameters: {cron: "0 0 3 * * ?"}
                  steps:
                    - to: idp:lab
                    - to: direct:reconcile
            """;
    @TempDir
    Path folder;

    @Test
    void a_changed_file_of_routes_is_at_work_without_a_restart_and_a_deleted_one_is_gone_with_its_clock() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            CamelContext camel = bridge.bean(CamelContext.class);
            Path clock = files.routes.resolve("lab-pull.camel.yaml");
            Files.writeString(clock, CLOCK);
            bridge.activate();
            assertThat(crons(bridge)).containsExactly("0 0 3 * * ?");
            Files.writeString(clock, CLOCK.replace("0 0 3", "0 0 4"));
            bridge.activate();
            assertThat(crons(bridge)).containsExactly("0 0 4 * * ?");
            assertThat(camel.getRoute("lab-pull")).isNotNull();
            Files.delete(clock);
            bridge.activate();
            assertThat(crons(bridge)).as("a clock in the shared store would go on for ever").isEmpty();
            assertThat(camel.getRoute("lab-pull")).isNull();
            assertThat(camel.getRoute("reconcile")).isNotNull();
        }
    }

    @Test
    void what_holds_for_all_routes_is_built_into_each_of_them_anew() {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            CamelContext camel = bridge.bean(CamelContext.class);
            files.edit("errors.camel.yaml", "            - to: direct:dead-letter\n", "            - to: direct:dead-letter\n            - log: {message: edited}\n");
            bridge.activate();
            assertThat(((ModelCamelContext) camel).getRouteConfigurationDefinitions()).singleElement().satisfies(all -> assertThat(all.getOnExceptions().getLast().getOutputs()).as("the edited steps").hasSize(2));
            assertThat(camel.getRoutes()).extracting(route -> route.getRouteId()).contains("reconcile", "scim-push", "dead-letter", "publish", "pull-now");
            assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("e1", "ada@acme.com", true)).status()).isEqualTo(201);
            assertThat(bridge.people("active")).containsExactly("ada@acme.com");
        }
    }

    @Test
    void a_route_that_camel_does_not_take_leaves_mappings_and_routes_as_they_were() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            String before = hash(bridge);
            files.edit("portkey.yaml", "organisation: acme", "organisation: other");
            Files.writeString(files.routes.resolve("lab-pull.camel.yaml"), CLOCK.replace("idp:lab", "idp:lab?fulll=true"));
            assertThat(bridge.api("POST", "/files/activate", "").body().toString()).contains("lab-pull.camel.yaml","\"line\":7");
            assertThat(hash(bridge)).isEqualTo(before);
            assertThat(bridge.health()).contains("ATTENTION", "lab-pull.camel.yaml:7:");
            assertThat(bridge.bean(CamelContext.class).getRoute("lab-pull")).isNull();
            Files.writeString(files.routes.resolve("lab-pull.camel.yaml"), CLOCK);
            bridge.activate();
            assertThat(bridge.health()).doesNotContain("lab-pull.camel.yaml");
        }
    }

    @Test
    void pushes_while_their_own_routes_are_changed_wait_for_a_moment() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (TestBridge bridge = TestBridge.start(files, folder); ExecutorService client = Executors.newSingleThreadExecutor()) {
            bridge.token("lab");
            AtomicBoolean ends = new AtomicBoolean();
            CountDownLatch began = new CountDownLatch(3);
            Future<List<Integer>> answers = client.submit(() -> {
                List<Integer> all = new ArrayList<>();
                for (int n = 0; !ends.get(); n++) {
                    int status = bridge.scim("lab", "POST", "/Users", TestBridge.user("p" + n, "p" + n + "@acme.com", true)).status();
                    all.add(status);
                    began.countDown();
                }
                return all;
            });
            began.await();
            files.edit("reconcile.camel.yaml", "        - bean: {ref: normalize}", "        - log: {message: changed, loggingLevel: DEBUG}\n        - bean: {ref: normalize}");
            files.edit("scim-push.camel.yaml", "        - removeHeaders: {pattern: \"*\"}", "        - log: {message: changed, loggingLevel: DEBUG}\n        - removeHeaders: {pattern: \"*\"}");
            try {
                bridge.activate();
            } finally {
                ends.set(true);
            }
            List<Integer> all = answers.get();
            assertThat(all).containsOnly(201);
            assertThat(bridge.people("active")).hasSize((int) all.stream().filter(status -> status == 201).count());
        }
    }

    @Tag("real")
    @Test
    void a_route_at_work_ends_what_it_has_begun_before_it_changes() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        try (Hook hook = new Hook(); TestBridge bridge = TestBridge.start(files, folder)) {
            hook.hang("slow");
            Files.writeString(files.routes.resolve("slow.camel.yaml"), "- route: {id: slow, from: {uri: \"timer:slow\", parameters: {repeatCount: 1, delay: 1}, steps: [{to: \"seda:slow\"}]}}\n"
                    + "- route: {id: slower, from: {uri: \"seda:slow\", steps: [{setHeader: {name: DeadLetterFingerprint, constant: {expression: slow}}}, {to: \"" + hook.url() + "\"}]}}\n");
            bridge.activate();
            assertThat(hook.hung()).as("the route is at work").isTrue();
            Files.writeString(files.routes.resolve("slow.camel.yaml"), "- route: {id: quick, from: {uri: \"direct:quick\", steps: [{log: {message: quick}}]}}\n");
            files.edit("portkey.yaml", "organisation: acme", "organisation: other");
            bridge.activate();
            assertThat(bridge.api("GET", "/files", "").body().get("waiting").toString()).as("everything else is at work").contains("routes/slow.camel.yaml");
            assertThat(hook.calls(0)).as("what it has begun has not ended").isEmpty();
            hook.goOn();
            until(() -> bridge.bean(CamelContext.class).getRoute("quick") != null);
            until(() -> bridge.api("GET", "/files", "").body().get("waiting").isEmpty());
            assertThat(bridge.bean(CamelContext.class).getRoute("slower")).isNull();
            assertThat(hook.calls(1)).as("it was let end").hasSize(1);
        }
    }

    @Test
    void the_disk_is_taken_up_when_it_has_changed_and_a_faulty_one_waits_to_be_mended() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        List<String> database = TestDatabase.freshAddress();
        try (TestBridge bridge = TestBridge.start(database, files, folder, "bridge.files.watch=true", "bridge.files.every=100", "spring.quartz.scheduler-name=shared"); TestBridge other = TestBridge.start(database, BridgeFiles.of(folder.resolve("other"), "lab"), folder.resolve("other"), "spring.quartz.scheduler-name=shared")) {
            String first = hash(bridge);
            Files.writeString(files.routes.resolve("lab-pull.camel.yaml"), CLOCK);
            until(() -> !hash(bridge).equals(first));
            until(() -> other.bean(CamelContext.class).getRoute("lab-pull") != null);
            String second = hash(bridge);
            files.edit("lab-pull.camel.yaml", "0 0 3 * * ?", "0 0 33 * * ?");
            until(() -> bridge.health().contains("lab-pull.camel.yaml:5:"));
            assertThat(hash(bridge)).isEqualTo(second);
            assertThat(crons(bridge)).containsExactly("0 0 3 * * ?");
            files.edit("lab-pull.camel.yaml", "0 0 33 * * ?", "0 0 5 * * ?");
            until(() -> crons(bridge).equals(List.of("0 0 5 * * ?")));
            until(() -> !bridge.health().contains("lab-pull"));
            bridge.api("POST", "/files/rollback", "{}");
            TestBridge.pause(1000);
            assertThat(hash(bridge)).as("pinned until the disk changes").isEqualTo(second);
            assertThat(crons(bridge)).containsExactly("0 0 3 * * ?");
            files.edit("lab-pull.camel.yaml", "0 0 5 * * ?", "0 0 6 * * ?");
            until(() -> crons(bridge).equals(List.of("0 0 6 * * ?")));
        }
    }

    private static List<String> crons(TestBridge bridge) {
        return bridge.sql.queryForList("select c.cron_expression from qrtz_cron_triggers c where c.sched_name is not null order by 1", String.class);
    }

    private static String hash(TestBridge bridge) {
        return bridge.api("GET", "/files", "").body().get("hash").asText();
    }

    private static void until(BooleanSupplier met) {
        for (int i = 0; i < 600; i++) {
            if (met.getAsBoolean()) {
                return;
            }
            TestBridge.pause(50);
        }
        fail("it does not come");
    }
}
