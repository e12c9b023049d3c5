package io.identitybridge.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Changes of single accounts, those that come at the same time in one transaction. A change that is refused leaves the others as they are. */
final class AccountPushes {
    private final Sql sql;
    private final Facts facts;
    private final Seals seals;
    private final List<AccountFact> written = new ArrayList<>();
    private final Map<UUID, Trigger> triggers = new HashMap<>();
    private final Map<UUID, AccountRow> fresh = new HashMap<>();

    AccountPushes(Sql sql, Facts facts, Seals seals) {
        this.sql = sql;
        this.facts = facts;
        this.seals = seals;
    }

    /** One account's change. */
    record Push(UUID id, Ledger.Changing<AccountFact, Ledger.AccountChange> change, Trigger trigger, String setHash) {
    }

    /** Within a transaction that began {@code now}; the answers are in the order of the pushes. */
    List<Supplier<Ledger.Stored>> store(List<Push> pushes, Instant now) {
        List<Supplier<Ledger.Stored>> answers = changed(pushes, now);
        facts.write(written, triggers::get);
        joinPending();
        return answers;
    }

    /** Likewise where the deeds follow in this transaction. */
    List<Supplier<Ledger.Stored>> storeUnmarked(List<Push> pushes, Instant now) {
        List<Supplier<Ledger.Stored>> answers = changed(pushes, now);
        facts.writeUnmarked(written);
        if (joinPending()) {
            fresh.clear();
        }
        return answers;
    }

    /** None of what was stored is marked so far. */
    Marks marks() {
        return Marks.none(sql, triggers, fresh);
    }

    private boolean joinPending() {
        return written.stream().collect(Collectors.groupingBy(AccountFact::source)).entrySet().stream().filter(his -> facts.joinPending(his.getKey(), his.getValue())).count() > 0;
    }

    private List<Supplier<Ledger.Stored>> changed(List<Push> pushes, Instant now) {
        Map<UUID, AccountFact> known = facts.byId(pushes.stream().map(Push::id).toList());
        List<Supplier<Ledger.Stored>> answers = new ArrayList<>(pushes.size());
        for (Push push : pushes) {
            answers.add(one(push, Optional.ofNullable(known.get(push.id())), now));
        }
        return answers;
    }

    private Supplier<Ledger.Stored> one(Push push, Optional<AccountFact> known, Instant now) {
        Ledger.AccountChange after;
        try {
            after = push.change().of(known, now);
        } catch (RuntimeException refused) {
            return () -> {
                throw refused;
            };
        }
        AccountFact fact = after.accounts().getFirst();
        written.add(fact);
        triggers.put(fact.id(), after.ends() ? push.trigger().ending() : push.trigger());
        if (known.isEmpty()) {
            fresh.put(fact.id(), AccountRow.fresh(fact));
        }
        new Letters(sql, seals).open(after.misread().stream().map(m -> Letters.Letter.of(fact.source(), m, "map")).toList(), push.trigger().cause(), push.setHash());
        return () -> new Ledger.Stored(fact, now);
    }
}
