package io.identitybridge.scim;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One schema, from the resource file that {@code /Schemas} answers with. */
record Schema(String urn, List<Attribute> attributes, Map<String, Object> described) {
    static final Schema USER = load("schema-user.json");
    static final Schema ENTERPRISE = load("schema-enterprise-user.json");
    static final Schema GROUP = load("schema-group.json");
    static final List<Schema> ALL = List.of(USER, ENTERPRISE, GROUP);
    /** The description of users who name their groups, by id or by name. */
    static final Map<String, Object> WITH_GROUPS = withGroups(USER.described);

    /** Whether this is its URN, in whatever case. */
    boolean is(String urn) {
        return this.urn.equalsIgnoreCase(urn);
    }

    Optional<Attribute> attribute(String name) {
        return attributes.stream().filter(attribute -> attribute.name().equalsIgnoreCase(name)).findFirst();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> withGroups(Map<String, Object> described) {
        Map<String, Object> whole = new LinkedHashMap<>(described);
        whole.computeIfPresent("attributes", (key, attributes) -> ((List<Map<String, Object>>) attributes).stream().map(one -> {
            Map<String, Object> attribute = new LinkedHashMap<>(one);
            if ("groups".equals(attribute.get("name"))) {
                attribute.putAll(Map.of("mutability", "readWrite", "returned", "default", "description", "The groups the person is in, each by its SCIM id or its display name."));
                attribute.computeIfPresent("subAttributes", (name, parts) -> ((List<Map<String, Object>>) parts).stream().map(Schema::named).toList());
            }
            return attribute;
        }).toList());
        return whole;
    }

    private static Map<String, Object> named(Map<String, Object> part) {
        Map<String, Object> named = new LinkedHashMap<>(part);
        if (List.of("value", "display").contains(part.get("name"))) {
            named.put("mutability", "immutable");
        }
        return named;
    }

    @SuppressWarnings("unchecked")
    private static Schema load(String file) {
        Map<String, Object> described = Json.resource(file, new TypeReference<Map<String, Object>>() { });
        return new Schema((String) described.get("id"), ((List<Map<String, Object>>) described.get("attributes")).stream().map(Attribute::of).toList(), described);
    }
}
