package io.identitybridge.scim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One attribute as its schema describes it. */
record Attribute(String name, Type type, boolean many, boolean caseExact, List<Attribute> subs) {
    enum Type { STRING, BOOLEAN, COMPLEX, REFERENCE, BINARY }

    Attribute {
        subs = List.copyOf(subs);
    }

    /** The part of that name, in any case. */
    Optional<Attribute> sub(String wanted) {
        return subs.stream().filter(sub -> sub.name().equalsIgnoreCase(wanted)).findFirst();
    }

    boolean complex() {
        return type == Type.COMPLEX;
    }

    /** Whether its elements may be preferred. */
    boolean hasPrimary() {
        return many && sub("primary").isPresent();
    }

    @SuppressWarnings("unchecked")
    static Attribute of(Map<String, Object> described) {
        List<Map<String, Object>> subs = (List<Map<String, Object>>) described.getOrDefault("subAttributes", List.of());
        return new Attribute((String) described.get("name"), Type.valueOf(((String) described.get("type")).toUpperCase(Locale.ROOT)), (Boolean) described.get("multiValued"),
                (Boolean) described.getOrDefault("caseExact", false), subs.stream().map(Attribute::of).toList());
    }
}
