package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Sentences;
import io.identitybridge.plan.Words;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One row of the audit about a person. */
record Audited(Instant at, String actor, String via, String source, String origin, String setHash, List<String> changes, List<String> grants, List<String> lost) {
    private static final int PARTS = 5;
    private static final int WORDS = 4;

    /** Why he has a role there, as the change found it. */
    List<Decided.Reason> reasons(String folded) {
        return IntStream.range(0, grants.size() / PARTS).mapToObj(n -> grants.subList(n * PARTS, (n + 1) * PARTS)).filter(reason -> reason.getFirst().equals(folded))
                .map(reason -> new Decided.Reason(reason.get(1), reason.get(2), reason.get(3), reason.get(4))).toList();
    }

    /** What other accounts said of a field when this was decided, and why that did not hold. */
    List<Decided.Lost> words(String field) {
        String name = field.equals("status") ? Words.Field.ACTIVE.shown() : field;
        return IntStream.range(0, lost.size() / WORDS).mapToObj(n -> lost.subList(n * WORDS, (n + 1) * WORDS)).filter(word -> word.getFirst().equals(name))
                .map(word -> new Decided.Lost(word.get(1), Optional.of(word.get(2)), word.get(3))).toList();
    }

    Stream<Change> told() {
        return changes.stream().flatMap(sentence -> Sentences.read(sentence).stream());
    }
}
