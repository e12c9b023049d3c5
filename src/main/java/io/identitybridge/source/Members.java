package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.model.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the ids of people out of member lists, whether those stand inside a group or come by a call of their own. */
final class Members {
    private static final String REMOVED = "/@removed";

    private final Resource resource;
    private final Faults faults;

    Members(Resource resource, Faults faults) {
        this.resource = resource;
        this.faults = faults;
    }

    /** Who came in and who went, by the last word on each. */
    record Change(Set<String> added, Set<String> removed) {
        Change() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    /** The member list inside a group record; empty where the record has none, as in a delta that only renames. */
    Optional<List<?>> inside(Item group) {
        String pointer = resource.members().orElseThrow();
        return switch (Json.at(group.record(), pointer)) {
            case null -> Optional.empty();
            case List<?> list -> Optional.of(list);
            default -> throw faults.of(resource.name() + ": group " + Faults.shown(group.id()) + ": there is no list at " + pointer + "; look at members in the source file");
        };
    }

    /** The people among some elements, in their order. */
    List<String> people(String label, List<?> elements) {
        List<String> ids = new ArrayList<>(elements.size());
        elements.stream().filter(this::kept).forEach(element -> ids.add(id(label, element)));
        return ids;
    }

    /** Applies the elements of one delta record to {@code change}, in their order. */
    void changes(String label, List<?> elements, Change change) {
        for (Object element : elements) {
            if (kept(element)) {
                boolean gone = Json.at(element, REMOVED) != null;
                String id = id(label, element);
                (gone ? change.added() : change.removed()).remove(id);
                (gone ? change.removed() : change.added()).add(id);
            }
        }
    }

    /** The groups among some elements, in their order. */
    List<String> groups(String label, List<?> elements) {
        return elements.stream().filter(this::isGroup).map(element -> id(label, element)).toList();
    }

    private boolean kept(Object element) {
        return !isGroup(element) && has(element, resource.memberKeep());
    }

    private boolean isGroup(Object element) {
        return !resource.nested().group().isEmpty() && has(element, resource.nested().group());
    }

    private static boolean has(Object element, Map<String, String> all) {
        return all.entrySet().stream().allMatch(must -> Json.text(Json.at(element, must.getKey())).equals(Optional.of(must.getValue())));
    }

    private String id(String label, Object element) {
        String pointer = resource.member().orElse("/id");
        return Json.text(Json.at(element, pointer)).filter(Text::fits).orElseThrow(() ->
            faults.of(label + ": a member has no id" + (pointer.isEmpty() ? "" : " at " + pointer) + "; look at member in the source file"));
    }
}
