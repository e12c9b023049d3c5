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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads stored facts of one source again as some files have it; writes what comes out differently, and marks it due. */
final class LookAgain {
    private final Ledger ledger;
    private final SourceName source;
    private final Active active;
    private final Instant now;
    private final Trigger trigger;
    private final Set<String> workspaces = new HashSet<>();

    LookAgain(Ledger ledger, SourceName source, Active active, Instant now, Trigger trigger) {
        this.ledger = ledger;
        this.source = source;
        this.active = active;
        this.now = now;
        this.trigger = trigger;
    }

    /** Names of workspaces that groups give now and did not before. */
    Set<String> workspaces() {
        return workspaces;
    }

    /** Gives the accounts that are due for it. */
    List<UUID> group(UUID id) {
        return ledger.group(id, true, (known, at) -> {
            List<Misread> misread = new ArrayList<>();
            Optional<GroupFact> after = known.map(before -> facts(misread).group(before)).filter(read -> !read.readsAs(known.get()));
            after.stream().flatMap(read -> read.places().stream()).map(Place::workspace).forEach(workspaces::add);
            return new Ledger.GroupChange(after.stream().toList(), after.isPresent() ? misread : List.of());
        }, new Ledger.MemberPush(List.of(), List.of(), Optional.empty()), source, trigger, active.files().hash());
    }

    /** Gives the accounts that are due for it. */
    List<UUID> accounts(Collection<UUID> ids) {
        List<UUID> changed = new ArrayList<>();
        ledger.lookAgain(source, ids, known -> {
            changed.clear();
            List<AccountFact> after = new ArrayList<>();
            List<Misread> all = new ArrayList<>();
            for (AccountFact before : known) {
                List<Misread> misread = new ArrayList<>();
                AccountFact fresh = facts(misread).account(before);
                if (!fresh.readsAs(before)) {
                    after.add(fresh);
                    all.addAll(misread);
                    changed.add(before.id());
                }
            }
            return new Ledger.AccountChange(after, all);
        }, trigger, active.files().hash());
        return changed;
    }

    private MappedFacts facts(List<Misread> misread) {
        return new MappedFacts(active.mapping(source).orElseThrow(), active.deprovision(source), now, misread::add);
    }
}
