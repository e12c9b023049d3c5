package io.identitybridge.scim;

import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is asked of a list or of one resource: the parameters after the question mark, or a SearchRequest. Names in any case, unknown ones mean nothing; of a name that comes twice the first counts, of lists of attributes all. */
record Query(Map<String, String> values) {
    static final int DEFAULT_COUNT = 100;
    static final int MOST = 1_000;
    /** No list is as long, and every client can read it; what is more counts as this. */
    private static final BigInteger BEYOND = BigInteger.ONE.shiftLeft(53);
    private static final int LONGEST_NUMBER = 1_000;
    private static final Set<String> LISTS = Set.of("attributes", "excludedAttributes");
    private static final List<String> NAMES = List.of("filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes");

    static Query of(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            String name = named(decoded(equals < 0 ? part : part.substring(0, equals)));
            values.merge(name, equals < 0 ? "" : decoded(part.substring(equals + 1)), (first, more) -> LISTS.contains(name) ? first + "," + more : first);
        }
        return new Query(values);
    }

    private static String named(String written) {
        return NAMES.stream().filter(written::equalsIgnoreCase).findFirst().orElse(written);
    }

    /** The parameters in a SearchRequest (RFC 7644, 3.4.3), names in any case; null means not there. */
    static Query of(Map<String, Object> body) {
        Map<String, String> values = new LinkedHashMap<>();
        body.forEach((written, value) -> NAMES.stream().filter(written::equalsIgnoreCase).forEach(name -> text(name, value).ifPresent(text -> values.putIfAbsent(name, text))));
        return new Query(values);
    }

    Optional<String> filter() {
        return said("filter");
    }

    Optional<String> sortBy() {
        return said("sortBy");
    }

    /** {@code ascending} unless said otherwise, in any case. */
    boolean descending() {
        String order = said("sortOrder").orElse("ascending");
        if (!order.equalsIgnoreCase("ascending") && !order.equalsIgnoreCase("descending")) {
            throw ScimError.invalidValue("'sortOrder' is ascending or descending");
        }
        return order.equalsIgnoreCase("descending");
    }

    /** Where a list by cursor goes on; an empty text is its first page. Empty where the list is not read by cursor (RFC 9865). */
    Optional<String> cursor() {
        return Optional.ofNullable(values.get("cursor")).map(String::strip);
    }

    /** From 1; what is smaller is 1. */
    long startIndex() {
        return Math.max(1, number("startIndex", 1));
    }

    /** How many at most: 100 unless said otherwise, never more than 1,000; negative means none (RFC 7644, 3.4.2.4), which a list by cursor does not take. */
    int count() {
        if (cursor().isPresent()) {
            return page();
        }
        return (int) Math.clamp(number("count", DEFAULT_COUNT), 0, MOST);
    }

    List<String> attributes() {
        return names("attributes");
    }

    List<String> excludedAttributes() {
        return names("excludedAttributes");
    }

    private int page() {
        String count = values.getOrDefault("count", "").strip();
        if (!count.matches("[0-9]*") || count.matches("0+")) {
            throw ScimError.invalidCount("'count' is a whole number from 1; more than " + MOST + " gives " + MOST);
        }
        return (int) Math.min(number("count", DEFAULT_COUNT), MOST);
    }

    private Optional<String> said(String name) {
        return Optional.ofNullable(values.get(name)).filter(text -> !text.isBlank());
    }

    private List<String> names(String parameter) {
        return Stream.of(values.getOrDefault(parameter, "").split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    }

    private long number(String name, long otherwise) {
        String value = values.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!value.matches("[+-]?[0-9]+")) {
            throw ScimError.invalidValue("'" + name + "' is no whole number");
        }
        return new BigInteger(value.substring(0, Math.min(LONGEST_NUMBER, value.length()))).min(BEYOND).max(BEYOND.negate()).longValue();
    }

    private static Optional<String> text(String name, Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Number number -> Optional.of(number.toString());
            case List<?> list when LISTS.contains(name) -> Optional.of(list.stream().map(String::valueOf).collect(Collectors.joining(",")));
            default -> throw ScimError.invalidValue("'" + name + "' is a text" + (LISTS.contains(name) ? " or a list of texts" : ""));
        };
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ScimError.invalidValue("the query is not encoded as an address is");
        }
    }
}
