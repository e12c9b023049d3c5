package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.scim.Anchors;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the mapping in force makes of a pushed resource without an externalId: the same that is stored of it then. */
record MappedAnchors(ActiveFiles files) implements Anchors {
    @Override
    public Optional<String> user(SourceName source, Map<String, Object> resource) {
        return files.current().mapping(source).flatMap(mapping -> mapping.userId(resource, Instant.now()));
    }

    @Override
    public Optional<String> group(SourceName source, Map<String, Object> resource) {
        return files.current().mapping(source).flatMap(mapping -> mapping.groupId(resource, Instant.now()));
    }
}
