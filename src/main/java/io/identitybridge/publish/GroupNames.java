package io.identitybridge.publish;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import java.util.Optional;

/** What the group is called that gives a role in a workspace: {@code ws-Sales-role-admin} (Portkey's guide, group management). */
record GroupNames(Organisation.Pattern pattern) {
    String name(String workspace, Role role) {
        return pattern.prefix() + workspace + pattern.separator() + role;
    }

    /** What a group of this name gives: the role in any case, the split at the last separator, as mappings read such names; empty for any other. */
    Optional<Gives> gives(String name) {
        int split = name.lastIndexOf(pattern.separator());
        if (!name.startsWith(pattern.prefix()) || split < pattern.prefix().length()) {
            return Optional.empty();
        }
        String workspace = name.substring(pattern.prefix().length(), split).strip();
        return Role.of(name.substring(split + pattern.separator().length())).filter(role -> !workspace.isEmpty()).map(role -> new Gives(workspace, role));
    }

    record Gives(String workspace, Role role) {
    }

    /**
     * Whether every reader gets this workspace out of such a name again, at whichever separator he splits: which one Portkey takes it does not say.
     * Blanks at its ends, and control characters, would not come back either.
     */
    boolean fits(String workspace) {
        boolean plain = !workspace.isBlank() && workspace.equals(workspace.strip()) && workspace.chars().noneMatch(Character::isISOControl);
        for (Role role : Role.values()) {
            String rest = workspace + pattern.separator() + role;
            plain &= rest.indexOf(pattern.separator()) == workspace.length() && rest.lastIndexOf(pattern.separator()) == workspace.length();
        }
        return plain;
    }
}
