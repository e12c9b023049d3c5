package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an operation of a Bulk refers to what another creates, as {@code bulkId:ada} (RFC 7644, 3.7.2): in the values that name a
 * resource, a manager, members or groups, and in the paths that pick them. Anywhere else such a text is only a text.
 */
final class References {
    static final String MARK = "bulkId:";
    private static final Pattern QUOTED = Pattern.compile("\"" + MARK + "([^\"]*)\"");
    private static final Set<String> NAMES = Set.of("manager", "members", "groups");
    private final UnaryOperator<String> ids;

    /** @param ids what stands for a bulkId; null: the value that holds the reference is left out */
    References(UnaryOperator<String> ids) {
        this.ids = ids;
    }

    /** A whole resource with what stands for its references. */
    Map<String, Object> resource(Map<?, ?> written) {
        Map<String, Object> copy = new LinkedHashMap<>();
        written.forEach((name, value) -> put(copy, String.valueOf(name), at(String.valueOf(name), value), value));
        return copy;
    }

    /** Likewise the body of a PATCH; one without operations is a whole resource. */
    Map<String, Object> patch(Map<?, ?> written) {
        Object operations = Operation.member(written, "Operations");
        if (operations == null) {
            return resource(written);
        }
        List<Object> copy = new ArrayList<>();
        (operations instanceof List<?> list ? list : List.of(operations)).forEach(one -> copy.add(one instanceof Map<?, ?> operation ? operation(operation) : one));
        return Map.of("Operations", copy);
    }

    private Map<String, Object> operation(Map<?, ?> written) {
        Optional<String> path = Optional.ofNullable(Operation.member(written, "path")).map(Object::toString).map(String::strip).filter(text -> !text.isEmpty());
        Map<String, Object> copy = new LinkedHashMap<>();
        written.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.equalsIgnoreCase("path") && path.filter(References::names).isPresent()) {
                copy.put(name, QUOTED.matcher(path.get()).replaceAll(found -> Matcher.quoteReplacement("\"" + ids.apply(found.group(1)) + "\"")));
            } else if (name.equalsIgnoreCase("value")) {
                put(copy, name, path.isPresent() ? at(path.get(), value) : each(value), value);
            } else {
                copy.put(name, value);
            }
        });
        return copy;
    }

    private Object each(Object value) {
        return value instanceof List<?> list ? list.stream().map(this::each).toList() : value instanceof Map<?, ?> map ? resource(map) : value;
    }

    private Object at(String path, Object value) {
        return names(path) ? inside(value) : value instanceof Map<?, ?> map && AttributePath.of(path).name().isEmpty() ? resource(map) : value;
    }

    private static boolean names(String path) {
        return NAMES.contains(AttributePath.of(path.replaceFirst("\\[.*", "")).name().toLowerCase(Locale.ROOT));
    }

    /** An object whose {@code value} is left out is left out whole: it would name nobody. */
    private Object inside(Object value) {
        return switch (value) {
            case null -> null;
            case String text when text.startsWith(MARK) -> ids.apply(text.substring(MARK.length()));
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(element -> Optional.ofNullable(inside(element)).ifPresent(copy::add));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, part) -> put(copy, String.valueOf(name), inside(part), part));
                yield map.containsKey("value") && !copy.containsKey("value") ? null : copy;
            }
            default -> value;
        };
    }

    private static void put(Map<String, Object> copy, String name, Object made, Object written) {
        if (made != null || written == null) {
            copy.put(name, made);
        }
    }
}
