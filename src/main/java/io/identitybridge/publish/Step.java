package io.identitybridge.publish;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Seen;
import java.util.Map;

/** One thing to do at Portkey for a person. The phases come in their order: what takes access away is never held back by what gives it. */
public sealed interface Step {
    Phase phase();

    enum Phase {
        LIFECYCLE_OUT, MEMBERSHIPS_OUT, PROFILE, MEMBERSHIPS_IN;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** His access to the organisation ends. */
    record Leave(String userId) implements Step {
        public Phase phase() {
            return Phase.LIFECYCLE_OUT;
        }
    }

    /** An invite that nobody is to accept any more, or that gives something else than it should. */
    record CancelInvite(String invite) implements Step {
        public Phase phase() {
            return Phase.LIFECYCLE_OUT;
        }
    }

    record Remove(String userId, Seen.Place from) implements Step {
        public Phase phase() {
            return Phase.MEMBERSHIPS_OUT;
        }
    }

    record SetRole(String userId, OrgRole role) implements Step {
        public Phase phase() {
            return Phase.PROFILE;
        }
    }

    /** Names and address, where the target takes them. */
    record SetProfile(String userId, String email, String userName, String name) implements Step {
        public Phase phase() {
            return Phase.PROFILE;
        }
    }

    /** He has access to the organisation again, or for the first time. */
    record Come(String email, String userName, String name, OrgRole role, Map<Seen.Place, Role> places) implements Step {
        public Phase phase() {
            return Phase.PROFILE;
        }
    }

    /** An archived user gets access again, where the target keeps such. */
    record Revive(String userId) implements Step {
        public Phase phase() {
            return Phase.PROFILE;
        }
    }

    record Add(String userId, Seen.Place to, Role role) implements Step {
        public Phase phase() {
            return Phase.MEMBERSHIPS_IN;
        }
    }

    record ChangeRole(String userId, Seen.Place in, Role from, Role to) implements Step {
        public Phase phase() {
            return Phase.MEMBERSHIPS_IN;
        }
    }
}
