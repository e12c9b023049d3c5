package io.identitybridge.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one source says about one person, in SCIM's terms: an account, normalized.
 *
 * @param externalId the IdP's immutable id; empty only when a client pushed none
 * @param roles      the words for organisation roles, as the IdP spells them
 * @param personKey  what joins accounts of one human over sources (an employee number), if the mapping gives it
 */
public record User(Optional<String> externalId, String userName, String email, String displayName,
                   boolean active, List<String> roles, Optional<String> personKey) {
    public User {
        Text.notBlank("userName", userName);
        Text.notBlank("email", email);
        if (email.indexOf('@') < 1 || email.endsWith("@")) {
            throw new IllegalArgumentException("email: '" + email + "' is no e-mail address");
        }
        externalId.ifPresent(id -> Text.fitting("externalId", id));
        personKey.ifPresent(key -> Text.fitting("person", key));
        displayName = displayName == null || displayName.isBlank() ? userName : displayName;
        roles = List.copyOf(roles);
    }

    /** What people know him by. */
    public Set<String> names() {
        return Stream.concat(Stream.of(userName, email, displayName), personKey.stream()).collect(Collectors.toSet());
    }

    /** The part after the last {@code @}, folded. */
    public String domain() {
        return Folded.of(email.substring(email.lastIndexOf('@') + 1));
    }
}
