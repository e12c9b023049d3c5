package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Replays letters by converging (DESIGN section 8): what is stored is read through the mapping again, and whoever that touches is converged. */
@Component
class Replays {
    private final ActiveFiles files;
    private final Ledger ledger;
    private final Plans plans;
    private final Runs runs;
    private final Previews previews;
    private final Reconciliation reconciliation;
    private final FlowMeters meters;

    Replays(ActiveFiles files, Ledger ledger, Plans plans, Runs runs, Previews previews, Reconciliation reconciliation, FlowMeters meters) {
        this.files = files;
        this.ledger = ledger;
        this.plans = plans;
        this.runs = runs;
        this.previews = previews;
        this.reconciliation = reconciliation;
        this.meters = meters;
    }

    /** Says how many of the letters are closed then; one about a run that broke is closed by the next run, not from here. */
    List<String> of(List<Long> letters, String actor) {
        plans.tried(letters, actor);
        Map<SourceName, List<UUID>> accounts = plans.lettersAccounts(letters);
        Map<SourceName, List<UUID>> groups = plans.lettersGroups(letters);
        Set<SourceName> sources = new TreeSet<>(accounts.keySet());
        sources.addAll(groups.keySet());
        Origin origin = new Origin(actor, "replay", "replay:" + letters.size() + " letters");
        List<String> said = new ArrayList<>();
        for (SourceName source : sources) {
            if (files.current().mapping(source).isPresent()) {
                replay(source, accounts.getOrDefault(source, List.of()), groups.getOrDefault(source, List.of()), origin);
            } else {
                said.add("nothing of " + source + " is replayed: there is no mappings/" + source + ".yaml");
            }
        }
        long open = plans.stillOpen(letters);
        meters.replayed(letters.size() - open, open);
        said.add(letters.size() - open + " closed, " + open + " still open");
        return said;
    }

    private void replay(SourceName source, List<UUID> accounts, List<UUID> groups, Origin origin) {
        Set<UUID> touched = new LinkedHashSet<>(accounts);
        Set<String> workspaces = new HashSet<>();
        previews.remap(source, accounts);
        groups.forEach(group -> touched.addAll(group(source, group, workspaces, origin)));
        Work.Mapped again = reconciliation.again(source, touched, origin);
        Work.Mapped mapped = groups.isEmpty() ? again
                : new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), again.active(), again.accounts(), workspaces, List.of(), origin, true);
        reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
    }

    /** Reads one stored group again; gives the members whose wishes may differ now. */
    private List<UUID> group(SourceName source, UUID id, Set<String> workspaces, Origin origin) {
        Active active = files.current();
        return ledger.group(id, true, (known, at) -> {
            List<Misread> misread = new ArrayList<>();
            GroupFact fact = new MappedFacts(active.mapping(source).orElseThrow(), active.deprovision(source), runs.now(), misread::add).group(known.orElseThrow());
            fact.places().stream().map(Place::workspace).forEach(workspaces::add);
            return new Ledger.GroupChange(List.of(fact), misread);
        }, new Ledger.MemberPush(List.of(), List.of(), Optional.empty()), source, Trigger.of(origin.origin()), active.files().hash());
    }
}
