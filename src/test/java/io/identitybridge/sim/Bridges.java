package io.identitybridge.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Two bridges over one store, as a world meets them. */
public interface Bridges {
    Instant now();

    void pass(Duration time);

    /** Hands a push over; whether it was taken. A refused one is refused for good, a failed one the IdP sends again. */
    Delivery deliver(int bridge, Message message);

    enum Delivery { TAKEN, REFUSED, FAILED }

    /** Whether a pull began. */
    boolean pull(int bridge, Idp source, boolean full);

    /** Whether a pull of this source is under way. */
    boolean pulling(Idp source);

    /** Answers one request of the pull under way as {@code how} says; the result of the pull if it ends with that. */
    Optional<Ended> answer(Idp source, How how);

    /**
     * How a request is answered.
     *
     * @param state what the IdP shows of itself
     * @param fault 0 none, 1 a 500, 2 cut off, 3 a 429
     */
    record How(int sequence, int fault) {
    }

    /** @param begun when a complete pull that ended well had begun; empty for any other end */
    record Ended(boolean well, Optional<Instant> begun) {
    }

    void omit(Idp source, String user);

    /** Lists leave nobody out any more. */
    void omitNobody();

    void expire(Idp source);

    void crash(int bridge, int statements);

    void restart(int bridge);

    void sweep(int bridge);

    /** Lets a source only propose from now on, or apply again; whether that is another way than before. */
    boolean proposes(Idp source, boolean only);

    /** Lets the mapping of a source make nobody a manager any more, or do so again; false where that is as it was, or not played. */
    default boolean edits(Idp source, boolean without) {
        return false;
    }

    /** Lets alpha decide who is active, or not; false where that is as it was, or not played. */
    default boolean alphaDecides(boolean decides) {
        return false;
    }

    /** Takes the files of a source away, or puts them back; false where that is as it was, or not played. */
    default boolean takes(Idp source, boolean away) {
        return false;
    }

    /** Rejects all that waits; says how much that was. */
    default int reject(int bridge) {
        return 0;
    }

    /** Keeps what waits now for {@link #approveSeen}. */
    default void look() {
    }

    /** Approves what was seen at the last look; says how much that was. */
    default int approveSeen(int bridge) {
        return 0;
    }

    /** Approves all that waits; says how much that was. */
    int approve(int bridge);

    /** What only pushes ever spoke of, and is not there any more, is deleted by pushes: no pull can tell that it has gone. */
    void tellAgain(int bridge, Idp source);

    View view();

    /** Forgets everything, for the next world. */
    void begin();

    List<String> faults();
}
