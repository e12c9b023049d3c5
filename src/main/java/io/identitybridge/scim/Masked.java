package io.identitybridge.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A body for the request log: its structure, its truth values and its verbs, and nothing of a person. */
final class Masked {
    private static final Set<String> KEPT = Set.of("op", "method", "schemas", "type", "primary", "resourcetype");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"?");
    private static final int MOST = 20;

    private Masked() {
    }

    /** Of a body as it came; empty where it is no object. */
    static Optional<Map<String, Object>> of(byte[] body) {
        try {
            return Optional.of(of(Json.request(body)));
        } catch (ScimError none) {
            return Optional.empty();
        }
    }

    /** A text about a path or filter without the values in it. */
    static String quoted(String text) {
        return QUOTED.matcher(text).replaceAll("\"***\"");
    }

    static Map<String, Object> of(Map<?, ?> body) {
        Map<String, Object> masked = new LinkedHashMap<>();
        body.forEach((name, value) -> masked.put(quoted(name.toString()), of(name.toString().toLowerCase(java.util.Locale.ROOT), value)));
        return masked;
    }

    private static Object of(String name, Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean truth -> truth;
            case Map<?, ?> map -> of(map);
            case List<?> list when list.size() > MOST -> List.of(of(name, list.getFirst()), "... " + (list.size() - 1) + " more");
            case List<?> list -> list.stream().map(element -> of(name, element)).toList();
            case String text when KEPT.contains(name) && text.length() < 100 -> text;
            case String text when name.equals("path") -> quoted(text.substring(0, Math.min(200, text.length())));
            case String text when text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false") || text.isEmpty() -> text;
            default -> "***";
        };
    }
}
