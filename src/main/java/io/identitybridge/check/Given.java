package io.identitybridge.check;

import io.identitybridge.files.MappingFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records of a test, by list, with {@code like:} filled in: a fixture, and over it what the test says. */
record Given(Map<String, List<Map<String, Object>>> lists) {

    static Given of(MappingFile file, MappingFile.Test test) {
        Map<String, List<Map<String, Object>>> lists = new LinkedHashMap<>();
        test.given().forEach((name, records) -> {
            List<Map<String, Object>> whole = new ArrayList<>();
            ((List<?>) records).forEach(record -> whole.add(filled(file, typed(record))));
            lists.put(name, whole);
        });
        return new Given(lists);
    }

    List<Map<String, Object>> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    private static Map<String, Object> filled(MappingFile file, Map<String, Object> record) {
        Object like = record.get("like");
        Map<String, Object> whole = new LinkedHashMap<>(like == null ? Map.of() : file.fixtures().getOrDefault(like.toString(), Map.of()));
        record.forEach((key, value) -> {
            if (!key.equals("like") || like == null) {
                whole.merge(key, value == null ? Nothing.HERE : value, Given::over);
            }
        });
        return without(whole);
    }

    private enum Nothing { HERE }

    private static Object over(Object below, Object above) {
        if (below instanceof Map<?, ?> old && above instanceof Map<?, ?> fresh) {
            Map<String, Object> both = new LinkedHashMap<>(typed(old));
            fresh.forEach((key, value) -> both.merge(key.toString(), value == null ? Nothing.HERE : value, Given::over));
            return both;
        }
        return above;
    }

    /** A value that the test takes away is null again. */
    private static Map<String, Object> without(Map<String, Object> map) {
        Map<String, Object> clean = new LinkedHashMap<>();
        map.forEach((key, value) -> clean.put(key, value == Nothing.HERE ? null : value instanceof Map<?, ?> below ? without(typed(below)) : value));
        return clean;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Object map) {
        return (Map<String, Object>) map;
    }
}
