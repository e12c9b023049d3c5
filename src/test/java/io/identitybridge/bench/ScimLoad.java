package io.identitybridge.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The client of {@link ScimBench}, a process of its own: 16 connections to the bridge, then 16 to PostgreSQL, turn by turn. Prints one line a
 * measure: its name, calls per second through the bridge, and those of the plain loop.
 */
final class ScimLoad {
    static final int CONNECTIONS = 16;
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final int SECONDS = Integer.getInteger("seconds", 4);
    private static final int WARM = Integer.getInteger("warm", 25);

    private final String host = System.getenv("SCIM_HOST");
    private final int port = Integer.parseInt(System.getenv("SCIM_PORT"));
    private final String only = System.getProperty("only", "");
    /** CPU microseconds a call of the last turn. */
    private final double[] costs = new double[3];
    private final AtomicLong turn = new AtomicLong();

    /** One call; the number is another each time, counted over all connections. */
    interface Calls {
        void call(long n) throws Exception;
    }

    /** Opens what a connection needs. */
    interface Opening {
        Calls open(int connection) throws Exception;
    }

    private record Measure(Opening bridge, Opening loop) {
    }

    public static void main(String[] arguments) throws Exception {
        new ScimLoad().run();
    }

    private void run() throws Exception {
        ScimCalls calls = new ScimCalls(people(), groups());
        Map<String, Measure> measures = new LinkedHashMap<>();
        measures.put("create", new Measure(scim(calls::create), PlainLoops::insert));
        measures.put("patch-active", new Measure(scim(calls::active), PlainLoops::update));
        measures.put("read", new Measure(scim(calls::read), PlainLoops::byId));
        measures.put("filter", new Measure(scim(calls::filter), PlainLoops::byName));
        measures.put("patch-100-members", new Measure(scim(calls::members), PlainLoops::insert100));
        measures.put("member-of-10000", new Measure(scim(calls::big), null));
        measures.put("member-of-100", new Measure(scim(calls::small), null));
        measures.keySet().removeIf(name -> !name.startsWith(only));
        for (Measure measure : measures.values()) {
            rate(measure.bridge(), WARM);
        }
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (Map.Entry<String, Measure> entry : measures.entrySet()) {
                double[] sum = sums.computeIfAbsent(entry.getKey(), name -> new double[2]);
                double bridge = rate(entry.getValue().bridge(), SECONDS);
                String cost = "CPU %.0f us: bridge %.0f, PostgreSQL %.0f, client %.0f".formatted(Arrays.stream(costs).sum(), costs[0], costs[1], costs[2]);
                double loop = entry.getValue().loop() == null ? 0 : rate(entry.getValue().loop(), SECONDS);
                sum[0] += bridge / ROUNDS;
                sum[1] += loop / ROUNDS;
                System.out.printf("round %d, %s: bridge %.0f/s (%s); plain loop %.0f/s (CPU %.0f us)%n", round, entry.getKey(), bridge, cost, loop, costs[1] + costs[2]);
            }
        }
        sums.forEach((name, sum) -> System.out.printf("measure %s %.1f %.1f%n", name, sum[0], sum[1]));
    }

    private Opening scim(java.util.function.BiFunction<Wire, Integer, Calls> calls) {
        return connection -> calls.apply(new Wire(host, port, "/scim/v2/lab", System.getenv("SCIM_TOKEN")), connection);
    }

    /** Calls per second of all connections together. */
    private double rate(Opening opening, int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Callable<Long>> workers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Calls calls = opening.open(i);
            workers.add(() -> {
                long done = 0;
                for (; System.nanoTime() < end; done++) {
                    calls.call(turn.incrementAndGet());
                }
                return done;
            });
        }
        long begin = System.nanoTime();
        double[] before = cpu();
        long sum = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (Future<Long> done : threads.invokeAll(workers)) {
                sum += done.get();
            }
        }
        double rate = sum / ((System.nanoTime() - begin) / 1e9);
        double[] after = cpu();
        for (int i = 0; i < after.length; i++) {
            costs[i] = 1e6 * (after[i] - before[i]) / sum;
        }
        return rate;
    }

    /** CPU seconds of the bridge, of PostgreSQL and of this client, so far. */
    private static double[] cpu() {
        return new double[] {CpuTime.of(Long.parseLong(System.getenv("BRIDGE_PID"))), CpuTime.of(Long.parseLong(System.getenv("POSTGRES_PID"))), CpuTime.of(ProcessHandle.current().pid())};
    }

    static Connection connection(String database) throws SQLException {
        return DriverManager.getConnection(System.getenv("JDBC_URL").replace("/bench?", "/" + database + "?").replaceFirst("/bench$", "/" + database), System.getenv("JDBC_USER"), System.getenv("JDBC_PASSWORD"));
    }

    private static List<String> people() throws SQLException {
        return texts("select id::text from account where external_id like 'seed%' order by external_id");
    }

    private static Map<String, String> groups() throws SQLException {
        Map<String, String> groups = new LinkedHashMap<>();
        for (String pair : texts("select external_id || ' ' || id from directory_group")) {
            groups.put(pair.split(" ")[0], pair.split(" ")[1]);
        }
        return groups;
    }

    private static List<String> texts(String query) throws SQLException {
        try (Connection connection = connection("bench"); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
