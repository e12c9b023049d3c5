package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes the groups of a test with their members, and holds them. */
final class RecordedMembers implements Sink {
    private final Map<String, Item> groups = new LinkedHashMap<>();
    private final Map<String, List<String>> members = new TreeMap<>();
    private final Map<String, List<String>> people = new HashMap<>();
    private final Map<String, List<String>> nested = new HashMap<>();

    List<Item> groups() {
        return List.copyOf(groups.values());
    }

    /** The people of each group, in the order of their ids. */
    Map<String, List<String>> members() {
        return members;
    }

    @Override
    public Optional<Progress> progress(String resource, String scope) {
        return Optional.empty();
    }

    @Override
    public void begin(String resource) {
        groups.clear();
        members.clear();
    }

    @Override
    public void joined(SourceFile.Resource resource, List<Item> items) {
        throw new IllegalStateException("a test reads one list: " + resource.name());
    }

    @Override
    public void users(PageRead page) {
        throw new IllegalStateException("users have no members");
    }

    @Override
    public Set<String> groups(PageRead page) {
        page.items().forEach(group -> groups.put(group.id(), group));
        return new TreeSet<>(page.items().stream().map(Item::id).toList());
    }

    @Override
    public void members(String groupId, List<String> all, Instant askedAt) {
        members.put(groupId, all.stream().sorted().toList());
    }

    @Override
    public void memberChanges(String groupId, List<String> added, List<String> removed, Instant askedAt) {
        Set<String> all = new TreeSet<>(members.getOrDefault(groupId, List.of()));
        all.addAll(added);
        removed.forEach(all::remove);
        members.put(groupId, List.copyOf(all));
    }

    @Override
    public void membersWhole(String groupId) {
        members.putIfAbsent(groupId, List.of());
    }

    @Override
    public void direct(String groupId, List<String> own, List<String> inside, Instant askedAt) {
        people.put(groupId, own);
        nested.put(groupId, inside);
    }

    @Override
    public Map<String, List<String>> nested() {
        return Map.copyOf(nested);
    }

    @Override
    public Kept kept(Set<String> wanted) {
        Set<String> all = new TreeSet<>();
        wanted.forEach(group -> all.addAll(people.getOrDefault(group, List.of())));
        return new Kept(new ArrayList<>(all), Instant.EPOCH);
    }

    @Override
    public boolean holdsGroup(String groupId) {
        return false;
    }

    @Override
    public void groupVanished(String groupId) {
        members.remove(groupId);
    }
}
