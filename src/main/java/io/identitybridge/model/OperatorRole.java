package io.identitybridge.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do through the admin API. Whoever has any role may read. */
public enum OperatorRole {
    /** Reads, and nothing else. */
    VIEWER,
    /** Runs the bridge: pulls, replays, files, tokens of sources, a person's access ended or linked. Decides on nothing that the guard holds. */
    OPERATOR,
    /** Decides on what the guard holds: approves, rejects, undoes, takes a shrunken reading for true. */
    APPROVER;

    /** As the store, the API and the CLI write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OperatorRole> of(String word) {
        return Arrays.stream(values()).filter(role -> role.toString().equals(word)).findFirst();
    }
}
