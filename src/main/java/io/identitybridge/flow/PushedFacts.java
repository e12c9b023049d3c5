package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Push;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Conflict;
import io.identitybridge.store.Converged;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Terms;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Takes one pushed change into the directory; a change computed from an older state is a {@link Conflict}. */
final class PushedFacts {
    private final Ledger ledger;
    private final Work.Normalized work;
    private final Batch.Pushed batch;
    private Instant now = Instant.EPOCH;
    private final List<Misread> misread = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> workspaces = new HashSet<>();

    PushedFacts(Ledger ledger, Work.Normalized work, Batch.Pushed batch) {
        this.ledger = ledger;
        this.work = work;
        this.batch = batch;
    }

    /** Whether it can go with its deeds in one transaction: a user, or a few members of a group that is not changed itself. */
    boolean single() {
        return switch (batch.push()) {
            case Push.UserState user -> user.groups().isEmpty();
            case Push.UserGone gone -> true;
            case Push.GroupState group -> group.resource().isEmpty() && group.seen().isEmpty() && group.exactly().isEmpty() && group.add().size() + group.remove().size() <= Ledger.FEW
                    && !work.active().organisation().switches().groupBasedUserProvisioning();
            case Push.GroupGone gone -> false;
        };
    }

    /** Stores it, if it is {@link #single}, and makes the deeds that follow. */
    Converged converge(Terms terms) {
        return switch (batch.push()) {
            case Push.UserState user -> ledger.account(user.id(), at(known -> user(user, known)), trigger(), terms);
            case Push.UserGone gone -> ledger.account(gone.id(), at(known -> gone(gone, known)), trigger(), terms);
            case Push.GroupState group -> ledger.members(group.id(), at(known -> sameName(group, known)), new Ledger.MemberPush(group.add(), group.remove(), Optional.empty()), trigger(), terms);
            case Push.GroupGone gone -> throw new IllegalStateException("the end of a group is no single push");
        };
    }

    /** Stores it; gives the accounts whose wishes may differ. */
    List<UUID> store() {
        return switch (batch.push()) {
            case Push.UserState user -> user.groups().map(groups -> account(ledger.account(user.id(), source(), groups, at(known -> user(user, known)), trigger(), setHash())))
                    .orElseGet(() -> account(ledger.account(user.id(), at(known -> user(user, known)), trigger(), setHash())));
            case Push.UserGone gone -> account(ledger.account(gone.id(), at(known -> gone(gone, known)), trigger(), setHash()));
            case Push.GroupState group -> group(group);
            case Push.GroupGone gone -> ledger.group(gone.id(), true, at(known -> gone(gone, known)), new Ledger.MemberPush(List.of(), List.of(), Optional.empty()), source(), trigger(), setHash());
        };
    }

    private static List<UUID> account(Ledger.Stored stored) {
        return List.of(stored.account().id());
    }

    /** A change that notes when it is made; made beside others and then once more alone, it begins anew. */
    private <K, A> Ledger.Changing<K, A> at(Function<Optional<K>, A> change) {
        return (known, at) -> {
            now = at;
            misread.clear();
            problems.clear();
            workspaces.clear();
            return change.apply(known);
        };
    }

    /** When it was stored, by the database's time. */
    Instant at() {
        return now;
    }

    List<Problem> problems() {
        return Stream.concat(misread.stream().map(Misread::problem), problems.stream()).toList();
    }

    Set<String> workspaces() {
        return workspaces;
    }

    private SourceName source() {
        return batch.source();
    }

    private Trigger trigger() {
        return Trigger.of("push:" + batch.request());
    }

    private String setHash() {
        return work.active().files().hash();
    }

    private MappedFacts facts() {
        misread.clear();
        return new MappedFacts(work.active(), source(), now, misread::add);
    }

    private Ledger.AccountChange user(Push.UserState push, Optional<AccountFact> known) {
        check(push.base(), known.map(AccountFact::version), "the user");
        Optional<String> anchor = text(push.resource(), "externalId");
        AccountFact before = known.orElseGet(() -> AccountFact.unknown(push.id(), source(), anchor));
        AccountFact after = facts().account(before.pushed(Json.text(push.resource()), anchor, now));
        return one(after, after.standing() == Standing.LEFT && isOff(push.resource()) && before.pushed().map(Json::object).filter(PushedFacts::isOff).isEmpty());
    }

    private Ledger.AccountChange gone(Push.UserGone push, Optional<AccountFact> known) {
        check(push.base(), known.map(AccountFact::version), "the user");
        return one(living(known, "the user").gone(now, Standing.LEFT), true);
    }

    private Ledger.GroupChange gone(Push.GroupGone push, Optional<GroupFact> known) {
        seen(push.seen(), known);
        return new Ledger.GroupChange(List.of(known.filter(group -> group.goneAt().isEmpty()).map(group -> facts().gone(group, now)).orElseThrow(() -> new Conflict("the group"))), List.of());
    }

    /** @param ends whether the IdP itself ends him by it, and not a mapping that reads what it said before in another way */
    private Ledger.AccountChange one(AccountFact fact, boolean ends) {
        return new Ledger.AccountChange(List.of(fact), List.copyOf(misread), ends);
    }

    private static boolean isOff(Map<String, Object> resource) {
        return Boolean.FALSE.equals(resource.get("active"));
    }

    private static AccountFact living(Optional<AccountFact> known, String what) {
        return known.filter(fact -> fact.goneAt().isEmpty()).orElseThrow(() -> new Conflict(what));
    }

    private List<UUID> group(Push.GroupState push) {
        boolean alone = push.resource().isPresent() || push.seen().isPresent();
        List<UUID> touched = ledger.group(push.id(), alone, at(known -> alone ? alone(push, known) : sameName(push, known)), new Ledger.MemberPush(push.add(), push.remove(), push.exactly()), source(), trigger(), setHash());
        return work.active().organisation().switches().groupBasedUserProvisioning() ? revived(push, touched) : touched;
    }

    private Ledger.GroupChange alone(Push.GroupState push, Optional<GroupFact> known) {
        seen(push.seen(), known);
        return push.resource().isPresent() ? renamed(push, push.resource().get(), known) : sameName(push, known);
    }

    private Ledger.GroupChange renamed(Push.GroupState push, Map<String, Object> resource, Optional<GroupFact> known) {
        check(push.base(), known.map(GroupFact::version), "the group");
        Optional<String> anchor = text(resource, "externalId");
        GroupFact before = known.orElseGet(() -> GroupFact.unknown(push.id(), source(), anchor));
        GroupFact after = facts().group(before.pushed(Json.text(resource), anchor, now));
        after.places().stream().map(Place::workspace).forEach(workspaces::add);
        return new Ledger.GroupChange(List.of(after), List.copyOf(misread));
    }

    private Ledger.GroupChange sameName(Push.GroupState push, Optional<GroupFact> known) {
        check(push.base(), known.map(GroupFact::version), "the group");
        known.orElseThrow(() -> new Conflict("the group"));
        return new Ledger.GroupChange(List.of(), List.of());
    }

    /** Whom the list names is active from now on, also where he was in the group before. */
    private List<UUID> revived(Push.GroupState push, List<UUID> touched) {
        List<UUID> named = ledger.inactive(source(), push.exactly().orElse(push.add()));
        problems.addAll(Listed.of(ledger, work.active(), source(), named, now, trigger()));
        return Stream.concat(touched.stream(), named.stream()).distinct().toList();
    }

    /** What the client wants unchanged is looked at under the lock, where nobody else's members come or go. */
    private void seen(Optional<String> wanted, Optional<GroupFact> known) {
        if (wanted.isPresent() && !wanted.equals(known.map(ledger::version))) {
            throw new Conflict("the group");
        }
    }

    private static void check(Optional<Long> base, Optional<Long> stored, String what) {
        if (base.isPresent() && !base.equals(stored)) {
            throw new Conflict(what);
        }
    }

    private static Optional<String> text(Map<String, Object> resource, String name) {
        return Optional.ofNullable(resource.get(name)).map(Object::toString).filter(value -> !value.isBlank());
    }
}
