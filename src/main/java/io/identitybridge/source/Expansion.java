package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Expand;
import io.identitybridge.files.SourceFile.Nested;
import io.identitybridge.files.SourceFile.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Rows of a joined read whose id is a group's, as an app role that is assigned to a group (Microsoft Graph, appRoleAssignedTo, principalType Group): each of
 * its people gets the row as his own. A group whose people cannot be read to the end ends the reading: people would lose what it gives them for that. One
 * that is not found, while its row is still there, is about to go or hidden, and no fault: who had its row has it until the row is gone, or the group has
 * not been found for so long that it counts as gone.
 */
final class Expansion {
    private final Resource resource;
    private final Function<Resource, MemberLists> lists;
    private final Sink sink;
    private final Limits limits;
    private final Faults faults;
    private final List<String> notes;

    /** @param sink knows who had the row of a group so far, and since when it is not found */
    Expansion(Resource resource, Function<Resource, MemberLists> lists, Sink sink, Limits limits, Faults faults, List<String> notes) {
        this.resource = resource;
        this.lists = lists;
        this.sink = sink;
        this.limits = limits;
        this.faults = faults;
        this.notes = notes;
    }

    /** The rows of a whole list, and behind them those of the people of its groups; at most as many as are held of any list. */
    List<Item> of(List<Item> rows) {
        return resource.expand().map(expand -> expanded(expand, rows)).orElseGet(() -> List.copyOf(rows));
    }

    private List<Item> expanded(Expand expand, List<Item> rows) {
        List<Item> groups = rows.stream().filter(row -> matches(expand, row)).toList();
        Map<String, List<String>> people = new LinkedHashMap<>();
        Set<String> vanished = new LinkedHashSet<>();
        MemberLists members = lists.apply(people(expand));
        Parallel.each(groups.stream().map(Item::id).distinct().toList(), limits.parallel(), members::of, (id, found) -> {
            switch (found) {
                case MemberLists.Found.All all -> people.put(id, all.people());
                case MemberLists.Found.Vanished gone -> vanished.add(id);
            }
        }, () -> faults.of(resource.name() + ": stopped while its groups were read"));
        Set<String> ended = sink.vanished(resource, vanished);
        vanished.forEach(id -> people.put(id, ended.contains(id) ? ended(id) : kept(id)));
        List<Item> all = new ArrayList<>(rows);
        for (Item row : groups) {
            people.get(row.id()).forEach(person -> all.add(new Item(person, false, row.record())));
            if (all.size() > limits.held()) {
                throw faults.of(resource.name() + ": more than " + limits.held() + " records with the people of its groups");
            }
        }
        return List.copyOf(all);
    }

    private List<String> ended(String id) {
        notes.add(what(id) + ", for so long that nobody has it by that group any more");
        return List.of();
    }

    private String what(String id) {
        return resource.name() + ": group " + Faults.shown(id) + " has a row there and is not found itself";
    }

    private List<String> kept(String id) {
        String what = what(id);
        List<String> kept = sink.had(resource, id).orElseThrow(() -> faults.of(what + "; if it stays so, take its assignment away at the source"));
        notes.add(what + "; the " + kept.size() + " people who had it keep it, until its assignment is taken away at the source or the group has not been found for long");
        return kept;
    }

    private static boolean matches(Expand expand, Item row) {
        return expand.where().entrySet().stream().allMatch(where -> Json.text(Json.at(row.record(), where.getKey())).filter(where.getValue()::equals).isPresent());
    }

    /** The list of one group's people, paged as the file says for all. */
    private Resource people(Expand expand) {
        return new Resource(resource.name(), expand.path(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.of(expand.member()), expand.memberKeep(),
            Nested.NONE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), resource.join(), Optional.empty(), Optional.empty(), Optional.empty(), resource.at());
    }
}
