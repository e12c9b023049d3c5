package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Item;
import io.identitybridge.source.Joins;
import io.identitybridge.source.PageRead;
import io.identitybridge.source.Progress;
import io.identitybridge.source.SeenIds;
import io.identitybridge.source.Sink;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Known;
import io.identitybridge.store.Staging.Staged;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stages what differs from the directory, and remembers only the hashes of what does not. */
final class StagingSink implements Sink {
    private final Staging staging;
    private final SourceName source;
    private final UUID run;
    private final Mapping mapping;
    private final Clock clock;
    private final Runnable alive;
    private final Joins joins;
    private final SeenIds users = SeenIds.of(new byte[0]);
    private final SeenIds groups = SeenIds.of(new byte[0]);
    private final Map<String, Known> groupsKnown = new HashMap<>();
    private int changed;

    StagingSink(Staging staging, SourceName source, UUID run, Mapping mapping, SourceFile file, Clock clock, Runnable alive) {
        this.staging = staging;
        this.source = source;
        this.run = run;
        this.mapping = mapping;
        this.clock = clock;
        this.alive = alive;
        this.joins = new Joins(file);
    }

    @Override
    public Optional<Progress> progress(String resource, String scope) {
        Optional<Staging.Reached> reached = staging.reached(run, resource, scope);
        if (resource.equals("users")) {
            reached.ifPresent(pages -> users.addAll(pages.seen()));
        }
        return reached.map(pages -> new Progress(pages.page(), pages.next(), pages.seen()));
    }

    @Override
    public void begin(String resource) {
        staging.begin(run, resource);
    }

    @Override
    public void joined(SourceFile.Resource resource, List<Item> items) {
        joins.took(resource, items);
    }

    Joins joins() {
        return joins;
    }

    @Override
    public void users(PageRead page) {
        alive.run();
        Map<String, Known> known = staging.accounts(source, page.items().stream().map(Item::id).toList());
        List<Staged> staged = new ArrayList<>();
        for (Item item : page.items()) {
            user(item, Optional.ofNullable(known.get(item.id())), page.askedAt()).ifPresent(staged::add);
        }
        byte[] seen = page.seen();
        users.addAll(seen);
        changed += staged.size();
        staging.page(run, "users", "", new Staging.Reached(page.page(), page.next(), seen), page.askedAt(), staged);
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
        return new Staged(id, "whole", Optional.of(Json.text(projection)), Optional.of(mapping.hash(projection)), Optional.empty(), askedAt);
    }

    private Optional<Staged> staged(String id, Map<String, Object> projection, Optional<Known> known, Instant askedAt) {
        byte[] hash = mapping.hash(projection);
        boolean same = known.isPresent() && !known.get().lookAgain() && Arrays.equals(known.get().hash(), hash);
        return same ? Optional.empty() : Optional.of(new Staged(id, "seen", Optional.of(Json.text(projection)), Optional.of(hash), Optional.empty(), askedAt));
    }

    @Override
    public Set<String> groups(PageRead page) {
        alive.run();
        List<String> ids = page.items().stream().map(Item::id).toList();
        Map<String, Known> known = staging.groups(source, ids);
        groupsKnown.putAll(known);
        List<Staged> staged = new ArrayList<>();
        for (Item item : page.items()) {
            if (item.removed()) {
                staged.add(new Staged(item.id(), "gone", Optional.empty(), Optional.empty(), Optional.empty(), page.askedAt()));
            } else {
                staged(item.id(), mapping.projectGroup(joins.variables(item)), Optional.ofNullable(known.get(item.id())), page.askedAt()).ifPresent(staged::add);
            }
        }
        byte[] seen = page.seen();
        groups.addAll(seen);
        changed += staged.size();
        staging.page(run, "groups", "", new Staging.Reached(page.page(), page.next(), seen), page.askedAt(), staged);
        return new HashSet<>(ids);
    }

    @Override
    public boolean lacksSome(String groupId, List<String> members) {
        return groupsKnown.containsKey(groupId) && differs(groupId, digest(members)) && staging.holdsOthers(source, groupId, members);
    }

    private boolean differs(String groupId, byte[] digest) {
        Optional<Known> known = Optional.ofNullable(groupsKnown.get(groupId));
        return known.isEmpty() || known.get().lookAgain() || !known.get().members().map(before -> Arrays.equals(before, digest)).orElse(false);
    }

    @Override
    public void members(String groupId, List<String> members, Instant askedAt) {
        alive.run();
        byte[] digest = digest(members);
        if (differs(groupId, digest)) {
            staging.members(run, groupId, members, false, askedAt);
            staging.records(run, "groups", List.of(new Staged(groupId, "seen", Optional.empty(), Optional.empty(), Optional.of(digest), askedAt)));
            changed++;
        }
        staging.page(run, "members", groupId, new Staging.Reached(1, Optional.empty(), new byte[0]), askedAt, List.of());
    }

    @Override
    public void memberChanges(String groupId, List<String> added, List<String> removed, Instant askedAt) {
        staging.members(run, groupId, removed, true, askedAt);
        staging.members(run, groupId, added, false, askedAt);
        changed += added.size() + removed.size();
    }

    @Override
    public void membersWhole(String groupId) {
        staging.records(run, "groups", List.of(new Staged(groupId, "seen", Optional.empty(), Optional.empty(), Optional.of(new byte[0]), clock.instant())));
    }

    @Override
    public void groupVanished(String groupId) {
        staging.records(run, "groups", List.of(new Staged(groupId, "missing", Optional.empty(), Optional.empty(), Optional.empty(), clock.instant())));
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

    int changed() {
        return changed;
    }

    /** The same bytes for the same members in any order: sums of their hashes, and how many. */
    private static byte[] digest(List<String> members) {
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
}
