package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values as clients write them, made into what the schema says: texts for truth, one element for a list, capitals in names. */
final class Values {
    private final Repairs repairs;

    Values(Repairs repairs) {
        this.repairs = repairs;
    }

    /** The value as the attribute has it; empty where it is none: null, an empty text, an empty object. */
    Optional<Object> of(Attribute attribute, Object value) {
        if (!attribute.many()) {
            return one(attribute, value);
        }
        if (value == null) {
            return Optional.empty();
        }
        if (attribute.name().equals("roles") && (value instanceof String || value instanceof Map)) { // answered in the form received
            return element(attribute, value);
        }
        if (!(value instanceof List)) {
            repairs.did("a single value for the list " + attribute.name());
        }
        List<Object> elements = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            element(attribute, element).ifPresent(elements::add);
        }
        onePrimary(attribute, elements);
        return Optional.of(elements);
    }

    /** One element of a list, or the value of what is no list. */
    Optional<Object> element(Attribute attribute, Object value) {
        if (attribute.name().equals("roles") && value instanceof String role) {
            return role.isBlank() ? Optional.empty() : Optional.of(role);
        }
        return one(attribute.alone(), value);
    }

    private Optional<Object> one(Attribute attribute, Object value) {
        if (value instanceof List<?> list) {
            if (list.size() > 1) {
                throw ScimError.invalidValue("'" + attribute.name() + "' has one value, not " + list.size());
            }
            return list.isEmpty() ? Optional.empty() : one(attribute, list.getFirst());
        }
        if (value == null || "".equals(value)) {
            return Optional.empty();
        }
        return Optional.of(switch (attribute.type()) {
            case BOOLEAN -> truth(attribute, value);
            case STRING, REFERENCE, BINARY -> text(attribute, value);
            case COMPLEX -> complex(attribute, value);
        }).filter(made -> !(made instanceof Map<?, ?> map && map.isEmpty()));
    }

    private Object truth(Attribute attribute, Object value) {
        if (value instanceof String text && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            repairs.did("a text for the truth value " + attribute.name());
            return Boolean.parseBoolean(text);
        }
        if (value instanceof Boolean) {
            return value;
        }
        throw ScimError.invalidValue("'" + attribute.name() + "' is true or false");
    }

    private static Object text(Attribute attribute, Object value) {
        if (value instanceof String text) {
            return attribute.spelt(Texts.whole(attribute.name(), text));
        }
        if (value instanceof Number number) {
            return number.toString();
        }
        throw ScimError.invalidValue("'" + attribute.name() + "' is a text");
    }

    private Object complex(Attribute attribute, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            if (attribute.sub("value").isEmpty()) {
                throw ScimError.invalidValue("'" + attribute.name() + "' is an object");
            }
            repairs.did("a bare value for " + attribute.name());
            return new LinkedHashMap<>(Map.of("value", text(attribute, value)));
        }
        Map<String, Object> made = new LinkedHashMap<>();
        map.forEach((name, part) -> attribute.sub(String.valueOf(name)).filter(sub -> !sub.readOnly()).ifPresent(sub -> of(sub, part).ifPresent(v -> made.put(sub.name(), v))));
        return made;
    }

    static void onePrimary(Attribute attribute, List<Object> elements) {
        long primary = elements.stream().filter(element -> element instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("primary"))).count();
        if (primary > 1) {
            throw ScimError.invalidValue("'" + attribute.name() + "' has more than one primary value");
        }
    }
}
