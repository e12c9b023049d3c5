package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import java.time.Instant;
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
    private final Optional<NestedMembers> nested;
    private long told;

    /** @param nested where groups in groups are flattened */
    InsideMembers(Resource resource, Sink sink, Optional<NestedMembers> nested, Faults faults) {
        this.resource = resource;
        this.members = new Members(resource, faults);
        this.sink = sink;
        this.nested = nested;
    }

    void begin() {
        told = 0;
        nested.ifPresent(NestedMembers::begin);
        sink.begin(Reader.MEMBERS);
    }

    /** Tells the lists that are whole only once all groups were read. */
    void end(Set<String> wanted) {
        nested.ifPresent(n -> n.tell(wanted, this::whole));
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
        List<String> groups = members.groups(label(group.id()), elements);
        boolean all = nested.map(n -> n.isInnermost(group.id(), groups)).orElse(true);
        nested.ifPresent(n -> n.direct(group.id(), new MemberLists.Found.All(people, groups, page.askedAt()), all));
        if (all) {
            whole(group.id(), people, page.askedAt());
        }
    }

    private void whole(String group, List<String> people, Instant askedAt) {
        told += people.size();
        sink.members(group, people, askedAt);
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
