package io.identitybridge.flow;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Line;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterTries;
import io.identitybridge.store.LetterTries.Given;
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

/** What a draft says of letters about people and workspaces at Portkey. Whether Portkey takes what is wanted no file says; whether something else is wanted then, it does. */
@Component
class DraftAtPortkey {
    private static final String NOT_MADE = "";

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

    /** Those of the letters whose person or workspace would be wanted otherwise by these files; nothing is touched. */
    Set<Long> changed(List<Long> letters, Active proposed) {
        Set<Long> changed = people(letters, proposed);
        List<Given> places = tries.workspaces(letters);
        Map<UUID, String> now = named(places, files.current());
        Map<UUID, String> then = named(places, proposed);
        places.stream().filter(place -> !now.get(place.workspace()).equals(then.get(place.workspace()))).map(Given::letter).forEach(changed::add);
        return changed;
    }

    /** What each workspace is called by these files, or that it is not made by them. */
    private Map<UUID, String> named(List<Given> places, Active by) {
        Map<String, String> renames = new HashMap<>();
        Instant now = runs.now();
        places.stream().flatMap(place -> place.source().stream()).distinct().filter(source -> by.mapping(source).isPresent()).forEach(source -> ledger.rehearse(() -> {
            LookAgain again = new LookAgain(ledger, source, by, now, Trigger.of("rehearsal"));
            places.stream().filter(place -> place.source().equals(Optional.of(source))).flatMap(place -> place.group().stream()).distinct().forEach(again::group);
            renames.putAll(ledger.renames(source, by.rules(now).of(source)));
        }));
        Organisation organisation = by.organisation();
        Map<UUID, String> named = new HashMap<>();
        places.forEach(place -> {
            String name = renames.getOrDefault(Folded.of(place.name()), place.name());
            boolean left = !place.bound() && (!organisation.switches().createMissingWorkspaces() || organisation.defaultWorkspace().filter(shared -> Folded.of(shared).equals(Folded.of(name))).isPresent());
            named.put(place.workspace(), left ? NOT_MADE : name);
        });
        return named;
    }

    private Set<Long> people(List<Long> letters, Active proposed) {
        List<Published> people = tries.people(letters);
        Map<UUID, Set<String>> now = wanted(people, files.current());
        Map<UUID, Set<String>> then = wanted(people, proposed);
        return people.stream().filter(one -> !now.getOrDefault(one.account(), Set.of()).equals(then.getOrDefault(one.account(), Set.of()))).map(Published::letter).collect(Collectors.toCollection(HashSet::new));
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
