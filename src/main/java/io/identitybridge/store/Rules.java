package io.identitybridge.store;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.LastHop;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for one convergence.
 *
 * @param known   sources that have files; people of others are frozen
 * @param renames workspaces renamed with this plan: old folded name to new name
 * @param setHash the active set of files
 * @param now     the database's time
 * @param acting  whose change is converged; empty where it is nobody's, and then every source has its say
 */
public record Rules(Organisation organisation, Set<SourceName> known, Map<String, String> renames, String setHash, Instant now, Optional<SourceName> acting) {
    public Rules {
        known = Set.copyOf(known);
        renames = Map.copyOf(renames);
    }

    /** What the guard measures this source by today. */
    public Organisation.Limits limits(SourceName source) {
        return organisation.limits().of(source, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    /** Whether a live Portkey stands behind the store. */
    public boolean publishes() {
        return organisation.target() != Organisation.Target.STORE;
    }

    /** The last look before a write, on the day of these rules. */
    public LastHop lastHop() {
        return new LastHop(organisation, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    /** At another time. */
    Rules at(Instant later) {
        return new Rules(organisation, known, renames, setHash, later, acting);
    }

    /** With these workspaces renamed, and no others. */
    public Rules renaming(Map<String, String> more) {
        return new Rules(organisation, known, more, setHash, now, acting);
    }

    /** With these protected, and nobody else. */
    public Rules guarding(Organisation.Guarded guarded) {
        return new Rules(organisation.guarding(guarded), known, renames, setHash, now, acting);
    }

    /** For a change of this source: another one that only observes changes nothing by it. */
    public Rules of(SourceName source) {
        return new Rules(organisation, known, renames, setHash, now, Optional.of(source));
    }
}
