package io.identitybridge.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identifiers in the order of time, to the microsecond (RFC 9562, version 7, method 3 of 6.2), so that rows of one run lie side by side and lists show what came in its order. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern SHAPE = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Ids() {
    }

    /** The identifier that a text is, in whatever case; empty for any other text. */
    public static Optional<UUID> of(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** Likewise one that can have been made here: what has this shape and another version is somebody else's. */
    public static Optional<UUID> own(String text) {
        return of(text).filter(id -> id.version() == 7);
    }

    /** A new identifier. */
    public static UUID next() {
        Instant now = Instant.now();
        long high = now.toEpochMilli() << 16 | 0x7000 | now.getNano() % 1_000_000 * 4_096L / 1_000_000;
        return new UUID(high, 0x8000000000000000L | RANDOM.nextLong() >>> 2);
    }
}
