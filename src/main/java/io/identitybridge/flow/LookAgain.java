package io.identitybridge.flow;

import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Reads stored facts of one source again as some files have it; writes what comes out differently, and marks it due. */
final class LookAgain {
    private final Ledger ledger;
    private final SourceName source;
    private final Active active;
    private final Instant now;
    private final Trigger trigger;
    private final Blame blame;
    private final Consumer<Misread> told;
    private final Set<String> workspaces = new HashSet<>();
    private boolean written;

    LookAgain(Ledger ledger, SourceName source, Active active, Instant now, Trigger trigger) {
        this(ledger, source, active, now, trigger, misread -> { }, Blame.none(trigger));
    }

    /** @param told what cannot be read, whether or not that is new */
    LookAgain(Ledger ledger, SourceName source, Active active, Instant now, Trigger trigger, Consumer<Misread> told) {
        this(ledger, source, active, now, trigger, told, Blame.none(trigger));
    }

    /** @param blame why what one of them loses waits, where that can be told of each */
    LookAgain(Ledger ledger, SourceName source, Active active, Instant now, Trigger trigger, Consumer<Misread> told, Blame blame) {
        this.ledger = ledger;
        this.source = source;
        this.active = active;
        this.now = now;
        this.trigger = trigger;
        this.told = told;
        this.blame = blame;
    }

    /** Names of workspaces that groups give now and did not before. */
    Set<String> workspaces() {
        return workspaces;
    }

    /** Whether a group would come out differently; it is marked all the same. */
    boolean changes(UUID id) {
        written = false;
        group(id);
        return written;
    }

    /** Gives the accounts that are due for it. */
    List<UUID> group(UUID id) {
        return group(id, fact -> fact);
    }

    /** Likewise with another record of the same moment in its place. */
    List<UUID> group(UUID id, UnaryOperator<GroupFact> record) {
        Trigger[] why = {trigger};
        return ledger.group(id, true, (known, at) -> {
            List<Misread> misread = new ArrayList<>();
            Optional<GroupFact> after = known.map(record).map(before -> facts(misread).again(before, trigger.waits().isPresent())).filter(read -> !read.readsAs(known.get()) || !read.recordsAs(known.get()));
            misread.forEach(told);
            written = after.isPresent();
            why[0] = after.isPresent() ? blame.group(known.orElseThrow()) : trigger;
            after.stream().flatMap(read -> read.places().stream()).map(Place::workspace).forEach(workspaces::add);
            return new Ledger.GroupChange(after.stream().toList(), after.isPresent() ? misread : List.of());
        }, new Ledger.MemberPush(List.of(), List.of(), Optional.empty()), source, trigger, () -> why[0], active.files().hash());
    }

    /** Gives the accounts that are due for it. */
    List<UUID> accounts(Collection<UUID> ids) {
        return accounts(ids, fact -> fact);
    }

    /** Likewise with another record of the same moment in the place of each. */
    List<UUID> accounts(Collection<UUID> ids, UnaryOperator<AccountFact> record) {
        List<UUID> changed = new ArrayList<>();
        Map<UUID, Trigger> why = new HashMap<>();
        ledger.lookAgain(source, ids, known -> {
            changed.clear();
            List<AccountFact> after = new ArrayList<>();
            List<Misread> all = new ArrayList<>();
            for (AccountFact before : known) {
                List<Misread> misread = new ArrayList<>();
                AccountFact fresh = facts(misread).account(record.apply(before));
                misread.forEach(told);
                if (!fresh.readsAs(before) || !fresh.recordsAs(before)) {
                    after.add(fresh);
                    all.addAll(misread);
                    changed.add(before.id());
                    why.put(before.id(), blame.account(before));
                }
            }
            return new Ledger.AccountChange(after, all);
        }, trigger, id -> why.getOrDefault(id, trigger), active.files().hash());
        return changed;
    }

    private MappedFacts facts(List<Misread> misread) {
        return new MappedFacts(active, source, now, misread::add);
    }
}
