package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A line that a person has seen before: still held, or rejected for these facts.
 *
 * @param kind      the class it was held in, as text
 * @param workspace the one it is about, folded
 */
record Prior(String sentence, String reason, boolean rejected, byte[] facts, String kind, Optional<String> workspace) {
    /** A removal that became a lowering, or the other way round, is the same loss in other words. */
    private static final Set<ChangeClass> LESS = EnumSet.of(ChangeClass.REMOVE, ChangeClass.LOWER);

    /**
     * The plan without what was rejected for the same facts, and with what already waits still waiting, whatever he or the workspace is called
     * by now. Only whoever leaves in another way than the one that waits is judged anew; but nobody leaves for want of a place while it waits
     * whether he keeps one.
     */
    static PersonPlan applied(PersonPlan plan, Wish wish, List<Prior> prior) {
        if (prior.isEmpty()) {
            return plan;
        }
        byte[] facts = digest(wish);
        PersonPlan left = plan.without(line -> prior.stream().anyMatch(p -> p.rejected() && Arrays.equals(p.facts(), facts) && p.sentence().equals(line.sentence())), line -> List.of());
        Optional<String> place = wish instanceof Wish.Leaver leaver && leaver.unplaced() ? prior.stream().filter(p -> !p.rejected() && LESS.stream().anyMatch(less -> less.toString().equals(p.kind()))
                && left.lines().stream().anyMatch(line -> line.change().place().map(Folded::of).equals(p.workspace()) && p.workspace().isPresent())).map(Prior::reason).findFirst() : Optional.empty();
        if (place.isPresent()) {
            return left.waiting(place.get());
        }
        boolean leaves = wish instanceof Wish.Leaver;
        List<Line> lines = left.lines().stream().map(line -> prior.stream().filter(p -> !p.rejected() && p.about(line) && (!leaves || Arrays.equals(p.facts(), facts))).findFirst()
                .map(p -> new Line(line.change(), Optional.of(line.always().orElse(p.reason())), line.within())).orElse(line)).toList();
        return new PersonPlan(lines, left.grants(), left.refused());
    }

    private boolean about(Line line) {
        Optional<String> place = line.change().place().map(Folded::of);
        return sentence.equals(line.sentence()) || place.equals(workspace) && (LESS.contains(line.within()) ? LESS.stream().anyMatch(less -> less.toString().equals(kind))
                : line.within() == ChangeClass.ARCHIVE && kind.equals(line.within().toString()));
    }

    /** The 32 bytes that stand for a wish: a rejection lasts until they change. */
    static byte[] digest(Wish wish) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(wish.fingerprint().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
