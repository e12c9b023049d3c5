package io.identitybridge.flow;

import io.identitybridge.files.MappingFile;
import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Drift;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import io.identitybridge.store.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Takes what a run staged into the directory, chunk by chunk: users, groups, then members. */
final class PulledFacts {
    private static final int PEOPLE = 2_000;
    private static final int GROUPS = 500;

    private final Ledger ledger;
    private final Staging staging;
    private final Tries tries;
    private final SourceName source;
    private final UUID run;
    private final boolean delta;
    private final Active active;
    /** Lists whose records name only what changed: those of a delta by cursor. By time, a record comes whole. */
    private final Set<String> partial;
    private final Mapping mapping;
    private final Instant now;
    private final Trigger trigger;
    private final Duration lag;
    private final Correlation correlation;
    private final EditedReading edited;
    private final Missed missed;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> workspaces = new HashSet<>();
    private final List<String> wholeGroups = new ArrayList<>();
    private boolean fenced;

    PulledFacts(Ledger ledger, Staging staging, Tries tries, Work.Normalized work, UUID run, Instant now, Trigger trigger, EditedReading edited) {
        this.ledger = ledger;
        this.staging = staging;
        this.tries = tries;
        this.source = work.batch().source();
        this.run = run;
        this.delta = work.batch() instanceof Batch.Delta;
        this.active = work.active();
        this.partial = delta ? parts(active.files().source(source)) : Set.of();
        this.mapping = work.mapping();
        this.now = now;
        this.trigger = trigger;
        this.lag = active.lag(source);
        this.edited = edited;
        this.correlation = new Correlation(ledger, source, mapping, now);
        boolean waits = trigger.waits().isPresent(); // then what differs is the edit's doing
        this.missed = new Missed(mapping, !waits && ledger.pushes(source, true), !waits && ledger.pushes(source, false), now);
    }

    /** Stores everything staged; every account it touches is due. */
    void store() {
        tries.of(() -> {
            ledger.late(source, missed::told, PEOPLE);
            return null;
        });
        each("users", PEOPLE, this::users);
        each("groups", GROUPS, this::groups);
        tries.of(() -> {
            ledger.members(run, source, wholeGroups, lag, edited.first() ? trigger : Trigger.of(trigger.cause()));
            return null;
        });
        if (active.organisation().switches().groupBasedUserProvisioning()) {
            List<UUID> named = ledger.inactive(run, source, delta, lag);
            for (int from = 0; from < named.size(); from += PEOPLE) {
                List<UUID> chunk = named.subList(from, Math.min(named.size(), from + PEOPLE));
                problems.addAll(tries.of(() -> Listed.of(ledger, active, source, chunk, now, trigger)));
            }
        }
    }

    /** Whether something about a group was passed over that a delta will not say again. */
    boolean fenced() {
        return delta && (fenced || ledger.fencedMembers(run, source, lag));
    }

    List<Problem> problems() {
        return problems;
    }

    Set<String> workspaces() {
        return workspaces;
    }

    private static Set<String> parts(Optional<SourceFile> file) {
        return file.map(f -> f.read().values().stream().filter(list -> list.cursor().isPresent()).map(SourceFile.Resource::name).collect(Collectors.toSet())).orElse(Set.of("users", "groups"));
    }

    private void each(String resource, int size, java.util.function.Consumer<List<Staged>> chunk) {
        String after = "";
        for (List<Staged> next = staging.next(run, resource, after, size); !next.isEmpty(); next = staging.next(run, resource, after, size)) {
            chunk.accept(next);
            after = next.getLast().id();
        }
    }

    private void users(List<Staged> all) {
        OneByOne.of(all, chunk -> tries.of(() -> {
            List<Misread> misread = new ArrayList<>();
            ledger.accounts(source, chunk.stream().map(Staged::id).toList(), before -> {
                misread.clear();
                Map<String, AccountFact> known = correlation.accounts(chunk, before);
                MappedFacts facts = new MappedFacts(active, source, now, misread::add);
                List<Drift.Found> drift = new ArrayList<>();
                List<AccountFact> written = new ArrayList<>();
                chunk.forEach(staged -> user(staged, Optional.ofNullable(known.get(staged.id())), facts).ifPresent(after -> {
                    written.add(after);
                    drift.addAll(missed.account(Optional.ofNullable(known.get(staged.id())), after));
                }));
                ledger.drifted(source, drift);
                return new Ledger.AccountChange(written, List.copyOf(misread));
            }, trigger, gone -> edited.waiting(trigger, gone.missingSince()).orElseGet(trigger::ending), active.files().hash());
            misread.forEach(m -> problems.add(m.problem()));
            return null;
        }), (staged, fault) -> broken("user", staged, fault));
    }

    /** A record that cannot be kept, whatever is done. */
    private void broken(String resource, Staged staged, RuntimeException fault) {
        Problem problem = new Problem(Cause.BUG, resource, staged.id(), "", Bugs.said(fault));
        ledger.letter(source, new Misread(problem, 0, Optional.empty(), List.of()), "map", trigger.cause(), active.files().hash());
        problems.add(problem);
    }

    /** One account after this page; empty when nothing may change: the push fence, or nobody known to be missing. */
    private Optional<AccountFact> user(Staged staged, Optional<AccountFact> known, MappedFacts facts) {
        Optional<Instant> fence = known.flatMap(AccountFact::spokenAt).map(spoken -> spoken.plus(lag));
        if (fence.isPresent() && !staged.askedAt().isAfter(fence.get())) {
            return known.filter(fact -> !staged.state().equals("missing")).map(fact -> fact.reread(fence.get()));
        }
        Optional<Instant> tomb = known.flatMap(AccountFact::goneAt).map(gone -> gone.plus(lag));
        if (tomb.isPresent() && !staged.askedAt().isAfter(tomb.get())) {
            return Optional.empty();
        }
        if (known.flatMap(AccountFact::pulledAt).filter(at -> at.isAfter(staged.askedAt())).isPresent()) {
            return Optional.empty(); // another run has read him since
        }
        return switch (staged.state()) {
            case "seen" -> partial.contains("users") && half(known) ? known.map(fact -> fact.reread(now)) : Optional.of(facts.account(pulled(staged, known)));
            case "whole" -> Optional.of(facts.account(pulled(staged, known)));
            case "gone" -> known.filter(fact -> fact.goneAt().isEmpty()).map(fact -> delta ? fact.gone(staged.askedAt(), Standing.LEFT) : facts.gone(fact, staged.askedAt()));
            case "missing" -> known.filter(fact -> fact.goneAt().isEmpty()).map(fact -> missing(fact, staged, facts));
            default -> throw new IllegalStateException("staged as " + staged.state());
        };
    }

    /** A change to a record that a push has overtaken: merged, the old half of it would pass for new. It is asked for as a whole. */
    private static boolean half(Optional<AccountFact> known) {
        return known.filter(fact -> fact.pulledAt().isPresent() && fact.pushedAt().filter(pushed -> pushed.isAfter(fact.pulledAt().get())).isPresent()).isPresent();
    }

    private AccountFact pulled(Staged staged, Optional<AccountFact> known) {
        AccountFact before = known.orElseGet(() -> AccountFact.unknown(Ids.next(), source, Optional.of(staged.id())));
        String variables = staged.variables().orElseThrow();
        Optional<String> stored = partial.contains("users") && staged.state().equals("seen") ? before.pulled() : Optional.empty();
        return before.pulled(stored.map(old -> Merge.over(old, variables)).orElse(variables), staged.hash().orElseThrow(), staged.askedAt());
    }

    /** Absent from a whole directory: a candidate, and gone once a second complete snapshot after {@code after} says the same. */
    private AccountFact missing(AccountFact fact, Staged staged, MappedFacts facts) {
        MappingFile.Deprovision policy = active.deprovision(source);
        boolean proved = fact.missingSince().isPresent() && !fact.missingRun().equals(Optional.of(run))
                && !staged.askedAt().isBefore(fact.missingSince().get().plus(policy.missingAfter()));
        return proved ? facts.gone(fact, staged.askedAt()) : fact.missing(edited.missed(staged.askedAt()), run);
    }

    private void groups(List<Staged> all) {
        OneByOne.of(all, chunk -> tries.of(() -> {
            List<Misread> misread = new ArrayList<>();
            List<GroupFact> written = new ArrayList<>();
            ledger.groups(source, chunk.stream().map(Staged::id).toList(), before -> {
                misread.clear();
                written.clear();
                Map<String, GroupFact> known = correlation.groups(chunk, before);
                MappedFacts facts = new MappedFacts(active, source, now, misread::add);
                List<Drift.Found> drift = new ArrayList<>();
                chunk.forEach(staged -> group(staged, Optional.ofNullable(known.get(staged.id())), facts).ifPresent(after -> {
                    written.add(after);
                    drift.addAll(missed.group(Optional.ofNullable(known.get(staged.id())), after));
                }));
                ledger.drifted(source, drift);
                return new Ledger.GroupChange(List.copyOf(written), List.copyOf(misread));
            }, trigger, gone -> edited.waiting(trigger, gone.missingSince()).orElse(trigger), active.files().hash());
            misread.forEach(m -> problems.add(m.problem()));
            written.stream().filter(group -> group.goneAt().isEmpty()).forEach(group -> group.places().stream().map(Place::workspace).forEach(workspaces::add));
            chunk.stream().filter(staged -> staged.members().isPresent()).map(Staged::id).forEach(wholeGroups::add);
            return null;
        }), (staged, fault) -> broken("group", staged, fault));
    }

    private Optional<GroupFact> group(Staged staged, Optional<GroupFact> known, MappedFacts facts) {
        Optional<Instant> fence = known.flatMap(group -> group.goneAt().or(group::pushedAt)).map(at -> at.plus(lag));
        if (fence.isPresent() && !staged.askedAt().isAfter(fence.get())) {
            fenced = true;
            return Optional.empty();
        }
        return switch (staged.state()) {
            case "seen", "whole" -> Optional.of(facts.group(pulledGroup(staged, known.filter(group -> group.goneAt().isEmpty()))));
            case "gone" -> known.filter(group -> group.goneAt().isEmpty()).map(group -> facts.gone(group, staged.askedAt()));
            case "missing" -> known.filter(group -> group.goneAt().isEmpty()).flatMap(group -> missingGroup(group, staged, facts));
            default -> throw new IllegalStateException("staged as " + staged.state());
        };
    }

    private GroupFact pulledGroup(Staged staged, Optional<GroupFact> known) {
        GroupFact before = known.orElseGet(() -> GroupFact.unknown(Ids.next(), source, Optional.of(staged.id())));
        String variables = staged.variables().map(fresh -> partial.contains("groups") && staged.state().equals("seen") ? before.pulled().map(old -> Merge.over(old, fresh)).orElse(fresh) : fresh)
                .or(before::pulled).orElse("{}");
        return before.pulled(variables, staged.hash().or(before::pulledHash).orElse(new byte[0]), staged.members(), staged.askedAt());
    }

    private boolean lingers() {
        return active.deprovision(source).groupMissing() == MappingFile.GroupMissing.KEEP;
    }

    private Optional<GroupFact> missingGroup(GroupFact group, Staged staged, MappedFacts facts) {
        if (lingers()) {
            return Optional.empty();
        }
        MappingFile.Deprovision policy = active.deprovision(source);
        boolean proved = group.missingSince().isPresent() && !group.missingRun().equals(Optional.of(run))
                && !staged.askedAt().isBefore(group.missingSince().get().plus(policy.missingAfter()));
        return Optional.of(proved ? facts.gone(group, staged.askedAt()) : group.missing(edited.missed(staged.askedAt()), run));
    }
}
