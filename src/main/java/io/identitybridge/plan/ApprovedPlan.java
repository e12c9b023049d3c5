package io.identitybridge.plan;

import io.identitybridge.model.Organisation.Mode;
import io.identitybridge.model.SourceName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** What may be done. Only the guard and an operator's approval make one, so a guard step lost in editing a route cannot be passed over. */
public final class ApprovedPlan {
    private final SourceName source;
    private final String cause;
    private final Holding holding;
    private final List<String> reasons;
    private final Mode mode;
    private final boolean limited;
    private final Set<UUID> named;

    ApprovedPlan(SourceName source, String cause, Holding holding, List<String> reasons, Mode mode, boolean limited, Set<UUID> named) {
        this.source = source;
        this.cause = cause;
        this.holding = holding;
        this.reasons = List.copyOf(reasons);
        this.mode = mode;
        this.limited = limited;
        this.named = Set.copyOf(named);
    }

    public SourceName source() {
        return source;
    }

    public String cause() {
        return cause;
    }

    /** Facts only, nothing applied and nothing held: the mode is {@code observe}. */
    public boolean observesOnly() {
        return mode == Mode.OBSERVE;
    }

    /** The mode is {@code apply}: what no limit holds is done at once. */
    public boolean appliesAtOnce() {
        return mode == Mode.APPLY;
    }

    /** The mode is {@code apply}, and nothing is held by what was known so far: all that is left is the look under the lock. */
    public boolean holdsNothing() {
        return mode == Mode.APPLY && limited && reasons.isEmpty();
    }

    /** Why this line of this person waits; empty when it may be done. */
    public Optional<String> holds(UUID account, Line line) {
        return holding.holds(account, line);
    }

    /** Whether the rolling limits are looked at once more under the lock; not where an operator has decided. */
    public boolean limited() {
        return limited;
    }

    public List<String> reasons() {
        return reasons;
    }

    /** The account that an operator's approval names this person by: accounts may have been joined to him since. */
    public Optional<UUID> name(Collection<UUID> accounts) {
        return accounts.stream().filter(named::contains).findFirst();
    }

    /** The same plan, also bound by a later verdict: both must let a line pass. */
    public ApprovedPlan and(Verdict later) {
        return new ApprovedPlan(source, cause, (account, line) -> holding.holds(account, line).or(() -> later.holds(account, line)), Stream.concat(reasons.stream(), later.reasons().stream()).distinct().toList(), mode, limited, named);
    }

    /** One sentence about one person, named by the lowest of his accounts, that an operator approved. */
    public record Allowed(UUID account, String sentence) {
    }

    interface Holding {
        Optional<String> holds(UUID account, Line line);
    }
}
