package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.QuickStart;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two whole bridges, each a process of its own, over one store and one Portkey that fails 12 calls in 100. Each seed is a world of 5,000 people of its own who are to be
 * made equal while some come, move, change roles and leave; each bridge is killed with -9 at a call that the seed says, anywhere between the first and about the last, and both
 * are started again. At the end Portkey is as the store says, every key's last write says so too, and nothing was written of anybody after his leaving. What a seed takes is
 * processor time, a third of it for the two starts: hence the {@link QuickStart}. {@code -Dkill.seeds=100} plays a hundred for each target, {@code -Dkill.first=17} begins
 * with another one than the first; a run without them plays 16.
 */
@Tag("real")
class PublishKilledTest {
    private static final int KEYS = Integer.getInteger("keys", 5_000);
    private static final int SEEDS = Integer.getInteger("kill.seeds", 16);
    private static final int FIRST = Integer.getInteger("kill.first", 1);
    /** Seeds that one database and one stand-in live for: their worlds stay where they are. */
    private static final int OF_ONE_DATABASE = 20;
    /** About as many calls as a world takes where nobody is killed. */
    private static final int MOMENTS = KEYS * 3 / 2;
    private static final int WAVES = 4;
    private static final int CHANGES = 40;
    private static final List<String> NAMES = List.of("one", "two");
    /** Each lives for some thousand calls: what costs little to begin with is best. */
    private static final String[] JAVA = {"-Xmx320m", "-Xmn128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};
    @TempDir
    static Path learnt;
    @TempDir
    Path folder;
    private final Map<String, BridgeProcess> bridges = new TreeMap<>();
    private BridgeFiles files;
    private Map<String, String> settings;
    private QuickStart quick;

    @ParameterizedTest
    @ValueSource(strings = {"portkey-admin-api", "portkey-scim"})
    void killed_at_any_moment_portkey_ends_as_the_store_says(String target) throws Exception {
        files = BridgeFiles.of(folder).everywhere("target: store ", "target: " + target + " ").everywhere("switches:", "publish: {calls-per-second: 100000, side-by-side: 128, read-every: 1d, members-of-admins: write}\nswitches:");
        Files.copy(Path.of("routes/errors.causes.yaml"), files.routes.resolve("errors.causes.yaml"));
        files.edit("errors.causes.yaml", "tries: [1s, 4s, 16s], spread: 20%, schedule: [1m, 5m,", "tries: [1s, 1s, 1s], spread: 20%, schedule: [1s, 1s,").edit("errors.causes.yaml", "dependency:     {schedule: [1m, 5m,", "dependency:     {schedule: [1s, 1s,")
                .edit("errors.causes.yaml", "open: 30s", "open: 1s");
        files.edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"");
        quick = new QuickStart(Files.createDirectory(learnt.resolve(target)));
        long begin = System.nanoTime();
        learn(target);
        for (int from = FIRST; from < FIRST + SEEDS; from += OF_ONE_DATABASE) {
            try (StandInPortkey portkey = new StandInPortkey(0, "/v1")) {
                play(target, from, Math.min(FIRST + SEEDS, from + OF_ONE_DATABASE), portkey);
            } finally {
                bridges.values().forEach(BridgeProcess::kill);
                bridges.clear();
            }
        }
        System.out.printf("publish killed: %s, seeds %d to %d of %d keys each, both bridges killed once in each, %d s%n", target, FIRST, FIRST + SEEDS - 1, KEYS, seconds(begin));
    }

    /** A small world without faults and without killing, by a bridge that ends by itself: those that follow start by what its JVM has learnt. */
    private void learn(String target) throws Exception {
        try (StandInPortkey portkey = new StandInPortkey(0, "/v1")) {
            DataSource source = database(target, portkey);
            KilledWorld world = new KilledWorld(new JdbcTemplate(source), source, portkey, 0, KEYS / 10, target.equals("portkey-scim"));
            world.begin();
            try (BridgeProcess first = BridgeProcess.start(files, folder.resolve("first"), folder.resolve("first.log"), settings, quick.learning(JAVA))) {
                first.admin();
                world.change(CHANGES);
                await(new JdbcTemplate(source), 0);
            }
            world.check();
        }
    }

    private void play(String target, int from, int end, StandInPortkey portkey) throws Exception {
        DataSource source = database(target, portkey);
        JdbcTemplate sql = new JdbcTemplate(source);
        start();
        for (int seed = from; seed < end; seed++) {
            seed(seed, new KilledWorld(sql, source, portkey, seed, KEYS, target.equals("portkey-scim")), portkey, sql);
        }
    }

    /** A new one, whose bridges publish to this Portkey: no whole reading between, convergence is by keys alone. */
    private DataSource database(String target, StandInPortkey portkey) {
        List<String> database = TestDatabase.freshAddress();
        DataSource source = new DriverManagerDataSource(database.get(0), database.get(1), database.get(2));
        JdbcTemplate sql = new JdbcTemplate(source);
        settings = Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2), "BRIDGE_SECRET", "a-secret-of-the-test-of-32-characters",
                target.equals("portkey-scim") ? "PORTKEY_SCIM_URL" : "PORTKEY_URL", target.equals("portkey-scim") ? portkey.scimUrl() : portkey.adminUrl(),
                target.equals("portkey-scim") ? "PORTKEY_SCIM_TOKEN" : "PORTKEY_ADMIN_KEY", target.equals("portkey-scim") ? StandInPortkey.SCIM_TOKEN : StandInPortkey.ADMIN_KEY);
        new TargetState(sql, new TransactionTemplate(new DataSourceTransactionManager(source))).meet(target, settings.getOrDefault("PORTKEY_URL", settings.get("PORTKEY_SCIM_URL")));
        sql.update("update target set mode = 'apply', read_at = now()");
        return source;
    }

    private void seed(int seed, KilledWorld world, StandInPortkey portkey, JdbcTemplate sql) throws Exception {
        long begin = System.nanoTime();
        Random random = new Random(seed);
        portkey.faults().set(List.of());
        portkey.log().clear();
        world.begin();
        portkey.faults().seed(seed);
        portkey.faults().set(faults());
        long before = portkey.calls();
        TreeMap<Integer, String> events = new TreeMap<>();
        for (int wave = 0; wave < WAVES; wave++) {
            events.put(random.nextInt(MOMENTS), "change");
        }
        int one = random.nextInt(MOMENTS);
        boolean atOnce = random.nextBoolean();
        events.put(one, atOnce ? "one two" : "one");
        if (!atOnce) {
            events.merge(random.nextInt(MOMENTS), "two", (two, there) -> there + " two");
        }
        for (Map.Entry<Integer, String> event : events.entrySet()) {
            if (!bridges.isEmpty()) { // else no call comes: what changes then, changes while both are dead
                calls(portkey, before + event.getKey());
            }
            for (String what : event.getValue().split(" ")) {
                if (what.equals("change")) {
                    world.change(CHANGES);
                } else {
                    bridges.remove(what).kill();
                }
            }
        }
        sql.update("update outbox set lease_until = now() where lease_until is not null"); // no bridge lives: the time of their leases goes by
        long killed = sql.queryForObject("select count(*) from outbox", Long.class);
        start();
        world.change(CHANGES);
        await(sql, seed);
        world.check();
        System.out.printf("publish killed: seed %d, %s, %d keys left when both were dead, %d calls, %d s%n", seed, events, killed, portkey.calls() - before, seconds(begin));
    }

    private void start() {
        NAMES.stream().filter(name -> !bridges.containsKey(name)).forEach(name -> bridges.put(name,
                BridgeProcess.start(files, folder.resolve(name), folder.resolve(name + ".log"), settings, quick.learnt(JAVA))));
        bridges.values().forEach(BridgeProcess::admin);
    }

    /** Until so many calls have come, or none comes any more: moments that no clock decides. */
    private static void calls(StandInPortkey portkey, long wanted) throws InterruptedException {
        long last = -1;
        for (int still = 0; still < 400 && portkey.calls() < wanted; still = portkey.calls() == last ? still + 1 : 0) {
            last = portkey.calls();
            Thread.sleep(5);
        }
    }

    private static List<Faults.Fault> faults() {
        List<Faults.Fault> faults = new ArrayList<>();
        for (Faults.Kind kind : List.of(Faults.Kind.STATUS_503, Faults.Kind.STATUS_429, Faults.Kind.RESET)) {
            faults.add(Faults.Fault.likely(kind, "", "/*", 3));
        }
        faults.add(Faults.Fault.likely(Faults.Kind.RESET, "", "/*", 3).afterwards());
        return faults;
    }

    private void await(JdbcTemplate sql, int seed) throws InterruptedException {
        long left = 1;
        for (long begin = System.nanoTime(); left > 0 && System.nanoTime() - begin < Duration.ofMinutes(5).toNanos(); ) {
            Thread.sleep(100);
            sql.update("update outbox set due_at = now() where leased_by is null and due_at > now() and due_at < 'infinity'"); // who failed often waits for a quarter of an hour: it goes by
            left = sql.queryForObject("select count(*) from outbox", Long.class);
        }
        assertThat(left).as("seed %d, keys left: %s %s", seed, sql.queryForList("select o.*, d.sentence from outbox o left join dead_letter d on d.key = o.key::text and d.status in ('open', 'retrying') limit 5"), log()).isZero();
    }

    private String log() {
        return String.join("\n", Stream.of("one.log", "two.log").map(folder::resolve).map(file -> {
            try {
                String all = Files.readString(file);
                return all.substring(Math.max(0, all.length() - 3_000));
            } catch (IOException e) {
                return "";
            }
        }).toList());
    }

    private static long seconds(long begin) {
        return (System.nanoTime() - begin) / 1_000_000_000;
    }
}
