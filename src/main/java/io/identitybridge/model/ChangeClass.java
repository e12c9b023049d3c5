package io.identitybridge.model;

import java.util.Locale;

/** The classes of change that the guard counts; {@code FREE} has no limit. */
public enum ChangeClass {
    ARCHIVE, REMOVE, LOWER, RAISE, CREATE, FREE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
