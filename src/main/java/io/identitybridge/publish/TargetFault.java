package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Failure;
import java.time.Duration;
import java.util.Optional;

/** A call to Portkey that failed for good, as far as this turn goes. Its message names no person. */
public final class TargetFault extends RuntimeException {
    private final Cause cause;
    private final String call;
    private final boolean doubt;
    private final boolean untried;
    private final transient Optional<Duration> wait;
    private final transient Optional<Failure> failure;

    /**
     * @param call  the kind of call
     * @param doubt it may have had its effect all the same
     * @param wait  what Portkey asked for
     */
    TargetFault(Cause cause, String call, String message, boolean doubt, Optional<Duration> wait) {
        this(cause, call, message, doubt, wait, false, Optional.empty());
    }

    /**
     * @param untried it was not sent again at once, because what it makes would be there twice: its short tries are turns of the key
     * @param failure what was answered, where anything was
     */
    TargetFault(Cause cause, String call, String message, boolean doubt, Optional<Duration> wait, boolean untried, Optional<Failure> failure) {
        super(message, null, false, false);
        this.untried = untried;
        this.cause = cause;
        this.call = call;
        this.doubt = doubt;
        this.wait = wait;
        this.failure = failure;
    }

    /** The same, where an earlier call's effect is not known yet either. */
    TargetFault inDoubt() {
        return new TargetFault(cause, call, getMessage(), true, wait, untried, failure);
    }

    public Cause cause() {
        return cause;
    }

    public String call() {
        return call;
    }

    public boolean doubt() {
        return doubt;
    }

    /** Whether a right is missing; or what the call was about is gone, which Portkey says in the same words. */
    boolean forbids() {
        return cause == Cause.AUTH && failure.flatMap(Failure::status).filter(status -> status == Calls.FORBIDDEN).isPresent();
    }

    boolean untried() {
        return untried;
    }

    public Optional<Duration> retryAfter() {
        return wait;
    }

    public Optional<Failure> failure() {
        return failure;
    }

    /** The time that this bridge may write for the key was over, or the target is not written to any more: the key goes back to where it was. */
    static final class TooLate extends RuntimeException {
        private final boolean doubt;

        /** @param doubt an earlier try of the call may have had its effect */
        TooLate(boolean doubt) {
            super("the lease of the key is nearly over, or nothing is written now", null, false, false);
            this.doubt = doubt;
        }

        boolean doubt() {
            return doubt;
        }
    }
}
