package io.identitybridge.publish;

import java.io.IOException;

/** Sends a call to Portkey once and gives its answer, whatever the status; {@link IOException} where none came in time. */
@FunctionalInterface
public interface Http {
    Answer send(Ask ask) throws IOException;

    /** Whether calls go to the Portkey still that they were planned for; {@link #send} fails where they do not. */
    default boolean there() {
        return true;
    }
}
