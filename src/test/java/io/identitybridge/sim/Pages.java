package io.identitybridge.sim;

import io.identitybridge.sim.Idp.Group;
import io.identitybridge.sim.Idp.State;
import io.identitybridge.sim.Idp.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** What an IdP answers to one request: pages by a stable key, single users, members of a group, and for a delta what differs between two states. */
public final class Pages {
    private static final int USERS = 4;
    private static final int GROUPS = 3;

    private Pages() {
    }

    /** @param status of HTTP; @param body as a tree */
    public record Answer(int status, Map<String, Object> body) {
    }

    /**
     * @param path     as {@code /users/u1}
     * @param query    its parameters
     * @param sequence the number of the state that is shown
     * @param omitted  a user whom lists of users leave out
     * @param unlisted a user whom lists of members leave out
     * @param valid    delta tokens below this number have expired
     */
    public static Answer of(Idp idp, String base, String path, Map<String, String> query, int sequence, Optional<String> omitted, Optional<String> unlisted, int valid) {
        State shown = idp.at(sequence);
        String[] parts = path.substring(1).split("/");
        if (parts.length == 3) {
            return Optional.ofNullable(shown.groups().get(parts[1])).map(group -> new Answer(200, Map.of("value", ids(listed(group, unlisted))))).orElse(new Answer(404, Map.of()));
        }
        if (parts.length == 2) {
            return shown.user(parts[1]).map(user -> new Answer(200, record(user))).orElse(new Answer(404, Map.of()));
        }
        if (query.containsKey("changed")) {
            Instant since = Instant.parse(query.get("changed"));
            return parts[0].equals("users")
                    ? page(shown.users(), USERS, query.getOrDefault("after", ""), base + path + "?changed=" + since + "&", sequence, false, user -> idp.changed(sequence, s -> s.users().get(user.id())).isAfter(since) ? Optional.of(record(user)) : Optional.empty())
                    : page(shown.groups(), GROUPS, query.getOrDefault("after", ""), base + path + "?changed=" + since + "&", sequence, false, group -> idp.changed(sequence, s -> s.groups().get(group.id())).isAfter(since) ? Optional.of(record(group, Optional.empty())) : Optional.empty());
        }
        if (query.containsKey("since")) {
            int since = Integer.parseInt(query.get("since"));
            return since < valid ? new Answer(410, Map.of()) : changes(idp, base + path, since, Math.max(since, sequence));
        }
        int begun = Integer.parseInt(query.getOrDefault("begun", String.valueOf(sequence)));
        State state = idp.at(idp.traits.delta() ? Math.max(begun, sequence) : sequence); // what the token at the end counts from, no page is older than
        String after = query.getOrDefault("after", "");
        return parts[0].equals("users") ? page(state.users(), USERS, after, base + path + "?", begun, idp.traits.delta(), user -> omitted.filter(user.id()::equals).isPresent() ? Optional.empty() : Optional.of(record(user)))
                : page(state.groups(), GROUPS, after, base + path + "?", begun, idp.traits.delta(), group -> Optional.of(record(group, Optional.of(listed(group, unlisted)).filter(members -> !idp.traits.pointRead() || idp.traits.delta()))));
    }

    private static <T> Answer page(SortedMap<String, T> all, int size, String after, String url, int begun, boolean delta, java.util.function.Function<T, Optional<Map<String, Object>>> record) {
        List<Map<String, Object>> items = new ArrayList<>();
        SortedMap<String, T> rest = after.isEmpty() ? all : all.tailMap(after + "\0");
        String last = "";
        for (Map.Entry<String, T> entry : rest.entrySet().stream().limit(size).toList()) {
            record.apply(entry.getValue()).ifPresent(items::add);
            last = entry.getKey();
        }
        Map<String, Object> body = new LinkedHashMap<>(Map.of("value", items));
        if (rest.size() > size) {
            body.put("next", url + "after=" + last + "&begun=" + begun);
        } else if (delta) {
            body.put("delta", url + "since=" + begun);
        }
        return new Answer(200, body);
    }

    /** Of whoever changed in between, also if he is as he was: what differs, or all of it where nothing does. */
    private static Answer changes(Idp idp, String url, int since, int sequence) {
        State old = idp.at(since);
        State now = idp.at(sequence);
        List<Map<String, Object>> items = new ArrayList<>();
        if (url.endsWith("/users")) {
            touched(idp, since, sequence, state -> state.users()).forEach(id -> difference(old.user(id).map(Pages::record).orElse(Map.of()), now.user(id).map(Pages::record), id)
                    .or(() -> now.user(id).map(Pages::record)).ifPresent(items::add));
        } else {
            touched(idp, since, sequence, state -> state.groups()).forEach(id -> difference(Optional.ofNullable(old.groups().get(id)), Optional.ofNullable(now.groups().get(id)), id).ifPresent(items::add));
        }
        return new Answer(200, Map.of("value", items, "delta", url + "?since=" + sequence));
    }

    private static <T> TreeSet<String> touched(Idp idp, int since, int sequence, java.util.function.Function<State, SortedMap<String, T>> of) {
        TreeSet<String> touched = new TreeSet<>();
        for (int i = since + 1; i <= sequence; i++) {
            SortedMap<String, T> before = of.apply(idp.at(i - 1));
            SortedMap<String, T> after = of.apply(idp.at(i));
            keys(before, after).stream().filter(id -> !Objects.equals(before.get(id), after.get(id))).forEach(touched::add);
        }
        return touched;
    }

    private static <T> TreeSet<String> keys(SortedMap<String, T> one, SortedMap<String, T> other) {
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys;
    }

    /** Only the fields that changed. */
    private static Optional<Map<String, Object>> difference(Map<String, Object> old, Optional<Map<String, Object>> now, String id) {
        if (now.isEmpty()) {
            return Optional.of(Map.of("id", id, "gone", true));
        }
        Map<String, Object> changed = new LinkedHashMap<>(Map.of("id", id));
        now.get().forEach((field, value) -> {
            if (!Objects.equals(old.get(field), value)) {
                changed.put(field, value);
            }
        });
        return changed.size() == 1 ? Optional.empty() : Optional.of(changed);
    }

    private static Optional<Map<String, Object>> difference(Optional<Group> old, Optional<Group> now, String id) {
        if (now.isEmpty()) {
            return Optional.of(Map.of("id", id, "gone", true));
        }
        Map<String, Object> changed = new LinkedHashMap<>(Map.of("id", id));
        if (!old.map(Group::name).equals(now.map(Group::name))) {
            changed.put("name", now.get().name());
        }
        List<Map<String, Object>> members = new ArrayList<>();
        TreeSet<String> before = new TreeSet<>(old.map(Group::members).orElse(new TreeSet<>()));
        now.get().members().stream().filter(user -> !before.contains(user)).forEach(user -> members.add(Map.of("id", user)));
        before.stream().filter(user -> !now.get().members().contains(user)).forEach(user -> members.add(Map.of("id", user, "@removed", Map.of("reason", "deleted"))));
        if (!members.isEmpty()) {
            changed.put("members", members);
        }
        return changed.size() == 1 ? Optional.empty() : Optional.of(changed);
    }

    private static List<Map<String, Object>> ids(Iterable<String> members) {
        List<Map<String, Object>> ids = new ArrayList<>();
        members.forEach(user -> ids.add(Map.of("id", user)));
        return ids;
    }

    private static List<String> listed(Group group, Optional<String> unlisted) {
        return group.members().stream().filter(member -> unlisted.filter(member::equals).isEmpty()).toList();
    }

    private static Map<String, Object> record(Group group, Optional<List<String>> members) {
        Map<String, Object> record = new LinkedHashMap<>(Map.of("id", group.id(), "name", group.name()));
        members.ifPresent(some -> record.put("members", ids(some)));
        return record;
    }

    private static Map<String, Object> record(User user) {
        return Map.of("id", user.id(), "mail", user.email(), "name", user.name(), "active", user.active(), "role", user.role(), "number", World.number(user.human()));
    }
}
