package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Values as clients write them, made into what the schema says: texts for truth, one element for a list, capitals in names. */
final class Values {
    private static final Set<String> WRAPPING = Set.of("$ref", "value");
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
        List<Object> alike = ofOneForm(elements, elements);
        List<Object> distinct = attribute.sub("value").filter(part -> part.mutability() == Attribute.Mutability.IMMUTABLE).isEmpty() ? distinct(attribute, alike) : alike;
        onePrimary(attribute, distinct);
        return Optional.of(distinct);
    }

    /** The elements as those beside them are: roles come as texts or as objects, and where both meet, texts become objects, because a list has one type (RFC 7643, 2.4). */
    static List<Object> ofOneForm(List<Object> elements, List<?> beside) {
        boolean objects = Stream.concat(elements.stream(), beside.stream()).anyMatch(Map.class::isInstance);
        boolean texts = elements.stream().anyMatch(String.class::isInstance);
        return objects && texts ? new ArrayList<>(elements.stream().map(element -> element instanceof String text ? Map.of("value", text) : element).toList()) : elements;
    }

    /** Each value of one type once (RFC 7643, 2.4); where two are the same, the first says what it is, and the second what the first does not. */
    private List<Object> distinct(Attribute attribute, List<Object> elements) {
        Map<Object, Object> all = new LinkedHashMap<>();
        elements.forEach(element -> all.merge(Places.exactly(element), element, Values::both));
        if (all.size() < elements.size()) {
            repairs.did("the same value twice in " + attribute.name());
        }
        return new ArrayList<>(all.values());
    }

    private static Object both(Object first, Object second) {
        if (!(first instanceof Map<?, ?> one) || !(second instanceof Map<?, ?> other)) {
            return first;
        }
        Map<String, Object> both = Document.map(other);
        both.putAll(Document.map(one));
        if (Boolean.TRUE.equals(other.get("primary"))) {
            both.put("primary", true);
        }
        return both;
    }

    /** One element of a list, or the value of what is no list. */
    Optional<Object> element(Attribute attribute, Object value) {
        if (attribute.name().equals("roles") && value instanceof String role) {
            return role.isBlank() ? Optional.empty() : Optional.of(Texts.whole("roles", role));
        }
        return one(attribute.alone(), value);
    }

    private Optional<Object> one(Attribute attribute, Object value) {
        if (value instanceof List<?> list) {
            if (list.size() > 1) {
                throw ScimError.invalidValue("'" + attribute.name() + "' has one value, not " + list.size());
            }
            if (list.isEmpty()) {
                return Optional.empty();
            }
            repairs.did("a list for the single value " + attribute.name());
            return one(attribute, list.getFirst());
        }
        if (value == null || "".equals(value)) {
            return Optional.empty();
        }
        if (!attribute.complex() && unwrapped(value) != value) {
            repairs.did("an object for the single value " + attribute.name());
            return one(attribute, unwrapped(value));
        }
        return switch (attribute.type()) {
            case BOOLEAN -> Optional.of(truth(attribute, value));
            case STRING -> Optional.of(text(attribute, value));
            case REFERENCE, BINARY -> formed(attribute, text(attribute, value));
            case COMPLEX -> Optional.of(complex(attribute, value)).filter(made -> !made.isEmpty()).map(Object.class::cast);
        };
    }

    /** What stands in an object that holds nothing but one value, as Microsoft's library writes each: {@code {"$ref": null, "value": "False"}}; anything else as it is. */
    static Object unwrapped(Object value) {
        return value instanceof Map<?, ?> map && map.containsKey("value") && WRAPPING.containsAll(map.keySet()) ? map.get("value") : value;
    }

    /** A text of a form of its own, refused where it has not: only who leaves is let go all the same, without it. */
    private Optional<Object> formed(Attribute attribute, String text) {
        if (attribute.type() == Attribute.Type.BINARY ? Forms.base64(text) : Forms.uri(text)) {
            return Optional.of(text);
        }
        String form = attribute.type() == Attribute.Type.BINARY ? "binary data in base64 (RFC 7643, 2.3.6)" : "an address: a URI, whole or relative, without blanks (RFC 7643, 2.3.7)";
        if (!repairs.letsGo()) {
            throw ScimError.invalidValue("'" + attribute.name() + "' is " + form);
        }
        repairs.did("passed over what is in no form for " + attribute.name() + ", so that a leaver can leave");
        return Optional.empty();
    }

    private Object truth(Attribute attribute, Object value) {
        if (value instanceof String text && (text.strip().equalsIgnoreCase("true") || text.strip().equalsIgnoreCase("false"))) {
            repairs.did("a text for the truth value " + attribute.name());
            return Boolean.parseBoolean(text.strip());
        }
        if (value instanceof Boolean) {
            return value;
        }
        throw ScimError.invalidValue("'" + attribute.name() + "' is true or false");
    }

    private String text(Attribute attribute, Object value) {
        if (value instanceof String text) {
            return attribute.spelt(Texts.whole(attribute.name(), text));
        }
        if (value instanceof Number number) {
            repairs.did("a number for the text " + attribute.name());
            return Texts.number(number);
        }
        throw ScimError.invalidValue("'" + attribute.name() + "' is a text");
    }

    private Map<String, Object> complex(Attribute attribute, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            if (attribute.sub("value").isEmpty()) {
                throw ScimError.invalidValue("'" + attribute.name() + "' is an object");
            }
            repairs.did("a bare value for " + attribute.name());
            Map<String, Object> bare = new LinkedHashMap<>();
            of(attribute.sub("value").get(), value).ifPresent(v -> bare.put("value", v));
            return bare;
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
