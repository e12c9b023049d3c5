package io.identitybridge.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One change that an IdP pushed, already read from its dialect. A user is the whole state after PATCH; a group is relative. */
public sealed interface Push {
    /**
     * The state of one user after a POST, PUT or PATCH.
     *
     * @param id       the SCIM id (the account's)
     * @param base     the version it was computed from; empty for a new account. A conflict runs the request again
     * @param resource the SCIM resource, password dropped
     * @param groups   the ids or names of all groups he is in after this change, where memberships come with users; empty where it names none, which
     *                 leaves them. Unknown ones are kept as pending references
     */
    record UserState(UUID id, Optional<Long> base, Map<String, Object> resource, Optional<List<String>> groups) implements Push {
        public UserState {
            groups = groups.map(List::copyOf);
        }
    }

    /**
     * {@code DELETE /Users/{id}}.
     *
     * @param base the version that is to be deleted; empty for any
     */
    record UserGone(UUID id, Optional<Long> base) implements Push {
    }

    /**
     * A change of one group: its own attributes if given, and members in or out.
     *
     * @param base     the version the attributes were computed from; empty for a new group or when only members change
     * @param resource the group's attributes without members; empty when they stay as they are
     * @param add      SCIM ids that come in; unknown ones are kept as pending references
     * @param remove   SCIM ids that go
     * @param exactly  the full set of members after this change (a PUT), instead of add and remove
     * @param seen     the version, members and all, that alone may be changed; empty where any may
     */
    record GroupState(UUID id, Optional<Long> base, Optional<Map<String, Object>> resource,
                      List<String> add, List<String> remove, Optional<List<String>> exactly, Optional<String> seen) implements Push {
        public GroupState {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
            exactly = exactly.map(List::copyOf);
            if (exactly.isPresent() && !(add.isEmpty() && remove.isEmpty())) {
                throw new IllegalArgumentException("either a full set of members, or members in and out");
            }
        }
    }

    /**
     * {@code DELETE /Groups/{id}}.
     *
     * @param seen as in {@link GroupState}
     */
    record GroupGone(UUID id, Optional<String> seen) implements Push {
    }
}
