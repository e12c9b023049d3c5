package io.identitybridge.store;

import java.util.Optional;

/**
 * Why accounts are looked at. It is kept with them until their deeds are right, so that it outlives a bridge that stops in between.
 *
 * @param cause what brought it, as {@code run:<id>} or {@code push:<request>}
 * @param waits why what follows may take nothing away before a person has looked, as an edited file; empty for most
 * @param ends  the IdP itself has ended somebody: nothing that waits for other reasons holds that back
 */
public record Trigger(String cause, Optional<String> waits, boolean ends) {
    /** What may take away as far as {@code waits} lets it. */
    public Trigger(String cause, Optional<String> waits) {
        this(cause, waits, false);
    }

    /** What an IdP said: it may take away within the limits. */
    public static Trigger of(String cause) {
        return new Trigger(cause, Optional.empty());
    }

    /** The IdP itself has ended somebody. */
    public Trigger ending() {
        return new Trigger(cause, Optional.empty(), true);
    }
}
