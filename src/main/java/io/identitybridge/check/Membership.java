package io.identitybridge.check;

import io.identitybridge.files.MappingFile;
import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.MappedGroup;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Grant;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Item;
import io.identitybridge.source.Joins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is in which group after a test's records came, and what each group gives. */
final class Membership {
    private static final List<String> IN_TESTS = List.of("members", "members-added", "members-removed");
    private final SourceName source;
    private final Mapping mapping;
    private final Optional<SourceFile.Resource> list;
    private final boolean pushed;
    private final Joins joins;
    private final Before before;
    private final Instant now;
    private final Map<String, Set<String>> people = new LinkedHashMap<>();
    private final Map<String, List<Place>> places = new LinkedHashMap<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Place> fresh = new ArrayList<>();

    /** @param file the source file; without one, and without a {@code group:} section, groups in tests are SCIM groups as they are pushed */
    Membership(MappingFile written, Mapping mapping, Optional<SourceFile> file, Joins joins, Before before, Instant now) {
        this.source = written.name();
        this.pushed = file.isEmpty() && written.group().isEmpty();
        this.mapping = mapping;
        this.list = file.flatMap(f -> Optional.ofNullable(f.read().get("groups")));
        this.joins = joins;
        this.before = before;
        this.now = now;
        before.groups().forEach(this::held);
    }

    /** A group held before: its people are those who have what it gives. */
    private void held(String id, String name) {
        List<Place> gives = mapping.group(new Input(id, Optional.empty(), Optional.of(Map.of("displayName", name)), true), now).places();
        Set<String> in = new LinkedHashSet<>();
        gives.forEach(place -> before.members().getOrDefault(place.workspace(), Map.of()).forEach((email, role) -> {
            if (role == place.role() && before.users().containsKey(email)) {
                in.add(before.users().get(email));
            }
        }));
        places.put(id, gives);
        people.put(id, in);
    }

    void take(Map<String, Object> record) {
        String id = pushed ? Ids.pushed(record) : Ids.of(list, record);
        Map<String, Object> own = new LinkedHashMap<>(record);
        IN_TESTS.forEach(own::remove);
        inside().ifPresent(own::remove);
        boolean whole = own.size() > 1 || !before.groups().containsKey(id);
        touched.addAll(people.getOrDefault(id, Set.of()));
        if (whole) {
            mapped(id, pushed ? new Input(id, Optional.empty(), Optional.of(own), true)
                    : new Input(id, Optional.of(mapping.projectGroup(joins.variables(new Item(id, false, own)))), Optional.empty(), false));
        }
        Set<String> in = people.computeIfAbsent(id, group -> new LinkedHashSet<>());
        Optional.ofNullable(record.get("members")).or(() -> inside().map(record::get)).ifPresent(all -> {
            in.clear();
            in.addAll(ids(all));
        });
        in.addAll(ids(record.get("members-added")));
        ids(record.get("members-removed")).forEach(in::remove);
        touched.addAll(in);
    }

    /** A group as it was pushed; its members are users of the test by their ids at the source. */
    void push(Map<String, Object> resource) {
        String id = Ids.pushed(resource);
        Map<String, Object> own = new LinkedHashMap<>(resource);
        own.remove("members");
        mapped(id, new Input(id, Optional.empty(), Optional.of(own), true));
        Set<String> in = people.computeIfAbsent(id, group -> new LinkedHashSet<>());
        touched.addAll(in);
        Optional.ofNullable(resource.get("members")).ifPresent(all -> {
            in.clear();
            in.addAll(ids(all));
        });
        touched.addAll(in);
    }

    private void mapped(String id, Input input) {
        MappedGroup made = mapping.group(input, now);
        problems.addAll(made.problems());
        places.put(id, made.kept() ? made.places() : List.of());
        fresh.addAll(places.get(id));
    }

    /** People whose groups may have changed. */
    Set<String> touched() {
        return touched;
    }

    List<Problem> problems() {
        return problems;
    }

    /** What the groups of this test give, whether or not anybody is in them. */
    List<Place> fresh() {
        return fresh;
    }

    List<Grant> grants(String person) {
        return people.entrySet().stream().filter(group -> group.getValue().contains(person)).flatMap(group -> places.getOrDefault(group.getKey(), List.of()).stream()
                .map(place -> new Grant(source, "group:" + group.getKey(), place.workspace(), place.role(), place.rule()))).toList();
    }

    private Optional<String> inside() {
        return list.flatMap(SourceFile.Resource::members).filter(pointer -> pointer.lastIndexOf('/') == 0).map(pointer -> pointer.substring(1));
    }

    /** Plain ids, objects with an {@code id}, or SCIM's members with their {@code value}. */
    private static List<String> ids(Object members) {
        return members instanceof List<?> all ? all.stream().map(member -> member instanceof Map<?, ?> map ? map.containsKey("id") ? map.get("id") : map.get("value") : member).map(String::valueOf).toList() : List.of();
    }
}
