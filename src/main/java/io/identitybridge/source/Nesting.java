package io.identitybridge.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which groups lie in which, and so which lie below one at any depth. */
final class Nesting {
    private final Map<String, ? extends Collection<String>> below;
    private final int depth;
    private final Faults faults;

    /** @param depth how deep groups may lie in groups */
    Nesting(Map<String, ? extends Collection<String>> below, int depth, Faults faults) {
        this.below = below;
        this.depth = depth;
        this.faults = faults;
    }

    /** The group itself and every group below it, each once: a circle ends where it began. {@link SourceUnavailable} where they lie too deep. */
    Set<String> under(String group) {
        Set<String> all = new LinkedHashSet<>(List.of(group));
        List<String> level = List.of(group);
        for (int deep = 0; !level.isEmpty(); deep++) {
            List<String> next = new ArrayList<>();
            level.stream().filter(below::containsKey).flatMap(outer -> below.get(outer).stream()).filter(all::add).forEach(next::add);
            if (!next.isEmpty() && deep == depth) {
                throw faults.of("group " + Faults.shown(group) + ": groups lie in it more than " + depth + " deep");
            }
            level = next;
        }
        return all;
    }
}
