package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Controls;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Fetch;
import io.identitybridge.source.IdpReader;
import io.identitybridge.source.Pause;
import io.identitybridge.source.PointRead;
import io.identitybridge.source.Settings;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Asks an IdP again for what letters are about. Each record alone, taken like a page of a pull: under the source's lease, behind the same fence and tombstones,
 * through the same steps; nothing is concluded from what it does not answer. Where records cannot be asked for alone (they are joined with other lists, or the
 * source file names no {@code by-id}) all of the source is pulled, once, and waited for.
 */
@Component
class Rereads {
    /** So many at once: the lease of a source is not held for longer than that takes. */
    static final int MOST = 50;
    private static final Set<String> LISTS = Set.of("users", "groups", "members");
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final ActiveFiles files;
    private final SourceSettings settings;
    private final Leases leases;
    private final Runs runs;
    private final Staging staging;
    private final Fetch fetch;
    private final Reconciliation reconciliation;
    private final Controls controls;

    Rereads(ActiveFiles files, SourceSettings settings, Leases leases, Runs runs, Staging staging, Fetch fetch, Reconciliation reconciliation, @Lazy Controls controls) {
        this.files = files;
        this.settings = settings;
        this.leases = leases;
        this.runs = runs;
        this.staging = staging;
        this.fetch = fetch;
        this.reconciliation = reconciliation;
        this.controls = controls;
    }

    /**
     * A record that is asked for.
     *
     * @param list {@code users} or {@code groups}
     * @param id   what the IdP calls it
     */
    record Wanted(String list, String id) {
    }

    /** Reads and applies them; what cannot be read again stays as it is stored. Gives what an operator is to know. */
    Optional<String> of(SourceName source, List<Wanted> wanted, Replays.How how) {
        Optional<SourceFile> file = files.current().files().source(source);
        if (file.isEmpty()) {
            return Optional.of(said(source, "it is only pushed (there is no routes/" + source + ".source.yaml), and a bridge cannot ask for what is pushed. Have its IdP push them again"
                    + " (Okta: Push Now, or force a sync; Entra: Provision on demand): that gives each letter a try of its own"));
        }
        return switch (settings.of(file.get())) {
            case Settings.Resolved.Lacking lacking -> Optional.of(said(source, "it lacks " + String.join(", ", lacking.names())));
            case Settings.Resolved.Complete complete -> {
                Set<String> alone = file.get().read().keySet().stream().allMatch(LISTS::contains) ? LISTS : Set.of();
                List<Wanted> single = wanted.stream().filter(one -> alone.contains(one.list())).toList();
                boolean whole = single.size() < wanted.size();
                int strangers = 0;
                Optional<String> said = Optional.empty();
                for (int from = 0; from < single.size() && !whole && said.isEmpty(); from += MOST) {
                    switch (leased(source, single.subList(from, Math.min(single.size(), from + MOST)), file.get(), complete.settings())) {
                        case Answer.Read read -> {
                            whole = read.unknown() > 0;
                            strangers += read.strangers();
                        }
                        case Answer.Not not -> said = Optional.of(said(source, not.why()));
                    }
                }
                yield whole ? whole(source, how) : said.isPresent() || strangers == 0 ? said : Optional.of(said(source, "it knows " + strangers + " of them by no such id, and no pull ever brought them: nothing is concluded from that"));
            }
        };
    }

    /** Has a source pulled whose run broke; says what an operator is to know. */
    String pulled(SourceName source, String actor) {
        if (files.current().files().source(source).isEmpty()) {
            return "a letter of '" + source + "' is about an exchange that was no pull: nothing of it is kept that could be tried; mend its route, then discard the letter";
        }
        try {
            controls.pull(source, false, actor);
            return source + " is pulled again; letters about runs of it that broke close once one went through";
        } catch (Controls.Refused not) {
            return source + " is not pulled now: " + not.getMessage();
        }
    }

    private sealed interface Answer {
        /** @param unknown so many cannot be asked for alone, @param strangers so many were only pushed, and are not there under that id */
        record Read(int unknown, int strangers) implements Answer {
        }

        record Not(String why) implements Answer {
        }
    }

    private Answer leased(SourceName source, List<Wanted> wanted, SourceFile file, Settings values) {
        Optional<Lease> lease = leases.take(source, false);
        if (lease.isEmpty()) {
            return new Answer.Not("it is being pulled at the moment");
        }
        try {
            return leases.within(lease.get(), staging, hold -> {
                Answer answer = read(wanted, file, values, hold);
                reconciliation.apply(reconciliation.guard(reconciliation.plan(reconciliation.map(reconciliation.normalize(new Batch.Staged(source, hold.run()))))));
                return answer;
            });
        } catch (SourceUnavailable fault) {
            return new Answer.Not(fault.getMessage());
        }
    }

    private Answer read(List<Wanted> wanted, SourceFile file, Settings values, Hold hold) {
        SourceName source = hold.source();
        Mapping mapping = files.current().mapping(source).orElseThrow();
        Clock clock = Clock.offset(Clock.system(ZoneOffset.UTC), Duration.between(Instant.now(), runs.now()));
        StagingSink sink = new StagingSink(staging, hold, mapping, file, files.current().deprovision(source).missingAfter(), clock, () -> { });
        Map<String, List<Staged>> staged = new TreeMap<>();
        Map<String, Set<String>> pulled = Map.of("users", pulled(source, "users", wanted), "groups", pulled(source, "groups", wanted));
        int unknown = 0;
        int strangers = 0;
        try (IdpReader reader = IdpReader.of(file, values, fetch, Pause.real(), clock)) {
            for (Wanted one : wanted) {
                Instant at = clock.instant();
                List<Staged> list = staged.computeIfAbsent(one.list(), name -> new ArrayList<>());
                switch (reader.pointRead(one.list(), one.id())) {
                    case PointRead.Gone gone when pulled.get(one.list()).contains(one.id()) -> list.add(Absent.gone(one.id(), at));
                    case PointRead.Gone gone -> strangers++;
                    case PointRead.Found found -> list.add(one.list().equals("users") ? sink.pointRead(one.id(), found.record(), at) : sink.groupRead(one.id(), found.record(), at));
                    case PointRead.Unknown nothing -> unknown++;
                }
            }
        }
        staged.forEach((list, records) -> staging.records(hold, list, records));
        return new Answer.Read(unknown, strangers);
    }

    private Set<String> pulled(SourceName source, String list, List<Wanted> wanted) {
        return staging.pulled(source, list, wanted.stream().filter(one -> one.list().equals(list)).map(Wanted::id).toList());
    }

    /** Has all of it pulled, unless that was done since the replay began, and waits for the end. */
    private Optional<String> whole(SourceName source, Replays.How how) {
        Instant begin = runs.now();
        Optional<Runs.Whole> end = runs.wholeSince(source, how.since());
        if (end.isEmpty()) {
            try {
                controls.pull(source, true, how.actor());
            } catch (Controls.Refused not) {
                if (!not.getMessage().contains("being read already")) {
                    return Optional.of(said(source, not.getMessage()));
                }
            }
        }
        while (end.isEmpty() && how.goesOn().getAsBoolean() && Duration.between(begin, runs.now()).compareTo(LONGEST) < 0) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of(said(source, "the bridge stops"));
            }
            end = runs.wholeSince(source, how.since());
        }
        return end.map(run -> run.well() ? "all of " + source + " was pulled, for its records cannot be asked for alone" : said(source, run.message()))
                .or(() -> Optional.of(said(source, "its records cannot be asked for alone, and the pull of all of it is not over yet; replay again after it")));
    }

    private static String said(SourceName source, String why) {
        return source + " was not read again: " + why + "; what is stored was converged";
    }
}
