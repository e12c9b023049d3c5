package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Fetch;
import io.identitybridge.source.IdpReader;
import io.identitybridge.source.Pause;
import io.identitybridge.source.Reading;
import io.identitybridge.source.Settings;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Staging;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs of sources: reads one whole IdP or its changes into staging, and sees the run to its end. */
@Component
public class Pulls {
    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    /** Who begins a pull by its route's own clock. */
    static final String CLOCK = "clock";

    private final ActiveFiles files;
    private final SourceSettings settings;
    private final Runs runs;
    private final Staging staging;
    private final Ledger ledger;
    private final Leases leases;
    private final Fetch fetch;
    private final FailureRates rates;
    private final Reevaluation reevaluation;
    private final Map<UUID, Open> open = new ConcurrentHashMap<>();

    Pulls(ActiveFiles files, SourceSettings settings, Runs runs, Staging staging, Ledger ledger, Leases leases, Fetch fetch, FailureRates rates, Reevaluation reevaluation) {
        this.files = files;
        this.settings = settings;
        this.runs = runs;
        this.staging = staging;
        this.ledger = ledger;
        this.leases = leases;
        this.fetch = fetch;
        this.rates = rates;
        this.reevaluation = reevaluation;
    }

    /** A run under way. {@code parts}: changes of this source name only what is different. */
    private record Open(Hold hold, String reading, Map<String, String> cursors, boolean complete, boolean parts, Set<String> fields, StringBuilder notes) {
    }

    /** A run that may read, by the files and settings that it began with. */
    record Ticket(Hold hold, boolean full, boolean resumed, Active active, SourceFile file, Settings settings) {
        UUID run() {
            return hold.run();
        }

        SourceName source() {
            return hold.source();
        }

        Mapping mapping() {
            return active.mapping(source()).orElseThrow();
        }

        @Override
        public String toString() {
            return "run " + run() + " of " + source();
        }
    }

    /** Why a pull does not run now. */
    sealed interface Answer {
        record Go(Ticket ticket) implements Answer {
        }

        record Not(String why) implements Answer {
        }
    }

    /** Takes the lease and opens a run, unless the source is paused, off, or read by another bridge. */
    Answer begin(SourceName source, boolean full, String actor) {
        Active active = files.current();
        Optional<SourceFile> file = active.files().source(source);
        if (file.isEmpty() || active.mapping(source).isEmpty()) {
            return new Answer.Not("there is no source '" + source + "' with routes/" + source + ".source.yaml and mappings/" + source + ".yaml");
        }
        if (runs.paused(source)) {
            return new Answer.Not(source + " is paused; source resume " + source + " lets it run again");
        }
        Optional<String> slowed = actor.equals(CLOCK) ? rates.holdsBack(source) : Optional.empty();
        if (slowed.isPresent()) {
            return new Answer.Not(slowed.get());
        }
        Settings values;
        switch (settings.of(file.get())) {
            case Settings.Resolved.Lacking lacking -> {
                return new Answer.Not(source + " is off: set " + String.join(", ", lacking.names()));
            }
            case Settings.Resolved.Complete complete -> values = complete.settings();
        }
        Optional<Lease> lease = leases.take(source, full);
        if (lease.isEmpty()) {
            return new Answer.Not(source + " is being read already" + (full ? "; a full run follows it" : ""));
        }
        try {
            return new Answer.Go(opened(lease.get(), full, actor, active, file.get(), values));
        } catch (Lease.Lost lost) {
            leases.give(lease.get());
            return new Answer.Not(source + " is being read already: " + lost.getMessage());
        } catch (RuntimeException fault) {
            leases.give(lease.get()); // else nobody could ever read it again
            throw fault;
        }
    }

    private Ticket opened(Lease lease, boolean full, String actor, Active active, SourceFile file, Settings values) {
        SourceName source = lease.source();
        if (full) {
            runs.wantFull(source); // one that breaks off is not forgotten for the next changes
        }
        runs.brokenBy(source).ifPresent(by -> reevaluation.after(source, by));
        boolean changes = file.tellsChanges() && !Set.of(Rejoined.CURSOR).containsAll(runs.cursors(source, values.reading(file)).keySet());
        Runs.Started started = runs.start(lease, full || file.complete() && !changes, actor, leases.bridge(), active.files().hash(), values.reading(file));
        Hold hold = leases.keep(lease, started.id());
        staging.open(hold);
        LOG.info("run {} of {} {}", started.id(), source, started.resumed() ? "goes on where it broke off" : "begins");
        return new Ticket(hold, full || started.fullWanted(), started.resumed(), active, file, values);
    }

    /** Reads to the last page and gives the batch; {@link SourceUnavailable} where that cannot be, and then nobody is removed. */
    Batch read(Ticket ticket) {
        try {
            return readToTheEnd(ticket);
        } catch (Lease.Lost lost) {
            throw new SourceUnavailable(ticket.source(), lost.getMessage());
        }
    }

    private Batch readToTheEnd(Ticket ticket) {
        Duration ahead = Duration.between(Instant.now(), runs.now());
        Clock clock = Clock.offset(Clock.system(ZoneOffset.UTC), ahead);
        try (IdpReader reader = IdpReader.of(ticket.file(), ticket.settings(), fetch, Pause.real(), clock)) {
            return read(ticket, clock, reader);
        }
    }

    private Batch read(Ticket ticket, Clock clock, IdpReader reader) {
        SourceFile file = ticket.file();
        Mapping mapping = ticket.mapping();
        String read = ticket.settings().reading(file);
        ShownBudget budget = new ShownBudget(runs, ticket.run(), reader::budget);
        StagingSink sink = new StagingSink(staging, ticket.hold(), mapping, file, ticket.active().deprovision(ticket.source()).missingAfter(), clock, budget::page);
        Map<String, String> cursors = new LinkedHashMap<>(runs.cursors(ticket.source(), read));
        Optional<String> joined = Optional.ofNullable(cursors.remove(Rejoined.CURSOR));
        Instant began = clock.instant();
        Reading reading = reader.read(ticket.full(), cursors, runs.began(ticket.run()), sink);
        StringBuilder notes = new StringBuilder(String.join("; ", reading.notes()));
        if (reading.complete()) {
            Optional<String> accepted = runs.accepted(ticket.run());
            accepted.ifPresent(why -> note(notes, "taken for true, whatever is absent: " + why));
            Absent absent = new Absent(staging, ticket.hold(), files.current().lag(ticket.source()), accepted.isPresent());
            boolean edited = runs.readsOtherwise(ticket.run());
            note(notes, absent.users(sink, reader, edited, clock::instant));
            note(notes, absent.groups(sink, reader, edited, clock::instant));
            if (reading.unique().containsKey("members")) {
                absent.members(sink, edited);
            }
        } else {
            note(notes, new Rejoined(staging, ticket.hold(), mapping, sink.joins()).look(joined, began));
            note(notes, new Fenced(staging, ticket.hold(), () -> runs.wantFull(ticket.source())).users(sink, reader, clock::instant));
        }
        budget.now();
        sameReading(ticket);
        runs.applying(ticket.hold(), new LinkedHashMap<>(reading.unique()), sink.changed());
        Map<String, String> next = new LinkedHashMap<>(reading.cursors());
        Rejoined.digest(sink.joins(), mapping).ifPresent(digest -> next.put(Rejoined.CURSOR, ticket.resumed() ? Rejoined.MIXED : digest));
        open.put(ticket.run(), new Open(ticket.hold(), read, next, reading.complete(), file.read().values().stream().anyMatch(list -> list.cursor().isPresent()), mapping.fields(), notes));
        return reading.proof().<Batch>map(proof -> new Batch.Snapshot(ticket.source(), ticket.run(), proof)).orElseGet(() -> new Batch.Staged(ticket.source(), ticket.run()));
    }

    /** What was read by a source file that is another by now is no word of the source's: how it is to be taken in stands in the file. */
    private void sameReading(Ticket ticket) {
        SourceName source = ticket.source();
        if (files.current().files().source(source).filter(now -> now.readHash().equals(ticket.file().readHash())).isEmpty()) {
            runs.wantFull(source);
            throw new SourceUnavailable(source, "routes/" + source + ".source.yaml was edited while it was read; the next run reads everything as it says now");
        }
    }

    private static void note(StringBuilder notes, String absent) {
        notes.append(notes.isEmpty() || absent.isEmpty() ? "" : "; ").append(absent);
    }

    /** Ends the run of an applied batch; does nothing for other batches. */
    void applied(Work.Applied applied) {
        Optional<UUID> run = run(applied.mapped().batch());
        Open was = run.map(open::remove).orElse(null);
        if (was == null) {
            return;
        }
        try {
            finished(run.get(), was, applied);
        } catch (Lease.Lost lost) {
            throw new SourceUnavailable(was.hold().source(), lost.getMessage());
        }
    }

    private void finished(UUID run, Open was, Work.Applied applied) {
        SourceName source = was.hold().source();
        reevaluation.after(source, applied.mapped().active().files().hash());
        ledger.finish(was.hold(), was.cursors(), was.reading(), was.complete() ? Optional.of(was.fields()) : Optional.empty());
        Map<String, Long> counts = new LinkedHashMap<>();
        applied.converged().counts().forEach((ChangeClass kind, Long n) -> counts.put(kind.toString(), n));
        int waits = applied.converged().waits().size();
        staging.clear(was.hold());
        boolean unread = files.current().mapping(source).filter(mapping -> !mapping.readsOnly(was.fields())).isPresent(); // edited meanwhile: what the edit reads is read by the next
        boolean again = unread || was.complete() && was.parts() && runs.passedOver(run, source, files.current().lag(source));
        leases.end(was.hold(), hold -> runs.done(hold, was.complete(), again, counts, waits, applied.converged().problems().size(), was.notes().toString()));
        LOG.info("run {} of {} is done: {}, {} held, {} letters", run, source, counts.isEmpty() ? "nothing changed" : counts, waits, applied.converged().problems().size());
    }

    /** Ends a run that could not be finished. One that was still reading has removed nobody; what one had begun to apply is brought to its end without it. */
    void failed(SourceName source, Optional<UUID> run, String message) {
        failed(source, run, message, applies -> message.contains("nobody is removed") ? "" : applies ? "; it had begun to apply what it read, and what is left of that goes on by itself" : "; nobody was removed");
    }

    /** @param rest what more is to be said of it, by whether it had been read to its end */
    private void failed(SourceName source, Optional<UUID> run, String message, Function<Boolean, String> rest) {
        LOG.error("a run of {} has failed: {}", source, message);
        run.flatMap(id -> leases.of(source, id)).ifPresent(hold -> {
            open.remove(hold.run());
            try {
                end(hold, message, rest);
            } catch (Lease.Lost lost) {
                leases.give(hold.lease()); // whoever took it over has ended the run, or goes on with it
            } catch (RuntimeException fault) {
                leases.give(hold.lease());
                throw fault;
            }
        });
    }

    /** Ends a run whose route is over without having handed on what it read: else nobody could read that source again. Whether there was one. */
    boolean lost(Ticket ticket) {
        if (leases.of(ticket.source(), ticket.run()).isEmpty()) {
            return false;
        }
        failed(ticket.source(), Optional.of(ticket.run()), "its route ended and did not come to direct:reconcile with what it had read; let the steps after idp:" + ticket.source() + " go on there. What was not applied of it is read again by the next run", applies -> "");
        return true;
    }

    /** The run and its lease end at once: who sees that it has failed can pull again. */
    private void end(Hold hold, String message, Function<Boolean, String> rest) {
        staging.clear(hold); // unless another bridge has taken the source over
        boolean applies = runs.applies(hold.run());
        if (applies) {
            runs.files(hold.run()).ifPresent(by -> reevaluation.after(hold.source(), by));
            runs.wantFull(hold.source()); // some of it is taken in, and the cursor is not: the same changes told again could say less
        }
        leases.end(hold, last -> runs.failed(last, message + rest.apply(applies)));
    }

    private static Optional<UUID> run(Batch batch) {
        return switch (batch) {
            case Batch.Snapshot snapshot -> Optional.of(snapshot.run());
            case Batch.Staged staged -> Optional.of(staged.run());
            case Batch.Pushed pushed -> Optional.empty();
        };
    }
}
