package io.identitybridge.scim;

import io.identitybridge.store.Match;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which elements of a list a value path picks: {@code emails[type eq "work"]}. Texts are compared without case unless their schema says otherwise, truth also with its text. */
final class Elements {
    private Elements() {
    }

    /** Refuses a path's filter that names what elements of this list do not have. */
    static void check(Filter filter, Attribute list) {
        switch (filter) {
            case Filter.And and -> and.of().forEach(part -> check(part, list));
            case Filter.Or or -> or.of().forEach(part -> check(part, list));
            case Filter.Not not -> check(not.of(), list);
            case Filter.Present present -> check(present.path(), list);
            case Filter.Compare compare -> check(compare.path(), list);
            case Filter.Some some -> throw ScimError.invalidPath("a value path stands inside another");
        }
    }

    private static void check(AttributePath path, Attribute list) {
        if (path.urn().isPresent() || path.sub().isPresent() || list.sub(path.name()).isEmpty()) {
            throw ScimError.invalidPath("an element of '" + list.name() + "' has no '" + path + "'");
        }
    }

    static boolean picks(Filter filter, Object element, Attribute list) {
        return switch (filter) {
            case Filter.And and -> and.of().stream().allMatch(part -> picks(part, element, list));
            case Filter.Or or -> or.of().stream().anyMatch(part -> picks(part, element, list));
            case Filter.Not not -> !picks(not.of(), element, list);
            case Filter.Present present -> part(element, present.path()) != null;
            case Filter.Compare compare -> compare(part(element, compare, list), compare.op(), compare.value(), list.sub(compare.path().name()).filter(Attribute::caseExact).isPresent());
            case Filter.Some some -> throw ScimError.invalidPath("a value path stands inside another");
        };
    }

    /** What an element that the path picks has at least: the equalities in it. */
    static Map<String, Object> asked(Filter filter, Attribute list) {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (Filter part : filter instanceof Filter.And and ? and.of() : List.of(filter)) {
            if (part instanceof Filter.Compare(AttributePath path, Match.Op op, Object value) && op == Match.Op.EQ && value != Filter.NULL) {
                list.sub(path.name()).ifPresent(sub -> parts.put(sub.name(), sub.type() == Attribute.Type.BOOLEAN ? (Object) Boolean.valueOf(value.toString()) : sub.spelt(value.toString())));
            }
        }
        return parts;
    }

    /** What is compared: truth that is not said is false where the schema has it so. */
    private static Object part(Object element, Filter.Compare compare, Attribute list) {
        Object part = part(element, compare.path());
        boolean unsaid = part == null && compare.value() != Filter.NULL;
        return unsaid && list.sub(compare.path().name()).filter(Attribute::unsaidIsFalse).isPresent() ? Boolean.FALSE : part;
    }

    private static Object part(Object element, AttributePath path) {
        if (element instanceof Map<?, ?> map) {
            return map.entrySet().stream().filter(entry -> entry.getKey().toString().equalsIgnoreCase(path.name())).map(Map.Entry::getValue).findFirst().orElse(null);
        }
        return path.name().equalsIgnoreCase("value") ? element : null;
    }

    private static boolean compare(Object there, Match.Op op, Object wanted, boolean exact) {
        if (wanted == Filter.NULL) {
            return op == Match.Op.EQ == (there == null);
        }
        if (there == null) {
            return op == Match.Op.NE;
        }
        String a = exact ? there.toString() : there.toString().toLowerCase(Locale.ROOT);
        String b = exact ? wanted.toString() : wanted.toString().toLowerCase(Locale.ROOT);
        return switch (op) {
            case EQ -> a.equals(b);
            case NE -> !a.equals(b);
            case CO -> a.contains(b);
            case SW -> a.startsWith(b);
            case EW -> a.endsWith(b);
            case GT -> a.compareTo(b) > 0;
            case GE -> a.compareTo(b) >= 0;
            case LT -> a.compareTo(b) < 0;
            case LE -> a.compareTo(b) <= 0;
        };
    }
}
