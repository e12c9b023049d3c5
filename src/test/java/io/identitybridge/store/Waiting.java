package io.identitybridge.store;

import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import io.identitybridge.model.Folded;

/** Lines that wait in a model of the store, by the store's own rule for them. */
public record Waiting(String sentence, String reason, byte[] facts, String kind, Optional<String> workspace) {
    public static Waiting of(Line line, String reason, Wish wish) {
        return new Waiting(line.sentence(), reason, Prior.digest(wish), line.within().toString(), line.change().place().map(Folded::of));
    }

    /** What waits already still waits. */
    public static PersonPlan applied(PersonPlan plan, Wish wish, List<Waiting> all) {
        return Prior.applied(plan, wish, all.stream().map(w -> new Prior(w.sentence, w.reason, false, w.facts, w.kind, w.workspace)).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Waiting w && w.sentence.equals(sentence) && Arrays.equals(w.facts, facts);
    }

    @Override
    public int hashCode() {
        return sentence.hashCode();
    }
}
