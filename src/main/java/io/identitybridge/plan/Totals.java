package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** How much a plan changes, by class and by workspace: what the guard judges. Grows line by line, so a plan of any size needs no room. */
public final class Totals {
    private final Map<ChangeClass, Long> byClass = new EnumMap<>(ChangeClass.class);
    private final Map<String, Long> leaving = new HashMap<>();
    private long lines;

    /** Counts one person's lines: an archive is one, however many memberships go with it. */
    public void add(PersonPlan plan) {
        plan.lines().forEach(this::add);
    }

    public void add(Line line) {
        lines++;
        if (line.change() instanceof Change.Remove remove && line.always().isEmpty()) {
            leaving.merge(Folded.of(remove.workspace()), 1L, Long::sum);
        }
        boolean counted = line.within() == line.change().kind() && line.always().isEmpty();
        if (counted && line.within() != ChangeClass.FREE) {
            byClass.merge(line.within(), 1L, Long::sum);
        }
    }

    public long of(ChangeClass kind) {
        return byClass.getOrDefault(kind, 0L);
    }

    /** People leaving each workspace, by folded name. */
    public Map<String, Long> leaving() {
        return Map.copyOf(leaving);
    }

    public long lines() {
        return lines;
    }

    public Map<ChangeClass, Long> byClass() {
        return Map.copyOf(byClass);
    }
}
