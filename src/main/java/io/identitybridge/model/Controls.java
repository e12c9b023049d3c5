package io.identitybridge.model;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an operator can have done, wherever he asks from. Every call but a preview is audited with its actor. */
public interface Controls {
    /** Starts a pull now and gives its run's id at once; {@code full} reads everything. Refused with {@link Refused} when paused, off or unknown. */
    UUID pull(SourceName source, boolean full, String actor);

    /** Starts a pull of everything now, as {@link #pull}, and believes this one reading although it lost most of what was there before. What is absent goes the usual way, under the guard. */
    UUID acceptShrink(SourceName source, String why, String actor);

    /** The sentences a pull's facts would give now, without touching anything; {@code mapping} is a draft's text in place of the active one. */
    Preview preview(SourceName source, Optional<String> mapping);

    /** Applies the held lines that are still true, all or only those numbers, and says what became of each. {@code hash} is of the plan as shown; another one is refused. */
    List<String> approve(long plan, List<Integer> only, Optional<String> hash, String actor);

    /** Suppresses the held lines, all or only those numbers, until their facts change. */
    List<String> reject(long plan, List<Integer> only, String actor, String reason);

    /** Rebuilds the letters' keys from their wanted state; gives how many were closed and how many stay, in words. */
    List<String> replay(List<Long> letters, String actor);

    /** Pause: pulls stop, and what is pushed is taken in and done as before. */
    void pause(SourceName source, boolean paused, String actor);

    /** Ends a source on purpose: what only it gave is planned away, held for approval. */
    String release(SourceName source, String actor);

    /** Reads the files again and activates them if nothing is wrong; throws {@link FileFaults} otherwise. Gives the active set's hash. */
    String activate(String actor);

    /** Makes an earlier set of files active again, of this hash or the beginning of one, else the one before, and leaves the disk alone; {@link FileFaults} where it has faults by now. Gives its hash. */
    String rollback(Optional<String> hash, String actor);

    /** The lines that would change, held ones with their reason. */
    record Preview(List<String> lines, List<String> held, List<String> problems, long total) {
    }

    /** A request that makes no sense now, in words for the one who asked. */
    final class Refused extends RuntimeException {
        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
