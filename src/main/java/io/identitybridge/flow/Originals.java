package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterTries.Subject;
import io.identitybridge.store.SealedLetters;
import io.identitybridge.store.Staging.Staged;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Trigger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Applies the records that letters hold sealed (replay mode original), under the locks of what they are about, and only where nothing newer has come since. One
 * that could not even be kept goes the way of a page of a pull that was read when its letter was opened: behind the fence, the tombstones and the guard.
 */
@Component
class Originals {
    private final ActiveFiles files;
    private final SealedLetters sealed;
    private final Ledger ledger;
    private final Leases leases;
    private final Staging staging;
    private final Reconciliation reconciliation;

    Originals(ActiveFiles files, SealedLetters sealed, Ledger ledger, Leases leases, Staging staging, Reconciliation reconciliation) {
        this.files = files;
        this.sealed = sealed;
        this.ledger = ledger;
        this.leases = leases;
        this.staging = staging;
        this.reconciliation = reconciliation;
    }

    /**
     * What became of it.
     *
     * @param converges those whose record stands as it was, and who are to be converged
     * @param said      what an operator is to know
     */
    record Came(List<Subject> converges, List<String> said) {
    }

    Came of(List<Subject> subjects, String origin) {
        List<String> said = new ArrayList<>();
        Map<Long, String> records = sealed.records(subjects.stream().map(Subject::letter).toList());
        List<Subject> meant = subjects.stream().filter(subject -> refused(subject, records.containsKey(subject.letter())).map(why -> said.add("letter " + subject.letter() + ": " + why)).isEmpty()).toList();
        List<Subject> stands = new ArrayList<>();
        Map<SourceName, List<Subject>> lost = new TreeMap<>();
        for (Subject subject : meant) {
            Map<String, Object> record = Json.object(records.getOrDefault(subject.letter(), "{}"));
            if (subject.id().isEmpty() || subject.ahead()) {
                lost.computeIfAbsent(subject.source(), source -> new ArrayList<>()).add(subject);
            } else if (stored(subject, record, Trigger.of(origin))) {
                stands.add(subject);
            } else {
                said.add("letter " + subject.letter() + ": " + NEWER);
            }
        }
        lost.forEach((source, some) -> {
            lost(source, some, records).ifPresent(said::add);
            some.stream().filter(subject -> subject.id().isPresent()).forEach(stands::add);
        });
        return new Came(stands, said);
    }

    private static final String NEWER = "something newer has come since, so its original is not applied; converge takes what is there now";

    private Optional<String> refused(Subject subject, boolean kept) {
        if (files.current().mapping(subject.source()).isEmpty()) {
            return Optional.of("there is no mappings/" + subject.source() + ".yaml, so its original is not applied");
        }
        if (subject.id().isPresent() && !subject.original() && !subject.ahead()) {
            return Optional.of(NEWER);
        }
        if (subject.gone() && subject.id().isEmpty()) {
            return Optional.of("it is gone at the IdP since, so its original is not applied");
        }
        return kept || subject.id().isPresent() && subject.original() ? Optional.empty() : Optional.of("nothing of it is stored and its letter holds no record, so there is no original to apply; re-read asks the IdP");
    }

    /** Puts the record in its place, over what is stored of that moment; false where something newer came in between. */
    private boolean stored(Subject subject, Map<String, Object> record, Trigger trigger) {
        Active active = files.current();
        boolean[] stands = new boolean[1];
        LookAgain again = new LookAgain(ledger, subject.source(), active, reconciliation.now(), trigger);
        if (subject.resource().equals("group")) {
            again.group(subject.id().orElseThrow(), fact -> {
                stands[0] = fact.version() == subject.generation() && fact.goneAt().isEmpty();
                Optional<String> pulled = fact.pulled().map(kept -> over(kept, pulled(record)));
                return stands[0] ? fact.recorded(pulled, hash(active, subject, pulled), fact.pushed().map(kept -> over(kept, pushed(record)))) : fact;
            });
        } else {
            again.accounts(List.of(subject.id().orElseThrow()), fact -> {
                stands[0] = fact.version() == subject.generation() && fact.goneAt().isEmpty();
                Optional<String> pulled = fact.pulled().map(kept -> over(kept, pulled(record)));
                return stands[0] ? fact.recorded(pulled, hash(active, subject, pulled), fact.pushed().map(kept -> over(kept, pushed(record)))) : fact;
            });
        }
        return stands[0];
    }

    private static Optional<byte[]> hash(Active active, Subject subject, Optional<String> pulled) {
        Mapping mapping = active.mapping(subject.source()).orElseThrow();
        return pulled.map(variables -> mapping.hash(Json.object(variables)));
    }

    /** Records that broke what they were to be written with: taken in as if they were read when their letters were opened. */
    private Optional<String> lost(SourceName source, List<Subject> subjects, Map<Long, String> records) {
        Optional<Lease> lease = leases.take(source, false);
        if (lease.isEmpty()) {
            return Optional.of(source + " is being pulled at the moment, so " + subjects.size() + " originals are not applied; replay them again after it");
        }
        try {
            return leases.within(lease.get(), staging, hold -> lost(hold, subjects, records));
        } catch (SourceUnavailable fault) {
            return Optional.of(source + ": " + fault.getMessage() + ", so " + subjects.size() + " originals are not applied; replay them again");
        }
    }

    private Optional<String> lost(Hold hold, List<Subject> subjects, Map<Long, String> records) {
        SourceName source = hold.source();
        Mapping mapping = files.current().mapping(source).orElseThrow();
        List<Subject> pulled = subjects.stream().filter(subject -> !pulled(Json.object(records.get(subject.letter()))).isEmpty()).toList();
        pulled.stream().collect(Collectors.groupingBy(Subject::resource)).forEach((resource, some) -> staging.records(hold, resource + "s", some.stream().map(subject -> {
            Map<String, Object> variables = pulled(Json.object(records.get(subject.letter())));
            return new Staged(subject.idpId(), resource.equals("user") ? "found" : "whole", Optional.of(Json.text(variables)), Optional.of(mapping.hash(variables)), Optional.empty(), subject.firstAt());
        }).toList()));
        reconciliation.apply(reconciliation.guard(reconciliation.plan(reconciliation.map(reconciliation.normalize(new Batch.Staged(source, hold.run()))))));
        int pushed = subjects.size() - pulled.size();
        return pushed == 0 ? Optional.empty() : Optional.of(pushed + " letters of " + source + " hold no pulled record: re-read asks the IdP for what was pulled, and what was pushed it has to push again");
    }

    private static Map<String, Object> pulled(Map<String, Object> record) {
        Map<String, Object> pulled = new LinkedHashMap<>(record);
        pulled.remove("resource");
        return pulled;
    }

    private static Map<String, Object> pushed(Map<String, Object> record) {
        return record.get("resource") instanceof Map<?, ?> resource ? typed(resource) : Map.of();
    }

    /** What a letter holds lacks phones, addresses and whatever no expression reads: that stays as it is stored. */
    private static String over(String stored, Map<String, Object> original) {
        Map<String, Object> before = Json.object(stored);
        Object after = over(before, original);
        return after.equals(before) ? stored : Json.text(typed((Map<?, ?>) after));
    }

    private static Object over(Object stored, Object original) {
        if (stored instanceof Map<?, ?> before && original instanceof Map<?, ?> fields) {
            Map<String, Object> merged = new LinkedHashMap<>(typed(before));
            typed(fields).forEach((name, value) -> merged.put(name, merged.containsKey(name) ? over(merged.get(name), value) : value));
            return merged;
        }
        if (stored instanceof List<?> before && original instanceof List<?> rows && before.size() == rows.size()) {
            List<Object> merged = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                merged.add(over(before.get(i), rows.get(i)));
            }
            return merged;
        }
        return original;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
