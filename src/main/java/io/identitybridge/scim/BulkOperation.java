package io.identitybridge.scim;

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

/**
 * One operation of a Bulk (RFC 7644, 3.7), as it was written: what is wrong with it is said when its turn comes.
 *
 * @param method in capitals, whether or not it is one of a Bulk's; empty where it is no word
 * @param path   as {@code /Users} or {@code /Users/bulkId:ada}
 * @param data   an object; empty for a DELETE
 */
record BulkOperation(String method, String path, Optional<String> bulkId, Optional<String> version, Map<String, Object> data) {
    private static final Pattern WORD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern PATH = Pattern.compile("/(Users|Groups)(/[^/?]+)?");
    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** Reads it; a list for the data of a PATCH is its operations, and a text is JSON, as some clients write them. */
    static BulkOperation of(Object written) {
        BulkOperation read = read(written);
        read.bulkId().ifPresent(id -> Texts.whole("bulkId", id)); // it is answered
        return read;
    }

    /** Likewise, whatever is wrong with it. */
    static BulkOperation read(Object written) {
        if (!(written instanceof Map<?, ?> map)) {
            return new BulkOperation("", "", Optional.empty(), Optional.empty(), Map.of());
        }
        String method = text(map, "method").map(word -> word.toUpperCase(Locale.ROOT)).filter(word -> WORD.matcher(word).matches()).orElse("");
        return new BulkOperation(method, text(map, "path").orElse("").replaceFirst("/+$", ""), text(map, "bulkId"), text(map, "version"), data(method, Operation.member(map, "data")));
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
        if (!METHODS.contains(method)) {
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

    /** The same with an id in place of each reference; what holds one whose id is null is left out. */
    BulkOperation resolved(UnaryOperator<String> ids) {
        int at = path.indexOf(References.MARK);
        String whole = at < 0 ? path : path.substring(0, at) + ids.apply(path.substring(at + References.MARK.length()));
        References references = new References(ids);
        return new BulkOperation(method, whole, bulkId, version, method.equals("PATCH") ? references.patch(data) : references.resource(data));
    }

    /**
     * What is left to say of a resource that had to be made without some of its references: one add of what holds them.
     *
     * @param missing the bulkIds it was made without
     * @param ids     all ids, by bulkId
     */
    Map<String, Object> rest(Set<String> missing, Map<String, String> ids) {
        Map<String, Object> made = resolved(id -> missing.contains(id) ? null : ids.get(id)).data();
        Map<String, Object> rest = new LinkedHashMap<>(resolved(ids::get).data());
        rest.entrySet().removeIf(part -> part.getValue() == null || part.getValue().equals(made.get(part.getKey())));
        return Map.of("Operations", List.of(Map.of("op", "add", "value", rest)));
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
