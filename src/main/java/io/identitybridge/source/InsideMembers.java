package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells the members that stand inside group records: all of them, or in a delta those who came and went. A list that lacks somebody whom the store holds is
 * read once more, from the group's own record where that can be asked for and shows the list, else with all groups; whoever is in either reading is in.
 */
final class InsideMembers {
    private final Resource resource;
    private final Members members;
    private final Sink sink;
    private final Optional<NestedMembers> nested;
    private final Function<String, PointRead> alone;
    private final Consumer<Lists.Taker> allGroups;
    private final Limits limits;
    private final Faults faults;
    private final List<String> notes;
    private final Set<String> open = new LinkedHashSet<>();
    private Optional<Map<String, MemberLists.Found.All>> second = Optional.empty();
    private long told;

    /**
     * @param nested    where groups in groups are flattened
     * @param alone     asks for one group's own record
     * @param allGroups reads the list of groups
     */
    InsideMembers(Resource resource, Sink sink, Optional<NestedMembers> nested, Function<String, PointRead> alone, Consumer<Lists.Taker> allGroups, Limits limits, Faults faults, List<String> notes) {
        this.resource = resource;
        this.members = new Members(resource, faults);
        this.sink = sink;
        this.nested = nested;
        this.alone = alone;
        this.allGroups = allGroups;
        this.limits = limits;
        this.faults = faults;
        this.notes = notes;
    }

    void begin() {
        told = 0;
        open.clear();
        nested.ifPresent(NestedMembers::begin);
        sink.begin(Reader.MEMBERS);
    }

    /** Tells the lists that are whole only once all groups were read, and looks again where lists lack somebody. {@code whole}: it was no delta, or one from its very beginning. */
    void end(Set<String> wanted, boolean whole) {
        nested.ifPresent(n -> n.tell(wanted, this::whole, this::alone));
        if (resource.cursor().isPresent() && whole) {
            wanted.forEach(sink::membersWhole);
            open.addAll(sink.lacking(wanted));
        }
        if (!open.isEmpty()) {
            readAgain();
        }
    }

    /** How many memberships were told since the list began. */
    long told() {
        return told;
    }

    void tell(PageRead page, List<Item> all, Set<String> wanted) {
        if (resource.cursor().isPresent()) {
            changes(page, all, wanted).forEach((id, change) -> {
                told += change.added().size();
                sink.memberChanges(id, List.copyOf(change.added()), List.copyOf(change.removed()), page.askedAt());
            });
        } else {
            whole(page, page.items().stream().filter(group -> !group.removed() && wanted.contains(group.id())).toList());
        }
    }

    private void whole(PageRead page, List<Item> groups) {
        Map<String, MemberLists.Found.All> lacking = new LinkedHashMap<>();
        for (Item group : groups) {
            MemberLists.Found.All list = list(group, page.askedAt());
            boolean all = nested.map(n -> n.isInnermost(group.id(), list.groups())).orElse(true);
            if (!all || !sink.lacksSome(group.id(), list.people())) {
                tell(group.id(), list, all);
            } else if (nested.isPresent()) {
                tell(group.id(), list, false); // it is looked at again with those that lie in others
            } else {
                lacking.put(group.id(), list);
            }
        }
        Parallel.each(lacking.keySet(), limits.parallel(), this::again, (id, found) -> {
            tell(id, found.map(second -> either(id, lacking.get(id), second)).orElseGet(() -> lacking.get(id)), true);
            if (found.isEmpty()) {
                open.add(id);
            }
        }, () -> faults.of(resource.name() + ": stopped while lists of members were read again"));
    }

    private void tell(String group, MemberLists.Found.All list, boolean all) {
        nested.ifPresent(n -> n.direct(group, list, all));
        if (all) {
            whole(group, list.people(), list.askedAt());
        }
    }

    private void whole(String group, List<String> people, Instant askedAt) {
        told += people.size();
        sink.members(group, people, askedAt);
    }

    private MemberLists.Found.All either(String group, MemberLists.Found.All once, MemberLists.Found.All again) {
        Set<String> people = new LinkedHashSet<>(once.people());
        if (people.addAll(again.people())) {
            notes.add("group " + Faults.shown(group) + ": its list of members came short and was read again");
        }
        return new MemberLists.Found.All(List.copyOf(people), once.groups(), once.askedAt());
    }

    /** The list in a group's own record; empty where that cannot be asked for, is not found although the list has just shown it, or has no list, which need not mean that nobody is in it. */
    private Optional<MemberLists.Found.All> again(String id) {
        return alone.apply(id) instanceof PointRead.Found found ? Optional.of(new Item(id, false, found.record())).filter(group -> members.inside(group).isPresent()).map(group -> list(group, Instant.EPOCH)) : Optional.empty();
    }

    /** A second reading of one list, for {@link NestedMembers}. */
    private MemberLists.Found alone(String id) {
        return again(id).or(() -> Optional.ofNullable(second().get(id))).<MemberLists.Found>map(all -> all).orElseGet(MemberLists.Found.Vanished::new);
    }

    /** All lists, read once more and held. */
    private synchronized Map<String, MemberLists.Found.All> second() {
        if (second.isEmpty()) {
            Map<String, MemberLists.Found.All> lists = new HashMap<>();
            allGroups.accept(new Lists.Taker() {
                private long held;

                @Override
                public void begin() {
                    lists.clear();
                    held = 0;
                }

                @Override
                public void page(PageRead page, List<Item> all) {
                    page.items().stream().filter(group -> !group.removed()).map(group -> Map.entry(group.id(), list(group, page.askedAt()))).forEach(list -> {
                        lists.put(list.getKey(), list.getValue());
                        held += list.getValue().people().size();
                    });
                    if (held > limits.held()) {
                        throw faults.of(resource.name() + ": more than " + limits.held() + " members to be held for a second reading; give the groups a by-id that shows their members");
                    }
                }
            });
            second = Optional.of(lists);
        }
        return second.get();
    }

    /** SCIM leaves an attribute without values out, so a group without the list is one without members. */
    private MemberLists.Found.All list(Item group, Instant askedAt) {
        List<?> elements = members.inside(group).orElse(List.of());
        return new MemberLists.Found.All(members.people(label(group.id()), elements).stream().distinct().toList(), members.groups(label(group.id()), elements), askedAt);
    }

    /** A group may come several times, on one page or on many: its changes are told in their order, once a page. */
    private Map<String, Members.Change> changes(PageRead page, List<Item> all, Set<String> wanted) {
        Map<String, Members.Change> changes = new LinkedHashMap<>();
        for (Item group : all) {
            Optional<List<?>> elements = wanted.contains(group.id()) && !group.removed() ? members.inside(group) : Optional.empty();
            elements.ifPresent(list -> members.changes(label(group.id()), list, changes.computeIfAbsent(group.id(), id -> new Members.Change())));
        }
        return changes;
    }

    /**
     * Reads all groups once more. Nobody is taken out by it: who is in the first reading only may have left since, and the next run says so. A group that
     * only the first reading had is gone since: its list takes nobody out either.
     */
    private void readAgain() {
        Set<String> met = new HashSet<>();
        allGroups.accept(new Lists.Taker() {
            @Override
            public void begin() {
                met.clear();
            }

            @Override
            public void page(PageRead page, List<Item> all) {
                List<Item> there = all.stream().filter(group -> !group.removed() && open.contains(group.id())).toList();
                there.forEach(group -> met.add(group.id()));
                if (resource.cursor().isPresent()) {
                    changes(page, there, open).forEach((id, change) -> sink.memberChanges(id, List.copyOf(change.added()), List.of(), page.askedAt()));
                } else {
                    there.forEach(group -> told += sink.membersAgain(group.id(), list(group, page.askedAt()).people(), page.askedAt()));
                }
            }
        });
        notes.add(open.size() + " lists of members lacked somebody, so all groups were read again");
        open.stream().filter(id -> !met.contains(id)).forEach(sink::groupVanished);
    }

    private String label(String id) {
        return resource.name() + ": group " + Faults.shown(id);
    }
}
