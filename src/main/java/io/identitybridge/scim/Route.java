package io.identitybridge.scim;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Which thing a path names, below {@code /scim/v2}: {@code /okta/Users/{id}}. A slash at the end means nothing. */
record Route(String source, List<String> rest) {
    private static final int LONGEST = 2_048;

    static Route of(String path) {
        if (path.length() > LONGEST) {
            throw ScimError.notFound("there is nothing at so long a path");
        }
        List<String> parts = Stream.of(path.split("/")).filter(part -> !part.isEmpty()).map(Route::decoded).toList();
        return parts.isEmpty() ? new Route("", List.of()) : new Route(parts.getFirst(), parts.subList(1, parts.size()));
    }

    /** The word after the source: {@code Users}; empty where the path ends there. */
    String first() {
        return rest.isEmpty() ? "" : rest.getFirst();
    }

    Optional<ResourceType> type() {
        return Stream.of(ResourceType.values()).filter(type -> rest.size() <= 2 && type.endpoint.equals("/" + first())).findFirst();
    }

    /** The id as it was written; empty where the path ends at the type. */
    Optional<String> id() {
        return rest.size() > 1 ? Optional.of(rest.get(1)) : Optional.empty();
    }

    /** The id, if it can be one of ours at all. */
    UUID uuid(ResourceType type) {
        String written = id().orElseThrow();
        try {
            UUID id = UUID.fromString(written);
            if (id.toString().equalsIgnoreCase(written)) {
                return id;
            }
        } catch (IllegalArgumentException none) {
            throw gone(type);
        }
        throw gone(type);
    }

    static ScimError gone(ResourceType type) {
        return ScimError.notFound("there is no such " + type.label.toLowerCase(java.util.Locale.ROOT));
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ScimError.notFound("the path is not encoded as an address is");
        }
    }
}
