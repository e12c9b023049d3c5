package io.identitybridge;

import java.util.function.Supplier;

/** Starts of Spring contexts in one JVM go one after the other: each sets up the JVM's one logging system anew. */
public final class OneStart {
    private OneStart() {
    }

    public static synchronized <T> T of(Supplier<T> start) {
        return start.get();
    }
}
