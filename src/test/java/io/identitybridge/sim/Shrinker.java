package io.identitybridge.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves out of a story all that it fails without (Zeller's ddmin), for as long as it is given. */
final class Shrinker {
    private Shrinker() {
    }

    /** @param fails whether these steps still fail; the first list does */
    static List<Step> shrink(List<Step> steps, Predicate<List<Step>> fails, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        List<Step> left = steps;
        for (int size = Math.max(1, left.size() / 2); size > 0; size = left.size() < 2 ? 0 : size == 1 ? 0 : size / 2) {
            boolean again = true;
            while (again) {
                again = false;
                for (int from = 0; from < left.size() && System.nanoTime() < until; ) {
                    List<Step> fewer = new ArrayList<>(left.subList(0, from));
                    fewer.addAll(left.subList(Math.min(left.size(), from + size), left.size()));
                    if (fails.test(fewer)) {
                        left = fewer;
                        again = size == 1;
                    } else {
                        from += size;
                    }
                }
            }
        }
        return left;
    }
}
