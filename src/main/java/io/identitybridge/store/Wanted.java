package io.identitybridge.store;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the membership store says should be at Portkey. */
public final class Wanted {
    private Wanted() {
    }

    /**
     * A person.
     *
     * @param active whether he is to have access at all
     * @param owned  false for people made by hand or protected: nothing of them is written
     * @param freed  his address was given to somebody new: he is known by what is bound to him alone
     * @param taken  whether his address is somebody else's at Portkey still
     */
    public record Person(UUID id, String email, String userName, String displayName, OrgRole role, boolean active, boolean owned, boolean freed, Taken taken, List<Membership> memberships) {
        public Person {
            memberships = List.copyOf(memberships);
        }

        /** The same, once nothing is about to be made any more. */
        public Person settled() {
            return new Person(id, email, userName, displayName, role, active, owned, freed, taken, memberships.stream().map(one -> new Membership(one.workspace(), one.name(), one.role(), one.place(), false)).toList());
        }
    }

    /** Whose somebody's address is at Portkey, if not his. */
    public enum Taken {
        NO,
        /** Somebody's who is to leave. */
        BY_LEAVER,
        /** Somebody's who is to have another address. */
        BY_RENAMED,
        /** Somebody's who is to have the address that he has there: neither can be given his first. */
        CROSSED
    }

    /**
     * A role in a workspace.
     *
     * @param place what it is at Portkey; empty until it is bound or made
     * @param soon  whether the workspace itself waits for its turn, in which it may be made
     */
    public record Membership(UUID workspace, String name, Role role, Optional<Seen.Place> place, boolean soon) {
    }

    /** A workspace; {@code used} while anybody is in it. */
    public record Workspace(UUID id, String name, boolean active, boolean owned, boolean used) {
    }
}
