package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Totals;
import io.identitybridge.store.Converged;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Rules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What travels through {@code reconcile}: a handle that each step makes from the one before. The records themselves stay in the store. */
public sealed interface Work {

    /** After {@code normalize}: the batch with the mapping that reads it. */
    record Normalized(Batch batch, Active active, Mapping mapping) implements Work {
    }

    /**
     * After {@code map}: the facts are stored, and these accounts are due.
     *
     * @param accounts   empty: every due account of the source
     * @param workspaces names that groups give, whether or not somebody is in them
     * @param problems   records that could not be read
     * @param at         when the facts of a push were stored, by the database's time; empty for everything else
     * @param single     the facts of a push that are not stored yet: they go with their deeds, in one transaction
     */
    record Mapped(Batch batch, Active active, Optional<List<UUID>> accounts, Set<String> workspaces, List<Problem> problems,
                  Origin origin, boolean fresh, Optional<Instant> at, Optional<PushedFacts> single) implements Work {
        Mapped(Batch batch, Active active, Optional<List<UUID>> accounts, Set<String> workspaces, List<Problem> problems, Origin origin, boolean fresh) {
            this(batch, active, accounts, workspaces, problems, origin, fresh, Optional.empty(), Optional.empty());
        }

        SourceName source() {
            return batch.source();
        }
    }

    /** After {@code plan}: how much would change. */
    record Planned(Mapped mapped, Rules rules, Totals totals) implements Work {
    }

    /** After {@code guard}: what may be done; only the guard makes the plan inside. */
    record Approved(Planned planned, ApprovedPlan plan) implements Work {
    }

    /** After {@code apply}: what was done, what waits, what became letters. */
    record Applied(Mapped mapped, Converged converged) implements Work {
    }
}
