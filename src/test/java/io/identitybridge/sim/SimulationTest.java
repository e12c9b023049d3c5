package io.identitybridge.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.flow.Law;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random worlds of three IdPs that push and are pulled, with people who move, come back and share addresses, and with lost, late, repeated and
 * reordered pushes, pages that are old or fail, and bridges that die at any statement. {@code -Dfrom}, {@code -Dseeds} and {@code -Dstore.seeds} choose others.
 */
@Tag("real")
@Timeout(1_200)
class SimulationTest {
    private static final long FROM = Long.getLong("from", 0);
    private static final long SEEDS = Long.getLong("seeds", 1_000);
    private static final long STORE_SEEDS = Long.getLong("store.seeds", 8);
    /** By so many seeds every rule that is switched off must have made one fail. */
    private static final long BITES = 2_000;

    @TempDir
    Path folder;

    @Test
    void in_many_worlds_the_rules_hold_membership_to_the_truth() {
        Optional<Long> bad = Worlds.firstBad(FROM, FROM + SEEDS, Set.of());
        assertThat(bad.map(seed -> Worlds.story(seed, Worlds.model(Set.of()), Worlds.steps(seed), Duration.ofSeconds(60)))).isEmpty();
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
        try (RealBridges bridges = new RealBridges(folder)) {
            for (long seed = FROM; seed < FROM + STORE_SEEDS; seed++) {
                List<Step> steps = Worlds.steps(seed);
                if (Play.of(bridges, steps).isPresent()) {
                    assertThat(Worlds.story(seed, bridges, steps, Duration.ofSeconds(120))).isEmpty();
                }
            }
        }
    }
}
