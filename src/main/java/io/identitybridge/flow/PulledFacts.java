package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.mapping.Redacted;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Drift;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import io.identitybridge.store.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
    private final Hold hold;
    private final UUID run;
    private final boolean delta;
    private final Active active;
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
    private final Heard heard;
    private boolean fenced;

    PulledFacts(Ledger ledger, Staging staging, Tries tries, Work.Normalized work, Hold hold, Instant now, Trigger trigger, EditedReading edited) {
        this.ledger = ledger;
        this.staging = staging;
        this.tries = tries;
        this.source = work.batch().source();
        this.hold = hold;
        this.run = hold.run();
        this.delta = work.batch() instanceof Batch.Delta;
        this.active = work.active();
        this.mapping = work.mapping();
        this.now = now;
        this.trigger = trigger;
        this.lag = active.lag(source);
        this.edited = edited;
        this.correlation = new Correlation(ledger, source, mapping, now);
        boolean waits = trigger.waits().isPresent(); // then what differs is the edit's doing
        this.missed = new Missed(mapping, !waits && ledger.pushes(source, true), !waits && ledger.pushes(source, false), now);
        this.heard = new Heard(source, run, delta, delta ? parts(active.files().source(source)) : Set.of(), lag, active.deprovision(source), edited.missed(), now);
    }

    /** Stores everything staged; every account it touches is due. */
    void store() {
        held(() -> ledger.late(source, missed::told, PEOPLE));
        each("users", PEOPLE, this::users);
        each("groups", GROUPS, this::groups);
        tries.of(() -> {
            ledger.members(hold, wholeGroups, lag, edited.first() ? trigger : Trigger.of(trigger.cause()));
            return null;
        });
        if (active.organisation().switches().groupBasedUserProvisioning()) {
            List<UUID> named = ledger.inactive(run, source, delta, lag);
            for (int from = 0; from < named.size(); from += PEOPLE) {
                List<UUID> chunk = named.subList(from, Math.min(named.size(), from + PEOPLE));
                problems.addAll(tries.of(() -> ledger.held(hold, at -> Listed.of(ledger, active, source, chunk, now, trigger))));
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

    private void held(Runnable work) {
        tries.of(() -> ledger.held(hold, at -> {
            work.run();
            return null;
        }));
    }

    private void each(String resource, int size, java.util.function.Consumer<List<Staged>> chunk) {
        String after = "";
        for (List<Staged> next = staging.next(run, resource, after, size); !next.isEmpty(); next = staging.next(run, resource, after, size)) {
            chunk.accept(next);
            after = next.getLast().id();
        }
    }

    private void users(List<Staged> all) {
        OneByOne.of(all, chunk -> {
            List<Misread> misread = new ArrayList<>();
            held(() -> ledger.accounts(source, chunk.stream().map(Staged::id).toList(), before -> {
                misread.clear();
                Map<String, AccountFact> known = correlation.accounts(chunk, before);
                MappedFacts facts = new MappedFacts(active, source, now, misread::add);
                List<Drift.Found> drift = new ArrayList<>();
                List<AccountFact> written = new ArrayList<>();
                chunk.forEach(staged -> heard.user(staged, Optional.ofNullable(known.get(staged.id())), facts).ifPresent(after -> {
                    written.add(after);
                    drift.addAll(missed.account(Optional.ofNullable(known.get(staged.id())), after));
                }));
                ledger.drifted(source, drift);
                Set<UUID> otherwise = underOtherIds(known.values());
                ledger.listsAnew(written.stream().filter(after -> otherwise.contains(after.id()) && after.goneAt().isEmpty() && after.pulledAt().isPresent() && after.pulledHash().isPresent()).map(AccountFact::id).toList());
                return new Ledger.AccountChange(written, List.copyOf(misread));
            }, trigger, gone -> edited.waiting(trigger, gone.missingSince()).orElseGet(() -> ending(gone, chunk)), active.files().hash()));
            misread.forEach(m -> problems.add(m.problem()));
        }, (staged, fault) -> broken("user", staged, fault));
    }

    /** Accounts that go by another id than when they were pulled, on a push's or an operator's word, and that no pull has shown under it yet. */
    private static Set<UUID> underOtherIds(Collection<AccountFact> known) {
        return known.stream().filter(before -> before.pulled().isPresent() && (before.pulledAt().isEmpty() || before.pulledHash().isEmpty())).map(AccountFact::id).collect(Collectors.toSet());
    }

    /** An id that only an operator has named and that no list has shown yet proves nothing by being unknown to the IdP: it may be misspelt. */
    private Trigger ending(AccountFact gone, List<Staged> chunk) {
        boolean named = gone.pulled().isPresent() && gone.pulledHash().isEmpty() && chunk.stream().noneMatch(staged -> staged.state().equals("gone") && gone.externalId().equals(Optional.of(staged.id())));
        return named ? new Trigger(trigger.cause(), Optional.of("he was re-anchored to an id that the IdP has never shown; see whether it is the right one")) : trigger.ending();
    }

    /** A record that cannot be kept, whatever is done: its letter belongs to the version that it would have made. */
    private void broken(String resource, Staged staged, RuntimeException fault) {
        Problem problem = new Problem(Cause.BUG, resource, staged.id(), "", Bugs.said(fault));
        Optional<Redacted> shown = staged.variables().map(variables -> new Input(staged.id(), Optional.of(Json.object(variables)), Optional.empty(), false))
                .map(input -> resource.equals("user") ? mapping.redactUser(input) : mapping.redactGroup(input));
        ledger.letter(source, new Misread(problem.naming(shown.map(Redacted::names).orElse(Set.of())), staging.nextVersion(source, resource, staged.id()), Optional.of(shown.map(some -> Json.text(some.record())).orElse("{}")), // none is newer than one of before
                shown.map(Redacted::unknown).orElse(List.of()), resource.equals("user") && leaves(staged)), "map", trigger.cause(), active.files().hash());
        problems.add(problem);
    }

    /** Whether somebody's access would have ended by it. */
    private boolean leaves(Staged staged) {
        return Set.of("gone", "absent").contains(staged.state())
                || staged.variables().map(variables -> mapping.user(new Input(staged.id(), Optional.of(Json.object(variables)), Optional.empty(), false), now).standing().equals(Optional.of(Standing.LEFT))).orElse(false);
    }

    private void groups(List<Staged> all) {
        OneByOne.of(all, chunk -> {
            List<Misread> misread = new ArrayList<>();
            List<GroupFact> written = new ArrayList<>();
            held(() -> ledger.groups(source, chunk.stream().map(Staged::id).toList(), before -> {
                misread.clear();
                written.clear();
                Map<String, GroupFact> known = correlation.groups(chunk, before, heard::stands);
                MappedFacts facts = new MappedFacts(active, source, now, misread::add);
                List<Drift.Found> drift = new ArrayList<>();
                for (Staged staged : chunk) {
                    Optional<GroupFact> group = Optional.ofNullable(known.get(staged.id()));
                    fenced |= heard.fences(staged, group);
                    heard.group(staged, group, facts).ifPresent(after -> {
                        written.add(after);
                        drift.addAll(missed.group(group, after));
                    });
                }
                ledger.drifted(source, drift);
                return new Ledger.GroupChange(List.copyOf(written), List.copyOf(misread));
            }, trigger, gone -> edited.waiting(trigger, gone.missingSince()).orElse(trigger), active.files().hash()));
            misread.forEach(m -> problems.add(m.problem()));
            written.stream().filter(group -> group.goneAt().isEmpty()).forEach(group -> group.places().stream().map(Place::workspace).forEach(workspaces::add));
            chunk.stream().filter(staged -> staged.members().isPresent()).map(Staged::id).forEach(wholeGroups::add);
        }, (staged, fault) -> broken("group", staged, fault));
    }
}
