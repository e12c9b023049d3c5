package io.identitybridge.lab;

import static io.identitybridge.lab.PortkeyState.folded;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.identitybridge.lab.PortkeyRow.ApiKey;
import io.identitybridge.lab.PortkeyRow.Invite;
import io.identitybridge.lab.PortkeyRow.Member;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Standing;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One write in hand: what it does to the rows, and the sentences of what it did. Made and used under the store's lock. */
final class PortkeyWrites {
    private static final AtomicLong IDS = new AtomicLong();
    private static final List<String> ROLES = List.of("member", "manager", "admin");

    final PortkeyState state;
    final Set<PortkeyQuirk> quirks;
    final Instant now = Instant.now();
    private final int seats;
    private final List<PortkeyLog.Deed> deeds = new ArrayList<>();

    PortkeyWrites(PortkeyState state, Set<PortkeyQuirk> quirks, int seats) {
        this.state = state;
        this.quirks = quirks;
        this.seats = seats;
    }

    List<PortkeyLog.Deed> deeds() {
        return List.copyOf(deeds);
    }

    /** A new UUID, in order of making. */
    static String id() {
        return "%08x-0000-4000-8000-%012x".formatted(0x70726b79, IDS.incrementAndGet());
    }

    void did(String key, String sentence) {
        deeds.add(new PortkeyLog.Deed(key, sentence));
    }

    /** Refuses with 402 once active people and pending invites have all seats. Whether Portkey counts so is not published. */
    void takeSeat() {
        if (seats < Integer.MAX_VALUE && state.seatsTaken() >= seats) {
            throw new Refusal(402, "AB09", "Subscription exhausted");
        }
    }

    Person create(String email, String firstName, String lastName, String role) {
        Person person = new Person(id(), email, email, "", firstName, lastName, (firstName + " " + lastName).strip(), role, true, MissingNode.getInstance(), now, now);
        return create(person);
    }

    Person create(Person person) {
        state.people.put(person.id(), person);
        state.byEmail.put(folded(person.email()), person.id());
        did(person.email(), "create user " + person.email());
        return person;
    }

    /** In place of the row with the same id. */
    void replace(Person to) {
        Person from = state.people.put(to.id(), to);
        if (!from.hasEmail(to.email())) {
            state.byEmail.remove(folded(from.email()));
            did(from.email(), "rename user " + from.email() + " to " + to.email());
        }
        state.byEmail.put(folded(to.email()), to.id());
        if (!from.role().equals(to.role())) {
            did(to.email(), "make " + to.email() + " organisation " + to.role());
        }
        if (!from.displayName().equals(to.displayName())) {
            did(to.email(), "update user " + to.email() + ": displayName \"" + from.displayName() + "\" -> \"" + to.displayName() + "\"");
        }
        if (from.active() && !to.active()) {
            leaveAll(to, true);
            did(to.email(), "archive user " + to.email());
        } else if (!from.active() && to.active()) {
            did(to.email(), "revive user " + to.email());
        }
    }

    /** Out of the organisation, as the Admin API does it; nothing of his rows stays, and asking for them is refused. */
    void remove(Person person) {
        boolean keysGo = !quirks.contains(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL);
        leaveAll(person, keysGo);
        state.people.remove(person.id());
        state.byEmail.remove(folded(person.email()));
        state.departed.put(person.id(), folded(person.email()));
        did(person.email(), "archive user " + person.email());
    }

    private void leaveAll(Person person, boolean keysGo) {
        List.copyOf(state.members.keySet()).forEach(workspace -> leave(workspace, person.id(), keysGo));
        state.groupMembers.values().forEach(ids -> ids.remove(person.id()));
        if (keysGo) {
            state.keys.remove(person.id());
        }
    }

    /** Adds, or gives another role. */
    void join(String workspace, String person, String role) {
        Member before = state.members.computeIfAbsent(workspace, id -> new LinkedHashMap<>()).get(person);
        if (before != null && before.role().equals(role)) {
            return;
        }
        state.members.get(workspace).put(person, new Member(person, workspace, role, before == null ? now : before.created(), now));
        String email = state.people.get(person).email();
        String name = state.workspaces.get(workspace).name();
        if (before != null) {
            String verb = ROLES.indexOf(role) > ROLES.indexOf(before.role()) ? "raise " : "lower ";
            did(email, verb + email + " in " + name + " from " + before.role() + " to " + role);
            return;
        }
        did(email, "add " + email + " to " + name + " as " + role);
        if (quirks.contains(PortkeyQuirk.KEYS_ON_JOIN)) {
            mint(person, workspace, "auto-created");
        }
    }

    /** @param keysGo whether his keys of this workspace go with him */
    void leave(String workspace, String person, boolean keysGo) {
        if (state.members.getOrDefault(workspace, Map.of()).remove(person) == null) {
            return;
        }
        String email = state.people.get(person).email();
        did(email, "remove " + email + " from " + state.workspaces.get(workspace).name());
        if (keysGo && state.keys.containsKey(person)) {
            state.keys.get(person).values().removeIf(key -> key.workspace().equals(workspace));
        }
    }

    ApiKey mint(String person, String workspace, String name) {
        ApiKey key = new ApiKey(id(), person, workspace, name, now);
        state.keys.computeIfAbsent(person, id -> new LinkedHashMap<>()).put(key.id(), key);
        return key;
    }

    Workspace found(String name, String description, Map<String, String> metadata, boolean isDefault) {
        String id = id();
        String slug = "ws-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + "-" + id.substring(30);
        Workspace workspace = new Workspace(id, slug, name, "", description, metadata, isDefault, true, 0, now, now);
        state.workspaces.put(id, workspace);
        state.members.put(id, new LinkedHashMap<>());
        did(name, "create workspace " + name);
        return workspace;
    }

    void replace(Workspace to) {
        Workspace from = state.workspaces.put(to.id(), to);
        if (!from.name().equals(to.name())) {
            did(from.name(), "rename workspace " + from.name() + " to " + to.name());
        }
        if (from.active() && !to.active()) {
            did(to.name(), "archive workspace " + to.name());
        }
    }

    /** For good, with all that hangs on it. */
    void delete(Workspace workspace) {
        List.copyOf(state.members.get(workspace.id()).keySet()).forEach(person -> leave(workspace.id(), person, true));
        state.members.remove(workspace.id());
        state.workspaces.remove(workspace.id());
        state.departed.put(workspace.id(), "");
        state.departed.put(workspace.slug(), "");
        state.mappings.values().removeIf(mapping -> mapping.workspace().equals(workspace.id()));
        did(workspace.name(), "delete workspace " + workspace.name());
    }

    void put(Invite invite) {
        state.invites.put(invite.id(), invite);
        state.invitesByEmail.computeIfAbsent(folded(invite.email()), email -> new LinkedHashSet<>()).add(invite.id());
        did(invite.email(), "invite of " + invite.email() + " is " + invite.standing().word());
    }

    void forget(Invite invite) {
        state.invites.remove(invite.id());
        state.invitesByEmail.get(folded(invite.email())).remove(invite.id());
    }

    /** The person comes in, or back, with the role and the workspaces of the invite that still are. */
    Person accept(Invite invite, String firstName, String lastName) {
        put(invite.to(Standing.ACCEPTED, invite.expires(), now));
        Person person = state.person(invite.email()).orElseGet(() -> create(invite.email(), firstName, lastName, invite.role()));
        if (!person.active()) {
            replace(person.withActive(true, now));
        }
        invite.workspaces().forEach((workspace, role) -> {
            if (state.workspaces.containsKey(workspace) && state.workspaces.get(workspace).active()) {
                join(workspace, person.id(), role);
            }
        });
        return state.people.get(person.id());
    }
}
