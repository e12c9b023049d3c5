package io.identitybridge.plan;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What differs for one person.
 *
 * @param lines   in the order they are done: additions first, removals last
 * @param grants  by folded workspace name, the reasons as they should stand: only workspaces where some reason differs; a held line keeps its workspace's as they are
 * @param refused what the last hop refused, each with its reason
 */
public record PersonPlan(List<Line> lines, Map<String, List<Grant>> grants, List<String> refused) {
    private static final Set<ChangeClass> TAKES = Set.of(ChangeClass.ARCHIVE, ChangeClass.REMOVE, ChangeClass.LOWER);

    public PersonPlan {
        lines = List.copyOf(lines);
        refused = List.copyOf(refused);
    }

    /** This plan without some lines; the workspaces they are about stay as they are. */
    public PersonPlan without(Predicate<Line> dropped, Function<Line, List<String>> why) {
        Map<String, List<Grant>> left = new LinkedHashMap<>(grants);
        List<String> refusals = new ArrayList<>(refused);
        lines.stream().filter(dropped).forEach(line -> {
            line.change().place().map(Folded::of).ifPresent(left::remove);
            refusals.addAll(why.apply(line));
        });
        return new PersonPlan(lines.stream().filter(dropped.negate()).toList(), left, refusals);
    }

    /** This plan with everything that it takes away waiting, for this reason. */
    public PersonPlan waiting(String why) {
        return new PersonPlan(lines.stream().map(line -> TAKES.contains(line.within()) && line.always().isEmpty() ? new Line(line.change(), Optional.of(why), line.within()) : line).toList(), grants, refused);
    }

    public boolean changesNothing() {
        return lines.isEmpty() && grants.isEmpty();
    }
}
