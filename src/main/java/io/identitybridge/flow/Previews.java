package io.identitybridge.flow;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Controls;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Totals;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Rules;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What a draft would change, rehearsed and rolled back; and the end of a source. */
@Component
class Previews {
    private static final int PEOPLE = 2_000;
    private static final int GROUPS = 500;
    private static final int SHOWN = 1_000;

    private final ActiveFiles files;
    private final Ledger ledger;
    private final Plans plans;
    private final Runs runs;
    private final Edits edits;
    private final Reconciliation reconciliation;

    Previews(ActiveFiles files, Ledger ledger, Plans plans, Runs runs, Edits edits, Reconciliation reconciliation) {
        this.files = files;
        this.ledger = ledger;
        this.plans = plans;
        this.runs = runs;
        this.edits = edits;
        this.reconciliation = reconciliation;
    }

    /** What a draft of the source's mapping (else the disk's) would change, without touching anything. */
    Controls.Preview of(SourceName source, Optional<String> draft) {
        Map<String, String> texts = new TreeMap<>(files.disk());
        draft.ifPresent(text -> texts.put("mappings/" + source + ".yaml", text));
        Active proposed = Active.of(FileReader.read(texts), files.current().overrides());
        if (proposed.mapping(source).isEmpty()) {
            throw new Controls.Refused("there is no source '" + source + "': mappings/" + source + ".yaml");
        }
        Rehearsal rehearsal = new Rehearsal(source, proposed);
        List<UUID> groups = plans.groups(source);
        for (int from = 0; from < groups.size(); from += GROUPS) {
            rehearsal.groups(groups.subList(from, Math.min(groups.size(), from + GROUPS)));
        }
        Optional<UUID> after = Optional.empty();
        for (List<UUID> chunk = plans.accounts(source, after, PEOPLE); !chunk.isEmpty(); chunk = plans.accounts(source, after, PEOPLE)) {
            rehearsal.take(chunk);
            after = Optional.of(chunk.getLast());
        }
        return rehearsal.preview();
    }

    /** Ends a source: its accounts are gone, and what that takes away is held. */
    String release(SourceName source, String actor) {
        Active active = files.current();
        Instant now = runs.now();
        Origin origin = new Origin(actor, "operator", "release:" + source);
        Trigger trigger = new Trigger(origin.origin(), Optional.of("source " + source + " was released"));
        List<UUID> all = new ArrayList<>();
        Optional<UUID> after = Optional.empty();
        for (List<UUID> chunk = plans.accounts(source, after, PEOPLE); !chunk.isEmpty(); chunk = plans.accounts(source, after, PEOPLE)) {
            chunk.forEach(id -> ledger.account(id, (known, at) -> new Ledger.AccountChange(List.of(known.orElseThrow().gone(now, Standing.LEFT)), List.of()), trigger, active.files().hash()));
            all.addAll(chunk);
            after = Optional.of(chunk.getLast());
        }
        Work.Mapped mapped = new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, Optional.of(all), Set.of(), List.of(), origin, false);
        Work.Applied applied = reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
        return all.size() + " accounts released; " + applied.converged().waits().size() + " changes wait for approval";
    }

    /** Gathers what one draft would change. */
    private final class Rehearsal {
        private final SourceName source;
        private final Active proposed;
        private final Totals totals = new Totals();
        private final List<Line> lines = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private final List<Misread> problems = new ArrayList<>();

        private final Map<String, String> renamed = new TreeMap<>();
        private final List<UUID> changedGroups = new ArrayList<>();
        private final Trigger trigger;

        Rehearsal(SourceName source, Active proposed) {
            this.source = source;
            this.proposed = proposed;
            this.trigger = new Trigger("rehearsal", Reevaluation.edited(runs, edits, source, proposed));
        }

        /** Finds the groups that the draft reads differently: only those are read again with each stretch of people. */
        void groups(List<UUID> chunk) {
            Instant now = runs.now();
            ledger.rehearse(() -> {
                LookAgain again = new LookAgain(ledger, source, proposed, now, trigger, problems::add);
                chunk.stream().filter(again::changes).forEach(changedGroups::add);
            });
        }

        void take(List<UUID> chunk) {
            Instant now = runs.now();
            ledger.rehearse(() -> {
                LookAgain again = new LookAgain(ledger, source, proposed, now, trigger, problems::add);
                changedGroups.forEach(again::group);
                again.accounts(chunk);
                ledger.markDue(chunk, trigger);
                Rules rules = proposed.rules(now).of(source);
                Map<String, String> renames = ledger.renames(source, rules);
                renamed.putAll(renames);
                ledger.assess(chunk, rules.renaming(renames), (key, plan) -> {
                    totals.add(plan);
                    plan.lines().stream().limit(Math.max(0, SHOWN - lines.size())).forEach(lines::add);
                }, (key, why) -> why.stream().limit(Math.max(0, SHOWN - refused.size())).forEach(refused::add));
            });
        }

        Controls.Preview preview() {
            Organisation organisation = proposed.organisation();
            renamed.forEach((from, to) -> lines.add(new Line(new Change.RenameWorkspace(from, to), Optional.empty(), ChangeClass.FREE)));
            List<String> held = new ArrayList<>(lines.stream().flatMap(line -> line.always().stream()).distinct().toList());
            held.addAll(new Guard(proposed.rules(runs.now()).limits(source)).judge(totals, ledger.held(source, totals), organisation.rule(source).mode()).reasons());
            List<String> faults = new ArrayList<>(problems.stream().limit(SHOWN).map(m -> m.problem().sentence()).toList());
            faults.addAll(refused);
            lines.sort(Planner.ORDER);
            return new Controls.Preview(lines.stream().map(Line::sentence).toList(), held, faults, totals.lines());
        }
    }
}
