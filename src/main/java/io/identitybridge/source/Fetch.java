package io.identitybridge.source;

import java.io.IOException;

/** Sends one request and gives its answer, whatever the status; follows no redirect and tries nothing twice. */
@FunctionalInterface
public interface Fetch {
    /** The answer with its whole body. Fails with {@link IOException} when none came in time, and with {@link BodyTooLarge} when it was more than the cap. */
    Response send(Request request) throws IOException;

    /** An answer's body was longer than it may be; asking again would not shorten it. */
    final class BodyTooLarge extends IOException {
        public BodyTooLarge(long cap) {
            super("the answer is longer than " + (cap >> 20) + " MiB; ask for smaller pages");
        }
    }
}
