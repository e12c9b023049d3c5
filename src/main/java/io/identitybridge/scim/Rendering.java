package io.identitybridge.scim;

import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One resource as it goes out. */
final class Rendering {
    private final ResourceType type;
    private final String base;
    private final Wanted wanted;

    /** @param base the address of the source: {@code https://bridge.example/scim/v2/okta} */
    Rendering(ResourceType type, String base, Wanted wanted) {
        this.type = type;
        this.base = base;
        this.wanted = wanted;
    }

    /** Whether the members of groups go out at all; the groups of users where those name them, else as their schema says. */
    boolean showsMembers(boolean usersNameGroups) {
        boolean asked = !usersNameGroups && type.core.attribute(list()).filter(attribute -> attribute.returned() == Attribute.Returned.REQUEST).isPresent();
        return asked ? wanted.asks(list()) : wanted.shows(Optional.empty(), list());
    }

    private String list() {
        return type == ResourceType.GROUP ? "members" : "groups";
    }

    String location(ScimRow row) {
        return base + type.endpoint + "/" + row.id();
    }

    /** @param members of a group, or the groups of a user; empty where they are not shown */
    Map<String, Object> of(ScimRow row, Optional<List<ScimReads.Member>> members) {
        Map<String, Object> document = Json.stored(type, row);
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("schemas", schemas(document));
        resource.put("id", row.id().toString());
        row.externalId().ifPresent(id -> resource.put("externalId", id));
        resource.put(type.naming, row.name());
        document.forEach(resource::putIfAbsent);
        members.filter(all -> !all.isEmpty()).ifPresent(all -> resource.put(list(), all.stream().map(this::member).toList()));
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("resourceType", type.label);
        meta.put("created", row.created().toString());
        meta.put("lastModified", row.changed().toString());
        meta.put("location", location(row));
        meta.put("version", Version.of(type, row, members).tag());
        resource.put("meta", meta);
        return wanted.of(resource);
    }

    /** A member of a group, or a group of a user. */
    Map<String, Object> member(ScimReads.Member member) {
        boolean user = type == ResourceType.GROUP;
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("value", member.id());
        if (member.known()) {
            shown.put("$ref", base + (user ? ResourceType.USER : ResourceType.GROUP).endpoint + "/" + member.id());
            member.display().ifPresent(display -> shown.put("display", display));
            shown.put("type", user ? "User" : "direct");
        }
        return shown;
    }

    private List<String> schemas(Map<String, Object> document) {
        List<String> schemas = new ArrayList<>(List.of(type.core.urn()));
        type.extensions.stream().map(Schema::urn).filter(document::containsKey).forEach(schemas::add);
        return schemas;
    }
}
