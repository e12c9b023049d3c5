package io.identitybridge.store;

import java.security.SecureRandom;
import java.util.UUID;

/** Identifiers in the order of time (RFC 9562, version 7), so that rows of one run lie side by side. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {
    }

    /** A new identifier. */
    public static UUID next() {
        long random = RANDOM.nextLong();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random & 0x0fff;
        return new UUID(high, 0x8000000000000000L | RANDOM.nextLong() >>> 2);
    }
}
