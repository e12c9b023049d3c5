package io.identitybridge.store;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.util.Map;
import java.util.Optional;

/** One thing that a whole reading of Portkey shows. Workspaces go by a key of the reader's choice: Portkey's id, or the name where its SCIM shows only groups. */
public sealed interface Shown {
    /** @param externalId the mark of who made him, where there are such */
    record User(String id, String email, Optional<String> name, OrgRole role, boolean active, Optional<String> userName, Optional<String> externalId) implements Shown {
        public User(String id, String email, Optional<String> name, OrgRole role) {
            this(id, email, name, role, true, Optional.empty(), Optional.empty());
        }
    }

    /** @param carries roles by the workspace's key, as far as the list says */
    record Invite(String id, String email, OrgRole role, String status, Map<String, Role> carries) implements Shown {
        public Invite {
            carries = Map.copyOf(carries);
        }
    }

    record Workspace(String key, Optional<String> uuid, Optional<String> slug, String name, boolean shared, boolean active) implements Shown {
    }

    /** Somebody in a workspace, by his id or his address. */
    record Member(String workspace, Optional<String> userId, Optional<String> email, Role role) implements Shown {
        public Member {
            if (userId.isEmpty() && email.isEmpty()) {
                throw new IllegalArgumentException("a member has neither id nor address");
            }
        }
    }

    /** A group of Portkey's SCIM leads into a workspace by a mapping of Portkey's own. @param workspace its id there, or its slug */
    record Mapping(String id, String workspace, Optional<String> groupId, String groupName, Role role) implements Shown {
    }

    /** A group by which Portkey's SCIM gives a workspace and a role; neither where its name does not fit the pattern. */
    record Group(String id, String name, Optional<String> workspace, Optional<Role> role, Optional<String> externalId) implements Shown {
    }
}
