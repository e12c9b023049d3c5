package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Line;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterTries;
import io.identitybridge.store.LetterTries.Published;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What a draft says of letters about people at Portkey. Whether Portkey takes what is wanted no file says; whether something else is wanted then, it does. */
@Component
class DraftAtPortkey {
    private final ActiveFiles files;
    private final Ledger ledger;
    private final LetterTries tries;
    private final Runs runs;

    DraftAtPortkey(ActiveFiles files, Ledger ledger, LetterTries tries, Runs runs) {
        this.files = files;
        this.ledger = ledger;
        this.tries = tries;
        this.runs = runs;
    }

    /** Those of the letters whose person would be wanted otherwise by these files; nothing is touched. */
    Set<Long> changed(List<Long> letters, Active proposed) {
        List<Published> people = tries.people(letters);
        Map<UUID, Set<String>> now = wanted(people, files.current());
        Map<UUID, Set<String>> then = wanted(people, proposed);
        return people.stream().filter(one -> !now.getOrDefault(one.account(), Set.of()).equals(then.getOrDefault(one.account(), Set.of()))).map(Published::letter).collect(Collectors.toSet());
    }

    /** What these files would change, by account. */
    private Map<UUID, Set<String>> wanted(List<Published> people, Active by) {
        Map<UUID, Set<String>> wanted = new HashMap<>();
        Set<UUID> accounts = people.stream().map(Published::account).collect(Collectors.toSet());
        Instant now = runs.now();
        ledger.rehearse(() -> {
            Trigger trigger = Trigger.of("rehearsal");
            people.stream().map(Published::source).distinct().filter(source -> by.mapping(source).isPresent()).forEach(source -> {
                LookAgain again = new LookAgain(ledger, source, by, now, trigger);
                of(people, source).stream().flatMap(one -> one.group().stream()).distinct().forEach(again::group);
                again.accounts(of(people, source).stream().map(Published::account).distinct().toList());
            });
            ledger.markDue(accounts, trigger);
            ledger.assess(accounts, by.rules(now), (account, plan) -> wanted.computeIfAbsent(account, first -> new HashSet<>()).addAll(plan.lines().stream().map(Line::sentence).toList()),
                    (account, refused) -> wanted.computeIfAbsent(account, first -> new HashSet<>()).addAll(refused));
        });
        return wanted;
    }

    private static List<Published> of(List<Published> people, SourceName source) {
        return people.stream().filter(one -> one.source().equals(source)).toList();
    }
}
