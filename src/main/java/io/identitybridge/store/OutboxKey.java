package io.identitybridge.store;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A key that may differ at Portkey, leased to this bridge.
 *
 * @param generation of its wanted state: it is done only if nothing newer has come meanwhile
 * @param since      when it began to wait; of a leaver, when he left
 * @param attempts   failed tries of this generation
 * @param lease      names this lease and no other, not even a later one of the same bridge
 * @param doubt      a write was begun whose end nobody knows, so Portkey is asked before anything is written
 */
public record OutboxKey(Kind kind, UUID id, long generation, boolean leaver, Instant since, int attempts, Optional<Instant> firstFailed, boolean doubt, String lease) {
    public enum Kind {
        PERSON, WORKSPACE;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
