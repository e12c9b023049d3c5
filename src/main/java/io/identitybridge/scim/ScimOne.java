package io.identitybridge.scim;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A PATCH of SCIM 1.1 (its 3.3.2), which names only what is added, marks what goes by {@code operation: delete} and clears by {@code meta.attributes}. Read as the whole
 * resource that a PATCH without operations is here, it would take out everybody whom it does not name, and leave whom it takes out.
 */
final class ScimOne {
    private static final String URN = "urn:scim:schemas:";
    private static final String MARK = "operation";

    private ScimOne() {
    }

    /** Refuses what can be no whole resource: one by its marks, or members without the group they are all of. What it says of single values is said alike in both. */
    static void refuse(Map<String, Object> body) {
        boolean members = Operation.member(body, "members") != null;
        boolean old = listed(Operation.member(body, "schemas")).anyMatch(schema -> String.valueOf(schema).startsWith(URN));
        boolean clears = Operation.member(body, "meta") instanceof Map<?, ?> meta && Operation.member(meta, "attributes") != null;
        if (clears || members && (old || Operation.member(body, "displayName") == null) || body.values().stream().flatMap(ScimOne::listed).anyMatch(ScimOne::isMarked)) {
            throw ScimError.invalidSyntax("a PATCH has 'Operations'; this one is SCIM 1.1's, or a part of a resource: set the client to SCIM 2.0");
        }
    }

    /** Whether an element says what is to be done with it. */
    static boolean isMarked(Object element) {
        return element instanceof Map<?, ?> parts && Operation.member(parts, MARK) != null;
    }

    private static Stream<?> listed(Object value) {
        return value instanceof List<?> list ? list.stream() : Stream.empty();
    }
}
