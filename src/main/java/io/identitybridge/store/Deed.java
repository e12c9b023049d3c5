package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** One wish to bring some people's deeds up to their facts. */
record Deed(Collection<UUID> accounts, ApprovedPlan approved, Rules rules, Origin origin) {
    private record Kind(SourceName source, String setHash, Map<String, String> renames, LocalDate day) {
    }

    /** What must be the same for two of them to go together. */
    Object kind() {
        return new Kind(approved.source(), rules.setHash(), rules.renames(), LocalDate.ofInstant(rules.now(), ZoneOffset.UTC));
    }
}
