package io.identitybridge.scim;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream of at most so many bytes: who reads one more is refused with 413. Where it becomes a large one, it has to wait for its turn. */
final class Bounded extends FilterInputStream {
    private final int most;
    private final Runnable large;
    private long seen;
    private boolean thrownAway;

    /** @param large what is done once, at the byte that makes it one of {@link LargeBodies} */
    Bounded(InputStream in, int most, Runnable large) {
        super(in);
        this.most = most;
        this.large = large;
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
        if (!thrownAway && before <= LargeBodies.FROM && seen > LargeBodies.FROM) {
            large.run();
        }
    }
}
