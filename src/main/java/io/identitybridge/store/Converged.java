package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Problem;
import java.util.List;
import java.util.Map;

/**
 * What became of some people.
 *
 * @param done     sentences of what was changed
 * @param counts   the same by class
 * @param waits    sentences of what waits, with their reason
 * @param problems what became letters
 */
public record Converged(List<String> done, Map<ChangeClass, Long> counts, Map<String, String> waits, List<String> refused, List<Problem> problems) {
    static final Converged NOTHING = new Converged(List.of(), Map.of(), Map.of(), List.of(), List.of());
}
