package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the members that stand inside group records: all of them, or in a delta those who came and went. */
final class InsideMembers {
    private final Resource resource;
    private final Members members;
    private final Sink sink;
    private long told;

    InsideMembers(Resource resource, Sink sink, Faults faults) {
        this.resource = resource;
        this.members = new Members(resource, faults);
        this.sink = sink;
    }

    void begin() {
        told = 0;
    }

    /** How many memberships were told since the list began. */
    long told() {
        return told;
    }

    void tell(PageRead page, List<Item> all, Set<String> wanted) {
        if (resource.cursor().isPresent()) {
            changes(page, all, wanted);
        } else {
            page.items().stream().filter(group -> !group.removed() && wanted.contains(group.id())).forEach(group -> whole(page, group));
        }
    }

    private void whole(PageRead page, Item group) {
        // SCIM leaves an attribute without values out, so a group without the list is one without members.
        List<?> elements = members.inside(group).orElse(List.of());
        List<String> people = members.people(label(group.id()), elements).stream().distinct().toList();
        told += people.size();
        sink.members(group.id(), people, page.askedAt());
    }

    /** A group may come several times, on one page or on many: its changes are told in their order, once a page. */
    private void changes(PageRead page, List<Item> all, Set<String> wanted) {
        Map<String, Members.Change> changes = new LinkedHashMap<>();
        for (Item group : all) {
            Optional<List<?>> elements = wanted.contains(group.id()) && !group.removed() ? members.inside(group) : Optional.empty();
            elements.ifPresent(list -> members.changes(label(group.id()), list, changes.computeIfAbsent(group.id(), id -> new Members.Change())));
        }
        changes.forEach((id, change) -> {
            told += change.added().size();
            sink.memberChanges(id, List.copyOf(change.added()), List.copyOf(change.removed()), page.askedAt());
        });
    }

    private String label(String id) {
        return resource.name() + ": group " + Faults.shown(id);
    }
}
