package io.identitybridge.scim;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this server can do (RFC 7644, section 4), from the same files that requests are read by. */
final class Discovery {
    private static final List<Map<String, Object>> TYPES = Json.resource("resource-types.json", new TypeReference<>() { });
    private static final Map<String, Object> CONFIG = Json.resource("service-provider-config.json", new TypeReference<>() { });

    private Discovery() {
    }

    /**
     * The answer, if the route is one of these.
     *
     * @param usersNameGroups whether memberships come with users, whose groups are written and shown then
     */
    static Optional<ScimOutcome.Answer> of(Route route, ScimRequest request, Notes notes, boolean usersNameGroups) {
        String base = request.base() + "/" + route.source();
        Optional<Object> body = switch (route.first()) {
            case "ServiceProviderConfig" -> route.id().isPresent() ? Optional.empty() : Optional.of(located(CONFIG, "ServiceProviderConfig", base + "/ServiceProviderConfig"));
            case "ResourceTypes" -> listed(route, TYPES, "id", "ResourceType", base + "/ResourceTypes/");
            case "Schemas" -> listed(route, Schema.ALL.stream().map(schema -> usersNameGroups && schema == Schema.USER ? Schema.WITH_GROUPS : schema.described()).toList(), "id", "Schema", base + "/Schemas/");
            default -> Optional.empty();
        };
        if (body.isEmpty()) {
            return Optional.empty();
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw ScimError.methodNotAllowed(request.method() + " is not for /" + route.first(), "GET, HEAD");
        }
        if (Query.of(request.query()).filter().isPresent()) {
            throw ScimError.forbidden("/" + route.first() + " is answered whole: nothing is filtered here"); // RFC 7644, section 4
        }
        return Optional.of(Answers.json(200, Map.of(), body.get(), notes));
    }

    private static Optional<Object> listed(Route route, List<Map<String, Object>> all, String id, String type, String base) {
        if (route.rest().size() > 2) {
            return Optional.empty();
        }
        if (route.id().isPresent()) {
            return all.stream().filter(one -> route.id().get().equalsIgnoreCase((String) one.get(id))).findFirst().map(one -> located(one, type, base + one.get(id)));
        }
        List<Map<String, Object>> items = all.stream().map(one -> located(one, type, base + one.get(id))).toList();
        return Optional.of(Lists.of(items, items.size(), 1));
    }

    private static Map<String, Object> located(Map<String, Object> described, String type, String location) {
        Map<String, Object> copy = new LinkedHashMap<>(described);
        copy.put("meta", Map.of("resourceType", type, "location", location));
        return copy;
    }
}
