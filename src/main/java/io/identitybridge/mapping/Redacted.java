package io.identitybridge.mapping;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a letter may show of a record (SAFETY 5.6): the fields that decide with their values, of the others the names, and of phones,
 * addresses and secrets never a value, even where an expression reads one.
 *
 * @param record  the variables as expressions name them: {@code record}, {@code resource}, joined reads
 * @param unknown names of fields that are not in it, as {@code resource.phoneNumbers}; at most 100
 */
public record Redacted(Map<String, Object> record, List<String> unknown) {
    private static final int MOST = 100;
    private static final int LONGEST = 200;
    private static final int MOST_NAMES = 40;
    private static final int SHORTEST_NAME = 2;
    private static final int LONGEST_NAME = 320;
    private static final List<String> NAMING = List.of("name", "mail", "login", "principal", "uid", "employee", "person");
    private static final List<String> PRIVATE = List.of("phone", "mobile", "fax", "street", "postal", "password", "credential", "secret", "token");

    public Redacted {
        unknown = List.copyOf(unknown);
    }

    /** What the shown part says somebody is called: its addresses, and the texts under a name's field. At most 40. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names(record, false, names);
        return names.stream().limit(MOST_NAMES).collect(Collectors.toSet());
    }

    private static void names(Object value, boolean naming, Set<String> names) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((name, part) -> names(part, naming || isNaming(String.valueOf(name)), names));
            case List<?> list -> list.forEach(part -> names(part, naming, names));
            case String text when text.length() >= SHORTEST_NAME && text.length() <= LONGEST_NAME && (naming || text.indexOf('@') >= 0) -> names.add(text);
            case null, default -> { } // numbers and truth values are no names
        }
    }

    private static boolean isNaming(String field) {
        String folded = field.toLowerCase(Locale.ROOT);
        return NAMING.stream().anyMatch(folded::contains);
    }

    static Redacted of(Map<String, Object> variables, Projection fields) {
        Map<String, Object> shown = withoutPrivate(fields.of(variables));
        Set<String> unknown = new LinkedHashSet<>();
        left(variables, shown, "", unknown);
        return new Redacted(shown, unknown.stream().limit(MOST).toList());
    }

    private static Map<String, Object> withoutPrivate(Map<?, ?> map) {
        Map<String, Object> some = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (!isPrivate(String.valueOf(name))) {
                some.put(String.valueOf(name), withoutPrivate(value));
            }
        });
        return some;
    }

    private static Object withoutPrivate(Object value) {
        return switch (value) {
            case Map<?, ?> map -> withoutPrivate(map);
            case List<?> list -> list.stream().map(Redacted::withoutPrivate).collect(Collectors.toCollection(java.util.ArrayList::new));
            case null, default -> value;
        };
    }

    /** An address is where somebody lives, but for one of e-mail. */
    private static boolean isPrivate(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return PRIVATE.stream().anyMatch(folded::contains) || folded.contains("address") && !folded.contains("mail");
    }

    private static void left(Object whole, Object shown, String place, Set<String> unknown) {
        if (whole instanceof Map<?, ?> all && shown instanceof Map<?, ?> some) {
            all.forEach((name, value) -> {
                String field = place.isEmpty() ? String.valueOf(name) : place + "." + name;
                if (some.containsKey(name)) {
                    left(value, some.get(name), field, unknown);
                } else {
                    unknown.add(field.substring(0, Math.min(LONGEST, field.length())));
                }
            });
        } else if (whole instanceof List<?> all && shown instanceof List<?> some && all.size() == some.size()) {
            for (int i = 0; i < all.size(); i++) {
                left(all.get(i), some.get(i), place, unknown);
            }
        }
    }
}
