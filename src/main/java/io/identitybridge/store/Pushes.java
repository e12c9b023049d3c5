package io.identitybridge.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Single pushes, each from its facts to its deeds in one durable transaction, which those share that come at the same time. What is not as plain as
 * that, is done again in a transaction of its own ({@link Together.Alone}).
 */
final class Pushes {
    /** Transactions of pushes of one kind that are under way at once in this process: the fewer there are, the more go together. */
    private static final int LANES = 2;
    private final Sql sql;
    private final Sizes sizes;
    private final Seals seals;
    private final TransactionTemplate transactions;
    private final Together<Whole<AccountPushes.Push>, Converged> users;
    private final Together<Whole<MemberPushes.Push>, Converged> members;

    Pushes(Sql sql, Facts facts, Groups groups, Sizes sizes, Seals seals, TransactionTemplate transactions) {
        this.sql = sql;
        this.sizes = sizes;
        this.seals = seals;
        this.transactions = transactions;
        this.users = together(push -> push.facts().id(), (pushes, now) -> {
            AccountPushes accounts = new AccountPushes(sql, facts, seals);
            return new Stored(accounts.storeUnmarked(pushes, now).stream().<Supplier<List<UUID>>>map(stored -> () -> List.of(stored.get().account().id())).toList(), accounts.marks());
        });
        this.members = together(push -> push, (pushes, now) -> {
            MemberPushes members = new MemberPushes(sql, groups, pushes.getFirst().source());
            return new Stored(members.store(pushes, now), members.marks());
        });
    }

    /** One push's facts, and the terms of what follows from them. */
    private record Whole<P>(P facts, Terms terms) {
    }

    /** For each push the accounts whose wishes may differ. */
    private record Stored(List<Supplier<List<UUID>>> accounts, Marks marks) {
    }

    Converged user(AccountPushes.Push push, Terms terms) {
        return users.ask(new Whole<>(push, terms));
    }

    Converged members(MemberPushes.Push push, Terms terms) {
        return members.ask(new Whole<>(push, terms));
    }

    /** @param store throws for a push that was refused */
    private <P> Together<Whole<P>, Converged> together(Function<Whole<P>, Object> key, BiFunction<List<P>, Instant, Stored> store) {
        return new Together<>(LANES, new Together.Traits<>(push -> push.terms().kind(), key), all -> transactions.execute(tx -> {
            Instant now = sql.row("select now()", (rs, n) -> rs.getTimestamp(1).toInstant()).orElseThrow();
            return converged(all, store.apply(all.stream().map(Whole::facts).toList(), now), now);
        }));
    }

    private <P> List<Supplier<Converged>> converged(List<Whole<P>> pushes, Stored stored, Instant now) {
        Map<Integer, Deed> deeds = new TreeMap<>();
        List<Supplier<Converged>> answers = new ArrayList<>();
        for (int i = 0; i < pushes.size(); i++) {
            try {
                deeds.put(i, pushes.get(i).terms().deed(stored.accounts().get(i).get(), now));
                answers.add(() -> Converged.NOTHING);
            } catch (RuntimeException refused) {
                answers.add(() -> {
                    throw refused;
                });
            }
        }
        List<UUID> due = deeds.values().stream().flatMap(deed -> deed.accounts().stream()).distinct().sorted().toList();
        if (!due.isEmpty()) {
            Iterator<Supplier<Converged>> done = new Convergence(sql, sizes, seals, deeds.values().iterator().next().rules()).together(List.copyOf(deeds.values()), due, stored.marks()).iterator();
            deeds.keySet().forEach(i -> answers.set(i, done.next()));
        }
        return answers;
    }
}
