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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 people in 2,000 groups with 500,000 memberships, pulled the first time, again unchanged, and with one in a hundred changed, by a bridge
 * with 256 MiB of heap, beside {@link HandWrittenLoop} over the same server. Prints people per second and their ratio, what the unchanged pull
 * wrote, and how long a push in the middle of the first load took. {@code -Dpeople=1000000 -Dheap=512m -Dtests.heap=4g -Dbridge.options=-XX:+UseG1GC} for the largest,
 * and {@code -Dloop=false} where only the heap is asked about.
 */
@Tag("bench")
class ReconcileBench {
    private static final int PEOPLE = Integer.getInteger("people", 100_000);
    private static final int GROUPS = PEOPLE / 50;
    private static final int GROUPS_EACH = 5;
    private static final boolean LOOP = Boolean.parseBoolean(System.getProperty("loop", "true"));
    private static final String HEAP = System.getProperty("heap", "256m");
    private static final List<String> ROUNDS = List.of("first pull", "unchanged", "1 % changed");
    private static final ObjectMapper JSON = new ObjectMapper();
    @TempDir
    Path folder;

    @Test
    void reconcile() throws Exception {
        try (StandInOkta okta = new StandInOkta(Company.of(PEOPLE, GROUPS, GROUPS_EACH), "secret", 0); EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("data"))) {
            double[] loop = LOOP ? loop(postgres, okta) : new double[] {Double.NaN, Double.NaN, Double.NaN};
            double[] bridge = bridge(postgres, okta);
            for (int i = 0; i < ROUNDS.size(); i++) {
                System.out.printf(Locale.ROOT, "reconcile, %d people, %s: bridge %.0f people/s, hand-written loop %.0f people/s, ratio %.2f%n", PEOPLE, ROUNDS.get(i), bridge[i], loop[i], bridge[i] / loop[i]);
            }
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
            double unchanged = rate(begin);
            change(okta, "Ada");
            begin = System.nanoTime();
            assertThat(loop.run()).isPositive();
            return new double[] {first, unchanged, rate(begin)};
        }
    }

    /** Another first name for one person in a hundred. */
    private static void change(StandInOkta okta, String name) {
        for (int i = 100; i <= PEOPLE; i += 100) {
            okta.company().firstName("00u%08d".formatted(i), name);
        }
    }

    private double[] bridge(EmbeddedPostgres postgres, StandInOkta okta) throws SQLException, IOException {
        create(postgres, "bench");
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 2000000}")
                .edit("lab.source.yaml", "    query: {limit: \"50\", filter: lastUpdated", "    query: {limit: \"200\", filter: lastUpdated")
                .edit("lab.source.yaml", "    path: /groups/${id}/users\n    query: {limit: \"50\"}", "    path: /groups/${id}/users\n    query: {limit: \"200\"}");
        Map<String, String> settings = Map.of("LAB_URL", okta.url(), "LAB_TOKEN", "secret", "SPRING_DATASOURCE_URL", postgres.url("bench"),
                "SPRING_DATASOURCE_USERNAME", postgres.user(), "SPRING_DATASOURCE_PASSWORD", postgres.password());
        try (BridgeProcess bridge = BridgeProcess.start(files, folder.resolve("bridge"), folder.resolve("bridge.log"), settings, "-Xmx" + HEAP, System.getProperty("bridge.options", "-XX:+UseSerialGC"), "-XX:+ExitOnOutOfMemoryError")) {
            bridge.admin();
            BenchPush push = new BenchPush(bridge);
            double first = pull(bridge, PEOPLE, push);
            System.out.printf(Locale.ROOT, "reconcile, a push in the middle of the first pull: longest of %d answered after %d ms (aim: under 1000)%n", push.sent(), push.longest());
            long before = number(postgres, "select pg_current_xact_id()::text::bigint");
            double unchanged = pull(bridge, 0, BenchPush.NONE);
            System.out.printf(Locale.ROOT, "reconcile, rows written by the unchanged pull in tables of people, accounts, groups and memberships: %d (aim: 0)%n", written(postgres, before));
            change(okta, "Grace");
            return new double[] {first, unchanged, pull(bridge, PEOPLE / 100, BenchPush.NONE)};
        }
    }

    private static final List<String> TABLES = List.of("account", "person", "link", "membership", "grants", "directory_group", "group_member", "due", "outbox", "dead_letter");

    /** Rows of a person, a group or a membership that a transaction since then has written. */
    private static long written(EmbeddedPostgres postgres, long since) throws SQLException {
        long sum = 0;
        for (String table : TABLES) {
            sum += number(postgres, "select count(*) from " + table + " where xmin::text::bigint >= " + since);
        }
        return sum;
    }

    private static long number(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url("bench"), postgres.user(), postgres.password()); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static double pull(BridgeProcess bridge, int changed, BenchPush push) throws IOException {
        long begin = System.nanoTime();
        String run = JSON.readTree(bridge.post("/api/sources/lab/runs", "{}")).get("run").asText();
        JsonNode state = JSON.readTree(bridge.get("/api/runs/" + run));
        while (state.get("status").asText().matches("reading|applying")) {
            BridgeProcess.pause();
            push.send();
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
        try (Connection connection = DriverManager.getConnection(postgres.url("postgres"), postgres.user(), postgres.password()); Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
    }
}
