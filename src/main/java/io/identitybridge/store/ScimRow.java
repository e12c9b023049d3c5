package io.identitybridge.store;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One SCIM resource as the directory holds it.
 *
 * @param name     userName or displayName, as it is spelt
 * @param document the rest of the resource, as JSON; what it says of {@code active} may be overtaken
 * @param active   whether a user is; a group always is
 * @param pushed   whether a client has ever pushed it; else it is known by pulls only
 * @param gone     deleted: only its tombstone is left
 * @param changed  a group also when its members change
 * @param changes  of a group's members, all that were ever made
 */
public record ScimRow(UUID id, Optional<String> externalId, String name, String document, long version, Instant created, Instant changed,
                      boolean pushed, boolean gone, boolean active, long changes) {
}
