package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the joined reads of one source gave: the variables that stand beside a user's or a group's {@code record}. */
public final class Joins {
    private static final Set<String> LISTS = Set.of("users", "groups", "members");
    private static final int DEEPEST = 64;
    private final Map<String, Resource> reads = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> byName = new LinkedHashMap<>();

    private Joins() {
    }

    /** Of a source that is never pulled. */
    public static Joins none() {
        return new Joins();
    }

    /** All joined reads of the file, empty as yet. */
    public Joins(SourceFile file) {
        file.read().values().stream().filter(resource -> !LISTS.contains(resource.name())).forEach(resource -> {
            reads.put(resource.name(), resource);
            byName.put(resource.name(), Map.of());
        });
    }

    /** A joined read, whole. Rows of one id come in any order and maybe twice; what is made of them is the same. */
    public void took(Resource resource, List<Item> items) {
        Map<String, Object> byId = new HashMap<>();
        if (resource.repeated()) {
            items.stream().collect(Collectors.groupingBy(Item::id)).forEach((id, rows) -> byId.put(id, rows.stream().map(item -> value(resource, item.record())).distinct()
                .sorted(Comparator.comparing(String::valueOf)).toList()));
        } else {
            items.forEach(item -> byId.put(item.id(), item.record()));
        }
        byName.put(resource.name(), byId);
    }

    /** The names of the joined reads whose part can be told anew from what is stored: not those that are looked up by a field that may not be kept. */
    public Set<String> byOwnId() {
        return reads.values().stream().filter(read -> read.join().on().isEmpty()).map(Resource::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The same text for the same joined reads, whatever the order of their rows. */
    public String digest() {
        long sum = 0;
        long mixed = 0;
        for (Map.Entry<String, Map<String, Object>> read : byName.entrySet()) {
            for (Map.Entry<String, Object> row : read.getValue().entrySet()) {
                long hash = SeenIds.hash(read.getKey() + "\n" + row.getKey() + "\n" + row.getValue());
                sum += hash;
                mixed += Long.rotateLeft(hash * 0x9e3779b97f4a7c15L, 29) * 0xbf58476d1ce4e5b9L;
            }
        }
        return Long.toHexString(sum) + "-" + Long.toHexString(mixed);
    }

    /**
     * The record, its own part of each joined read that is looked up, and the others whole, by their ids. What a record looks for by a field of its own and
     * does not find is no variable at all: the list and the record were read at different moments, and an expression that needs it must fail, not see nothing.
     */
    public Map<String, Object> variables(Item item) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("record", item.record());
        byName.forEach((name, byId) -> part(reads.get(name), byId, item).ifPresent(part -> variables.put(name, part)));
        return variables;
    }

    private static Optional<Object> part(Resource read, Map<String, Object> byId, Item item) {
        if (read.join().on().isEmpty()) {
            return Optional.of(read.repeated() ? byId.getOrDefault(item.id(), List.of()) : byId);
        }
        Optional<String> key = Json.text(Json.at(item.record(), read.join().on().get()));
        if (read.repeated()) {
            return key.map(id -> byId.getOrDefault(id, List.of()));
        }
        return key.map(byId::get).map(own -> read.join().above().isPresent() ? chain(read, byId, own) : value(read, own));
    }

    private static List<Object> chain(Resource read, Map<String, Object> byId, Object own) {
        List<Object> chain = new ArrayList<>();
        Set<Object> met = new LinkedHashSet<>();
        for (Object at = own; at != null && met.add(at) && met.size() <= DEEPEST; at = Json.text(Json.at(at, read.join().above().orElseThrow())).map(byId::get).orElse(null)) {
            chain.add(value(read, at));
        }
        return chain;
    }

    private static Object value(Resource read, Object row) {
        return read.join().value().map(pointer -> Json.at(row, pointer)).orElse(row);
    }
}
