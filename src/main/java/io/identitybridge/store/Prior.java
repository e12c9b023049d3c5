package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A line that a person has seen before: still held, or rejected for these facts.
 *
 * @param kind      the class it was held in, as text
 * @param workspace the one it is about, folded
 */
record Prior(String sentence, String reason, boolean rejected, byte[] facts, String kind, Optional<String> workspace) {
    /** Without a workspace, these are about a role in the organisation. */
    private static final Set<String> ROLES = Set.of(ChangeClass.LOWER.toString(), ChangeClass.RAISE.toString());
    /** A removal that became a lowering, or the other way round, is the same loss in other words. */
    private static final Set<ChangeClass> LESS = EnumSet.of(ChangeClass.REMOVE, ChangeClass.LOWER);
    /** What may wait with a place; with an archive, where he had left everywhere else when it began to wait. */
    private static final Set<String> PLACES = Set.of(ChangeClass.REMOVE.toString(), ChangeClass.LOWER.toString(), ChangeClass.ARCHIVE.toString());

    /**
     * The plan without what was rejected for the same facts, and with what already waits still waiting, whatever he or the workspace is called
     * by now. Only whoever leaves in another way than the one that waits is judged anew; but nobody leaves for want of a place while it waits
     * whether he keeps one, whatever becomes of his other accounts meanwhile.
     */
    static PersonPlan applied(PersonPlan plan, Wish wish, Map<String, PersonNow.MembershipNow> has, List<Prior> prior) {
        if (prior.isEmpty()) {
            return plan;
        }
        PersonPlan left = plan.without(line -> prior.stream().anyMatch(p -> p.rejected() && p.holdsFor(wish) && p.is(line)), line -> List.of());
        Optional<String> place = wish instanceof Wish.Leaver leaver ? prior.stream().filter(p -> !p.rejected() && PLACES.contains(p.kind())
                && leaver.keptBy(p.workspace().map(has::get).stream().flatMap(held -> held.grants().stream())) && left.lines().stream().anyMatch(line -> line.change().place().map(Folded::of).equals(p.workspace()) && p.workspace().isPresent())).map(Prior::reason).findFirst() : Optional.empty();
        if (place.isPresent()) {
            return left.waiting(place.get());
        }
        boolean leaves = wish instanceof Wish.Leaver;
        List<Line> lines = left.lines().stream().map(line -> prior.stream().filter(p -> !p.rejected() && p.about(line) && (!leaves || p.holdsFor(wish))).findFirst()
                .map(p -> new Line(line.change(), Optional.of(line.always().orElse(p.reason())), line.within())).orElse(line)).toList();
        return new PersonPlan(lines, left.grants(), left.refused());
    }

    /** The very same line, whatever he is called by now: of each kind there is one in each place, and one without a place, but for those that are free. */
    private boolean is(Line line) {
        Optional<String> place = line.change().place().map(Folded::of);
        return sentence.equals(line.sentence()) || place.equals(workspace) && (kind.equals(line.within().toString()) && (place.isPresent() || line.within() != ChangeClass.FREE) || alone(line));
    }

    /** The same, or the same loss in other words. */
    private boolean about(Line line) {
        return is(line) || line.change().place().map(Folded::of).equals(workspace) && LESS.contains(line.within()) && LESS.stream().anyMatch(less -> less.toString().equals(kind));
    }

    /** What was to go along with an archive is to go without one now: he is let in elsewhere. */
    private boolean alone(Line line) {
        return workspace.isPresent() && LESS.contains(line.within()) && kind.equals(ChangeClass.ARCHIVE.toString());
    }

    /** Whether what it was about is still as it was. */
    boolean holdsFor(Wish wish) {
        return same(facts, wish, workspace, kind);
    }

    /**
     * Whether these bytes stand for what the wish says about such a line; or for the whole wish, as they did before a rejection was about its own line alone. A source that has come to know
     * somebody since, and gives him nothing, says nothing about his leaving; one that lets him in says nothing of the places that he was to lose by it.
     */
    static boolean same(byte[] facts, Wish wish, Optional<String> workspace, String kind) {
        return Arrays.equals(facts, digest(wish, workspace, kind)) || Arrays.equals(facts, digest(wish.aboutOnce(workspace, ROLES.contains(kind)))) || wish.fingerprintsBefore().stream().anyMatch(before -> Arrays.equals(facts, digest(before)))
                || kind.equals(ChangeClass.ARCHIVE.toString()) && workspace.stream().flatMap(place -> wish.aboutLeaving(place).stream()).anyMatch(before -> Arrays.equals(facts, digest(before)));
    }

    static byte[] digest(Wish wish, Line line) {
        return digest(wish, line.change().place().map(Folded::of), line.within().toString());
    }

    /** The 32 bytes that stand for what a wish says about a line of this class and folded workspace: a rejection lasts until they change, whatever else becomes of him. */
    static byte[] digest(Wish wish, Optional<String> workspace, String kind) {
        return digest(wish.about(workspace, ROLES.contains(kind)));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
