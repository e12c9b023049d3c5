package io.identitybridge.flow;

import io.identitybridge.model.Grant;
import io.identitybridge.model.Place;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.sim.View;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** The store, modelled: directory, membership and work as plain collections. What SQL does to them stands in {@link ModelDeeds} and {@link ModelPull}. */
final class Memory {
    final Map<UUID, AccountFact> accounts = new TreeMap<>();
    final Map<UUID, GroupFact> groups = new TreeMap<>();
    final Map<UUID, Map<UUID, Member>> members = new HashMap<>();
    final Map<UUID, Set<String>> pending = new HashMap<>();
    final Map<UUID, Person> people = new TreeMap<>();
    final Map<UUID, UUID> links = new HashMap<>();
    final Map<String, Workspace> workspaces = new TreeMap<>();
    /** Why what these accounts lose waits for a person: a file was edited while they are due. */
    final Map<UUID, String> edited = new HashMap<>();
    final Map<UUID, List<Waiting>> rejected = new HashMap<>();
    /** Inactive accounts of sources that decide, of which a letter says that somebody active may be meant. */
    final Set<UUID> told = new HashSet<>();
    final Map<String, Left> left = new HashMap<>();
    /** Groups that a page has shown, though it was older than the push of it. */
    final Set<UUID> shown = new HashSet<>();
    final Set<String> away = new HashSet<>();
    final Set<UUID> due = new LinkedHashSet<>();
    final List<Tally> tallies = new ArrayList<>();
    final Map<UUID, List<Waiting>> waiting = new LinkedHashMap<>();
    final Set<String> proposing = new HashSet<>();
    final Set<String> wantWhole = new HashSet<>();
    final Map<String, Map<String, String>> cursors = new HashMap<>();
    private long ids;

    /** A member's row: pushed in, or pushed out and kept against older pages. */
    record Member(Optional<Instant> pushedAt, Optional<Instant> removedAt) {
    }

    record Person(UUID id, PersonNow now, Optional<String> key, boolean freed) {
    }

    record Workspace(UUID id, String name) {
    }

    /** When a membership last went, and how often within 24 hours each. */
    record Left(Instant at, int times) {
    }

    record Tally(Instant at, String source, String kind, String workspace, int n) {
    }

    /** In the order of their making, the same in every run of a seed. */
    UUID next() {
        return new UUID(0x7000, ++ids);
    }

    Map<UUID, Member> members(UUID group) {
        return members.computeIfAbsent(group, id -> new TreeMap<>());
    }

    /** The living account of this IdP id, else its last tombstone. */
    Optional<AccountFact> account(String source, String id) {
        AccountFact found = null;
        for (AccountFact fact : accounts.values()) {
            if (fact.source().value().equals(source) && fact.externalId().filter(id::equals).isPresent() && (found == null || fact.goneAt().isEmpty() || found.goneAt().isPresent() && fact.goneAt().get().isAfter(found.goneAt().get()))) {
                found = fact;
            }
        }
        return Optional.ofNullable(found);
    }

    Optional<GroupFact> group(String source, String id) {
        GroupFact found = null;
        for (GroupFact fact : groups.values()) {
            if (fact.source().value().equals(source) && fact.externalId().filter(id::equals).isPresent() && (found == null || fact.goneAt().isEmpty())) {
                found = fact;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Writes an account; who is gone is in no group any more, and who is new joins the groups that waited for him. */
    void write(AccountFact fact, Instant now) {
        accounts.put(fact.id(), fact);
        due.add(fact.id());
        if (fact.goneAt().isPresent()) {
            members.values().forEach(rows -> rows.computeIfPresent(fact.id(), (id, row) -> row.removedAt().isPresent() ? row : new Member(Optional.empty(), Optional.of(now))));
            return;
        }
        fact.externalId().ifPresent(ref -> pending.forEach((group, refs) -> {
            if (groups.get(group).source().equals(fact.source()) && refs.remove(ref)) {
                members(group).putIfAbsent(fact.id(), new Member(Optional.empty(), Optional.empty()));
            }
        }));
    }

    void write(GroupFact fact) {
        groups.put(fact.id(), fact);
        members(fact.id()).forEach((account, row) -> {
            if (row.removedAt().isEmpty()) {
                due.add(account);
            }
        });
    }

    /** For whoever looks into a failure. */
    String dump() {
        StringBuilder text = new StringBuilder();
        accounts.values().forEach(f -> text.append(f.source()).append(' ').append(f.externalId()).append(' ').append(f.user().map(u -> u.email() + " " + u.active())).append(' ').append(f.standing()).append(" gone ").append(f.goneAt())
                .append(" pushed ").append(f.pushedAt()).append(" pulled ").append(f.pulledAt()).append(" grants ").append(grants(f.id())).append(" problem ").append(f.problem()).append(" person ").append(links.get(f.id())).append('\n'));
        people.values().forEach(p -> text.append(p).append('\n'));
        text.append("due ").append(due).append(" waiting ").append(waiting);
        return text.toString();
    }

    List<Grant> grants(UUID account) {
        List<Grant> grants = new ArrayList<>();
        for (GroupFact group : groups.values()) {
            Member row = members(group.id()).get(account);
            if (row != null && row.removedAt().isEmpty() && group.kept() && (group.goneAt().isEmpty() || group.lingers())) {
                for (Place place : group.places()) {
                    grants.add(new Grant(group.source(), "group:" + group.id(), place.workspace(), place.role(), place.rule()));
                }
            }
        }
        return grants;
    }

    View view() {
        Map<String, View.AccountNow> seen = new HashMap<>();
        for (AccountFact fact : accounts.values()) {
            fact.externalId().ifPresent(id -> {
                Optional<UUID> person = Optional.ofNullable(links.get(fact.id()));
                boolean active = fact.goneAt().isEmpty() && fact.standing() != io.identitybridge.model.Standing.LEFT && fact.user().filter(user -> user.active()).isPresent();
                View.AccountNow now = new View.AccountNow(fact.id().toString(), fact.pulledAt().isPresent(), active, person.map(UUID::toString), person.filter(p -> people.get(p).now().active()).isPresent(), fact.goneAt().isEmpty() && fact.standing().admits(),
                        fact.user() + " " + fact.standing() + " " + fact.goneAt().isPresent() + " " + grants(fact.id()));
                seen.merge(fact.source() + " " + id, now, (one, other) -> fact.goneAt().isEmpty() ? other : one);
            });
        }
        Set<String> in = new HashSet<>();
        groups.values().stream().filter(group -> group.goneAt().isEmpty() && group.externalId().isPresent()).forEach(group -> members(group.id()).forEach((account, row) -> {
            AccountFact fact = accounts.get(account);
            if (row.removedAt().isEmpty() && fact.goneAt().isEmpty() && fact.externalId().isPresent()) {
                in.add(group.source() + " " + group.externalId().get() + " " + fact.externalId().get());
            }
        }));
        Map<String, String> names = new HashMap<>();
        groups.values().stream().filter(group -> group.goneAt().isEmpty() && group.externalId().isPresent() && group.displayName().isPresent()).forEach(group -> names.put(group.source() + " " + group.externalId().get(), called(group)));
        Set<String> pulled = new HashSet<>();
        groups.values().stream().filter(group -> group.goneAt().isEmpty() && group.externalId().isPresent() && group.pulledAt().isPresent()).forEach(group -> pulled.add(group.source() + " " + group.externalId().get()));
        Set<String> nameless = new HashSet<>();
        groups.values().stream().filter(group -> group.goneAt().isEmpty() && group.externalId().isEmpty()).forEach(group -> nameless.add(group.source() + " " + group.displayName().orElse("")));
        Map<String, String> active = new TreeMap<>();
        Map<String, String> roles = new HashMap<>();
        Map<String, String> placed = new HashMap<>();
        Set<String> lines = new HashSet<>();
        people.values().stream().filter(person -> person.now().active()).forEach(person -> {
            active.put(person.now().email(), person.now().orgRole().toString());
            roles.put(person.id().toString(), person.now().orgRole().toString());
            person.now().memberships().forEach((folded, membership) -> {
                lines.add(membership.workspace() + "/" + person.now().email() + "=" + membership.role());
                placed.put(person.id() + " " + workspaces.get(folded).id(), membership.role().toString());
            });
        });
        Set<String> held = new HashSet<>();
        waiting.values().forEach(all -> all.forEach(line -> held.add(line.sentence() + " (" + line.reason() + ")")));
        Map<String, String> called = new TreeMap<>();
        workspaces.values().forEach(workspace -> called.put(workspace.id().toString(), workspace.name()));
        Set<String> unsettled = due.stream().map(accounts::get).map(fact -> fact.source() + " " + fact.externalId().orElse("")).collect(Collectors.toSet());
        Set<String> letters = told.stream().map(accounts::get).map(fact -> fact.source() + " " + fact.externalId().orElse("")).collect(Collectors.toSet());
        return new View(seen, in, names, pulled, active, lines, placed, called, roles, Set.of(), unsettled, held, nameless, letters);
    }

    /** By the newer word of the two; SCIM goes on calling it what it was pushed as. */
    private static String called(GroupFact group) {
        boolean pullIsNewer = group.pushedAt().isPresent() && group.pulledAt().filter(at -> !at.isBefore(group.pushedAt().get())).isPresent();
        return group.pulled().filter(record -> pullIsNewer).map(record -> (String) ((Map<?, ?>) Json.object(record).get("record")).get("name")).orElse(group.displayName().orElseThrow());
    }

    /** Who is not placed yet, and who waits for an address, is due again. */
    void looksAgain() {
        accounts.values().stream().filter(fact -> fact.goneAt().isEmpty()).filter(fact -> Optional.ofNullable(links.get(fact.id())).map(people::get)
                .map(person -> !person.now().active() || !person.now().email().equals(fact.user().orElseThrow().email())).orElse(!links.containsKey(fact.id()))).map(AccountFact::id).forEach(due::add);
    }
}
