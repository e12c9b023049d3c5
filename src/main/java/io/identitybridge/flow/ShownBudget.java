package io.identitybridge.flow;

import io.identitybridge.source.RateLeft;
import io.identitybridge.store.Runs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Shows, while a run reads, what is left of its source's rate buckets: once a second at most, for a run may have 50,000 lists. */
final class ShownBudget {
    private static final long EVERY_NANOS = 1_000_000_000;

    private final Runs runs;
    private final UUID run;
    private final Supplier<Map<String, RateLeft>> left;
    private Map<String, RateLeft> shown = Map.of();
    private long at = System.nanoTime() - EVERY_NANOS;

    ShownBudget(Runs runs, UUID run, Supplier<Map<String, RateLeft>> left) {
        this.runs = runs;
        this.run = run;
        this.left = left;
    }

    /** Called with every page. */
    void page() {
        if (System.nanoTime() - at >= EVERY_NANOS) {
            now();
        }
    }

    /** As it is, if it is another than shown. */
    void now() {
        Map<String, RateLeft> budget = left.get();
        if (!budget.equals(shown)) {
            Map<String, Object> words = new LinkedHashMap<>();
            budget.forEach((path, bucket) -> words.put(path, Map.of("limit", bucket.limit(), "left", bucket.left())));
            runs.budget(run, Json.text(words));
            shown = budget;
        }
        at = System.nanoTime();
    }
}
