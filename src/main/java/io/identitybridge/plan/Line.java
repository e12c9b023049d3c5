package io.identitybridge.plan;

import io.identitybridge.model.Change;
import java.util.Optional;

/**
 * One line of a plan.
 *
 * @param always why it is held whatever the limits say; empty for most
 * @param within the class it is counted in: memberships lost through an archive count with the archive, not twice
 */
public record Line(Change change, Optional<String> always, io.identitybridge.model.ChangeClass within) {
    /** Held only where a limit holds its class, and counted in it. */
    public static Line of(Change change) {
        return new Line(change, Optional.empty(), change.kind());
    }

    public String sentence() {
        return change.sentence();
    }
}
