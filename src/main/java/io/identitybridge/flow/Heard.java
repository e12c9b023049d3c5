package io.identitybridge.flow;

import io.identitybridge.files.MappingFile;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Staging.Staged;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a pulled word makes of what is known: pushes fence older pages off, tombstones stay against them, and whoever is missing is a candidate first
 * (DESIGN section 6). It touches nothing.
 */
final class Heard {
    private static final Set<String> SHOWS = Set.of("seen", "whole");
    private final SourceName source;
    private final UUID run;
    private final boolean delta;
    private final Set<String> partial;
    private final Duration lag;
    private final MappingFile.Deprovision policy;
    private final Optional<Instant> edited;
    private final Instant now;

    /**
     * @param delta   whether only changes were read
     * @param partial the lists whose records name only what changed, so that what one does not name stays as it was: those of a delta by cursor; by time, a record comes whole
     * @param edited  where this run is the first to read so: since when whoever it does not find counts as missed
     */
    Heard(SourceName source, UUID run, boolean delta, Set<String> partial, Duration lag, MappingFile.Deprovision policy, Optional<Instant> edited, Instant now) {
        this.source = source;
        this.run = run;
        this.delta = delta;
        this.partial = partial;
        this.lag = lag;
        this.policy = policy;
        this.edited = edited;
        this.now = now;
    }

    /** Of a source whose deltas come by cursor, and whose reading was not edited. */
    Heard(SourceName source, UUID run, boolean delta, Duration lag, MappingFile.Deprovision policy, Instant now) {
        this(source, run, delta, delta ? Set.of("users", "groups") : Set.of(), lag, policy, Optional.empty(), now);
    }

    /** One account after this page; empty when nothing may change: the push fence, or nobody known to be missing. */
    Optional<AccountFact> user(Staged staged, Optional<AccountFact> known, MappedFacts facts) {
        Optional<Instant> fence = known.flatMap(AccountFact::spokenAt).map(spoken -> spoken.plus(lag));
        if (fence.isPresent() && !staged.askedAt().isAfter(fence.get())) {
            return known.filter(fact -> !staged.state().equals("missing")).map(fact -> fact.reread(fence.get()));
        }
        Optional<Instant> tomb = known.flatMap(AccountFact::goneAt).map(gone -> gone.plus(lag));
        if (tomb.isPresent() && !staged.askedAt().isAfter(tomb.get())) {
            return known.filter(fact -> staged.variables().isPresent()).map(fact -> fact.reread(tomb.get())); // he may be back already
        }
        if (known.flatMap(AccountFact::pulledAt).filter(at -> at.isAfter(staged.askedAt())).isPresent()) {
            return Optional.empty(); // another run has read him since
        }
        return switch (staged.state()) {
            case "seen" -> partial.contains("users") && half(known) ? known.map(fact -> fact.reread(now)) : Optional.of(read(pulled(staged, known), facts));
            case "whole" -> Optional.of(read(pulled(staged, known), facts));
            case "found" -> Optional.of(read(pulled(staged, known), facts)).map(fact -> delta && !overtaken(known) || lag.isZero() ? fact : fact.reread(staged.askedAt().plus(lag))); // the list may be the newer of the two
            case "gone" -> known.flatMap(fact -> gone(fact, staged, facts));
            case "absent" -> known.flatMap(fact -> fact.goneAt().isEmpty() && early(staged, fact.pulledAt()) ? Optional.of(later(fact)) : gone(fact, staged, facts));
            case "missing" -> known.filter(fact -> fact.goneAt().isEmpty()).map(fact -> early(staged, fact.pulledAt()) ? later(fact) : missing(fact, staged, facts));
            default -> throw new IllegalStateException("staged as " + staged.state());
        };
    }

    /** Whom a push disabled, only a complete pull may call active. */
    private AccountFact read(AccountFact fact, MappedFacts facts) {
        return delta ? facts.account(fact) : facts.whole(fact);
    }

    /** Whether this page may be of a time before a pull first found what it does not show: a page is as old as the lag. */
    private boolean early(Staged staged, Optional<Instant> pulledAt) {
        return pulledAt.filter(at -> !staged.askedAt().isAfter(at.plus(lag))).isPresent();
    }

    /** Not missed yet, and asked for again; but whoever the first reading after an edit does not find is missed by the edit, whenever that is found true. */
    private AccountFact later(AccountFact fact) {
        return edited.map(since -> fact.missing(since, run)).orElseGet(() -> fact.reread(fact.pulledAt().orElseThrow().plus(lag)));
    }

    private Optional<AccountFact> gone(AccountFact fact, Staged staged, MappedFacts facts) {
        return fact.goneAt().isPresent() ? goneAsBefore(fact) : Optional.of(delta ? fact.gone(staged.askedAt(), Standing.LEFT) : facts.gone(fact, staged.askedAt()));
    }

    /** Gone still, when he was asked for again: that is settled. */
    private static Optional<AccountFact> goneAsBefore(AccountFact fact) {
        return fact.rereadAt().map(asked -> fact.gone(fact.goneAt().orElseThrow(), fact.standing()));
    }

    /** A change to a record that a push has overtaken, or of somebody deleted: merged, the old half of it would pass for new, and a change told late would bring back who is gone. It is asked for as a whole. */
    private static boolean half(Optional<AccountFact> known) {
        return known.filter(fact -> fact.pulledAt().isPresent()).isPresent() && overtaken(known);
    }

    /** Whether what changes told of him was passed over: they do not tell it again, and the first answer to who asks for him alone may be of before it. */
    private static boolean overtaken(Optional<AccountFact> known) {
        return known.filter(fact -> fact.goneAt().isPresent() || fact.pushedAt().filter(pushed -> fact.pulledAt().filter(pulled -> !pushed.isAfter(pulled)).isEmpty()).isPresent()).isPresent();
    }

    private AccountFact pulled(Staged staged, Optional<AccountFact> known) {
        AccountFact before = known.orElseGet(() -> AccountFact.unknown(Ids.next(), source, Optional.of(staged.id())));
        String variables = staged.variables().orElseThrow();
        Optional<String> stored = partial.contains("users") && staged.state().equals("seen") ? before.pulled() : Optional.empty();
        return before.pulled(stored.map(old -> Merge.over(old, variables)).orElse(variables), staged.hash().orElseThrow(), staged.askedAt());
    }

    /** Absent from a whole directory: a candidate, and gone once a second complete snapshot after {@code after} says the same. */
    private AccountFact missing(AccountFact fact, Staged staged, MappedFacts facts) {
        boolean proved = fact.missingSince().isPresent() && !fact.missingRun().equals(Optional.of(run))
                && !staged.askedAt().isBefore(fact.missingSince().get().plus(policy.missingAfter()));
        return proved ? facts.gone(fact, staged.askedAt()) : fact.missing(edited.orElse(staged.askedAt()), run);
    }

    /** Whether this page is older than the last push of the group, or than its deletion. */
    boolean fences(Staged staged, Optional<GroupFact> known) {
        Optional<Instant> fence = known.flatMap(group -> group.goneAt().or(group::pushedAt)).map(at -> at.plus(lag));
        return fence.isPresent() && !staged.askedAt().isAfter(fence.get());
    }

    /** Whether the page speaks of this group: if it was deleted, a newer page may speak of one that was pushed since, without the IdP's id. */
    boolean stands(GroupFact group, Staged staged) {
        return group.goneAt().filter(gone -> staged.askedAt().isAfter(gone.plus(lag))).isEmpty();
    }

    /** One group after this page; empty when nothing may change. A page that is older than the first word of it, a push, shows all the same that the IdP has it: it is missed where a later one has it not. */
    Optional<GroupFact> group(Staged staged, Optional<GroupFact> known, MappedFacts facts) {
        if (fences(staged, known)) {
            return living(known).filter(group -> group.pulledAt().isEmpty() && SHOWS.contains(staged.state())).map(group -> group.shown(staged.askedAt()));
        }
        return switch (staged.state()) {
            case "seen", "whole" -> Optional.of(facts.group(pulledGroup(staged, known.filter(group -> group.goneAt().isEmpty()))));
            case "gone" -> living(known).map(group -> facts.gone(group, staged.askedAt()));
            case "absent" -> living(known).flatMap(group -> early(staged, group.pulledAt()) ? later(group) : Optional.of(facts.gone(group, staged.askedAt())));
            case "missing" -> living(known).filter(group -> !lingers()).flatMap(group -> early(staged, group.pulledAt()) ? later(group) : Optional.of(missing(group, staged, facts)));
            default -> throw new IllegalStateException("staged as " + staged.state());
        };
    }

    private GroupFact pulledGroup(Staged staged, Optional<GroupFact> known) {
        GroupFact before = known.orElseGet(() -> GroupFact.unknown(Ids.next(), source, Optional.of(staged.id())));
        String variables = staged.variables().map(fresh -> partial.contains("groups") && staged.state().equals("seen") ? before.pulled().map(old -> Merge.over(old, fresh)).orElse(fresh) : fresh)
                .or(before::pulled).orElse("{}");
        Instant at = staged.variables().isPresent() ? staged.askedAt() : before.pulledAt().orElse(staged.askedAt()); // of its members only: what is known of itself is no newer for that
        return before.pulled(variables, staged.hash().or(before::pulledHash).orElse(new byte[0]), staged.members(), at);
    }

    private boolean lingers() {
        return policy.groupMissing() == MappingFile.GroupMissing.KEEP;
    }

    private static Optional<GroupFact> living(Optional<GroupFact> known) {
        return known.filter(group -> group.goneAt().isEmpty());
    }

    private Optional<GroupFact> later(GroupFact group) {
        return edited.map(since -> group.missing(since, run));
    }

    private GroupFact missing(GroupFact group, Staged staged, MappedFacts facts) {
        boolean proved = group.missingSince().isPresent() && !group.missingRun().equals(Optional.of(run))
                && !staged.askedAt().isBefore(group.missingSince().get().plus(policy.missingAfter()));
        return proved ? facts.gone(group, staged.askedAt()) : group.missing(edited.orElse(staged.askedAt()), run);
    }
}
