package io.identitybridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * People who are to come into a workspace of a stand-in Portkey, and somebody who leaves while 100,000 of them wait; beside it, before and after, {@link PublishLoop},
 * a process that makes the same calls of a second stand-in and nothing else, one after the other, and as many at once as the bridge. Prints keys a second of both, their ratio, and how long the leaver kept his access: where Portkey
 * answers at once, so that the processors are the limit, which all of them share; and where it takes {@value #SLOW_MILLIS} ms, which no Portkey beyond a network undercuts.
 */
@Tag("bench")
class PublishBench {
    private static final int KEYS = Integer.getInteger("keys", 203_000);
    private static final int WORKSPACES = 50;
    private static final int SIDE_BY_SIDE = 16;
    /** Calls before anything is measured, of the bridge and of the loop: until then Java compiles more than it works. */
    private static final int WARM = Math.min(60_000, KEYS / 3);
    private static final int SLOW_MILLIS = 10;
    private static final int SLOW = Math.min(20_000, KEYS / 10);
    private static final int SLOW_WARM = 2_000;
    private static final String PERSON = "('00000000-0000-7000-0000-' || lpad(to_hex(n), 12, '0'))::uuid";
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    Path folder;
    private double slowKeys;

    @Test
    void publish() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 100000, side-by-side: " + SIDE_BY_SIDE + "}\nswitches:");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("data")); StandInPortkey portkey = new StandInPortkey(0, "/v1"); StandInPortkey other = new StandInPortkey(0, "/v1")) {
            JdbcTemplate admin = new JdbcTemplate(new DriverManagerDataSource(postgres.url("postgres"), postgres.user(), postgres.password()));
            admin.execute("create database bench");
            Map<String, String> settings = Map.of("SPRING_DATASOURCE_URL", postgres.url("bench"), "SPRING_DATASOURCE_USERNAME", postgres.user(), "SPRING_DATASOURCE_PASSWORD", postgres.password(), "LAB_URL", "http://127.0.0.1:1", "LAB_TOKEN", "none",
                    "PORTKEY_URL", portkey.adminUrl(), "PORTKEY_ADMIN_KEY", StandInPortkey.ADMIN_KEY, "BRIDGE_SECRET", "a-secret-of-the-bench-of-32-characters");
            try (BridgeProcess bridge = BridgeProcess.start(files, folder.resolve("bridge"), folder.resolve("bridge.log"), settings, System.getProperty("bridge.options", "-Xmx512m -XX:+UseSerialGC").split(" "))) {
                bridge.admin();
                JdbcTemplate sql = new JdbcTemplate(new DriverManagerDataSource(postgres.url("bench"), postgres.user(), postgres.password()));
                Leaver leaver = new Leaver(bridge, sql, portkey);
                whole(sql);
                people(sql, portkey);
                List<String> calls = calls(other);
                List<String> some = calls.subList(0, SLOW_WARM + SLOW);
                List<String> alone = calls.subList(some.size(), some.size() + WARM + SLOW);
                List<String> most = calls.subList(some.size() + alone.size(), calls.size());
                double one = loop(other, alone, WARM, 1);
                double first = loop(other, most.subList(0, most.size() / 2), WARM, SIDE_BY_SIDE);
                double keys = converge(sql, portkey, leaver, bridge, Long.parseLong(Files.readAllLines(folder.resolve("data/postgres/postmaster.pid")).getFirst().strip()));
                double second = loop(other, most.subList(most.size() / 2, most.size()), WARM, SIDE_BY_SIDE);
                slow(other, true);
                double slowly = loop(other, some, SLOW_WARM, SIDE_BY_SIDE);
                double bare = (first + second) / 2;
                System.out.printf(Locale.ROOT, "publish: bridge %.0f keys/s, bare loop that makes one call after the other %.0f calls/s, ratio %.1f %% (aim 70 %%)%n", keys, one, 100 * keys / one);
                System.out.printf(Locale.ROOT, "publish: bridge %.0f keys/s, bare loop that makes %d calls at once %.0f calls/s before and %.0f after, ratio %.1f %% (aim 70 %%)%n", keys, SIDE_BY_SIDE, first, second, 100 * keys / bare);
                System.out.printf(Locale.ROOT, "publish: where Portkey takes %d ms to answer, bridge %.0f keys/s, bare loop %.0f calls/s, ratio %.1f %% (aim 70 %%)%n", SLOW_MILLIS, slowKeys, slowly, 100 * slowKeys / slowly);
                System.out.printf(Locale.ROOT, "publish: with %d ordinary keys waiting, the leaver was out %d ms after his push was sent (aim: under a second)%n", leaver.waiting, leaver.millis);
                assertThat(portkey.state().memberships().values().stream().mapToInt(Map::size).sum()).as("everybody is where he should be").isGreaterThanOrEqualTo(KEYS);
            }
        }
    }

    private static void slow(StandInPortkey portkey, boolean on) {
        portkey.faults().set(on ? List.of(new Faults.Fault(Faults.Kind.SLOW, "/*", 0, 0, SLOW_MILLIS)) : List.of());
    }

    /** The reading of all of Portkey, which the bare loop has none of, has ended while nobody is there, and is due again in an hour. */
    private static void whole(JdbcTemplate sql) throws InterruptedException {
        long begin = System.nanoTime();
        while (sql.queryForObject("select count(*) from target where compared_at is not null", Long.class) == 0) {
            Thread.sleep(50);
            assertThat(System.nanoTime() - begin).as("Portkey is read").isLessThan(Duration.ofMinutes(2).toNanos());
        }
    }

    /** Everybody is a user of both stand-ins, known to the store as the bridge's own, and in no workspace yet. */
    private static void people(JdbcTemplate sql, StandInPortkey portkey) {
        sql.execute("insert into person (id, email, email_folded, user_name, display_name, status) select " + PERSON + ", t.e, t.e, t.e, 'Person ' || n, 'active' from generate_series(1, " + KEYS + ") n, lateral (select 'p' || n || '@acme.com' as e) t");
        List<Object[]> users = new ArrayList<>();
        for (int p = 1; p <= KEYS; p++) {
            users.add(new Object[] {portkey.byHand().person("p" + p + "@acme.com", "Person", String.valueOf(p), "member").id(), "p" + p + "@acme.com"});
        }
        sql.batchUpdate("insert into target_person (email, email_folded, user_id, org_role, owner, asked_at) values (?, ?, ?, 'member', 'adopted', now())", users.stream().map(user -> new Object[] {user[1], user[1], user[0]}).toList());
        sql.execute("update target_person t set person_id = p.id from person p where p.email_folded = t.email_folded and t.person_id is null");
        for (int w = 0; w < WORKSPACES; w++) {
            PortkeyRow.Workspace there = portkey.byHand().workspace("W" + w);
            sql.update("insert into workspace (id, name, name_folded) values (('00000000-0000-7000-0001-' || lpad(to_hex(?), 12, '0'))::uuid, ?, ?)", w, "W" + w, "w" + w);
            sql.update("insert into target_workspace (uuid, slug, name, name_folded, workspace_id, owner, asked_at) values (?, ?, ?, ?, ('00000000-0000-7000-0001-' || lpad(to_hex(?), 12, '0'))::uuid, 'adopted', now())", there.id(), there.slug(), "W" + w, "w" + w, w);
        }
        sql.execute("insert into membership (person_id, workspace_id, role) select " + PERSON + ", ('00000000-0000-7000-0001-' || lpad(to_hex(n % " + WORKSPACES + "), 12, '0'))::uuid, 'member' from generate_series(1, " + KEYS + ") n");
        sql.execute("insert into outbox (kind, key) select 'person', " + PERSON + " from generate_series(1, " + KEYS + ") n");
        sql.execute("analyze");
    }

    /** Workspace and user of each call that the bare loop makes, in two parts. */
    private static List<String> calls(StandInPortkey portkey) {
        List<String> workspaces = new ArrayList<>();
        for (int w = 0; w < WORKSPACES; w++) {
            workspaces.add(portkey.byHand().workspace("W" + w).id());
        }
        List<String> calls = new ArrayList<>();
        for (int p = 1; p <= SLOW_WARM + SLOW + WARM + SLOW + 2 * WARM + KEYS / 4; p++) {
            calls.add(workspaces.get(p % WORKSPACES) + " " + portkey.byHand().person("p" + p + "@acme.com", "Person", String.valueOf(p), "member").id());
        }
        return calls;
    }

    /** Of these calls so many to warm up, the others measured. */
    private double loop(StandInPortkey portkey, List<String> calls, int warm, int connections) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("calls.txt"), calls);
        double own = own();
        Process client = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m", "-cp", System.getProperty("java.class.path"), PublishLoop.class.getName(),
                portkey.adminUrl(), StandInPortkey.ADMIN_KEY, file.toString(), String.valueOf(connections), String.valueOf(warm)).redirectErrorStream(true).start();
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(client.waitFor()).as(said).isZero();
        String[] measured = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        System.out.printf(Locale.ROOT, "publish: CPU of a call of the bare loop %.0f us, of the stand-in for it %.0f us%n", 1e6 * Double.parseDouble(measured[1]), 1e6 * (own() - own) / calls.size());
        return Double.parseDouble(measured[0]);
    }

    /** Seconds of CPU that this process has used, in which the stand-ins live. */
    private static double own() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private double converge(JdbcTemplate sql, StandInPortkey portkey, Leaver leaver, BridgeProcess bridge, long postmaster) throws Exception {
        long before = portkey.calls();
        sql.update("update target set mode = 'apply'");
        long begin = System.nanoTime();
        called(portkey, before + WARM); // warm as the loop was
        slow(portkey, true);
        called(portkey, portkey.calls() + SLOW_WARM);
        long slowly = System.nanoTime();
        long there = portkey.calls();
        called(portkey, there + SLOW);
        slowKeys = (portkey.calls() - there) / ((System.nanoTime() - slowly) / 1e9);
        slow(portkey, false);
        long from = System.nanoTime();
        long first = leaver.waiting = sql.queryForObject("select count(*) from outbox", Long.class);
        double cpu = CpuTime.of(bridge.pid());
        double postgres = CpuTime.of(postmaster);
        double own = own();
        leaver.leaves();
        long left = KEYS;
        while (left > 0) { // counting 100,000 rows is work for PostgreSQL: only once nearly all calls were made
            Thread.sleep(50);
            left = portkey.calls() - before < KEYS ? left : sql.queryForObject("select count(*) from outbox", Long.class);
            assertThat(System.nanoTime() - begin).as("%d left", left).isLessThan(Duration.ofMinutes(10).toNanos());
        }
        double rate = first / ((System.nanoTime() - from) / 1e9);
        System.out.printf(Locale.ROOT, "publish: CPU of the bridge %.0f us a key, of PostgreSQL %.0f us, of the stand-in %.0f us%n", 1e6 * (CpuTime.of(bridge.pid()) - cpu) / first, 1e6 * (CpuTime.of(postmaster) - postgres) / first, 1e6 * (own() - own) / first);
        return rate;
    }

    private static void called(StandInPortkey portkey, long wanted) throws InterruptedException {
        for (long begin = System.nanoTime(); portkey.calls() < wanted; Thread.sleep(10)) {
            assertThat(System.nanoTime() - begin).as("it goes on").isLessThan(Duration.ofMinutes(2).toNanos());
        }
    }

    /** Somebody who was pushed, is a user at Portkey and in a workspace, and leaves. */
    private static final class Leaver {
        private final StandInPortkey portkey;
        private final HttpClient http = HttpClient.newHttpClient();
        private final String token;
        private final String scim;
        private final String id;
        private final String user;
        long millis;
        long waiting;

        Leaver(BridgeProcess bridge, JdbcTemplate sql, StandInPortkey portkey) throws Exception {
            this.portkey = portkey;
            this.scim = bridge.scim() + "/scim/v2/lab";
            this.token = new ObjectMapper().readTree(bridge.post("/api/sources/lab/tokens", "{}")).get("token").asText();
            this.id = new ObjectMapper().readTree(send("POST", "/Users", TestBridge.user("leo", "leo@acme.com", true))).get("id").asText();
            user = portkey.byHand().person("leo@acme.com", "Leo", "Leaver", "member").id();
            sql.update("delete from outbox");
            sql.update("insert into target_person (email, email_folded, user_id, org_role, owner, person_id, asked_at) select email, email_folded, ?, 'member', 'adopted', id, now() from person where email = 'leo@acme.com'", user);
        }

        void leaves() throws Exception {
            long begin = System.nanoTime();
            send("PATCH", "/Users/" + id, OFF);
            while (there() && System.nanoTime() - begin < Duration.ofMinutes(2).toNanos()) {
                Thread.sleep(20);
            }
            millis = (System.nanoTime() - begin) / 1_000_000;
        }

        private boolean there() throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(URI.create(portkey.adminUrl() + "/admin/users/" + user)).header("x-portkey-api-key", StandInPortkey.ADMIN_KEY).build(), HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        }

        private String send(String method, String path, String body) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(URI.create(scim + path)).header("Authorization", "Bearer " + token).header("Content-Type", "application/scim+json").method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
