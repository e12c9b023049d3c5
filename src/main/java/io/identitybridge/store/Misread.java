package io.identitybridge.store;

import io.identitybridge.model.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A record that could not be read as its mapping says: a letter.
 *
 * @param generation version of the facts it belongs to
 * @param record     what was mapped, as redacted JSON
 * @param unknown    names of fields that were not kept
 * @param leaver     whether somebody's access is to end by it: it is tried sooner, and never given up
 */
public record Misread(Problem problem, long generation, Optional<String> record, List<String> unknown, boolean leaver) {
    /** Of nobody who leaves. */
    public Misread(Problem problem, long generation, Optional<String> record, List<String> unknown) {
        this(problem, generation, record, unknown, false);
    }
}
