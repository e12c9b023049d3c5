package io.identitybridge.mapping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Keeps only the fields that some expression names: what the bridge does not need it does not store. */
final class Projection {
    private static final List<String> SECRETS = List.of("password", "credential", "secret", "token");

    private final Map<String, Projection> kept = new TreeMap<>();
    private boolean whole;

    static Projection of(List<FieldPath> paths) {
        Projection root = new Projection();
        for (FieldPath path : paths) {
            Projection at = root.kept.computeIfAbsent(path.root(), name -> new Projection());
            for (String field : path.fields()) {
                at = at.kept.computeIfAbsent(field, name -> new Projection());
            }
            at.whole = true;
        }
        return root;
    }

    /** The named fields of the variables; a field that is not there stays away. */
    Map<String, Object> of(Map<String, Object> variables) {
        Map<String, Object> some = new LinkedHashMap<>();
        kept.forEach((name, below) -> {
            if (variables.containsKey(name)) {
                some.put(name, below.part(variables.get(name)));
            }
        });
        return some;
    }

    private Object part(Object value) {
        if (whole) {
            return withoutSecrets(value);
        }
        return value instanceof Map<?, ?> map ? of(typed(map)) : value;
    }

    private static Object withoutSecrets(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> some = new LinkedHashMap<>();
                map.forEach((name, part) -> {
                    if (SECRETS.stream().noneMatch(String.valueOf(name).toLowerCase(Locale.ROOT)::contains)) {
                        some.put(String.valueOf(name), withoutSecrets(part));
                    }
                });
                yield some;
            }
            case List<?> list -> list.stream().map(Projection::withoutSecrets).collect(java.util.stream.Collectors.toCollection(java.util.ArrayList::new));
            case null, default -> value;
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
