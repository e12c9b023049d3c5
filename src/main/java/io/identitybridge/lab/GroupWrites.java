package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.Group;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What groups do to workspaces. Where Portkey publishes nothing, it is what asks most of a caller: somebody in two groups of one workspace has the role of the one that
 * was written last, and loses the place when he leaves a group of that role; an unknown member is passed over; a workspace is created with its group, and only then.
 */
final class GroupWrites {
    private final PortkeyWrites writes;
    private final PortkeyState state;

    GroupWrites(PortkeyWrites writes) {
        this.writes = writes;
        this.state = writes.state;
    }

    Group create(String name, String externalId) {
        Group group = new Group(PortkeyWrites.id(), name, externalId, writes.now, writes.now);
        state.groups.put(group.id(), group);
        state.groupMembers.put(group.id(), new LinkedHashSet<>());
        GroupPlace.of(name).filter(place -> state.named(place.workspace()).isEmpty()).ifPresent(place -> writes.found(place.workspace(), "", Map.of(), false));
        return group;
    }

    /** Another name leads elsewhere: its people leave where it led, and come where it leads. */
    Group rename(Group group, String name, String externalId) {
        Group to = new Group(group.id(), name, externalId, group.created(), writes.now);
        Set<String> members = new LinkedHashSet<>(state.groupMembers.get(group.id()));
        boolean moved = !name.equals(group.name());
        if (moved) {
            members.forEach(person -> remove(group, person));
            GroupPlace.of(name).filter(place -> state.named(place.workspace()).isEmpty()).ifPresent(place -> writes.found(place.workspace(), "", Map.of(), false));
        }
        state.groups.put(group.id(), to);
        if (moved) {
            members.forEach(person -> add(to, person));
        }
        return to;
    }

    void set(Group group, List<String> people) {
        List.copyOf(state.groupMembers.get(group.id())).stream().filter(person -> !people.contains(person)).forEach(person -> remove(group, person));
        people.forEach(person -> add(group, person));
    }

    /** Somebody archived is passed over unless groups revive. */
    void add(Group group, String id) {
        Person person = state.people.get(id);
        if (person == null || !person.active() && !writes.quirks.contains(PortkeyQuirk.GROUPS_REVIVE)) {
            return;
        }
        if (!person.active()) {
            writes.replace(person.withActive(true, writes.now));
        }
        state.groupMembers.get(group.id()).add(id);
        places(group).forEach((workspace, role) -> writes.join(workspace, id, role));
    }

    void remove(Group group, String id) {
        if (state.groupMembers.get(group.id()).remove(id)) {
            places(group).forEach((workspace, role) -> leave(workspace, id, role));
        }
    }

    private void leave(String workspace, String person, String role) {
        Optional.ofNullable(state.members.get(workspace).get(person)).filter(member -> member.role().equals(role)).ifPresent(member -> writes.leave(workspace, person, true));
    }

    /** As Portkey's group management page says: where no other group leads, the role's people leave and the workspace is archived, unless it is the default one. */
    void delete(Group group) {
        Map<String, String> places = places(group);
        Set<String> listed = state.groupMembers.remove(group.id());
        state.groups.remove(group.id());
        state.mappings.values().removeIf(mapping -> mapping.group().equals(group.id()));
        places.forEach((id, role) -> {
            if (state.groups.values().stream().noneMatch(other -> places(other).containsKey(id))) {
                listed.forEach(person -> leave(id, person, role));
                Workspace workspace = state.workspaces.get(id);
                if (!workspace.isDefault()) {
                    List.copyOf(state.members.get(id).keySet()).forEach(person -> writes.leave(id, person, true));
                    writes.replace(workspace.with(workspace.icon(), workspace.resources(), false, writes.now));
                }
            }
        });
    }

    /** Roles by workspace id: by the pattern, if there is such a workspace now, and by mappings. */
    private Map<String, String> places(Group group) {
        Map<String, String> places = new LinkedHashMap<>();
        GroupPlace.of(group.name()).ifPresent(place -> state.named(place.workspace()).ifPresent(workspace -> places.put(workspace.id(), place.role())));
        state.mappings.values().stream().filter(mapping -> mapping.group().equals(group.id()) && state.workspaces.get(mapping.workspace()).active())
                .forEach(mapping -> places.put(mapping.workspace(), mapping.role()));
        return places;
    }
}
