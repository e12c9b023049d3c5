package io.identitybridge.scim;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A stream of at most so many bytes, that have come within 60 s: who reads one more is refused with 413, and who still waits for one with 408, for what comes byte by
 * byte would hold a place for ever. Where it becomes a large one, it has to wait for its turn, which does not count.
 */
final class Bounded extends FilterInputStream {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private final int most;
    private final Runnable large;
    private final LongSupplier nanos;
    private long begun;
    private long seen;
    private boolean thrownAway;

    /** @param large what is done once, at the byte that makes it one of {@link LargeBodies} */
    Bounded(InputStream in, int most, Runnable large) {
        this(in, most, large, System::nanoTime);
    }

    Bounded(InputStream in, int most, Runnable large, LongSupplier nanos) {
        super(in);
        this.most = most;
        this.large = large;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int some = super.read(bytes, from, length);
        count(some);
        return some;
    }

    /** Reads what is left, as far as allowed: a client that still sends hears no answer. */
    void drain() {
        thrownAway = true;
        try {
            transferTo(OutputStream.nullOutputStream());
        } catch (IOException | ScimError none) {
            return; // the answer stands already
        }
    }

    private void count(int some) {
        long before = seen;
        seen += Math.max(0, some);
        if (seen > most) {
            throw ScimError.tooLarge("the body is longer than " + most + " bytes");
        }
        if (some > 0 && nanos.getAsLong() - begun > LONGEST.toNanos()) {
            throw ScimError.tooSlow("the body did not come within " + LONGEST.toSeconds() + " s");
        }
        if (!thrownAway && before <= LargeBodies.FROM && seen > LargeBodies.FROM) {
            large.run();
            begun = nanos.getAsLong();
        }
    }
}
