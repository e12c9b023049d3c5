package io.identitybridge.scim;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One schema, from the resource file that {@code /Schemas} answers with. */
record Schema(String urn, List<Attribute> attributes, Map<String, Object> described) {
    static final Schema USER = load("schema-user.json");
    static final Schema ENTERPRISE = load("schema-enterprise-user.json");
    static final Schema GROUP = load("schema-group.json");
    static final List<Schema> ALL = List.of(USER, ENTERPRISE, GROUP);

    Optional<Attribute> attribute(String name) {
        return attributes.stream().filter(attribute -> attribute.name().equalsIgnoreCase(name)).findFirst();
    }

    @SuppressWarnings("unchecked")
    private static Schema load(String file) {
        Map<String, Object> described = Json.resource(file, new TypeReference<Map<String, Object>>() { });
        return new Schema((String) described.get("id"), ((List<Map<String, Object>>) described.get("attributes")).stream().map(Attribute::of).toList(), described);
    }
}
