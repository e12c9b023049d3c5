package io.identitybridge.model;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** A role in the organisation, lowest first. */
public enum OrgRole {
    MEMBER, ADMIN, OWNER;

    /** The role of that name in any case; empty for any other word. */
    public static Optional<OrgRole> of(String word) {
        for (OrgRole role : values()) {
            if (role.name().equalsIgnoreCase(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The highest role among the words; unknown words and none at all mean {@code MEMBER} (PORTKEY: scim/okta, "highest qualified role"). */
    public static OrgRole highest(Collection<String> words) {
        return words.stream().flatMap(word -> of(word).stream()).max(OrgRole::compareTo).orElse(MEMBER);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
