package io.identitybridge.store;

import io.identitybridge.plan.ApprovedPlan;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * On what terms deeds follow from facts.
 *
 * @param approved what may be done
 * @param origin   whose change it is
 */
public record Terms(ApprovedPlan approved, Rules rules, Origin origin) {
    /** What must be the same for two changes to go together. */
    Object kind() {
        return List.of(approved.source(), rules.setHash());
    }

    /** The deeds that follow for these accounts at that time. */
    Deed deed(Collection<UUID> accounts, Instant now) {
        return new Deed(accounts, approved, rules.at(now), origin);
    }
}
