package io.identitybridge.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/** A pulled delta over what is stored: fields of the record that it does not name stay as they were; what a joined read gave is told whole. */
final class Merge {
    private static final String RECORD = "record";

    private Merge() {
    }

    static String over(String stored, String fresh) {
        Map<String, Object> merged = new LinkedHashMap<>(Json.object(stored));
        Json.object(fresh).forEach((name, value) -> merged.merge(name, value, (before, after) -> name.equals(RECORD) ? over(typed((Map<?, ?>) before), typed((Map<?, ?>) after)) : after));
        return Json.text(merged);
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
