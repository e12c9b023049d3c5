package io.identitybridge.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A whole resource as a POST or PUT brings it, made into what the schemas say. Names in any case; what is not ours is passed over. */
final class Whole {
    private final ResourceType type;
    private final Repairs repairs;

    Whole(ResourceType type, Repairs repairs) {
        this.type = type;
        this.repairs = repairs;
    }

    /** Without id, meta, schemas, groups and password. */
    Map<String, Object> of(Map<String, Object> body) {
        Document document = new Document(new LinkedHashMap<>(), new Values(repairs));
        body.forEach((name, value) -> put(document, name, value));
        return document.content();
    }

    private void put(Document document, String name, Object value) {
        switch (type.known(AttributePath.of(name))) {
            case Known.Ours ours -> {
                if (!name.endsWith(ours.sub().orElse(ours.attribute()).name())) {
                    repairs.did("another spelling of " + String.join(".", ours.path()));
                }
                document.replace(ours, value);
            }
            case Known.Extension extension -> inside(document, extension, value);
            case Known.Foreign foreign -> repairs.did("passed over what is of a schema not known here");
            case Known.Nothing nothing -> repairs.did("passed over an unknown attribute");
            case Known.ReadOnly readOnly -> { }
            case Known.Secret secret -> { }
        }
    }

    private void inside(Document document, Known.Extension extension, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, part) -> put(document, extension.schema().urn() + ":" + name, part));
        } else if (value instanceof List<?> list && list.size() == 1) {
            repairs.did("a list for the single value " + extension.schema().urn());
            inside(document, extension, list.getFirst());
        } else if (value != null && !"".equals(value) && !List.of().equals(value)) {
            throw ScimError.invalidValue("'" + extension.schema().urn() + "' is an object");
        }
    }
}
