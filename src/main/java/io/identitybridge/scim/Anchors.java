package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import java.util.Map;
import java.util.Optional;

/** What resources are known by whose clients send no {@code externalId}: what the source's mapping makes of them. */
public interface Anchors {
    /** Of a user, as he stands after the push. */
    Optional<String> user(SourceName source, Map<String, Object> resource);

    /** Likewise of a group. */
    Optional<String> group(SourceName source, Map<String, Object> resource);
}
