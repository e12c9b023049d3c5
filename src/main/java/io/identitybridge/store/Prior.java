package io.identitybridge.store;

import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A line that a person has seen before: still held, or rejected for these facts. */
record Prior(String sentence, String reason, boolean rejected, byte[] facts) {

    /** The plan without what was rejected for the same facts, and with what already waits still waiting. */
    static PersonPlan applied(PersonPlan plan, Wish wish, List<Prior> prior) {
        if (prior.isEmpty()) {
            return plan;
        }
        byte[] facts = digest(wish);
        PersonPlan left = plan.without(line -> prior.stream().anyMatch(p -> p.rejected() && Arrays.equals(p.facts(), facts) && p.sentence().equals(line.sentence())), line -> List.of());
        List<Line> lines = left.lines().stream().map(line -> prior.stream().filter(p -> !p.rejected() && p.sentence().equals(line.sentence())).findFirst()
                .map(p -> new Line(line.change(), Optional.of(p.reason()), line.within())).orElse(line)).toList();
        return new PersonPlan(lines, left.grants(), left.refused());
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
