package io.identitybridge.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Portkey's own SCIM 2.0 endpoint. Its status codes, bodies and filters are not published: they are RFC 7644's here. */
final class ScimApi {
    static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    private static final int MOST = 100;

    private ScimApi() {
    }

    /** @param domains which e-mail domains are verified */
    static Answer answer(Call call, Set<String> domains, PortkeyWrites writes) {
        List<String> parts = call.parts();
        if (parts.size() > 2) {
            throw new Refusal(404, "", "no " + call.path());
        }
        return switch (parts.getFirst()) {
            case "Users" -> new ScimPeople(domains, writes).answer(call, parts);
            case "Groups" -> new ScimGroups(writes).answer(call, parts);
            case "ServiceProviderConfig" -> Answer.ok(Map.of("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"), "patch", Map.of("supported", true),
                    "bulk", Map.of("supported", false, "maxOperations", 0, "maxPayloadSize", 0), "filter", Map.of("supported", true, "maxResults", MOST),
                    "changePassword", Map.of("supported", false), "sort", Map.of("supported", false), "etag", Map.of("supported", false), "authenticationSchemes", List.of()));
            default -> throw new Refusal(404, "", "no " + call.path());
        };
    }

    /** By {@code startIndex} from 1 and {@code count}, at most 100 a page. */
    static <T> Answer list(Call call, List<T> found, Function<T, ?> shown) {
        int start = Math.max(1, call.number("startIndex", 1));
        int count = Math.clamp(call.number("count", MOST), 0, MOST);
        List<?> page = found.stream().skip(start - 1L).limit(count).map(shown).toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("schemas", List.of(LIST));
        body.put("totalResults", found.size());
        body.put("startIndex", start);
        body.put("itemsPerPage", page.size());
        body.put("Resources", page);
        return Answer.ok(body);
    }
}
