package io.identitybridge.model;

import java.time.Duration;

/**
 * When a connection rests that fails again and again, with one call after that to see whether it is back.
 *
 * @param failures one after the other, with no success between them
 * @param within   and no longer apart than this, the first and the last
 * @param open     how long it rests
 */
public record Breaker(int failures, Duration within, Duration open) {
    public Breaker {
        if (failures < 1 || within.isNegative() || within.isZero() || open.isNegative() || open.isZero()) {
            throw new IllegalArgumentException("a breaker of " + failures + " failures within " + within + ", open " + open);
        }
    }
}
