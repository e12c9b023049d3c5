package io.identitybridge.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ListResponse (RFC 7644, 3.4.2): {@code Resources} is there with nothing in it, too. */
final class Lists {
    private Lists() {
    }

    static Map<String, Object> of(List<Map<String, Object>> resources, long total, long startIndex) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:ListResponse"));
        list.put("totalResults", total);
        list.put("startIndex", startIndex);
        list.put("itemsPerPage", resources.size());
        list.put("Resources", resources);
        return list;
    }
}
