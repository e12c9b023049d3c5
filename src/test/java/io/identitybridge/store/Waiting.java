package io.identitybridge.store;

import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import io.identitybridge.model.Folded;

/** Lines that wait in a model of the store, by the store's own rule for them. */
public record Waiting(String sentence, String reason, byte[] facts, String kind, Optional<String> workspace) {
    public static Waiting of(Line line, String reason, Wish wish) {
        return new Waiting(line.sentence(), reason, Prior.digest(wish, line), line.within().toString(), line.change().place().map(Folded::of));
    }

    /** What waits already still waits, and what was rejected for these facts is left out. */
    public static PersonPlan applied(PersonPlan plan, Wish wish, Map<String, PersonNow.MembershipNow> has, List<Waiting> all, List<Waiting> rejected) {
        return Prior.applied(plan, wish, has, Stream.concat(all.stream().map(w -> w.prior(false)), rejected.stream().map(w -> w.prior(true))).toList());
    }

    private Prior prior(boolean rejected) {
        return new Prior(sentence, reason, rejected, facts, kind, workspace);
    }

    /** The same line where its workspace is called otherwise by now. */
    public Waiting renamed(String from, String to) {
        return workspace.filter(Folded.of(from)::equals).map(place -> new Waiting(sentence.replace(" from " + from, " from " + to).replace(" in " + from + " from ", " in " + to + " from "), reason, facts, kind, Optional.of(Folded.of(to)))).orElse(this);
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
