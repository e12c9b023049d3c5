package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Fetch;
import io.identitybridge.source.IdpReader;
import io.identitybridge.source.Pause;
import io.identitybridge.source.PointRead;
import io.identitybridge.source.Settings;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Asks an IdP for some people by themselves and takes what it says like a page of a pull: under the source's lease, behind the same fence and tombstones,
 * through the same steps. Nothing is concluded from what it does not answer.
 */
@Component
class Rereads {
    /** So many at once: the lease of a source is not held for longer than that takes. */
    static final int MOST = 50;

    private final ActiveFiles files;
    private final SourceSettings settings;
    private final Leases leases;
    private final Runs runs;
    private final Staging staging;
    private final Fetch fetch;
    private final Reconciliation reconciliation;

    Rereads(ActiveFiles files, SourceSettings settings, Leases leases, Runs runs, Staging staging, Fetch fetch, Reconciliation reconciliation) {
        this.files = files;
        this.settings = settings;
        this.leases = leases;
        this.runs = runs;
        this.staging = staging;
        this.fetch = fetch;
        this.reconciliation = reconciliation;
    }

    /**
     * Reads and applies them; what cannot be read again stays as it is stored.
     *
     * @param ids what the IdP calls them, at most {@value #MOST}
     * @return what an operator is to know
     */
    Optional<String> of(SourceName source, List<String> ids) {
        Active active = files.current();
        Optional<SourceFile> file = active.files().source(source);
        Optional<String> cannot = file.isEmpty() ? Optional.of("it is not pulled")
                : file.get().read().keySet().stream().anyMatch(list -> !Set.of("users", "groups", "members").contains(list)) ? Optional.of("its records are joined with other lists, so only a pull reads them whole") : Optional.empty();
        if (cannot.isPresent()) {
            return Optional.of(said(source, cannot.get()));
        }
        return switch (settings.of(file.get())) {
            case Settings.Resolved.Lacking lacking -> Optional.of(said(source, "it lacks " + String.join(", ", lacking.names())));
            case Settings.Resolved.Complete complete -> leased(source, ids, active, file.get(), complete.settings());
        };
    }

    private Optional<String> leased(SourceName source, List<String> ids, Active active, SourceFile file, Settings values) {
        if (!leases.take(source, false)) {
            return Optional.of(said(source, "it is being pulled at the moment"));
        }
        UUID run = UUID.randomUUID();
        try {
            int unknown = read(source, ids, active, file, values, run);
            reconciliation.apply(reconciliation.guard(reconciliation.plan(reconciliation.map(reconciliation.normalize(new Batch.Staged(source, run))))));
            return unknown == 0 ? Optional.empty() : Optional.of(said(source, "it cannot be asked for " + unknown + " of them alone"));
        } catch (SourceUnavailable fault) {
            return Optional.of(said(source, fault.getMessage()));
        } finally {
            staging.clear(run);
            leases.give(source);
        }
    }

    private int read(SourceName source, List<String> ids, Active active, SourceFile file, Settings values, UUID run) {
        Mapping mapping = active.mapping(source).orElseThrow();
        Clock clock = Clock.offset(Clock.system(ZoneOffset.UTC), Duration.between(Instant.now(), runs.now()));
        StagingSink sink = new StagingSink(staging, source, run, mapping, file, clock, () -> leases.check(source));
        List<Staged> staged = new ArrayList<>();
        try (IdpReader reader = IdpReader.of(file, values, fetch, Pause.real(), clock)) {
            for (String id : ids) {
                Instant at = clock.instant();
                switch (reader.pointRead(id)) {
                    case PointRead.Gone gone -> staged.add(Absent.gone(id, at));
                    case PointRead.Found found -> staged.add(sink.pointRead(id, found.record(), at));
                    case PointRead.Unknown nothing -> { }
                }
            }
        }
        staging.records(run, "users", staged);
        return ids.size() - staged.size();
    }

    private static String said(SourceName source, String why) {
        return source + " was not read again: " + why + "; what is stored was converged";
    }
}
