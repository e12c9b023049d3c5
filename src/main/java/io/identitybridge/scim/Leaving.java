package io.identitybridge.scim;

import io.identitybridge.store.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Whether a request disables its person, whatever else it says. */
final class Leaving {
    private Leaving() {
    }

    /** Who leaves by this request, however faulty the rest of it is; empty where nobody does, or that cannot be read out of it. */
    static Optional<UUID> of(ScimRequest request) {
        return of(request.method(), request.path(), request.body().kept().orElse(Map.of()));
    }

    /** Likewise by one operation of a Bulk. */
    static Optional<UUID> of(BulkOperation operation) {
        return of(operation.method(), "/-/" + operation.path(), operation.data());
    }

    /** All who leave by it: by the operations of a Bulk several. */
    static List<UUID> all(ScimRequest request) {
        if (route(request.path()).filter(route -> route.first().equals("Bulk")).isEmpty()) {
            return of(request).stream().toList();
        }
        Object operations = request.body().kept().map(body -> Operation.member(body, "Operations")).orElse(List.of());
        return (operations instanceof List<?> list ? list : List.of(operations)).stream().map(BulkOperation::read).flatMap(operation -> of(operation).stream()).distinct().toList();
    }

    private static Optional<UUID> of(String method, String path, Map<String, Object> body) {
        return route(path).filter(route -> route.type().equals(Optional.of(ResourceType.USER)) && leaves(method, body)).flatMap(Route::id).flatMap(Ids::of);
    }

    private static Optional<Route> route(String path) {
        try {
            return Optional.of(Route.of(path));
        } catch (ScimError none) {
            return Optional.empty();
        }
    }

    private static boolean leaves(String method, Map<String, Object> body) {
        return switch (method) {
            case "DELETE" -> true;
            case "PUT" -> says(body);
            case "PATCH" -> Operation.written(body, new Repairs()) instanceof Object written ? operations(written) : says(body);
            default -> false;
        };
    }

    /** Of operations as they were written, of which some are none. */
    private static boolean operations(Object written) {
        List<?> list = written instanceof List<?> many ? many : List.of(written);
        return list.stream().anyMatch(one -> one instanceof Map<?, ?> operation && !"remove".equalsIgnoreCase(String.valueOf(Operation.member(operation, "op")).strip())
                && disables(Operation.member(operation, "path"), Operation.member(operation, "value")));
    }

    private static boolean disables(Object path, Object value) {
        if (path instanceof String named && !named.isBlank() && !Schema.USER.is(named.strip())) {
            return isActive(named.strip()) && isFalse(value);
        }
        return within(value);
    }

    /** In an object of attributes, or a list of those. */
    private static boolean within(Object value) {
        List<?> parts = value instanceof List<?> many ? many : value == null ? List.of() : List.of(value);
        return parts.stream().anyMatch(part -> part instanceof Map<?, ?> resource && says(Document.map(resource)));
    }

    static boolean says(Map<String, Object> resource) {
        return resource.entrySet().stream().anyMatch(part -> isActive(part.getKey()) && isFalse(part.getValue()) || Schema.USER.is(part.getKey()) && within(part.getValue()));
    }

    static boolean says(List<Operation> operations) {
        return operations.stream().filter(operation -> operation.op() != Operation.Op.REMOVE)
                .anyMatch(operation -> disables(operation.path().orElse(null), operation.value()));
    }

    private static boolean isActive(String name) {
        AttributePath path = AttributePath.of(name);
        return path.name().equalsIgnoreCase("active") && path.sub().isEmpty() && path.urn().map(Schema.USER::is).orElse(true);
    }

    private static boolean isFalse(Object value) {
        Object said = Values.unwrapped(value);
        return said instanceof List<?> list ? list.size() == 1 && isFalse(list.getFirst()) : "false".equalsIgnoreCase(String.valueOf(said).strip());
    }
}
