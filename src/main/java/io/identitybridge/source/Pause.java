package io.identitybridge.source;

import java.time.Duration;

/** Waits. An own interface, so that tests write down the waits in place of waiting. */
@FunctionalInterface
public interface Pause {
    void sleep(Duration time) throws InterruptedException;

    /** Really waits. */
    static Pause real() {
        return Thread::sleep;
    }
}
