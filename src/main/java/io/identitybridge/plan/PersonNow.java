package io.identitybridge.plan;

import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.util.List;
import java.util.Map;

/**
 * A person as the membership store holds him.
 *
 * @param owned       false for people made by hand or protected: the bridge ends only what it owns
 * @param memberships by folded workspace name
 */
public record PersonNow(String email, String userName, String displayName, OrgRole orgRole, boolean active, boolean owned,
                        Map<String, MembershipNow> memberships) {

    /** @param owned false where the row was made by hand or is protected */
    public record MembershipNow(String workspace, Role role, boolean owned, List<Grant> grants) {
        public MembershipNow {
            grants = List.copyOf(grants);
        }
    }
}
