package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.time.Clock;
import java.util.Map;

/** Reads one IdP as its source file says: everything to the last page, or {@link SourceUnavailable}. One reader a run. */
public final class Reader {
    /** {@code clock} gives the time that {@code askedAt} is told in. */
    public Reader(SourceFile file, Settings settings, Fetch fetch, Pause pause, Clock clock) {
        throw new UnsupportedOperationException("next commit");
    }

    /** Reads all that the file names; {@code full} looks at no cursor. */
    public Reading read(boolean full, Map<String, String> cursors, Sink sink) {
        throw new UnsupportedOperationException("next commit");
    }

    /** Asks for one user. */
    public PointRead pointRead(String id) {
        throw new UnsupportedOperationException("next commit");
    }
}
