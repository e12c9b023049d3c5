package io.identitybridge.mapping;

import dev.cel.common.values.NullValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records as CEL wants them: a null of JSON is CEL's null, for a Java null would make it say "unknown". */
final class Variables {
    private Variables() {
    }

    static Map<String, Object> of(Map<String, Object> variables, Instant now) {
        Map<String, Object> bound = new HashMap<>();
        variables.forEach((name, value) -> bound.put(name, value(value)));
        bound.put("now", now);
        return bound;
    }

    private static Object value(Object value) {
        return switch (value) {
            case null -> NullValue.NULL_VALUE;
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, part) -> copy.put(String.valueOf(name), value(part)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(part -> copy.add(value(part)));
                yield copy;
            }
            case Integer number -> number.longValue();
            default -> value;
        };
    }
}
