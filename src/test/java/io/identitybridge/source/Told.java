package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A sink that writes down what it is told, and forgets what is void. */
final class Told implements Sink {
    final List<PageRead> pages = new ArrayList<>();
    final Map<String, Item> users = new LinkedHashMap<>();
    final Map<String, Item> groups = new LinkedHashMap<>();
    final Map<String, List<Item>> joined = new LinkedHashMap<>();
    final Map<String, List<String>> members = new TreeMap<>();
    final List<String> calls = new ArrayList<>();
    /** In a delta: who came in, group by group. */
    final Map<String, Set<String>> came = new TreeMap<>();
    final Map<String, Progress> progress = new LinkedHashMap<>();
    final Map<String, List<String>> own = new TreeMap<>();
    final Map<String, List<String>> nested = new TreeMap<>();
    Set<String> unwanted = Set.of();
    /** Groups that the store has, and members of groups. */
    Set<String> held = Set.of();
    Map<String, List<String>> holds = Map.of();
    /** Who had a row of a joined read so far, by the row's id. */
    Map<String, List<String>> had = Map.of();
    /** Groups of which the store holds somebody whom each list lacks. */
    Set<String> lacking = Set.of();

    @Override
    public Optional<Progress> progress(String resource, String scope) {
        return Optional.ofNullable(progress.get(resource + "/" + scope));
    }

    @Override
    public void begin(String resource) {
        calls.add("begin " + resource);
        pages.removeIf(page -> page.resource().equals(resource));
        switch (resource) {
            case "users" -> users.clear();
            case "groups" -> groups.clear();
            default -> members.clear();
        }
    }

    @Override
    public void joined(Resource resource, List<Item> items) {
        calls.add("joined " + resource.name());
        joined.put(resource.name(), items);
    }

    @Override
    public Optional<List<String>> had(Resource resource, String id) {
        return Optional.ofNullable(had.get(id));
    }

    @Override
    public void users(PageRead page) {
        calls.add("users " + page.page());
        pages.add(page);
        page.items().forEach(item -> users.put(item.id(), item));
    }

    @Override
    public Set<String> groups(PageRead page) {
        calls.add("groups " + page.page());
        pages.add(page);
        page.items().forEach(item -> groups.put(item.id(), item));
        return page.items().stream().map(Item::id).filter(id -> !unwanted.contains(id)).collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    @Override
    public void members(String groupId, List<String> ids, Instant askedAt) {
        calls.add("members " + groupId);
        members.put(groupId, ids);
    }

    @Override
    public void memberChanges(String groupId, List<String> added, List<String> removed, Instant askedAt) {
        calls.add("changes " + groupId + " +" + added + " -" + removed);
        came.computeIfAbsent(groupId, id -> new java.util.TreeSet<>()).addAll(added);
    }

    @Override
    public void membersWhole(String groupId) {
        calls.add("whole " + groupId);
    }

    @Override
    public void groupVanished(String groupId) {
        calls.add("vanished " + groupId);
    }

    @Override
    public void direct(String groupId, List<String> people, List<String> groups, Instant askedAt) {
        own.put(groupId, people);
        nested.put(groupId, groups);
    }

    @Override
    public Map<String, List<String>> nested() {
        return Map.copyOf(nested);
    }

    @Override
    public Kept kept(Set<String> groups) {
        return new Kept(groups.stream().flatMap(group -> own.getOrDefault(group, List.of()).stream()).distinct().sorted().toList(), Instant.EPOCH);
    }

    @Override
    public boolean holdsGroup(String groupId) {
        return held.contains(groupId);
    }

    @Override
    public boolean lacksSome(String groupId, List<String> members) {
        return lacking.contains(groupId) || holds.getOrDefault(groupId, List.of()).stream().anyMatch(member -> !members.contains(member));
    }

    @Override
    public List<String> lacked(String groupId, List<String> ids) {
        return holds.getOrDefault(groupId, List.of()).stream().filter(member -> !ids.contains(member)).toList();
    }

    @Override
    public Set<String> lacking(Set<String> groupIds) {
        return groupIds.stream().filter(group -> !came.getOrDefault(group, Set.of()).containsAll(holds.getOrDefault(group, List.of()))).collect(Collectors.toSet());
    }

    @Override
    public int membersAgain(String groupId, List<String> ids, Instant askedAt) {
        Set<String> either = new java.util.LinkedHashSet<>(members.get(groupId));
        either.addAll(ids);
        int more = either.size() - members.get(groupId).size();
        members.put(groupId, List.copyOf(either));
        return more;
    }

    /** What a later run would be given back after this one broke off. */
    Progress usersSoFar() {
        List<PageRead> read = pages.stream().filter(page -> page.resource().equals("users")).toList();
        java.io.ByteArrayOutputStream seen = new java.io.ByteArrayOutputStream();
        read.forEach(page -> seen.writeBytes(page.seen()));
        return new Progress(read.getLast().page(), read.getLast().next(), seen.toByteArray());
    }
}
