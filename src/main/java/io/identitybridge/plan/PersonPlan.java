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

    /** This plan without some lines; the workspaces they are about stay as they are. */
    public PersonPlan without(java.util.function.Predicate<Line> dropped, java.util.function.Function<Line, List<String>> why) {
        Map<String, List<Grant>> left = new java.util.LinkedHashMap<>(grants);
        List<String> refusals = new java.util.ArrayList<>(refused);
        lines.stream().filter(dropped).forEach(line -> {
            line.change().place().map(io.identitybridge.model.Folded::of).ifPresent(left::remove);
            refusals.addAll(why.apply(line));
        });
        return new PersonPlan(lines.stream().filter(dropped.negate()).toList(), left, refusals);
    }

    public boolean changesNothing() {
        return lines.isEmpty() && grants.isEmpty();
    }
}
