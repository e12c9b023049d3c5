package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Item;
import io.identitybridge.source.Joins;
import io.identitybridge.source.PageRead;
import io.identitybridge.source.Progress;
import io.identitybridge.source.SeenIds;
import io.identitybridge.source.Sink;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Known;
import io.identitybridge.store.Staging.Staged;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stages what differs from the directory, and remembers only the hashes of what does not. */
final class StagingSink implements Sink {
    private final Staging staging;
    private final SourceName source;
    private final Hold hold;
    private final UUID run;
    private final Mapping mapping;
    private final Clock clock;
    private final Runnable each;
    private final Duration goneAfter;
    private final Joins joins;
    /** How a record that is there is staged: one that comes whole even in a delta, as an LDAP entry does, is not merged over what was stored. */
    private final String there;
    private final SeenIds users = SeenIds.of(new byte[0]);
    private final SeenIds groups = SeenIds.of(new byte[0]);
    private final Map<String, Known> groupsKnown = new HashMap<>();
    /** Of groups that are new by their id: under its name one may have been pushed without it. */
    private final Map<String, String> newNames = new HashMap<>();
    private int changed;
    private long memberships;

    /** @param goneAfter so long after it was first not found, what is not found again counts as gone */
    StagingSink(Staging staging, Hold hold, Mapping mapping, SourceFile file, Duration goneAfter, Clock clock, Runnable each) {
        this.staging = staging;
        this.source = hold.source();
        this.hold = hold;
        this.run = hold.run();
        this.mapping = mapping;
        this.clock = clock;
        this.each = each;
        this.goneAfter = goneAfter;
        this.joins = new Joins(file);
        this.there = file.ldap().isPresent() ? "whole" : "seen";
    }

    @Override
    public Optional<Progress> progress(String resource, String scope) {
        Optional<Staging.Reached> reached = staging.reached(run, resource, scope);
        if (resource.equals("users")) {
            reached.ifPresent(pages -> users.addAll(pages.seen()));
        }
        if (resource.equals("members")) {
            Optional<Staging.Digest> read = staging.digest(run, scope);
            if (read.filter(list -> differs(scope, list.bytes()) && !staging.holdsMembers(run, scope)).isPresent()) {
                return Optional.empty(); // it was the directory's own list then, and so was not staged; a push has come since, and without its members it would be an empty one
            }
            read.ifPresent(list -> {
                if (differs(scope, list.bytes())) {
                    staging.records(hold, "groups", List.of(whole(scope, list.bytes(), list.askedAt())));
                    changed++;
                }
                memberships += size(list.bytes());
            }); // the groups were read anew since, and what was staged of this one with them
        }
        return reached.map(pages -> new Progress(pages.page(), pages.next(), pages.seen()));
    }

    @Override
    public void begin(String resource) {
        staging.begin(hold, resource);
    }

    @Override
    public void joined(SourceFile.Resource resource, List<Item> items) {
        joins.took(resource, items);
    }

    @Override
    public Set<String> vanished(SourceFile.Resource resource, Set<String> ids) {
        return staging.vanished(hold, resource.name(), ids, goneAfter);
    }

    @Override
    public Optional<List<String>> had(SourceFile.Resource resource, String id) {
        boolean read = mapping.fields().stream().map(field -> field.substring(field.indexOf(' ') + 1).split("\\.", 2)[0]).anyMatch(resource.name()::equals);
        if (!read) {
            return Optional.of(List.of()); // what it gives nobody looks at
        }
        boolean whole = mapping.fields().stream().anyMatch(field -> field.substring(field.indexOf(' ') + 1).equals(resource.name())) && resource.join().value().isEmpty();
        return Optional.of(resource.id().orElse("/id")).filter(pointer -> whole && pointer.lastIndexOf('/') == 0).map(pointer -> staging.withRow(source, resource.name(), Json.text(Map.of(pointer.substring(1), id))));
    }

    Joins joins() {
        return joins;
    }

    @Override
    public void users(PageRead page) {
        each.run();
        Map<String, Known> known = staging.accounts(source, page.items().stream().map(Item::id).toList());
        List<Staged> staged = new ArrayList<>();
        for (Item item : page.items()) {
            user(item, Optional.ofNullable(known.get(item.id())), page.askedAt()).ifPresent(staged::add);
        }
        byte[] seen = page.seen();
        users.addAll(seen);
        changed += staged.size();
        staging.page(hold, "users", new Staging.Reached(page.page(), page.next(), seen), page.askedAt(), staged, sofar());
    }

    private Map<String, Long> sofar() {
        Map<String, Long> sofar = new LinkedHashMap<>(Map.of("users", (long) users.size()));
        if (groups.size() > 0) {
            sofar.put("groups", (long) groups.size());
        }
        if (memberships > 0) {
            sofar.put("members", memberships);
        }
        return sofar;
    }

    /** Empty where the directory holds the very same. */
    private Optional<Staged> user(Item item, Optional<Known> known, Instant askedAt) {
        if (item.removed()) {
            return Optional.of(new Staged(item.id(), "gone", Optional.empty(), Optional.empty(), Optional.empty(), askedAt));
        }
        return staged(item.id(), mapping.projectUser(joins.variables(item)), known, askedAt);
    }

    /** A record that was asked for alone. */
    Staged pointRead(String id, Map<String, Object> record, Instant askedAt) {
        Map<String, Object> projection = mapping.projectUser(joins.variables(new Item(id, false, record)));
        return new Staged(id, "found", Optional.of(Json.text(projection)), Optional.of(mapping.hash(projection)), Optional.empty(), askedAt);
    }

    /** Likewise a group, of whose members nothing was asked. */
    Staged groupRead(String id, Map<String, Object> record, Instant askedAt) {
        Map<String, Object> projection = mapping.projectGroup(joins.variables(new Item(id, false, record)));
        return new Staged(id, "whole", Optional.of(Json.text(projection)), Optional.of(mapping.hash(projection)), Optional.empty(), askedAt);
    }

    private Optional<Staged> staged(String id, Map<String, Object> projection, Optional<Known> known, Instant askedAt) {
        byte[] hash = mapping.hash(projection);
        boolean same = known.isPresent() && !known.get().lookAgain() && Arrays.equals(known.get().hash(), hash);
        return same ? Optional.empty() : Optional.of(new Staged(id, there, Optional.of(Json.text(projection)), Optional.of(hash), Optional.empty(), askedAt));
    }

    @Override
    public Set<String> groups(PageRead page) {
        each.run();
        List<String> ids = page.items().stream().map(Item::id).toList();
        Map<String, Known> known = staging.groups(source, ids);
        groupsKnown.putAll(known);
        List<Staged> staged = new ArrayList<>();
        for (Item item : page.items()) {
            if (item.removed()) {
                staged.add(new Staged(item.id(), "gone", Optional.empty(), Optional.empty(), Optional.empty(), page.askedAt()));
            } else {
                Map<String, Object> projection = mapping.projectGroup(joins.variables(item));
                if (!known.containsKey(item.id())) {
                    mapping.group(new Input(item.id(), Optional.of(projection), Optional.empty(), false), page.askedAt()).displayName().ifPresent(name -> newNames.put(item.id(), name));
                }
                staged(item.id(), projection, Optional.ofNullable(known.get(item.id())), page.askedAt()).ifPresent(staged::add);
            }
        }
        byte[] seen = page.seen();
        groups.addAll(seen);
        changed += staged.size();
        staging.page(hold, "groups", new Staging.Reached(page.page(), page.next(), seen), page.askedAt(), staged, sofar());
        return new HashSet<>(ids);
    }

    @Override
    public boolean lacksSome(String groupId, List<String> members) {
        Optional<String> name = known(groupId).isPresent() ? Optional.empty() : Optional.ofNullable(newNames.get(groupId));
        return (known(groupId).isPresent() || name.isPresent()) && differs(groupId, digest(members)) && staging.holdsOthers(source, groupId, name, members);
    }

    @Override
    public List<String> lacked(String groupId, List<String> members) {
        return staging.others(source, groupId, members);
    }

    @Override
    public Set<String> lacking(Set<String> groupIds) {
        Set<String> lacking = staging.holdOthers(source, run, groupIds);
        Set<String> pushed = staging.unanchored(source, newNames.values());
        newNames.forEach((id, name) -> {
            if (groupIds.contains(id) && pushed.contains(name)) {
                lacking.add(id);
            }
        });
        return lacking;
    }

    @Override
    public int membersAgain(String groupId, List<String> members, Instant askedAt) {
        Set<String> more = new HashSet<>(members);
        more.removeAll(staging.staged(run, groupId, members));
        if (!more.isEmpty()) {
            byte[] either = sum(staging.digest(run, groupId).orElseThrow().bytes(), digest(more));
            memberships += more.size();
            staging.list(hold, groupId, either, askedAt, more, Optional.of(whole(groupId, either, askedAt)), sofar());
        }
        return more.size();
    }

    /** Members may be told of a group that stood on no page: in a delta one above a group that changed. */
    private Optional<Known> known(String groupId) {
        if (!groups.has(groupId) && !groupsKnown.containsKey(groupId)) {
            groupsKnown.putAll(staging.groups(source, List.of(groupId)));
        }
        return Optional.ofNullable(groupsKnown.get(groupId));
    }

    private boolean differs(String groupId, byte[] digest) {
        Optional<Known> known = known(groupId);
        return known.isEmpty() || known.get().lookAgain() || !known.get().members().map(before -> Arrays.equals(before, digest)).orElse(false);
    }

    @Override
    public void members(String groupId, List<String> members, Instant askedAt) {
        each.run();
        byte[] digest = digest(members);
        memberships += size(digest);
        if (differs(groupId, digest)) {
            changed++;
            staging.list(hold, groupId, digest, askedAt, members, Optional.of(whole(groupId, digest, askedAt)), sofar());
        } else {
            staging.list(hold, groupId, digest, askedAt, List.of(), Optional.empty(), sofar());
        }
    }

    /** The group's whole list is staged. */
    private Staged whole(String groupId, byte[] digest, Instant askedAt) {
        return new Staged(groupId, there, Optional.empty(), Optional.empty(), Optional.of(digest), askedAt);
    }

    @Override
    public void direct(String groupId, List<String> people, List<String> groups, Instant askedAt) {
        each.run();
        staging.direct(hold, groupId, people, groups, askedAt);
    }

    @Override
    public Map<String, List<String>> nested() {
        return staging.nested(run);
    }

    @Override
    public Kept kept(Set<String> groups) {
        return staging.kept(run, groups).map(lists -> new Kept(lists.people(), lists.askedAt())).orElseGet(() -> new Kept(List.of(), clock.instant()));
    }

    @Override
    public boolean holdsGroup(String groupId) {
        return staging.holdsGroup(source, groupId);
    }

    @Override
    public void memberChanges(String groupId, List<String> added, List<String> removed, Instant askedAt) {
        staging.changes(hold, groupId, added, removed, askedAt);
        changed += added.size() + removed.size();
        memberships += added.size();
    }

    @Override
    public void membersWhole(String groupId) {
        staging.records(hold, "groups", List.of(new Staged(groupId, "seen", Optional.empty(), Optional.empty(), Optional.of(new byte[0]), clock.instant())));
    }

    @Override
    public void groupVanished(String groupId) {
        staging.notWhole(hold, new Staged(groupId, "missing", Optional.empty(), Optional.empty(), Optional.empty(), clock.instant()));
    }

    boolean sawUser(String id) {
        return users.has(id);
    }

    boolean sawGroup(String id) {
        return groups.has(id);
    }

    int seenUsers() {
        return users.size();
    }

    int seenGroups() {
        return groups.size();
    }

    /** Whether many are held, by whatever way, in the groups that this run has read, and could be taken out by it. */
    boolean holdsMembers(Duration lag, int many) {
        return staging.holdsMembers(source, run, newNames.values(), lag, many);
    }

    /** On all whole lists of members, and named by changes. */
    long memberships() {
        return memberships;
    }

    int changed() {
        return changed;
    }

    private static long size(byte[] digest) {
        return ByteBuffer.wrap(digest).getLong();
    }

    /** The same bytes for the same members in any order: sums of their hashes, and how many. */
    private static byte[] digest(Collection<String> members) {
        long sum = 0;
        long mixed = 0;
        Set<String> unique = new HashSet<>(members);
        for (String member : unique) {
            long hash = SeenIds.hash(member);
            sum += hash;
            mixed += Long.rotateLeft(hash * 0x9e3779b97f4a7c15L, 29) * 0xbf58476d1ce4e5b9L;
        }
        return ByteBuffer.allocate(24).putLong(unique.size()).putLong(sum).putLong(mixed).array();
    }

    /** The bytes of two lists that share nobody, as one. */
    private static byte[] sum(byte[] one, byte[] other) {
        ByteBuffer first = ByteBuffer.wrap(one);
        ByteBuffer second = ByteBuffer.wrap(other);
        ByteBuffer both = ByteBuffer.allocate(one.length);
        while (both.hasRemaining()) {
            both.putLong(first.getLong() + second.getLong());
        }
        return both.array();
    }
}
