package io.identitybridge.source;

import java.util.Optional;

/**
 * How far an earlier, broken-off reading of one list came.
 *
 * @param page the last page that the sink has
 * @param next that page's {@link PageRead#next}; empty: the list was finished
 * @param seen the {@link PageRead#seen} of all its pages, one after the other
 */
public record Progress(int page, Optional<String> next, byte[] seen) {
    public Progress {
        if (page < 1 || seen.length % Long.BYTES != 0) {
            throw new IllegalArgumentException("progress: page " + page + " with " + seen.length + " bytes of hashes");
        }
    }

    /** A list of which only matters that it was read: the members of one group. */
    public static Progress finished() {
        return new Progress(1, Optional.empty(), new byte[0]);
    }
}
