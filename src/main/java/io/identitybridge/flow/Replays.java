package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.util.ArrayList;
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
    private final Reconciliation reconciliation;
    private final Reevaluation reevaluation;
    private final FlowMeters meters;

    Replays(ActiveFiles files, Ledger ledger, Plans plans, Runs runs, Reconciliation reconciliation, Reevaluation reevaluation, FlowMeters meters) {
        this.files = files;
        this.ledger = ledger;
        this.plans = plans;
        this.runs = runs;
        this.reconciliation = reconciliation;
        this.reevaluation = reevaluation;
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
        Active active = files.current();
        reevaluation.catchUp(source, active); // an edit is looked at first: what it takes away is not what the replay is about
        LookAgain look = new LookAgain(ledger, source, active, runs.now(), Trigger.of(origin.origin()));
        Set<UUID> touched = new LinkedHashSet<>(accounts);
        look.accounts(accounts);
        groups.forEach(group -> touched.addAll(look.group(group)));
        ledger.markDue(touched, Trigger.of(origin.origin()));
        Work.Mapped mapped = new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, Optional.of(List.copyOf(touched)), look.workspaces(), List.of(), origin, !groups.isEmpty());
        reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
    }
}
