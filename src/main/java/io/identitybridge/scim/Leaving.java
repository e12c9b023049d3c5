package io.identitybridge.scim;

import java.util.List;
import java.util.Map;

/** Whether a request disables its person, whatever else it says. */
final class Leaving {
    private Leaving() {
    }

    static boolean says(Map<String, Object> resource) {
        return resource.entrySet().stream().anyMatch(part -> isActive(part.getKey()) && isFalse(part.getValue()));
    }

    static boolean says(List<Operation> operations) {
        return operations.stream().filter(operation -> operation.op() != Operation.Op.REMOVE)
                .anyMatch(operation -> operation.path().map(path -> isActive(path) && isFalse(operation.value())).orElseGet(() -> says(operation.parts())));
    }

    private static boolean isActive(String name) {
        AttributePath path = AttributePath.of(name);
        return path.name().equalsIgnoreCase("active") && path.sub().isEmpty() && path.urn().map(Schema.USER.urn()::equalsIgnoreCase).orElse(true);
    }

    private static boolean isFalse(Object value) {
        return value instanceof List<?> list ? list.size() == 1 && isFalse(list.getFirst()) : "false".equalsIgnoreCase(String.valueOf(value));
    }
}
