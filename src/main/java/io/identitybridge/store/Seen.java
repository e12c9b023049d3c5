package io.identitybridge.store;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is at Portkey, as it was last read there or written. */
public final class Seen {
    private Seen() {
    }

    /** Whose a person, a workspace or a row is. The bridge ends only what it made or adopted. */
    public enum Owner {
        UNMANAGED, MANAGED, ADOPTED, MANUAL, PROTECTED;

        public boolean ours() {
            return this == MANAGED || this == ADOPTED;
        }

        static Owner of(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT));
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @param carries the workspaces, by {@link Place#id}, with the roles that accepting it gives */
    public record Invite(String id, String status, Map<Long, Role> carries) {
        /** What an invite gives that somebody else made, or whose answer was lost: Portkey does not tell, and it equals nothing that is wanted. */
        public static final Map<Long, Role> UNKNOWN = Map.of(-1L, Role.MEMBER);
        /** Cancelled by hand, or expired after it was sent again: no other goes out by itself. */
        public static final String HELD = "held";

        public boolean pending() {
            return status.equals("pending");
        }
    }

    /**
     * A person.
     *
     * @param email   as Portkey writes it
     * @param userId  none while he is only invited, or only about to be made
     * @param member  whom of ours he is
     * @param userName where Portkey shows one
     */
    public record Person(String email, Optional<String> userId, Optional<Invite> invite, Optional<String> name, OrgRole role, boolean active, Owner owner, Optional<UUID> member, List<Row> rows, Instant askedAt, Optional<String> userName) {
        public Person {
            rows = List.copyOf(rows);
        }

        public Person(String email, Optional<String> userId, Optional<Invite> invite, Optional<String> name, OrgRole role, boolean active, Owner owner, Optional<UUID> member, List<Row> rows, Instant askedAt) {
            this(email, userId, invite, name, role, active, owner, member, rows, askedAt, Optional.empty());
        }

        Person in(List<Row> rows) {
            return new Person(email, userId, invite, name, role, active, owner, member, rows, askedAt, userName);
        }

        /** Whether anything of him is there: else somebody was about to make him. */
        public boolean there() {
            return userId.isPresent() || invite.filter(Invite::pending).isPresent();
        }
    }

    /**
     * A workspace.
     *
     * @param uuid   Portkey's id; none where only group names say that it is there
     * @param shared the default workspace, which is never touched
     * @param ours   which of ours it is
     * @param slug   its short name in Portkey's addresses, which invites ask for
     */
    public record Place(long id, Optional<String> uuid, String name, boolean shared, boolean active, Owner owner, Optional<UUID> ours, Optional<String> slug) {
        public Place(long id, Optional<String> uuid, String name, boolean shared, boolean active, Owner owner, Optional<UUID> ours) {
            this(id, uuid, name, shared, active, owner, ours, Optional.empty());
        }
    }

    /** A person's place in a workspace. @param role none while it is only about to be written, or in doubt */
    public record Row(Place place, Optional<Role> role, Owner owner) {
    }

    /** A group by which Portkey's SCIM gives a role in a workspace. */
    public record Group(String id, String name, Optional<Long> place, Optional<Role> role, Owner owner) {
    }
}
