package io.identitybridge.model;

/**
 * One reason why a person has a role in a workspace.
 *
 * @param reason {@code group:<id>}, {@code rule:<file:line>} or {@code manual}
 * @param workspace the workspace's name as written; compared folded
 */
public record Grant(SourceName source, String reason, String workspace, Role role, String rule) {
    /** The reason of what was made by hand, or is kept as if it were: only a leaver loses it. */
    public static final String MANUAL = "manual";

    /** Two grants are one row when source, reason and folded workspace are equal. */
    public String key() {
        return source + "\u0000" + reason + "\u0000" + Folded.of(workspace);
    }
}
