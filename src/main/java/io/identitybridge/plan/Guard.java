package io.identitybridge.plan;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation.Limit;
import io.identitybridge.model.Organisation.Limits;
import io.identitybridge.model.Organisation.Mode;
import io.identitybridge.model.SourceName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stands between wishes and deeds: over a limit, that class is held for a person, and the rest goes on (DESIGN section 7). */
public final class Guard {
    /** Workspaces this small may empty without a question. */
    private static final long SMALL_WORKSPACE = 5;

    /** How many changes may be under way side by side, counted by nobody yet. */
    private static final long SIDE_BY_SIDE = 200;
    /** Whatever takes something away is always counted exactly. */
    private static final Set<ChangeClass> TAKES = Set.of(ChangeClass.ARCHIVE, ChangeClass.REMOVE, ChangeClass.LOWER, ChangeClass.RAISE);

    private final Limits limits;

    public Guard(Limits limits) {
        this.limits = limits;
    }

    /** Judges a whole plan on its totals. */
    public Verdict judge(Totals totals, Held held, Mode mode) {
        if (mode != Mode.APPLY) {
            return new Verdict(mode, Map.of(), Map.of());
        }
        Map<ChangeClass, String> classes = new LinkedHashMap<>();
        for (ChangeClass kind : ChangeClass.values()) {
            over(kind, totals.of(kind), held).ifPresent(reason -> classes.put(kind, reason));
        }
        Map<String, String> workspaces = new LinkedHashMap<>();
        totals.leaving().forEach((folded, leaving) -> shrinks(folded, leaving, held).ifPresent(reason -> workspaces.put(folded, reason)));
        return new Verdict(mode, classes, workspaces);
    }

    /** Whether any class is so near its limit that what others do at this moment could pass it. */
    public boolean near(Totals totals, Held held) {
        return !totals.leaving().isEmpty() || Stream.of(ChangeClass.values()).anyMatch(kind -> {
            Limit limit = limits.byClass().get(kind);
            long all = held.spent(kind) + totals.of(kind) + SIDE_BY_SIDE;
            return totals.of(kind) > 0 && limit != null && (TAKES.contains(kind) || all > limit.alwaysAllow() && all > limit.most(held.base(kind)));
        });
    }

    /** Lets a plan pass as far as the verdict goes; the only maker of an {@link ApprovedPlan} but an operator's approval. */
    public ApprovedPlan approve(SourceName source, String cause, Verdict verdict) {
        return new ApprovedPlan(source, cause, verdict::holds, verdict.reasons(), verdict.mode(), true, Set.of());
    }

    /** What an operator approved: these sentences of these people, and nothing else. They are counted, not judged again. */
    public static ApprovedPlan approved(SourceName source, String cause, Set<ApprovedPlan.Allowed> lines) {
        return new ApprovedPlan(source, cause, (person, line) ->
                lines.contains(new ApprovedPlan.Allowed(person, line.sentence())) ? Optional.empty() : Optional.of("not approved yet"), List.of(), Mode.APPLY, false, lines.stream().map(ApprovedPlan.Allowed::account).collect(Collectors.toSet()));
    }

    private Optional<String> over(ChangeClass kind, long wanted, Held held) {
        Limit limit = limits.byClass().get(kind);
        long all = held.spent(kind) + wanted;
        if (wanted == 0 || limit == null || all <= limit.alwaysAllow()) {
            return Optional.empty();
        }
        long most = limit.most(held.base(kind));
        return all <= most ? Optional.empty()
                : Optional.of(kind + ": " + all + " of " + held.base(kind) + " in 24 hours, at most " + most);
    }

    private Optional<String> shrinks(String folded, long leaving, Held held) {
        long left = held.left().getOrDefault(folded, 0L);
        long before = held.sizes().getOrDefault(folded, 0L) + left;
        return before <= SMALL_WORKSPACE || left + leaving <= limits.shrinks() * before ? Optional.empty()
                : Optional.of("workspace " + folded + ": " + (left + leaving) + " of " + before + " leave in 24 hours, at most " + Math.round(limits.shrinks() * 100) + "%");
    }
}
