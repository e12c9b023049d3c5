package io.identitybridge.store;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.util.Optional;
import java.util.UUID;

/** What is known of Portkey after a call, or is about to be true: one fact each. */
public sealed interface Effect {
    /**
     * The person of this e-mail is there, or about to be: as a user, by an invite, or neither yet. An empty {@code userId} or {@code invite} says that there is none;
     * an empty {@code userName}, that nothing is known of it.
     */
    record PersonIs(String email, Optional<String> userId, Optional<Seen.Invite> invite, Optional<String> name, OrgRole role, boolean active, Seen.Owner owner, Optional<UUID> member, Optional<String> userName) implements Effect {
        public PersonIs(String email, Optional<String> userId, Optional<Seen.Invite> invite, Optional<String> name, OrgRole role, boolean active, Seen.Owner owner, Optional<UUID> member) {
            this(email, userId, invite, name, role, active, owner, member, Optional.empty());
        }
    }

    /** Nothing of this person is there any more. @param userId who he was there, where that was learnt only now */
    record PersonGone(String email, Optional<String> userId) implements Effect {
        public PersonGone(String email) {
            this(email, Optional.empty());
        }
    }

    /** Nothing came of what was about to be made, for it was refused: whoever makes it later made it by hand. @param place a membership there; without, all of him */
    record Unmade(String email, Optional<Long> place) implements Effect {
    }

    /** He has this role in the place; none while it is about to be written, or is in doubt. */
    record RowIs(String email, long place, Optional<Role> role, Seen.Owner owner) implements Effect {
    }

    /** He is not in the place. */
    record RowGone(String email, long place) implements Effect {
    }

    /** The workspace is there, under Portkey's id, or by its name alone where its SCIM shows only groups. */
    record PlaceIs(Optional<String> uuid, Optional<String> slug, String name, boolean shared, boolean active, Seen.Owner owner, Optional<UUID> ours) implements Effect {
    }

    /** The group is there. */
    record GroupIs(String id, String name, Optional<Long> place, Optional<Role> role, Seen.Owner owner) implements Effect {
    }

    /** What cannot be published, or is not the bridge's: told once. */
    record Found(Finding finding) implements Effect {
    }

    /**
     * Something that a person should know, and what he can do.
     *
     * @param kind     unpublishable, unmanaged, ambiguous, missing or lost; keys, of those who left, are told by {@link TargetLeft}
     * @param subject  what it is about, by ids: one open finding of a kind and subject
     */
    record Finding(String kind, String subject, String sentence, String todo) {
        /** A workspace at Portkey that would be this one of ours, were it adopted. */
        public static Finding byHand(Wanted.Workspace ours) {
            return new Finding("unmanaged", ours.id().toString(), "workspace " + ours.name() + " is at Portkey, made by hand, and not the bridge's: nobody is put in or taken out", "adopt it: 'bridge target adopt'; or rename it there");
        }
    }

}
