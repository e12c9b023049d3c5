package io.identitybridge.flow;

import io.identitybridge.files.MappingFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.LastHop;
import io.identitybridge.plan.Totals;
import io.identitybridge.plan.Verdict;
import io.identitybridge.store.Conflict;
import io.identitybridge.store.Converged;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Rules;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Terms;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;

/** The five steps of every change: normalize, map, plan, guard, apply (DESIGN section 1). Also taken by approvals, replays and the sweeper. */
@Component
public class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
    private static final int PEOPLE = 2_000;
    /** How many sentences one result shows; all of them are in the audit. */
    private static final int SHOWN = 200;

    private final Ledger ledger;
    private final Staging staging;
    private final Runs runs;
    private final ActiveFiles files;
    private final Edits edits;
    private final Tries tries;
    private final Leases leases;

    Reconciliation(Ledger ledger, Staging staging, Runs runs, ActiveFiles files, Edits edits, Tries tries, Leases leases) {
        this.ledger = ledger;
        this.staging = staging;
        this.runs = runs;
        this.files = files;
        this.edits = edits;
        this.tries = tries;
        this.leases = leases;
    }

    /** A source whose mapping was taken away: its people stay as they are, and nothing new is taken in. */
    static final class Frozen extends IllegalStateException {
        Frozen(SourceName source) {
            super(source + " has no mapping now, so its people stay as they are: put mappings/" + source + ".yaml back, or release the source");
        }
    }

    /** The database's time. */
    Instant now() {
        return runs.now();
    }

    /** A batch with the mapping that reads it. */
    Work.Normalized normalize(Batch batch) {
        return normalize(batch, files.current());
    }

    /** Likewise by these files. */
    Work.Normalized normalize(Batch batch, Active active) {
        Mapping mapping = active.mapping(batch.source())
                .orElseThrow(() -> new Frozen(batch.source()));
        return new Work.Normalized(batch, active, mapping);
    }

    /** Stores the facts with what the mapping makes of them; everybody they may change is due. */
    Work.Mapped map(Work.Normalized work) {
        return switch (work.batch()) {
            case Batch.Snapshot snapshot -> pulled(work, snapshot.run());
            case Batch.Staged staged -> pulled(work, staged.run());
            case Batch.Pushed pushed -> pushed(work, pushed);
        };
    }

    private Work.Mapped pulled(Work.Normalized work, UUID run) {
        Instant now = runs.now();
        SourceName source = work.batch().source();
        EditedReading edited = EditedReading.of(runs, edits, work.active(), source, run, now);
        boolean unread = runs.fields(source).filter(kept -> !work.mapping().readsOnly(kept)).isPresent() || !broughtAll(run, work); // an edit reads what this run is the first to bring, or has not brought
        Optional<String> waits = edited.waits().or(() -> unread ? Optional.of(edits.why(source, List.of(source.value()), work.active())) : Optional.empty())
                .or(() -> runs.files(run).isPresent() ? Optional.empty() : Reevaluation.edited(runs, edits, source, work.active())); // asked for alone, before anybody has looked at an edit
        Hold hold = leases.of(source, run).orElseThrow(() -> new SourceUnavailable(source, "run " + run + " is over, or another bridge's"));
        PulledFacts facts = new PulledFacts(ledger, staging, tries, work, hold, now, new Trigger("run:" + run, waits), edited);
        try {
            facts.store();
        } catch (Lease.Lost lost) {
            throw new SourceUnavailable(source, lost.getMessage());
        }
        if (facts.fenced()) {
            runs.wantFull(source);
        }
        return new Work.Mapped(work.batch(), work.active(), Optional.empty(), facts.workspaces(), facts.problems(), new Origin("source:" + source, "pull", "run:" + run), true);
    }

    /** Whether a run has read all that the mapping reads now: while it read, that may have been edited. */
    private boolean broughtAll(UUID run, Work.Normalized work) {
        SourceName source = work.batch().source();
        return runs.files(run).filter(begun -> !begun.equals(work.active().files().hash()))
                .map(begun -> files.kept(begun).filter(then -> then.mapping(source).isPresent() && work.mapping().readsOnly(Mapping.compile(then, source).fields())).isPresent()).orElse(true);
    }

    private Work.Mapped pushed(Work.Normalized work, Batch.Pushed batch) {
        Origin origin = new Origin("source:" + batch.source(), "push", "push:" + batch.request());
        PushedFacts facts = new PushedFacts(ledger, work, batch);
        return facts.single() ? new Work.Mapped(batch, work.active(), Optional.of(List.of()), Set.of(), List.of(), origin, true, Optional.empty(), Optional.of(facts)) : stored(batch, work.active(), origin, facts);
    }

    private Work.Mapped stored(Batch batch, Active active, Origin origin, PushedFacts facts) {
        List<UUID> touched = tries.of(facts::store);
        return new Work.Mapped(batch, active, Optional.of(touched), facts.workspaces(), facts.problems(), origin, true, Optional.of(facts.at()), Optional.empty());
    }

    /** Accounts looked at again without new facts: an approval, a replay, something left over. What an edit that nobody has looked at yet would take from them waits. */
    Work.Mapped again(SourceName source, Collection<UUID> accounts, Origin origin) {
        Active active = files.current();
        Optional<String> edited = active.mapping(source).flatMap(mapping -> Reevaluation.edited(runs, edits, source, active));
        ledger.markDue(accounts, new Trigger(origin.origin(), edited));
        return new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, Optional.of(List.copyOf(accounts)), Set.of(), List.of(), origin, false);
    }

    /**
     * How much would change. What fits into one chunk is not counted here: the guard counts and judges it under the lock, in the transaction that
     * writes it, and a count before that would say the same. Only the chunks of a larger plan have to be judged on the total of all of them.
     */
    Work.Planned plan(Work.Mapped mapped) {
        boolean one = mapped.accounts().filter(all -> all.size() <= PEOPLE).isPresent();
        return one ? new Work.Planned(mapped, rules(mapped), new Totals()) : plan(mapped, (key, plan) -> { }, refused -> { });
    }

    Work.Planned plan(Work.Mapped mapped, java.util.function.BiConsumer<UUID, io.identitybridge.plan.PersonPlan> each, Consumer<List<String>> refused) {
        return plan(mapped, rules(mapped), each, refused);
    }

    private Rules rules(Work.Mapped mapped) {
        if (mapped.single().isPresent()) {
            return mapped.active().rules(Instant.now()).of(mapped.source()); // the transaction that stores it goes by its own time, and looks for renames itself
        }
        Rules rules = mapped.active().rules(mapped.at().orElseGet(runs::now)).of(mapped.source());
        return mapped.fresh() ? rules.renaming(ledger.renames(mapped.source(), rules)) : rules;
    }

    private Work.Planned plan(Work.Mapped mapped, Rules rules, java.util.function.BiConsumer<UUID, io.identitybridge.plan.PersonPlan> each, Consumer<List<String>> refused) {
        Totals totals = new Totals();
        chunks(mapped, all -> OneByOne.of(all, chunk -> tries.of(() -> {
            List<Runnable> found = new ArrayList<>(); // a chunk that breaks has not been counted
            ledger.assess(chunk, rules, (key, plan) -> found.add(() -> {
                totals.add(plan);
                each.accept(key, plan);
            }), (key, lines) -> found.add(() -> refused.accept(lines)));
            found.forEach(Runnable::run);
            return null;
        }), (account, fault) -> LOG.debug("account {} cannot be planned: {}", account, Bugs.said(fault)))); // apply makes it a letter
        return new Work.Planned(mapped, rules, totals);
    }

    /** What may be done now; the rest waits for a person. */
    Work.Approved guard(Work.Planned planned) {
        SourceName source = planned.mapped().source();
        Organisation organisation = planned.mapped().active().organisation();
        Guard guard = new Guard(planned.rules().limits(source));
        Verdict verdict = guard.judge(planned.totals(), ledger.held(source, planned.totals()), organisation.rule(source).mode());
        return new Work.Approved(planned, guard.approve(source, planned.mapped().origin().origin(), verdict));
    }

    /** Makes deeds equal to wishes, as far as approved, in chunks of at most 2,000 people. */
    Work.Applied apply(Work.Approved approved) {
        return approved.planned().mapped().single().map(facts -> single(approved, facts)).orElseGet(() -> chunked(approved));
    }

    /** Facts and deeds in one transaction. Where something is to be held, or a deed cannot be written, the facts are stored for themselves: nothing ever holds them back. */
    private Work.Applied single(Work.Approved approved, PushedFacts facts) {
        Work.Mapped mapped = approved.planned().mapped();
        if (approved.plan().holdsNothing()) {
            try {
                Sum sum = new Sum();
                sum.add(tries.of(() -> facts.converge(new Terms(approved.plan(), guarding(approved.planned().rules()), mapped.origin()))));
                return ended(approved, sum, facts.problems());
            } catch (Conflict | TransientDataAccessException | RecoverableDataAccessException fault) { // refused, or tried often enough
                throw fault;
            } catch (RuntimeException fault) {
                LOG.debug("facts and deeds of a push do not go in one transaction: {}", Bugs.said(fault));
            }
        }
        Work.Mapped stored = stored(mapped.batch(), mapped.active(), mapped.origin(), facts);
        return chunked(new Work.Approved(plan(stored), approved.plan()));
    }

    private Work.Applied chunked(Work.Approved approved) {
        Work.Mapped mapped = approved.planned().mapped();
        ApprovedPlan plan = approved.plan();
        Sum sum = new Sum();
        Rules rules = approved.planned().rules();
        Collection<String> wanted = plan.appliesAtOnce() && mapped.fresh() && mapped.active().organisation().switches().createMissingWorkspaces() ? mayMake(mapped, rules) : List.of();
        if (plan.appliesAtOnce() && mapped.fresh() && (!wanted.isEmpty() || !rules.renames().isEmpty())) {
            tries.of(() -> ledger.workspaces(guarding(rules), wanted, mapped.source(), mapped.origin())).forEach(sum::done);
        }
        Rules after = rules.renaming(Map.of()); // they are done, or are not to be
        chunks(mapped, all -> OneByOne.of(all, chunk -> sum.add(tries.of(() -> ledger.converge(chunk, plan, guarding(after), mapped.origin()))),
                (account, fault) -> sum.problems.add(ledger.broken(account, Bugs.said(fault), mapped.origin().origin(), mapped.active().files().hash()))));
        return ended(approved, sum, mapped.problems());
    }

    /** By these rules, and whoever is protected by now: a large change takes minutes, and what it began with says nothing of him. */
    private Rules guarding(Rules rules) {
        return rules.guarding(files.current().organisation().guarded());
    }

    /** Last, the workspaces that end with it. */
    private Work.Applied ended(Work.Approved approved, Sum sum, List<Problem> problems) {
        Work.Mapped mapped = approved.planned().mapped();
        if (endsWorkspaces(mapped, approved.plan())) {
            Rules rules = approved.planned().rules().renaming(Map.of());
            sum.add(tries.of(() -> ledger.endings(approved.plan(), ruled(mapped.active()), guarding(rules), mapped.origin())));
        }
        sum.problems.addAll(problems);
        return new Work.Applied(mapped, sum.converged());
    }

    /** Where a gone group takes its workspaces along; and wherever an operator has decided, on a line that may be no longer true. */
    private static boolean endsWorkspaces(Work.Mapped mapped, ApprovedPlan plan) {
        boolean wanted = mapped.active().files().mapping(mapped.source()).filter(file -> file.deprovision().groupMissing() == MappingFile.GroupMissing.ARCHIVE_WORKSPACE).isPresent();
        return !plan.observesOnly() && (wanted || !plan.limited());
    }

    /** What attribute rules of any mapping give: whoever matches tomorrow is to find it. */
    private static Set<String> ruled(Active active) {
        return active.files().mappings().values().stream().flatMap(file -> file.workspaces().stream())
                .flatMap(rule -> rule instanceof MappingFile.Rule.When when ? when.workspaces().stream() : Stream.empty()).map(Folded::of).collect(Collectors.toSet());
    }

    private static List<String> mayMake(Work.Mapped mapped, Rules rules) {
        LastHop lastHop = rules.lastHop();
        return mapped.workspaces().stream().filter(name -> lastHop.refusesWorkspace(mapped.source(), name).isEmpty()).sorted().toList();
    }

    /** Due accounts of a source, or those named, so many people at a time. */
    private void chunks(Work.Mapped mapped, Consumer<List<UUID>> chunk) {
        if (mapped.accounts().isPresent()) {
            List<UUID> all = mapped.accounts().get();
            for (int from = 0; from < all.size(); from += PEOPLE) {
                chunk.accept(all.subList(from, Math.min(all.size(), from + PEOPLE)));
            }
            return;
        }
        Optional<UUID> after = Optional.empty();
        for (List<Ledger.Due> due = ledger.due(mapped.source(), after, PEOPLE); !due.isEmpty(); due = ledger.due(mapped.source(), after, PEOPLE)) {
            chunk.accept(due.stream().map(Ledger.Due::account).toList());
            after = Optional.of(due.getLast().order());
        }
    }

    /** Adds up chunks; keeps the first sentences only. */
    private static final class Sum {
        private final List<String> done = new ArrayList<>();
        private final Map<ChangeClass, Long> counts = new EnumMap<>(ChangeClass.class);
        private final Map<String, String> waits = new LinkedHashMap<>();
        private final List<String> refused = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private long waiting;

        void done(String sentence) {
            if (done.size() < SHOWN) {
                done.add(sentence);
            }
            counts.merge(ChangeClass.FREE, 1L, Long::sum);
        }

        void add(Converged part) {
            part.done().stream().limit(Math.max(0, SHOWN - done.size())).forEach(done::add);
            part.counts().forEach((kind, n) -> counts.merge(kind, n, Long::sum));
            part.waits().forEach((sentence, why) -> {
                waiting++;
                waits.put(sentence, why);
            });
            part.refused().stream().limit(Math.max(0, SHOWN - refused.size())).forEach(refused::add);
            problems.addAll(part.problems());
        }

        Converged converged() {
            refused.forEach(sentence -> LOG.warn("refused: {}", sentence.replaceAll("\\S+@\\S+", "somebody")));
            return new Converged(done, counts, waits, refused, problems);
        }
    }
}
