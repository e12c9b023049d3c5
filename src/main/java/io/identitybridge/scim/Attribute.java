package io.identitybridge.scim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One attribute as its schema describes it (RFC 7643, 2.2): everything that requests are read by comes from there.
 *
 * @param unique    no two resources of one source have the same
 * @param canonical the spelling of usual values; others are taken, too (RFC 7643, 7)
 */
record Attribute(String name, Type type, boolean many, boolean required, boolean caseExact, Mutability mutability, Returned returned, boolean unique, List<String> canonical, List<Attribute> subs) {
    enum Type { STRING, BOOLEAN, COMPLEX, REFERENCE, BINARY }

    /** Who may set it. {@code IMMUTABLE} parts stand in elements that are taken out and put in whole, never changed. */
    enum Mutability { READ_WRITE, READ_ONLY, WRITE_ONLY, IMMUTABLE }

    /** When it is shown; {@code REQUEST}: where {@code attributes} names it. */
    enum Returned { ALWAYS, DEFAULT, REQUEST, NEVER }

    Attribute {
        canonical = List.copyOf(canonical);
        subs = List.copyOf(subs);
    }

    /** The part of that name, in any case. */
    Optional<Attribute> sub(String wanted) {
        return subs.stream().filter(sub -> sub.name().equalsIgnoreCase(wanted)).findFirst();
    }

    boolean readOnly() {
        return mutability == Mutability.READ_ONLY;
    }

    /** An element of it, for one that is a list. */
    Attribute alone() {
        return new Attribute(name, type, false, required, caseExact, mutability, returned, unique, canonical, subs);
    }

    /** A text as it is usually spelt, where it differs only by case. */
    String spelt(String text) {
        return caseExact ? text : canonical.stream().filter(text::equalsIgnoreCase).findFirst().orElse(text);
    }

    boolean complex() {
        return type == Type.COMPLEX;
    }

    /** Whether its elements may be preferred. */
    boolean hasPrimary() {
        return many && sub("primary").isPresent();
    }

    /** Whether it is false where nothing is said of it: {@code primary} (RFC 7643, 2.4). */
    boolean unsaidIsFalse() {
        return type == Type.BOOLEAN && name.equals("primary");
    }

    @SuppressWarnings("unchecked")
    static Attribute of(Map<String, Object> described) {
        List<Map<String, Object>> subs = (List<Map<String, Object>>) described.getOrDefault("subAttributes", List.of());
        return new Attribute((String) described.get("name"), Type.valueOf(word(described, "type", "")), (Boolean) described.get("multiValued"), (Boolean) described.get("required"), (Boolean) described.getOrDefault("caseExact", false),
                Mutability.valueOf(word(described, "mutability", "")), Returned.valueOf(word(described, "returned", "")), word(described, "uniqueness", "none").equals("SERVER"), (List<String>) described.getOrDefault("canonicalValues", List.of()), subs.stream().map(Attribute::of).toList());
    }

    /** {@code readOnly} as {@code READ_ONLY}. */
    private static String word(Map<String, Object> described, String key, String otherwise) {
        return ((String) described.getOrDefault(key, otherwise)).replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
