package io.identitybridge.model;

import java.util.Locale;
import java.util.Optional;

/** A role in one workspace, lowest first, so that {@code compareTo} says which is more. */
public enum Role {
    MEMBER, MANAGER, ADMIN;

    /** The role of that name in any case; empty for any other word ({@code owner} is no workspace role). */
    public static Optional<Role> of(String word) {
        for (Role role : values()) {
            if (role.name().equalsIgnoreCase(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
