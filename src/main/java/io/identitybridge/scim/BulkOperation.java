package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One operation of a Bulk (RFC 7644, 3.7), as it was written: what is wrong with it is said when its turn comes.
 *
 * @param method in capitals; empty where it is none
 * @param path   as {@code /Users} or {@code /Users/bulkId:ada}
 * @param data   an object; empty for a DELETE
 */
record BulkOperation(String method, String path, Optional<String> bulkId, Optional<String> version, Map<String, Object> data) {
    private static final String REFERENCE = "bulkId:";
    private static final Pattern QUOTED = Pattern.compile("\"" + REFERENCE + "([^\"]*)\"");
    private static final Pattern PATH = Pattern.compile("/(Users|Groups)(/[^/?]+)?");
    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** Reads it; a list for the data of a PATCH is its operations, and a text is JSON, as some clients write them. */
    static BulkOperation of(Object written) {
        if (!(written instanceof Map<?, ?> map)) {
            return new BulkOperation("", "", Optional.empty(), Optional.empty(), Map.of());
        }
        String method = text(map, "method").map(word -> word.toUpperCase(Locale.ROOT)).filter(METHODS::contains).orElse("");
        Optional<String> bulkId = text(map, "bulkId").map(id -> Texts.whole("bulkId", id)); // it is answered
        return new BulkOperation(method, text(map, "path").orElse("").replaceFirst("/+$", ""), bulkId, text(map, "version"), data(method, Operation.member(map, "data")));
    }

    /** The data as the body of a request of its own. */
    byte[] body() {
        try {
            return Json.bytes(data);
        } catch (IllegalStateException unwritable) {
            throw ScimError.invalidValue("a text in 'data' holds half a character");
        }
    }

    /** Refuses what is no operation at all. */
    void check() {
        if (method.isEmpty()) {
            throw ScimError.invalidSyntax("an operation of a Bulk has a 'method': POST, PUT, PATCH or DELETE");
        }
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches() || method.equals("POST") != (matcher.group(2) == null)) {
            throw ScimError.invalidValue("the 'path' of a POST is /Users or /Groups, and of the others /Users/{id} or /Groups/{id}");
        }
    }

    /** The bulkIds it refers to, of what other operations create. */
    Set<String> references() {
        Set<String> references = new LinkedHashSet<>();
        resolved(id -> {
            references.add(id);
            return id;
        });
        return references;
    }

    /** The same with an id in place of each reference: in the path, in texts that are nothing else, and in the paths of a PATCH. */
    BulkOperation resolved(UnaryOperator<String> ids) {
        int at = path.indexOf(REFERENCE);
        String whole = at < 0 ? path : path.substring(0, at) + ids.apply(path.substring(at + REFERENCE.length()));
        return new BulkOperation(method, whole, bulkId, version, Document.map((Map<?, ?>) resolved(data, ids)));
    }

    private static Object resolved(Object value, UnaryOperator<String> ids) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, part) -> copy.put(String.valueOf(name), resolved(part, ids)));
                yield copy;
            }
            case List<?> list -> list.stream().map(element -> resolved(element, ids)).collect(Collectors.toCollection(ArrayList::new));
            case String text when text.startsWith(REFERENCE) -> ids.apply(text.substring(REFERENCE.length()));
            case String text when text.contains("\"" + REFERENCE) -> QUOTED.matcher(text).replaceAll(found -> Matcher.quoteReplacement("\"" + ids.apply(found.group(1)) + "\""));
            default -> value;
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> data(String method, Object written) {
        return switch (written) {
            case Map<?, ?> map when method.equals("PATCH") && map.containsKey("op") -> Map.of("Operations", List.of(map));
            case Map<?, ?> map -> (Map<String, Object>) map;
            case List<?> list when method.equals("PATCH") -> Map.of("Operations", list);
            case String text -> data(method, Json.any(text));
            case null, default -> Map.of();
        };
    }

    private static Optional<String> text(Map<?, ?> map, String name) {
        return Optional.ofNullable(Operation.member(map, name)).filter(String.class::isInstance).map(String.class::cast).filter(text -> !text.isBlank()).map(String::strip);
    }
}
