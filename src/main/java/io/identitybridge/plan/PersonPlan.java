package io.identitybridge.plan;

import io.identitybridge.model.Grant;
import java.util.List;
import java.util.Map;

/**
 * What differs for one person.
 *
 * @param lines   in the order they are done: additions first, removals last
 * @param grants  by folded workspace name, the reasons as they should stand: only workspaces where some reason differs; a held line keeps its workspace's as they are
 * @param refused what the last hop refused, each with its reason
 */
public record PersonPlan(List<Line> lines, Map<String, List<Grant>> grants, List<String> refused) {
    public PersonPlan {
        lines = List.copyOf(lines);
        refused = List.copyOf(refused);
    }

    public boolean changesNothing() {
        return lines.isEmpty() && grants.isEmpty();
    }
}
