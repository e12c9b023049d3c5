package io.identitybridge.admin;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Whether a counter has grown within a time, as far as anybody has looked since. */
final class Lately {
    private final Duration within;
    private final DoubleSupplier counter;
    private double seen;
    private long grownAt;
    private boolean grown;

    Lately(Duration within, DoubleSupplier counter) {
        this.within = within;
        this.counter = counter;
    }

    double count() {
        return counter.getAsDouble();
    }

    synchronized boolean happened() {
        double now = count();
        if (now > seen) {
            seen = now;
            grown = true;
            grownAt = System.nanoTime();
        }
        return grown && System.nanoTime() - grownAt < within.toNanos();
    }
}
