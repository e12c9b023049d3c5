package io.identitybridge.source;

import io.identitybridge.model.Proof;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one reading gave besides the pages, once all of them were read.
 *
 * @param unique  different ids by resource; for {@code members} the memberships
 * @param cursors where the next run starts, by resource
 * @param proof   there when the whole directory was read, so that absence means something
 * @param notes   what an operator should know, as {@code users: the cursor had expired, so everything was read}
 */
public record Reading(Map<String, Long> unique, Map<String, String> cursors, Optional<Proof> proof, List<String> notes) {
    public Reading {
        unique = Map.copyOf(unique);
        cursors = Map.copyOf(cursors);
        notes = List.copyOf(notes);
    }

    /** Whether who is absent from it may have left. */
    public boolean complete() {
        return proof.isPresent();
    }
}
