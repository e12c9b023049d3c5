package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
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
    private final Mapping mapping;
    private final Instant now;
    private final Trigger trigger;
    private final Duration lag;
    private final Correlation correlation;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> workspaces = new HashSet<>();
    private final List<String> wholeGroups = new ArrayList<>();
    private final Heard heard;
    private boolean fenced;

    PulledFacts(Ledger ledger, Staging staging, Tries tries, Work.Normalized work, UUID run, Instant now, Trigger trigger) {
        this.ledger = ledger;
        this.staging = staging;
        this.tries = tries;
        this.source = work.batch().source();
        this.run = run;
        this.delta = work.batch() instanceof Batch.Delta;
        this.active = work.active();
        this.mapping = work.mapping();
        this.now = now;
        this.trigger = trigger;
        this.lag = active.lag(source);
        this.correlation = new Correlation(ledger, source, mapping, now);
        this.heard = new Heard(source, run, delta, lag, active.deprovision(source), now);
    }

    /** Stores everything staged; every account it touches is due. */
    void store() {
        each("users", PEOPLE, this::users);
        each("groups", GROUPS, this::groups);
        tries.of(() -> {
            ledger.members(run, source, wholeGroups, lag, Trigger.of(trigger.cause()));
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
                return new Ledger.AccountChange(chunk.stream().flatMap(staged -> heard.user(staged, Optional.ofNullable(known.get(staged.id())), facts).stream()).toList(), List.copyOf(misread));
            }, trigger, active.files().hash());
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

    private void groups(List<Staged> all) {
        OneByOne.of(all, chunk -> tries.of(() -> {
            List<Misread> misread = new ArrayList<>();
            List<GroupFact> written = new ArrayList<>();
            ledger.groups(source, chunk.stream().map(Staged::id).toList(), before -> {
                misread.clear();
                written.clear();
                Map<String, GroupFact> known = correlation.groups(chunk, before);
                MappedFacts facts = new MappedFacts(active, source, now, misread::add);
                for (Staged staged : chunk) {
                    Optional<GroupFact> group = Optional.ofNullable(known.get(staged.id()));
                    fenced |= heard.fences(staged, group);
                    heard.group(staged, group, facts).ifPresent(written::add);
                }
                return new Ledger.GroupChange(List.copyOf(written), List.copyOf(misread));
            }, trigger, active.files().hash());
            misread.forEach(m -> problems.add(m.problem()));
            written.stream().filter(group -> group.goneAt().isEmpty()).forEach(group -> group.places().stream().map(Place::workspace).forEach(workspaces::add));
            chunk.stream().filter(staged -> staged.members().isPresent()).map(Staged::id).forEach(wholeGroups::add);
            return null;
        }), (staged, fault) -> broken("group", staged, fault));
    }

}
