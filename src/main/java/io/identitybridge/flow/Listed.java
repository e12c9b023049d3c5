package io.identitybridge.flow;

import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Inactive people whom a group's list names, where {@code group-based-user-provisioning} is on: the list is the newest word about them, and stays so in
 * {@link AccountFact#listedAt()} until a push or pull of the person himself says something later. A deleted one is never among them.
 */
final class Listed {
    private Listed() {
    }

    /** Notes it of these accounts, under their locks; gives the problems of reading them as active. */
    static List<Problem> of(Ledger ledger, Active active, SourceName source, Collection<UUID> named, Instant now, Trigger trigger) {
        List<Misread> misread = new ArrayList<>();
        if (named.isEmpty()) {
            return List.of();
        }
        ledger.lookAgain(source, named, known -> {
            misread.clear();
            MappedFacts facts = new MappedFacts(active, source, now, misread::add);
            List<AccountFact> listed = known.stream().filter(fact -> fact.goneAt().isEmpty()).map(fact -> facts.account(fact.listed(now))).toList();
            return new Ledger.AccountChange(listed, List.copyOf(misread));
        }, trigger, id -> trigger, active.files().hash());
        return misread.stream().map(Misread::problem).toList();
    }
}
