package io.identitybridge.plan;

import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.Map;

/**
 * A person as the membership store holds him.
 *
 * @param owned       false for people made by hand or protected: the bridge ends only what it owns
 * @param memberships by folded workspace name
 * @param revoked     an operator has ended his access, and no source brings him back before that is lifted
 */
public record PersonNow(String email, String userName, String displayName, OrgRole orgRole, boolean active, boolean owned,
                        Map<String, MembershipNow> memberships, boolean revoked) {

    /** Of whom no operator has said anything. */
    public PersonNow(String email, String userName, String displayName, OrgRole orgRole, boolean active, boolean owned, Map<String, MembershipNow> memberships) {
        this(email, userName, displayName, orgRole, active, owned, memberships, false);
    }

    /** The same in these workspaces. */
    public PersonNow in(Map<String, MembershipNow> others) {
        return new PersonNow(email, userName, displayName, orgRole, active, owned, others, revoked);
    }

    /**
     * One workspace of his.
     *
     * @param owned    false where the row was made by hand or is protected
     * @param unlinked every reason came from a group rule that was taken from the mapping while {@code on-mapping-delete} is {@code keep}
     */
    public record MembershipNow(String workspace, Role role, boolean owned, List<Grant> grants, boolean unlinked) {
        public MembershipNow {
            grants = List.copyOf(grants);
        }

        /** Whether it is kept without a word of this source that gave it: it counts as a place of his. */
        public boolean keptFrom(SourceName source) {
            return grants.stream().anyMatch(grant -> grant.source().equals(source) && (unlinked || grant.reason().equals(Grant.MANUAL)));
        }

        /** With reasons that all are as they were. */
        public MembershipNow(String workspace, Role role, boolean owned, List<Grant> grants) {
            this(workspace, role, owned, grants, false);
        }
    }
}
