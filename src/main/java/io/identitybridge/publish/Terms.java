package io.identitybridge.publish;

import io.identitybridge.model.Causes;
import io.identitybridge.store.Creates;
import io.identitybridge.store.TargetStage.Guarded;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * By what publishing goes now.
 *
 * @param setHash        the active set of files
 * @param guarded        protected people, of whom nothing is written, and workspaces; asked before each step, since somebody may be protected meanwhile
 * @param creates        which missing workspaces are made
 * @param callsPerSecond what all bridges together may ask of the target
 * @param sideBySide     keys of a lane that one bridge works on at once
 * @param lease          how long a key is this bridge's; no call begins in its last {@code call}
 * @param call           the longest a call can take
 */
public record Terms(Causes causes, String setHash, Supplier<Guarded> guarded, Creates creates, int callsPerSecond, int sideBySide, Duration lease, Duration call) {
    public Terms {
        if (sideBySide < 1 || callsPerSecond < 1 || lease.compareTo(call.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException("a lease must be longer than two calls, and calls more than none");
        }
    }
}
