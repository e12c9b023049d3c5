package io.identitybridge.scim;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bodies of more than 1 MiB, of which only as many are at work at once as the heap bears: one for each 192 MiB of it, at least one. A group of 16 MiB takes
 * up to 150 MiB until it is written. The others wait for their turn up to 20 s, then they are answered 503.
 */
final class LargeBodies {
    static final int FROM = 1 << 20;
    private static final long HEAP_FOR_EACH = 192L << 20;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final LargeBodies OF_THIS_JVM = new LargeBodies((int) Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_FOR_EACH), LONGEST_WAIT);

    private final Semaphore places;
    private final Duration longestWait;

    LargeBodies(int places, Duration longestWait) {
        this.places = new Semaphore(places, true);
        this.longestWait = longestWait;
    }

    static LargeBodies ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** Waits for a place. */
    void enter() {
        try {
            if (!places.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ScimError.unavailable("other large groups are being taken in; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ScimError.unavailable("the bridge is stopping; try again");
        }
    }

    void leave() {
        places.release();
    }
}
