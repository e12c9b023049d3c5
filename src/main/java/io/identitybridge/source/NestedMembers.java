package io.identitybridge.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes whole lists of members where groups lie in groups: whoever is in a group is in every group above it. The lists as the IdP wrote
 * them are the sink's, because all of them together may be too many to hold; which group lies in which is little, and held here.
 */
final class NestedMembers {
    private final Optional<MemberLists> calls;
    private final Sink sink;
    private final Limits limits;
    private final Faults faults;
    private final List<String> notes;
    private final Map<String, Set<String>> children = new HashMap<>();
    private final Set<String> vanished = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> twice = new HashSet<>();
    /** Named as groups, and not there: nobody is in them. */
    private final Set<String> nobody = new TreeSet<>();

    /** @param calls how one group's members are asked for; empty where they stand inside the groups */
    NestedMembers(Optional<MemberLists> calls, Sink sink, Limits limits, Faults faults, List<String> notes) {
        this.calls = calls;
        this.sink = sink;
        this.limits = limits;
        this.faults = faults;
        this.notes = notes;
    }

    /** Forgets all that it was told. */
    void begin() {
        children.clear();
        vanished.clear();
        told.clear();
        nobody.clear();
    }

    /** These groups lie in that one, as the list of groups says. */
    void children(String group, List<String> below) {
        children.computeIfAbsent(group, id -> new LinkedHashSet<>()).addAll(below);
    }

    /** Whether nothing lies in this group, so that its own list is all of it. */
    boolean isInnermost(String group, List<String> inside) {
        return inside.isEmpty() && children.getOrDefault(group, Set.of()).isEmpty();
    }

    /** One list as the IdP wrote it. {@code whole}: that is all of it, and it was told to the end. */
    void direct(String group, MemberLists.Found.All list, boolean whole) {
        sink.direct(group, list.people(), list.groups(), list.askedAt());
        if (whole) {
            told.add(group);
        }
    }

    /** The group was gone when it was asked for. */
    void vanished(String group) {
        vanished.add(group);
    }

    /** Tells the whole lists of those of these groups whose own list was not all of it. {@code again}: reads one group's own list a second time. */
    void tell(Collection<String> groups, MemberTaker taker, Function<String, MemberLists.Found> again) {
        unlisted(groups);
        Nesting nesting = nesting();
        int left = 0;
        for (String group : groups) {
            if (told.contains(group) || vanished.contains(group)) {
                continue;
            }
            Set<String> all = nesting.under(group);
            if (all.stream().anyMatch(vanished::contains)) {
                left++;
                continue;
            }
            Sink.Kept kept = sink.kept(all);
            if (sink.lacksSome(group, kept.people()) && readAgain(all, again)) {
                nesting = nesting();
                Set<String> either = nesting.under(group);
                if (either.stream().anyMatch(vanished::contains)) {
                    left++;
                    continue;
                }
                kept = sink.kept(either);
            }
            taker.take(group, kept.people(), kept.askedAt());
        }
        if (left > 0) {
            notes.add("the members of " + left + " groups were left as they are: a group below them went away while it was read");
        }
    }

    /** Groups that some list names and no list of groups has: out of reach of its query, or gone. */
    private void unlisted(Collection<String> groups) {
        Set<String> known = new HashSet<>(groups);
        for (Set<String> next = named(known); !next.isEmpty(); next = named(known)) {
            known.addAll(next);
            if (known.size() > limits.held()) {
                throw faults.of("groups lie in more than " + limits.held() + " groups");
            }
            List<String> open = next.stream().filter(id -> sink.progress(Reader.MEMBERS, id).isEmpty()).toList();
            Parallel.each(open, limits.parallel(), this::asked, (id, found) -> {
                switch (found) {
                    case MemberLists.Found.All all -> direct(id, all, false);
                    case MemberLists.Found.Vanished gone when sink.holdsGroup(id) -> vanished.add(id);
                    case MemberLists.Found.Vanished gone -> nobody.add(id);
                }
            }, () -> faults.of("groups in groups: stopped while they were read"));
        }
        if (!nobody.isEmpty()) {
            notes.add(nobody.size() + " groups are named as members and are not there, as " + Faults.shown(nobody.iterator().next()) + "; nobody is in them");
        }
    }

    private MemberLists.Found asked(String group) {
        return calls.isPresent() ? calls.get().of(group) : new MemberLists.Found.Vanished();
    }

    private Set<String> named(Set<String> known) {
        Set<String> named = new LinkedHashSet<>();
        below().values().forEach(named::addAll);
        named.removeAll(known);
        return named;
    }

    private Nesting nesting() {
        return new Nesting(below(), limits.depth(), faults);
    }

    private Map<String, Set<String>> below() {
        Map<String, Set<String>> below = new HashMap<>();
        children.forEach((group, inside) -> below.computeIfAbsent(group, id -> new LinkedHashSet<>()).addAll(inside));
        sink.nested().forEach((group, inside) -> below.computeIfAbsent(group, id -> new LinkedHashSet<>()).addAll(inside));
        return below;
    }

    /** Asks once more for these lists, each once a run; whoever is in either reading is in. Says whether that changed anything. */
    private boolean readAgain(Set<String> groups, Function<String, MemberLists.Found> again) {
        List<String> open = groups.stream().filter(twice::add).toList();
        List<String> longer = new ArrayList<>();
        Map<String, List<String>> inside = sink.nested();
        Parallel.each(open, limits.parallel(), again, (id, found) -> {
            switch (found) {
                case MemberLists.Found.All second -> {
                    Sink.Kept once = sink.kept(Set.of(id));
                    Set<String> people = new LinkedHashSet<>(once.people());
                    Set<String> within = new LinkedHashSet<>(inside.getOrDefault(id, List.of()));
                    if (people.addAll(second.people()) | within.addAll(second.groups())) {
                        sink.direct(id, List.copyOf(people), List.copyOf(within), once.askedAt());
                        longer.add(id);
                    }
                }
                case MemberLists.Found.Vanished gone when nobody.contains(id) -> { }
                case MemberLists.Found.Vanished gone -> vanished.add(id);
            }
        }, () -> faults.of("groups in groups: stopped while they were read again"));
        longer.forEach(id -> notes.add("group " + Faults.shown(id) + ": its list of members came short and was read again"));
        return !longer.isEmpty() || groups.stream().anyMatch(vanished::contains);
    }
}
