package io.identitybridge.flow;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.LastHop;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonNow.MembershipNow;
import io.identitybridge.store.GroupFact;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the store's SQL does where the only group of a workspace is renamed, once more. */
final class ModelRenames {
    private final Memory memory;
    private final Organisation organisation;

    ModelRenames(Memory memory, Organisation organisation) {
        this.memory = memory;
        this.organisation = organisation;
    }

    /** Workspaces whose only group is called otherwise now, where nobody else gives them and their new name is free. */
    void take(SourceName source, boolean proposes, Instant at) {
        List<GroupFact> moved = memory.groups.values().stream().filter(group -> group.source().equals(source) && group.movedFrom().isPresent() && group.goneAt().isEmpty()).toList();
        LastHop lastHop = new LastHop(organisation, LocalDate.ofInstant(at, ZoneOffset.UTC));
        for (GroupFact group : moved) {
            String from = group.movedFrom().get();
            boolean alone = group.places().size() == 1 && memory.workspaces.containsKey(from)
                    && memory.people.values().stream().flatMap(person -> Optional.ofNullable(person.now().memberships().get(from)).stream()).flatMap(held -> held.grants().stream()).allMatch(grant -> grant.reason().equals("group:" + group.id()))
                    && memory.groups.values().stream().noneMatch(other -> !other.id().equals(group.id()) && other.goneAt().isEmpty() && other.kept() && other.places().stream().anyMatch(place -> Folded.of(place.workspace()).equals(from)));
            if (alone && !proposes) {
                String to = group.places().getFirst().workspace();
                if (!Folded.of(to).equals(from) && lastHop.refusesRename(source, from, to).isEmpty() && !memory.workspaces.containsKey(Folded.of(to))) {
                    rename(from, to);
                }
            }
            memory.groups.put(group.id(), ModelFacts.settled(group));
        }
    }

    private void rename(String from, String to) {
        Memory.Workspace before = memory.workspaces.remove(from);
        memory.workspaces.put(Folded.of(to), new Memory.Workspace(before.id(), to));
        memory.people.replaceAll((id, person) -> {
            Map<String, MembershipNow> memberships = new LinkedHashMap<>(person.now().memberships());
            Optional.ofNullable(memberships.remove(from)).ifPresent(held -> memberships.put(Folded.of(to), new MembershipNow(to, held.role(), held.owned(),
                    held.grants().stream().map(grant -> new Grant(grant.source(), grant.reason(), to, grant.role(), grant.rule())).toList())));
            PersonNow now = person.now();
            return new Memory.Person(id, new PersonNow(now.email(), now.userName(), now.displayName(), now.orgRole(), now.active(), true, memberships), person.key(), person.freed());
        });
        List.of(memory.waiting, memory.rejected).forEach(decided -> decided.replaceAll((account, lines) -> new ArrayList<>(lines.stream().map(line -> line.renamed(before.name(), to)).toList())));
        memory.tallies.replaceAll(tally -> tally.workspace().equals(from) ? new Memory.Tally(tally.at(), tally.source(), tally.kind(), Folded.of(to), tally.n()) : tally);
        Map.copyOf(memory.left).forEach((key, left) -> {
            if (key.endsWith(from) && key.length() == 36 + from.length()) {
                memory.left.put(key.substring(0, 36) + Folded.of(to), memory.left.remove(key));
            }
        });
    }
}
