package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.SourceName;
import io.identitybridge.sim.Idp;
import io.identitybridge.sim.Pages;
import io.identitybridge.store.Staging.Staged;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/** One reading, request by request: the reading engine and the staging tables, modelled. A broken-off one can be taken up from its last page of users. */
final class ModelPull {
    final int bridge;
    final Idp idp;
    final UUID run;
    final Instant begun;
    final boolean whole;
    final Map<String, Staged> users = new LinkedHashMap<>();
    final Map<String, Staged> groups = new LinkedHashMap<>();
    final List<StagedMember> members = new ArrayList<>();
    final Set<String> wholeGroups = new LinkedHashSet<>();
    final Set<String> seenUsers = new HashSet<>();
    final Set<String> seenGroups = new HashSet<>();
    final Map<String, String> cursors = new HashMap<>();
    private static final Duration OVERLAP = Duration.ofMinutes(5);
    private final Duration clock;
    private final Mapping mapping;
    private final Memory memory;
    private final Map<String, String> from;
    private final Deque<Asked> open = new ArrayDeque<>();
    private Asked lastOfUsers;
    private boolean asksAlone;
    Instant asked;

    record StagedMember(String group, String member, boolean removed, Instant askedAt) {
    }

    /** A request under way and what its answer does. */
    private record Asked(String path, BiConsumer<Pages.Answer, Instant> then) {
    }

    ModelPull(int bridge, Idp idp, UUID run, Instant begun, boolean whole, Mapping mapping, Memory memory, Map<String, String> from, Duration clock) {
        this.bridge = bridge;
        this.idp = idp;
        this.run = run;
        this.begun = begun;
        this.whole = whole || !idp.traits.tellsChanges() || from.isEmpty();
        this.clock = clock;
        this.mapping = mapping;
        this.memory = memory;
        this.from = this.whole ? Map.of() : from;
        this.asked = begun;
        users(since("users"));
    }

    /** From where a list is read: a cursor that the IdP gave, or a time, a little before the last run began. */
    private String since(String list) {
        return idp.traits.byTime() && !whole ? "/" + list + "?changed=" + Instant.parse(from.get(list)).minus(OVERLAP) : from.getOrDefault(list, "/" + list);
    }

    private void kept(String list, Pages.Answer answer) {
        Optional.ofNullable(answer.body().get("delta")).ifPresent(cursor -> cursors.put(list, (String) cursor));
        if (idp.traits.byTime()) {
            cursors.put(list, begun.plus(clock).toString());
        }
    }

    /** Goes on where an earlier one broke off, if it came past a page of users. */
    ModelPull takenUp(int by, Instant now) {
        ModelPull rest = new ModelPull(by, idp, run, begun, whole, mapping, memory, from, clock);
        rest.asked = now;
        if (lastOfUsers != null) {
            rest.users.putAll(users);
            rest.seenUsers.addAll(seenUsers);
            rest.cursors.putAll(cursors);
            rest.lastOfUsers = lastOfUsers;
            rest.open.clear();
            if (lastOfUsers.path().isEmpty()) {
                rest.users.values().removeIf(staged -> Set.of("missing", "absent", "found").contains(staged.state()));
                rest.groups();
            } else {
                rest.users(lastOfUsers.path());
            }
        }
        return rest;
    }

    boolean begunPages() {
        return lastOfUsers != null;
    }

    boolean done() {
        return open.isEmpty();
    }

    String path() {
        return open.getFirst().path();
    }

    void answer(Pages.Answer answer, Instant now) {
        Asked request = open.removeFirst();
        Instant at = asked;
        asked = now;
        request.then().accept(answer, at);
    }

    /** A cursor that has expired: everything is read, in the same run. */
    ModelPull everything(Instant now) {
        ModelPull all = new ModelPull(bridge, idp, run, begun, true, mapping, memory, Map.of(), clock);
        all.asked = now;
        return all;
    }

    private void users(String path) {
        open.add(new Asked(path, (answer, at) -> {
            for (Map<String, Object> record : items(answer)) {
                String id = (String) record.get("id");
                seenUsers.add(id);
                Staged staged = record.containsKey("gone") ? new Staged(id, "gone", Optional.empty(), Optional.empty(), Optional.empty(), at) : seen(id, "seen", record, at);
                if (!same(staged)) {
                    users.put(id, staged);
                }
            }
            String next = (String) answer.body().get("next");
            kept("users", answer);
            lastOfUsers = new Asked(next == null ? "" : next, null);
            if (next != null) {
                users(next);
            } else {
                groups();
            }
        }));
    }

    private Staged seen(String id, String state, Map<String, Object> record, Instant at) {
        Map<String, Object> projection = mapping.projectUser(Map.of("record", record));
        return new Staged(id, state, Optional.of(Json.text(projection)), Optional.of(mapping.hash(projection)), Optional.empty(), at);
    }

    /** Whether the directory holds the very same, so that nothing is staged. */
    private boolean same(Staged staged) {
        return memory.account(idp.name(), staged.id()).filter(fact -> fact.goneAt().isEmpty() && fact.missingSince().isEmpty() && fact.rereadAt().isEmpty() && !fact.pushedOff()
                && !fact.spokenAt().orElse(Instant.MIN).isAfter(fact.pulledAt().orElse(Instant.MIN)) && staged.hash().isPresent() && fact.pulledHash().filter(hash -> Arrays.equals(hash, staged.hash().get())).isPresent()).isPresent();
    }

    private void groups() {
        groups(since("groups"));
    }

    private void groups(String path) {
        open.add(new Asked(path, (answer, at) -> {
            for (Map<String, Object> record : items(answer)) {
                group(record, at);
            }
            kept("groups", answer);
            String next = (String) answer.body().get("next");
            if (next != null) {
                groups(next);
            } else if (idp.traits.pointRead() && !idp.traits.delta()) {
                seenGroups.forEach(this::members);
            }
        }));
    }

    private void group(Map<String, Object> record, Instant at) {
        String id = (String) record.get("id");
        seenGroups.add(id);
        if (record.containsKey("gone")) {
            groups.put(id, new Staged(id, "gone", Optional.empty(), Optional.empty(), Optional.empty(), at));
            return;
        }
        Map<String, Object> projection = mapping.projectGroup(Map.of("record", record));
        byte[] hash = mapping.hash(projection);
        boolean same = memory.group(idp.name(), id).filter(group -> group.goneAt().isEmpty() && group.missingSince().isEmpty() && !group.pushedAt().orElse(Instant.MIN).isAfter(group.pulledAt().orElse(Instant.MIN))
                && group.pulledHash().filter(before -> Arrays.equals(before, hash)).isPresent()).isPresent();
        groups.put(id, new Staged(id, "seen", same ? Optional.empty() : Optional.of(Json.text(projection)), same ? Optional.empty() : Optional.of(hash), Optional.of(new byte[0]), at));
        if (record.get("members") instanceof List<?> list) {
            list.forEach(member -> members.add(new StagedMember(id, (String) ((Map<?, ?>) member).get("id"), ((Map<?, ?>) member).containsKey("@removed"), at)));
        }
        if (whole && (!idp.traits.pointRead() || idp.traits.delta())) {
            wholeGroups.add(id);
        }
    }

    private void members(String group) {
        open.add(new Asked("/groups/" + group + "/members", (answer, at) -> {
            if (answer.status() == 404) {
                groups.put(group, new Staged(group, "missing", Optional.empty(), Optional.empty(), Optional.empty(), at));
                return;
            }
            items(answer).forEach(member -> members.add(new StagedMember(group, (String) member.get("id"), false, at)));
            Staged before = groups.get(group);
            groups.put(group, new Staged(group, "seen", before.variables(), before.hash(), before.members(), before.askedAt()));
            wholeGroups.add(group);
        }));
    }

    /** Asks for these users alone, once; false where that has been done. */
    boolean alone(List<String> ids) {
        if (asksAlone) {
            return false;
        }
        asksAlone = true;
        ids.forEach(id -> open.add(new Asked("/users/" + id, (answer, at) -> users.put(id, answer.status() == 404
                ? new Staged(id, "absent", Optional.empty(), Optional.empty(), Optional.empty(), at) : seen(id, "found", answer.body(), at)))));
        return !ids.isEmpty();
    }

    SourceName source() {
        return new SourceName(idp.name());
    }

    Map<String, String> query() {
        Map<String, String> query = new HashMap<>();
        Optional.ofNullable(URI.create(path()).getQuery()).ifPresent(text -> List.of(text.split("&")).forEach(part -> query.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1))));
        return query;
    }

    String plainPath() {
        return URI.create(path()).getPath();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> items(Pages.Answer answer) {
        return (List<Map<String, Object>>) answer.body().get("value");
    }
}
