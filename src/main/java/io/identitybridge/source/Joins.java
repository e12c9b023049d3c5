package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the joined reads of one source gave: the variables that stand beside a user's {@code record}. */
public final class Joins {
    private static final Set<String> LISTS = Set.of("users", "groups", "members");
    private final Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
    private final Set<String> repeated = new HashSet<>();

    private Joins() {
    }

    /** Of a source that is never pulled. */
    public static Joins none() {
        return new Joins();
    }

    /** All joined reads of the file, empty as yet. */
    public Joins(SourceFile file) {
        file.read().values().stream().filter(resource -> !LISTS.contains(resource.name())).forEach(resource -> {
            byName.put(resource.name(), Map.of());
            if (resource.repeated()) {
                repeated.add(resource.name());
            }
        });
    }

    /** A joined read, whole. */
    public void took(SourceFile.Resource resource, List<Item> items) {
        Map<String, Object> byId = new HashMap<>();
        for (Item item : items) {
            if (resource.repeated()) {
                byId.merge(item.id(), List.of(item.record()), Joins::concat);
            } else {
                byId.put(item.id(), item.record());
            }
        }
        byName.put(resource.name(), byId);
    }

    /** The user's record, his own rows of repeated joined reads, and the others whole, by their ids. */
    public Map<String, Object> variables(Item item) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("record", item.record());
        byName.forEach((name, byId) -> variables.put(name, repeated.contains(name) ? byId.getOrDefault(item.id(), List.of()) : byId));
        return variables;
    }

    private static Object concat(Object before, Object more) {
        List<Object> all = new ArrayList<>((List<?>) before);
        all.addAll((List<?>) more);
        return all;
    }
}
