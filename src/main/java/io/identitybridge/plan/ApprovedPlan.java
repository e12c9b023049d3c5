package io.identitybridge.plan;

import io.identitybridge.model.Organisation.Mode;
import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What may be done. Only the guard and an operator's approval make one, so a guard step lost in editing a route cannot be passed over. */
public final class ApprovedPlan {
    private final SourceName source;
    private final String cause;
    private final Holding holding;
    private final List<String> reasons;
    private final Mode mode;

    ApprovedPlan(SourceName source, String cause, Holding holding, List<String> reasons, Mode mode) {
        this.source = source;
        this.cause = cause;
        this.holding = holding;
        this.reasons = List.copyOf(reasons);
        this.mode = mode;
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

    /** Why this line of this person waits; empty when it may be done. */
    public Optional<String> holds(UUID person, Line line) {
        return holding.holds(person, line);
    }

    public List<String> reasons() {
        return reasons;
    }

    /** One sentence about one person that an operator approved. */
    public record Allowed(UUID person, String sentence) {
    }

    interface Holding {
        Optional<String> holds(UUID person, Line line);
    }
}
