package io.identitybridge.model;

import java.util.Locale;

/** The classes of change that the guard counts; {@code FREE}, called other, has no limit: updates, and additions that make nobody an admin. */
public enum ChangeClass {
    ARCHIVE, REMOVE, LOWER, RAISE, CREATE, FREE;

    @Override
    public String toString() {
        return this == FREE ? "other" : name().toLowerCase(Locale.ROOT);
    }
}
