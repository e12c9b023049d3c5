package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.mapping.OrganisationMeaning;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Push;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Looks at everybody again where nothing new has come: after a mapping or portkey.yaml was edited, when what that takes away waits for a
 * person, and within the hour where an expression reads {@code now}. An edit is looked at before the next change of its source, so that
 * no change takes away at once what only the edit would.
 */
@Component
class Reevaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Reevaluation.class);
    private static final Duration HOUR = Duration.ofMinutes(50);
    private static final int CHUNK = 2_000;
    /** By then every bridge has followed to the new files. */
    private static final Duration FOLLOWED = Duration.ofSeconds(10);

    private final ActiveFiles files;
    private final Editing editing;
    private final Edits reasons;
    private final Ledger ledger;
    private final Plans plans;
    private final Runs runs;
    private final Reconciliation reconciliation;
    private final Map<SourceName, Instant> lastByClock = new ConcurrentHashMap<>();
    private final Map<SourceName, Meaning> looked = new ConcurrentHashMap<>();
    private final Map<SourceName, Settling> settling = new ConcurrentHashMap<>();
    private final Map<SourceName, Said> said = new ConcurrentHashMap<>();

    Reevaluation(ActiveFiles files, Editing editing, Edits reasons, Ledger ledger, Plans plans, Runs runs, Reconciliation reconciliation) {
        this.files = files;
        this.editing = editing;
        this.reasons = reasons;
        this.ledger = ledger;
        this.plans = plans;
        this.runs = runs;
        this.reconciliation = reconciliation;
    }

    /** What the files say of one source: its mapping, and its part of portkey.yaml as it holds today. */
    private record Meaning(String mapping, String organisation) {
    }

    /** When other bridges have followed to an edit, and how everybody is looked at once more then. */
    private record Settling(Instant at, Edited edited, boolean all) {
    }

    /**
     * Edits of files, by name.
     *
     * @param read  why those are looked at who read otherwise now
     * @param rules why the others are: what a mapping says of them is as before
     */
    private record Edited(List<String> files, Trigger read, Trigger rules) {
        static Edited none(Trigger trigger) {
            return new Edited(List.of(), trigger, trigger);
        }
    }

    /** The meaning of one set of files on one day, worked out once. */
    private record Said(Active active, LocalDate day, Meaning meaning) {
    }

    @Scheduled(initialDelayString = "${bridge.look.every:3000}", fixedDelayString = "${bridge.look.every:3000}")
    void look() {
        try {
            editing.follow();
            files.current().mappings().forEach(this::tried);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("stored facts could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    /** One source's fault holds no other back. */
    private void tried(SourceName source, Mapping mapping) {
        try {
            look(source, mapping);
        } catch (RuntimeException e) {
            LOG.error("the people of {} could not be looked at again, and are tried again: {}", source, Bugs.said(e));
        }
    }

    private void look(SourceName source, Mapping mapping) {
        Active active = files.current();
        Optional<Settling> settles = Optional.ofNullable(settling.get(source));
        looked.remove(source); // another bridge may have stored something by the files of before
        if (catchUp(source, active)) {
            LOG.debug("an edit of {} was looked at", source);
        } else if (settles.isPresent() && settles.get().at().isBefore(runs.now())) {
            settling.remove(source, settles.get());
            everybody(source, active, settles.get().edited(), "files", settles.get().all()); // what another bridge took in by the old files meanwhile
        } else if (mapping.readsNow()) {
            Instant now = runs.now();
            if (lastByClock.getOrDefault(source, Instant.EPOCH).plus(HOUR).isBefore(now)) {
                everybody(source, active, Edited.none(Trigger.of("time:" + active.files().hash())), "time", false);
                lastByClock.put(source, now);
            }
        }
    }

    /** Before a change of a source is taken in: an edit that nobody has looked at yet comes first, for all that the change may touch. Gives the files that it is to be taken in by: others may be at work by then. */
    Active before(Batch batch) {
        Active active = files.current();
        SourceName source = batch.source();
        if (!(batch instanceof Batch.Pushed)) {
            looked.remove(source); // a push is looked at by what this bridge knows, three seconds old at most
        }
        List<String> edits = active.mapping(source).isEmpty() ? List.of() : edits(source, active);
        if (edits.isEmpty()) {
            return active;
        }
        if (batch instanceof Batch.Pushed pushed) {
            runs.partly(source, true, true); // also if the edit is undone before everybody was looked at
            some(source, active, pushed.push(), edits);
        } else {
            catchUp(source, active);
        }
        return active;
    }

    /** After a run has stored something by these files (the hash of them): where others are at work by now, what it stored is looked at by those before the next change, as an edit is. */
    void after(SourceName source, String by) {
        Active active = files.current();
        if (by.equals(active.files().hash()) || active.mapping(source).isEmpty()) {
            return;
        }
        Meaning now = now(source, active);
        Optional<Meaning> then = files.kept(by).filter(set -> set.mapping(source).isPresent()).map(set -> meaning(source, Active.of(set)));
        boolean mapping = then.filter(was -> was.mapping().equals(now.mapping())).isEmpty();
        boolean organisation = then.filter(was -> was.organisation().equals(now.organisation())).isEmpty();
        if (mapping || organisation) {
            runs.partly(source, mapping, organisation);
            looked.remove(source);
        }
    }

    /** Whether everybody of this source was looked at by the files that are active now. */
    boolean upToDate(SourceName source) {
        Active active = files.current();
        return active.mapping(source).isEmpty() || edits(source, active).isEmpty();
    }

    /** Why removals would wait if these files were active; empty where they say what was said before. */
    static Optional<String> edited(Runs runs, Edits edits, SourceName source, Active proposed) {
        Meaning now = meaning(source, proposed);
        return runs.evaluated(source).filter(before -> !before.equals(now.mapping())).map(before -> edits.why(source, changed(runs, source, now), proposed))
                .or(() -> runs.ruled(source).filter(before -> !before.equals(now.organisation())).map(before -> edits.why(source, List.of("portkey"), proposed)));
    }

    /** The files by name that say otherwise than what this source's people were looked at by. */
    private static List<String> changed(Runs runs, SourceName source, Meaning now) {
        List<String> changed = new ArrayList<>();
        runs.evaluated(source).filter(before -> !before.equals(now.mapping())).ifPresent(before -> changed.add(source.value()));
        runs.ruled(source).filter(before -> !before.equals(now.organisation())).ifPresent(before -> changed.add("portkey"));
        return changed;
    }

    /** The edited files that nobody has looked at yet, by name; a source that is new has none. */
    private List<String> edits(SourceName source, Active active) {
        Meaning now = now(source, active);
        if (now.equals(looked.get(source))) {
            return List.of();
        }
        Optional<String> mapping = runs.evaluated(source);
        if (mapping.isEmpty()) { // from its first change on it is known, also once its files are taken away
            runs.looked(source, now.mapping(), now.organisation());
            looked.put(source, now);
            return List.of();
        }
        List<String> edits = changed(runs, source, now);
        if (edits.isEmpty()) {
            looked.put(source, now);
        } else {
            looked.remove(source);
        }
        return edits;
    }

    private Meaning now(SourceName source, Active active) {
        LocalDate day = LocalDate.now(ZoneOffset.UTC);
        Said before = said.get(source);
        if (before == null || before.active() != active || !before.day().equals(day)) {
            before = new Said(active, day, meaning(source, active));
            said.put(source, before);
        }
        return before.meaning();
    }

    private static Meaning meaning(SourceName source, Active active) {
        return new Meaning(active.mapping(source).orElseThrow().meaning(), active.organisation().rule(source).mode() == Organisation.Mode.OBSERVE ? Runs.OBSERVED
                : OrganisationMeaning.of(active.organisation(), source, LocalDate.now(ZoneOffset.UTC)));
    }

    /** Looks at everybody after an edit; false where there was none. */
    boolean catchUp(SourceName source, Active active) {
        List<String> edits = edits(source, active);
        Meaning now = now(source, active);
        if (!edits.isEmpty()) {
            Edited edited = new Edited(edits, trigger(source, edits, active), trigger(source, edits.contains("portkey") ? List.of("portkey") : edits, active));
            everybody(source, active, edited, "files", edits.contains("portkey"));
            settling.put(source, new Settling(runs.now().plus(FOLLOWED), edited, edits.contains("portkey")));
            if (runs.fields(source).filter(kept -> !active.mapping(source).orElseThrow().readsOnly(kept)).isPresent()) {
                runs.wantFull(source); // what the edit reads was not kept
            }
        }
        if (!now.equals(looked.get(source))) {
            runs.looked(source, now.mapping(), now.organisation());
            looked.put(source, now);
        }
        return !edits.isEmpty();
    }

    /** Everything of the source, chunk by chunk; what differs is converged. {@code all}: everybody is due, whether or not it reads the same. */
    private void everybody(SourceName source, Active active, Edited edited, String via, boolean all) {
        LookAgain again = again(source, active, edited);
        long due = 0;
        Optional<UUID> after = Optional.empty();
        for (List<UUID> chunk = plans.accounts(source, after, CHUNK); !chunk.isEmpty(); chunk = plans.accounts(source, after, CHUNK)) {
            if (all) {
                ledger.markDue(chunk, edited.rules()); // before those who read otherwise: the last word on why holds
            }
            due += again.accounts(chunk).size();
            after = Optional.of(chunk.getLast());
        }
        due += plans.groups(source).stream().mapToLong(group -> again.group(group).size()).sum();
        if (due > 0 || all || !again.workspaces().isEmpty()) {
            Work.Applied applied = converge(source, active, Optional.empty(), again.workspaces(), edited.read(), via);
            LOG.info("{}: everybody was looked at again ({}): {}, {} held", source, via, applied.converged().counts(), applied.converged().waits().size());
        }
    }

    /** The same for those whom one push touches. */
    private void some(SourceName source, Active active, Push push, List<String> edits) {
        Trigger trigger = trigger(source, edits, active);
        LookAgain again = again(source, active, Edited.none(trigger));
        List<UUID> accounts = new ArrayList<>();
        switch (push) {
            case Push.UserState user -> accounts.add(user.id());
            case Push.UserGone user -> accounts.add(user.id());
            case Push.GroupState group -> {
                again.group(group.id());
                Stream.of(group.add(), group.remove(), group.exactly().orElse(List.of())).flatMap(Collection::stream).flatMap(ref -> Ids.of(ref).stream()).forEach(accounts::add);
            }
            case Push.GroupGone group -> again.group(group.id());
        }
        ledger.markDue(accounts, trigger);
        again.accounts(accounts);
        converge(source, active, Optional.of(accounts), Set.of(), trigger, "files");
    }

    private Trigger trigger(SourceName source, List<String> edits, Active active) {
        return new Trigger("files:" + active.files().hash(), Optional.of(reasons.why(source, edits, active)));
    }

    private LookAgain again(SourceName source, Active active, Edited edited) {
        return new LookAgain(ledger, source, active, runs.now(), edited.read(), misread -> { }, Blame.of(reasons, edited.files(), source, active, runs.now(), edited.read()));
    }

    private Work.Applied converge(SourceName source, Active active, Optional<List<UUID>> accounts, Set<String> workspaces, Trigger trigger, String via) {
        Work.Mapped mapped = new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, accounts, workspaces, List.of(), new Origin("system", via, trigger.cause()), accounts.isEmpty());
        return reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
    }
}
