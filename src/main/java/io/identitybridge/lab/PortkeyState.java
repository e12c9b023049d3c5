package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.ApiKey;
import io.identitybridge.lab.PortkeyRow.Group;
import io.identitybridge.lab.PortkeyRow.Invite;
import io.identitybridge.lab.PortkeyRow.Mapping;
import io.identitybridge.lab.PortkeyRow.Member;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Standing;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one organisation holds, as tables of immutable rows; whoever has a copy may read it at leisure. It has no lock of its own: {@link PortkeyStore} has the one.
 * Asked by tests in the words of people: e-mails (without case) and workspace names.
 */
public final class PortkeyState {
    final Map<String, Person> people;
    final Map<String, String> byEmail;
    /** Who left, and which workspaces are gone: by id (a workspace's slug too), with the folded e-mail or "". */
    final Map<String, String> departed;
    final Map<String, Invite> invites;
    final Map<String, Set<String>> invitesByEmail;
    final Map<String, Workspace> workspaces;
    final Map<String, Map<String, Member>> members;
    final Map<String, Group> groups;
    final Map<String, Set<String>> groupMembers;
    final Map<String, Mapping> mappings;
    final Map<String, Map<String, ApiKey>> keys;

    PortkeyState() {
        people = new LinkedHashMap<>();
        byEmail = new LinkedHashMap<>();
        departed = new LinkedHashMap<>();
        invites = new LinkedHashMap<>();
        invitesByEmail = new LinkedHashMap<>();
        workspaces = new LinkedHashMap<>();
        members = new LinkedHashMap<>();
        groups = new LinkedHashMap<>();
        groupMembers = new LinkedHashMap<>();
        mappings = new LinkedHashMap<>();
        keys = new LinkedHashMap<>();
    }

    private PortkeyState(PortkeyState from) {
        people = new LinkedHashMap<>(from.people);
        byEmail = new LinkedHashMap<>(from.byEmail);
        departed = new LinkedHashMap<>(from.departed);
        invites = new LinkedHashMap<>(from.invites);
        invitesByEmail = sets(from.invitesByEmail);
        workspaces = new LinkedHashMap<>(from.workspaces);
        members = maps(from.members);
        groups = new LinkedHashMap<>(from.groups);
        groupMembers = sets(from.groupMembers);
        mappings = new LinkedHashMap<>(from.mappings);
        keys = maps(from.keys);
    }

    PortkeyState copy() {
        return new PortkeyState(this);
    }

    private static <V> Map<String, Map<String, V>> maps(Map<String, Map<String, V>> from) {
        Map<String, Map<String, V>> copy = new LinkedHashMap<>();
        from.forEach((key, map) -> copy.put(key, new LinkedHashMap<>(map)));
        return copy;
    }

    private static Map<String, Set<String>> sets(Map<String, Set<String>> from) {
        Map<String, Set<String>> copy = new LinkedHashMap<>();
        from.forEach((key, set) -> copy.put(key, new LinkedHashSet<>(set)));
        return copy;
    }

    /** Everybody, archived people too, in the order in which they came. */
    public List<Person> people() {
        return List.copyOf(people.values());
    }

    public Optional<Person> person(String email) {
        return Optional.ofNullable(byEmail.get(folded(email))).map(people::get);
    }

    public List<Invite> invites() {
        return List.copyOf(invites.values());
    }

    /** The invites of one address, the oldest first. */
    public List<Invite> invites(String email) {
        return invitesByEmail.getOrDefault(folded(email), Set.of()).stream().map(invites::get).toList();
    }

    public Optional<Invite> pending(String email) {
        return invites(email).stream().filter(invite -> invite.standing() == Standing.PENDING).findFirst();
    }

    /** Active people and pending invites. */
    public int seatsTaken() {
        return (int) (people.values().stream().filter(Person::active).count() + invites.values().stream().filter(invite -> invite.standing() == Standing.PENDING).count());
    }

    public List<Workspace> workspaces() {
        return List.copyOf(workspaces.values());
    }

    /** By id, slug or exact name (an archived one only if no other has the name). */
    public Optional<Workspace> workspace(String any) {
        Workspace byId = workspaces.get(any);
        return byId != null ? Optional.of(byId) : workspaces.values().stream().filter(workspace -> workspace.slug().equals(any)).findFirst()
                .or(() -> named(any)).or(() -> workspaces.values().stream().filter(workspace -> workspace.name().equals(any)).findFirst());
    }

    Optional<Workspace> byIdOrSlug(String any) {
        Workspace byId = workspaces.get(any);
        return byId != null ? Optional.of(byId) : workspaces.values().stream().filter(workspace -> workspace.isMeantBy(any)).findFirst();
    }

    Optional<Workspace> named(String name) {
        return workspaces.values().stream().filter(workspace -> workspace.active() && workspace.name().equals(name)).findFirst();
    }

    /** Roles by e-mail of one workspace; empty if there is no such workspace. */
    public Map<String, String> members(String workspace) {
        Map<String, String> roles = new TreeMap<>();
        workspace(workspace).ifPresent(found -> members.getOrDefault(found.id(), Map.of()).values()
                .forEach(member -> roles.put(people.get(member.id()).email(), member.role())));
        return roles;
    }

    /** Roles by e-mail, by the name of the active workspace; workspaces without anybody are in it. */
    public Map<String, Map<String, String>> memberships() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        workspaces.values().stream().filter(Workspace::active).forEach(workspace -> all.put(workspace.name(), members(workspace.id())));
        return all;
    }

    public List<Group> groups() {
        return List.copyOf(groups.values());
    }

    public Optional<Group> group(String name) {
        return groups.values().stream().filter(group -> group.name().equals(name)).findFirst();
    }

    /** The e-mails that a group lists. */
    public List<String> listed(String group) {
        return group(group).map(found -> groupMembers.get(found.id()).stream().map(id -> people.get(id).email()).sorted().toList()).orElse(List.of());
    }

    public List<Mapping> mappings() {
        return List.copyOf(mappings.values());
    }

    /** The keys that Portkey still holds for a person, also for somebody who has left: by the e-mail or by the id he had. */
    public List<ApiKey> keys(String emailOrId) {
        String email = folded(emailOrId);
        return keys.entrySet().stream().filter(each -> each.getKey().equals(emailOrId) || each.getKey().equals(byEmail.get(email)) || email.equals(departed.get(each.getKey())))
                .flatMap(each -> each.getValue().values().stream()).toList();
    }

    /** All keys that are held for anybody. */
    public List<ApiKey> keys() {
        return keys.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    Person existing(String email) {
        return person(email).orElseThrow(() -> new NoSuchElementException("nobody has the address " + email));
    }

    static String folded(String email) {
        return email.toLowerCase(Locale.ROOT);
    }
}
