package io.identitybridge.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.identitybridge.flow.Law;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Random worlds of three IdPs that push and are pulled, with people who move, come back and share addresses, and with lost, late, repeated and
 * reordered pushes, pages that are old or fail, and bridges that die at any statement. {@code -Dfrom}, {@code -Dseeds} and {@code -Dstore.seeds} choose others.
 */
@Tag("simulation")
@Timeout(1_200)
class SimulationTest {
    private static final long FROM = Long.getLong("from", 0);
    private static final long SEEDS = Long.getLong("seeds", 1_000);
    private static final long STORE_SEEDS = Long.getLong("store.seeds", 8);
    /** So many pairs of bridges play worlds side by side, each over a database of its own. */
    private static final int PAIRS = Integer.getInteger("store.pairs", 2);
    /** By so many seeds every rule that is switched off must have made one fail; most do by a hundred, two need some thousands. */
    private static final long BITES = 10_000;

    @TempDir
    Path folder;

    @Test
    void in_many_worlds_the_rules_hold_membership_to_the_truth() {
        long begun = System.nanoTime();
        Optional<Long> bad = Worlds.firstBad(FROM, FROM + SEEDS, Set.of());
        assertThat(bad.map(seed -> Worlds.story(seed, Worlds.model(Set.of()), Worlds.steps(seed), Duration.ofSeconds(60)))).isEmpty();
        took(SEEDS + " worlds over the rules", begun);
    }

    @Test
    void each_rule_that_is_switched_off_makes_some_world_fail() {
        List<String> table = new ArrayList<>();
        List<Law> bitesNot = new ArrayList<>();
        for (Law law : Law.values()) {
            Set<Law> off = EnumSet.of(law);
            Optional<Long> bad = Worlds.firstBad(0, BITES, off);
            bad.ifPresentOrElse(seed -> table.add("| " + law.rule + " | " + seed + " | " + Play.of(Worlds.model(off), Worlds.steps(seed)).orElseThrow().wrong() + " |"), () -> bitesNot.add(law));
        }
        System.out.println("| without | seed | what is seen |\n|---|---|---|\n" + String.join("\n", table));
        assertThat(bitesNot).isEmpty();
    }

    @Test
    void in_some_worlds_two_bridges_over_one_store_hold_membership_to_the_truth() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = log.getLevel();
        long begun = System.nanoTime();
        AtomicLong next = new AtomicLong(FROM);
        Queue<String> bad = new ConcurrentLinkedQueue<>();
        Callable<Void> pair = () -> {
            try (RealBridges bridges = new RealBridges(Files.createTempDirectory(folder, "pair"))) {
                log.setLevel(Level.OFF); // stores that go away are its daily bread
                for (long seed = next.getAndIncrement(); seed < FROM + STORE_SEEDS && bad.isEmpty(); seed = next.getAndIncrement()) {
                    List<Step> steps = Worlds.steps(seed);
                    if (Play.of(bridges, steps).isPresent()) {
                        bad.add(Worlds.story(seed, bridges, steps, Duration.ofSeconds(60)));
                    }
                }
            }
            return null;
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(PAIRS)) {
            for (Future<Void> one : IntStream.range(0, PAIRS).mapToObj(i -> pool.submit(pair)).toList()) {
                one.get();
            }
        } finally {
            log.setLevel(before);
        }
        assertThat(bad).isEmpty();
        took(STORE_SEEDS + " worlds over two bridges and PostgreSQL", begun);
    }

    private static void took(String what, long begun) {
        System.out.println(what + ": " + (System.nanoTime() - begun) / 1_000_000_000 + " s");
    }
}
