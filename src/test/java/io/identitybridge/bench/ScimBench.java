package io.identitybridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.store.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 people in the store of a bridge, 16 connections of another process ({@link ScimLoad}), full durability; beside it in the same run and on
 * the same server {@link PlainLoops}. Prints calls per second of both and their ratio.
 */
@Tag("bench")
class ScimBench {
    static final int PEOPLE = Integer.getInteger("people", 100_000);
    /** Of each kind: groups of 10,000, of 100, and empty ones (one a connection). */
    static final int GROUPS = 3;
    private static final Map<String, Double> AIMS = Map.of("create", 0.35, "patch-active", 0.35, "read", 0.33, "filter", 0.26, "patch-100-members", 0.15);
    @TempDir
    Path folder;

    @Test
    void scim() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 1000000}")
                .edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1000000}");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("data"))) {
            run(postgres, "postgres", "create database bench");
            run(postgres, "postgres", "create database loop");
            run(postgres, "loop", PlainLoops.TABLES);
            run(postgres, "loop", "insert into people select ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, " + NAME + ", true, " + DOCUMENT + " from generate_series(0, " + (PEOPLE - 1) + ") n");
            Map<String, String> settings = Map.of("SPRING_DATASOURCE_URL", postgres.url("bench"), "SPRING_DATASOURCE_USERNAME", postgres.user(), "SPRING_DATASOURCE_PASSWORD", postgres.password(),
                    "BRIDGE_SCIM_RATE", "1000000", "LAB_URL", "http://127.0.0.1:1", "LAB_TOKEN", "none");
            try (BridgeProcess bridge = BridgeProcess.start(files, folder.resolve("bridge"), folder.resolve("bridge.log"), settings, options())) {
                bridge.admin();
                SEED.forEach(statement -> run(postgres, "bench", statement));
                run(postgres, "loop", "vacuum analyze");
                print(load(bridge, postgres, Long.parseLong(Files.readAllLines(folder.resolve("data/postgres/postmaster.pid")).getFirst().strip())));
            }
        }
    }

    private static String[] options() {
        return System.getProperty("bridge.options", "-Xmx512m -XX:+UseSerialGC").split(" ");
    }

    private static void print(Map<String, double[]> measured) {
        measured.forEach((name, rates) -> {
            if (rates[1] > 0) {
                System.out.printf(Locale.ROOT, "scim, %-18s bridge %6.0f/s, plain loop %6.0f/s, ratio %4.1f %% (aim %.0f %%)%n", name + ":", rates[0], rates[1], 100 * rates[0] / rates[1], 100 * AIMS.get(name));
            } else {
                System.out.printf(Locale.ROOT, "scim, %-18s bridge %6.0f/s%n", name + ":", rates[0]);
            }
        });
        if (measured.containsKey("member-of-100") && measured.containsKey("member-of-10000")) {
            System.out.printf(Locale.ROOT, "scim, one member more: a group of 10,000 takes %.2f times a group of 100 (aim 1.3)%n", measured.get("member-of-100")[0] / measured.get("member-of-10000")[0]);
        }
    }

    private static Map<String, double[]> load(BridgeProcess bridge, EmbeddedPostgres postgres, long postmaster) throws IOException, InterruptedException {
        URI scim = URI.create(bridge.scim());
        String token = new ObjectMapper().readTree(bridge.post("/api/sources/lab/tokens", "{}")).get("token").asText();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        List.of("people", "rounds", "seconds", "warm", "only").forEach(name -> {
            if (System.getProperty(name) != null) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        });
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ScimLoad.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("SCIM_HOST", scim.getHost(), "SCIM_PORT", String.valueOf(scim.getPort()), "SCIM_TOKEN", token, "BRIDGE_PID", String.valueOf(bridge.pid()), "POSTGRES_PID", String.valueOf(postmaster),
                "JDBC_URL", postgres.url("bench"), "JDBC_USER", postgres.user(), "JDBC_PASSWORD", postgres.password()));
        Process client = builder.start();
        Map<String, double[]> measured = new java.util.LinkedHashMap<>();
        try (BufferedReader lines = client.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("measure")) {
                    measured.put(words[1], new double[] {Double.parseDouble(words[2]), Double.parseDouble(words[3])});
                } else {
                    System.out.println(line);
                }
            }
        }
        assertThat(client.waitFor()).as("the client ends well").isZero();
        return measured;
    }

    static String name(int n) {
        return "person" + n + "@acme.com";
    }

    /** What a client sends to create somebody. */
    static String user(String externalId, String name) {
        return ("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"externalId\":\"%s\",\"userName\":\"%s@acme.com\",\"displayName\":\"Somebody New\",\"active\":true,"
                + "\"name\":{\"givenName\":\"Somebody\",\"familyName\":\"New\"},\"emails\":[{\"value\":\"%s@acme.com\",\"type\":\"work\",\"primary\":true}]}").formatted(externalId, name, name);
    }

    private static final String NAME = "'person' || n || '@acme.com'";
    private static final String DOCUMENT = "jsonb_build_object('externalId', 'seed' || lpad(n::text, 7, '0'), 'userName', " + NAME + ", 'displayName', 'Person ' || n, 'active', true,"
            + " 'name', jsonb_build_object('givenName', 'Person', 'familyName', n::text), 'emails', jsonb_build_array(jsonb_build_object('value', " + NAME + ", 'type', 'work', 'primary', true)))";
    /** As if all of them had been pushed: the directory, and the membership that follows from it. */
    private static final List<String> SEED = List.of(
            "insert into account (id, source, external_id, user_name, mapped_name, email, display_name, active, standing, pushed, pushed_at)"
                    + " select gen_random_uuid(), 'lab', 'seed' || lpad(n::text, 7, '0'), " + NAME + ", " + NAME + ", " + NAME + ", 'Person ' || n, true, 'IN', " + DOCUMENT + ", now() from generate_series(0, " + (PEOPLE - 1) + ") n",
            "insert into person (id, email, email_folded, user_name, display_name, status) select gen_random_uuid(), email, email, user_name, display_name, 'active' from account",
            "insert into link (account_id, person_id, source, linked_by) select a.id, p.id, 'lab', 'email' from account a join person p on p.email = a.email",
            group("big"), group("small"), "insert into directory_group (id, source, external_id, display_name, kept, places, pushed, pushed_at) select gen_random_uuid(), 'lab', 'load' || n, 'ws-load' || n || '-role-member', true,"
                    + " array['load' || n, 'member', 'mappings/lab.yaml:23'], jsonb_build_object('displayName', 'ws-load' || n || '-role-member'), now() from generate_series(0, " + (ScimLoad.CONNECTIONS - 1) + ") n",
            "insert into workspace (id, name, name_folded, source) select gen_random_uuid(), external_id, external_id, 'lab' from directory_group",
            members("big", PEOPLE / 10), members("small", PEOPLE / 1000),
            "insert into membership (person_id, workspace_id, role) select l.person_id, w.id, 'member' from group_member m join directory_group g on g.id = m.group_id join link l on l.account_id = m.account_id join workspace w on w.name = g.external_id",
            "insert into grants (person_id, workspace_id, source, reason, role, rule) select l.person_id, w.id, 'lab', 'group:' || g.id, 'member', 'mappings/lab.yaml:23' from group_member m join directory_group g on g.id = m.group_id join link l on l.account_id = m.account_id join workspace w on w.name = g.external_id",
            "vacuum analyze");

    private static String group(String kind) {
        return "insert into directory_group (id, source, external_id, display_name, kept, places, pushed, pushed_at) select gen_random_uuid(), 'lab', '" + kind + "' || n, 'ws-" + kind + "' || n || '-role-member', true,"
                + " array['" + kind + "' || n, 'member', 'mappings/lab.yaml:23'], jsonb_build_object('displayName', 'ws-" + kind + "' || n || '-role-member'), now() from generate_series(0, " + (GROUPS - 1) + ") n";
    }

    /** So many into each group of a kind, nobody into two of them. */
    private static String members(String kind, int each) {
        return "insert into group_member (group_id, account_id, pushed_at) select g.id, a.id, now() from account a join directory_group g on g.external_id = '" + kind + "' || (substr(a.external_id, 5)::int / " + each + ") where g.external_id like '" + kind + "%'";
    }

    private static void run(EmbeddedPostgres postgres, String database, String sql) {
        try (Connection connection = DriverManager.getConnection(postgres.url(database), postgres.user(), postgres.password()); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
