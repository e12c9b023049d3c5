package io.identitybridge.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ListResponse (RFC 7644, 3.4.2): {@code Resources} is there with nothing in it, too. */
final class Lists {
    private Lists() {
    }

    /** A page by index. */
    static Map<String, Object> of(List<Map<String, Object>> resources, long total, long startIndex) {
        Map<String, Object> list = head(resources, total);
        list.put("startIndex", startIndex);
        list.put("Resources", resources);
        return list;
    }

    /** A page by cursor (RFC 9865): no {@code nextCursor} on the last one. */
    static Map<String, Object> of(List<Map<String, Object>> resources, long total, Optional<String> next, Optional<String> previous) {
        Map<String, Object> list = head(resources, total);
        next.ifPresent(cursor -> list.put("nextCursor", cursor));
        previous.ifPresent(cursor -> list.put("previousCursor", cursor));
        list.put("Resources", resources);
        return list;
    }

    private static Map<String, Object> head(List<Map<String, Object>> resources, long total) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:ListResponse"));
        list.put("totalResults", total);
        list.put("itemsPerPage", resources.size());
        return list;
    }
}
