package io.identitybridge.scim;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parameters after the question mark. Unknown ones, and those without a value, mean nothing; a name counts once, its first value. */
record Query(Map<String, String> values) {
    private static final int DEFAULT_COUNT = 100;
    private static final int MOST = 1_000;

    static Query of(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                values.putIfAbsent(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
            }
        }
        return new Query(values);
    }

    Optional<String> filter() {
        return Optional.ofNullable(values.get("filter")).filter(filter -> !filter.isBlank());
    }

    /** From 1; what is smaller is 1. */
    long startIndex() {
        return Math.max(1, number("startIndex", 1));
    }

    /** How many at most: 100 unless said otherwise, never more than 1,000; negative means none (RFC 7644, 3.4.2.4). */
    int count() {
        return (int) Math.clamp(number("count", DEFAULT_COUNT), 0, MOST);
    }

    List<String> attributes() {
        return names("attributes");
    }

    List<String> excludedAttributes() {
        return names("excludedAttributes");
    }

    private List<String> names(String parameter) {
        return Stream.of(values.getOrDefault(parameter, "").split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    }

    private long number(String name, long otherwise) {
        String value = values.getOrDefault(name, "").strip();
        try {
            return value.isEmpty() ? otherwise : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw ScimError.invalidValue("'" + name + "' is no whole number");
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ScimError.invalidValue("the query is not encoded as an address is");
        }
    }
}
