package io.identitybridge.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/** A pulled delta over what is stored: fields it does not name stay as they were. */
final class Merge {
    private Merge() {
    }

    static String over(String stored, String fresh) {
        return Json.text(over(Json.object(stored), Json.object(fresh)));
    }

    private static Map<String, Object> over(Map<String, Object> stored, Map<String, Object> fresh) {
        Map<String, Object> merged = new LinkedHashMap<>(stored);
        fresh.forEach((name, value) -> merged.merge(name, value == null ? Map.of() : value, (before, after) ->
                before instanceof Map<?, ?> old && after instanceof Map<?, ?> now ? over(typed(old), typed(now)) : after));
        fresh.forEach((name, value) -> {
            if (value == null) {
                merged.put(name, null);
            }
        });
        return merged;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
