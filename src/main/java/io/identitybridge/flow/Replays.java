package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.LetterControls.Mode;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterTries;
import io.identitybridge.store.LetterTries.Subject;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/**
 * Tries letters again (DESIGN section 8): what is stored is read through the mapping again, and whoever that touches is converged, by the same steps, locks,
 * fence, tombstones and last hop as any change. What is about Portkey is made due for the publisher; what is about a run that broke closes with the next run.
 */
@Component
class Replays {
    private static final int LOOKS = 100;
    private static final long LOOK_EVERY = 100;

    private final ActiveFiles files;
    private final Ledger ledger;
    private final LetterTries tries;
    private final Runs runs;
    private final Rereads rereads;
    private final Originals originals;
    private final Reconciliation reconciliation;
    private final Reevaluation reevaluation;
    private final FlowMeters meters;

    Replays(ActiveFiles files, Ledger ledger, LetterTries tries, Runs runs, Rereads rereads, Originals originals, Reconciliation reconciliation, Reevaluation reevaluation, FlowMeters meters) {
        this.files = files;
        this.ledger = ledger;
        this.tries = tries;
        this.runs = runs;
        this.rereads = rereads;
        this.originals = originals;
        this.reconciliation = reconciliation;
        this.reevaluation = reevaluation;
        this.meters = meters;
    }

    /**
     * What became of letters.
     *
     * @param open    those that are open, and those about Portkey, of which that is known only later
     * @param skipped those replayed too often, which were not tried
     * @param published those about Portkey that are due for the publisher
     * @param said    what an operator is to know
     */
    record Came(long closed, long open, long skipped, List<Long> published, List<String> said) {
    }

    /** A few letters on an operator's word; says how many are closed then. What is about Portkey is waited for, ten seconds at most. */
    List<String> of(List<Long> letters, String actor) {
        Came came = closedSince(of(letters, new How(Mode.CONVERGE, false, actor, runs.now(), Optional.empty(), () -> false))); // whoever asks does not wait for a pull of all
        List<String> said = new ArrayList<>(came.said());
        if (came.skipped() > 0) {
            said.add(came.skipped() + " not tried: replayed " + allowed() + " times already; --force tries them all the same");
        }
        said.add(came.closed() + " closed, " + (came.open() + came.skipped()) + " still open");
        return said;
    }

    private Came closedSince(Came came) {
        for (int looks = 0; looks < LOOKS && tries.waiting(came.published()) > 0; looks++) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        long closed = came.published().size() - tries.stillOpen(came.published());
        return new Came(came.closed() + closed, came.open() - closed, came.skipped(), came.published(), came.said());
    }

    /**
     * How letters are replayed.
     *
     * @param forced also those replayed too often
     * @param since  what the IdP was asked for as a whole after this moment is asked for no more
     * @param job    the replay of many that they are part of
     * @param goesOn whether a pull of all is waited for, asked now and then
     */
    record How(Mode mode, boolean forced, String actor, Instant since, Optional<Long> job, BooleanSupplier goesOn) {
    }

    Came of(List<Long> letters, How how) {
        List<Long> tried = tries.tried(letters, how.actor(), true, allowed(), how.forced());
        Came came = converged(tried, how);
        meters.replayed(how.mode().toString(), came.closed(), came.open());
        return new Came(came.closed(), came.open(), letters.size() - tried.size(), came.published(), came.said());
    }

    /** Letters whose time has come. */
    void byClock(List<Long> letters) {
        converged(tries.tried(letters, "system", false, allowed(), false), new How(Mode.CONVERGE, false, "system", runs.now(), Optional.empty(), () -> false));
    }

    int allowed() {
        return files.current().causes().replays();
    }

    private Came converged(List<Long> letters, How how) {
        List<String> said = new ArrayList<>();
        List<Long> published = published(letters, how, said);
        List<Subject> subjects = tries.subjects(letters);
        Origin origin = new Origin(how.actor(), "replay", "replay:" + letters.size() + " letters");
        if (how.mode() == Mode.ORIGINAL) {
            Originals.Came came = originals.of(subjects, origin.origin());
            said.addAll(came.said());
            subjects = came.converges();
        }
        if (how.mode() == Mode.CONVERGE) {
            said.addAll(ahead(subjects, how));
        }
        if (how.mode() == Mode.RE_READ) {
            said.addAll(reread(subjects, how));
        }
        Map<SourceName, List<UUID>> accounts = LetterTries.stored(subjects, "user");
        Map<SourceName, List<UUID>> groups = LetterTries.stored(subjects, "group");
        Set<SourceName> sources = new TreeSet<>(accounts.keySet());
        sources.addAll(groups.keySet());
        for (SourceName source : sources) {
            if (files.current().mapping(source).isPresent()) {
                replay(source, accounts.getOrDefault(source, List.of()), groups.getOrDefault(source, List.of()), origin);
            } else {
                said.add("nothing of " + source + " is replayed: there is no mappings/" + source + ".yaml");
            }
        }
        tries.brokenRuns(letters).forEach(source -> said.add(rereads.pulled(source, how.actor())));
        tries.goneSince(letters);
        List<Long> others = new ArrayList<>(letters);
        others.removeAll(Set.copyOf(published));
        long open = tries.stillOpen(others);
        tries.stillOpen(published);
        return new Came(others.size() - open, open + published.size(), 0, published, said);
    }

    /** What is about Portkey is made due for the publisher: re-read, it asks Portkey first. No record of an IdP's is held there that could be put back. */
    private List<Long> published(List<Long> letters, How how, List<String> said) {
        if (how.mode() == Mode.ORIGINAL) {
            tries.atPortkey(letters, "person", "workspace").forEach(letter -> said.add("letter " + letter + " is about Portkey and holds no record of an IdP: replay it with converge or re-read"));
            return List.of();
        }
        List<Long> published = tries.publishAgain(letters, files.current().files().hash(), how.mode() == Mode.RE_READ, how.job());
        if (!published.isEmpty()) {
            said.add(published.size() + " are due for Portkey again, and are closed once it has taken them" + (how.mode() == Mode.RE_READ ? "; it is asked first what is there" : ""));
        }
        return published;
    }

    /** What could not even be stored is not converged from what was stored before: the IdP is asked, for the letter's record may be older than a leaving that nobody has told since. */
    private List<String> ahead(List<Subject> subjects, How how) {
        List<Subject> ahead = subjects.stream().filter(Subject::ahead).toList();
        return ahead.isEmpty() ? List.of() : reread(ahead, how);
    }

    private List<String> reread(List<Subject> subjects, How how) {
        Set<String> said = new LinkedHashSet<>();
        for (SourceName source : new TreeSet<>(subjects.stream().map(Subject::source).toList())) {
            if (files.current().mapping(source).isPresent()) {
                List<Rereads.Wanted> wanted = subjects.stream().filter(subject -> subject.source().equals(source)).map(subject -> new Rereads.Wanted(subject.resource() + "s", subject.idpId())).distinct().toList();
                rereads.of(source, wanted, how).ifPresent(said::add);
            }
        }
        return List.copyOf(said);
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
