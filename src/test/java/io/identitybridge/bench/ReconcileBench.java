package io.identitybridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.store.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 people pulled the first time and again unchanged by a bridge with 256 MiB of heap, beside {@link HandWrittenLoop} over the same server. Prints people per second and their ratio. */
@Tag("bench")
class ReconcileBench {
    private static final int PEOPLE = Integer.getInteger("people", 100_000);
    private static final ObjectMapper JSON = new ObjectMapper();
    @TempDir
    Path folder;

    @Test
    void reconcile() throws Exception {
        try (StandInOkta okta = new StandInOkta(Company.of(PEOPLE, 200, 2), "secret", 0); EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("data"))) {
            double[] loop = loop(postgres, okta);
            double[] bridge = bridge(postgres, okta);
            System.out.printf("reconcile, %d people, first pull: bridge %.0f people/s, hand-written loop %.0f people/s, ratio %.2f%n", PEOPLE, bridge[0], loop[0], bridge[0] / loop[0]);
            System.out.printf("reconcile, %d people, unchanged:  bridge %.0f people/s, hand-written loop %.0f people/s, ratio %.2f%n", PEOPLE, bridge[1], loop[1], bridge[1] / loop[1]);
        }
    }

    private static double[] loop(EmbeddedPostgres postgres, StandInOkta okta) throws SQLException, IOException, InterruptedException {
        create(postgres, "loop");
        Flyway.configure().dataSource(postgres.url("loop"), postgres.user(), postgres.password()).load().migrate();
        try (Connection connection = DriverManager.getConnection(postgres.url("loop") + (postgres.url("loop").contains("?") ? "&" : "?") + "reWriteBatchedInserts=true", postgres.user(), postgres.password())) {
            HandWrittenLoop loop = new HandWrittenLoop(connection, okta.url(), "secret");
            long begin = System.nanoTime();
            assertThat(loop.run()).isGreaterThan(PEOPLE);
            double first = rate(begin);
            begin = System.nanoTime();
            assertThat(loop.run()).isZero();
            return new double[] {first, rate(begin)};
        }
    }

    private double[] bridge(EmbeddedPostgres postgres, StandInOkta okta) throws SQLException, IOException {
        create(postgres, "bench");
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 1000000}")
                .edit("lab.source.yaml", "    query: {limit: \"50\", filter: lastUpdated", "    query: {limit: \"200\", filter: lastUpdated")
                .edit("lab.source.yaml", "    path: /groups/${id}/users\n    query: {limit: \"50\"}", "    path: /groups/${id}/users\n    query: {limit: \"200\"}");
        Map<String, String> settings = Map.of("LAB_URL", okta.url(), "LAB_TOKEN", "secret", "SPRING_DATASOURCE_URL", postgres.url("bench"),
                "SPRING_DATASOURCE_USERNAME", postgres.user(), "SPRING_DATASOURCE_PASSWORD", postgres.password());
        try (BridgeProcess bridge = BridgeProcess.start(files, folder.resolve("bridge"), folder.resolve("bridge.log"), settings, "-Xmx256m", "-XX:+ExitOnOutOfMemoryError")) {
            bridge.admin();
            return new double[] {pull(bridge, PEOPLE), pull(bridge, 0)};
        }
    }

    private static double pull(BridgeProcess bridge, int changed) throws IOException {
        long begin = System.nanoTime();
        String run = JSON.readTree(bridge.post("/api/sources/lab/runs", "{}")).get("run").asText();
        JsonNode state = JSON.readTree(bridge.get("/api/runs/" + run));
        while (state.get("status").asText().matches("reading|applying")) {
            BridgeProcess.pause();
            state = JSON.readTree(bridge.get("/api/runs/" + run));
        }
        double rate = rate(begin);
        assertThat(state.get("status").asText()).as(state.toString()).isEqualTo("done");
        assertThat(state.get("changed").asInt()).isGreaterThanOrEqualTo(changed);
        return rate;
    }

    private static double rate(long begin) {
        return PEOPLE / ((System.nanoTime() - begin) / 1e9);
    }

    private static void create(EmbeddedPostgres postgres, String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url("postgres"), postgres.user(), postgres.password()); java.sql.Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
    }
}
