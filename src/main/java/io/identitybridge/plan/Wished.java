package io.identitybridge.plan;

import io.identitybridge.model.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A wish, with what was asked for beyond it.
 *
 * @param refused  sentences that a bound of portkey.yaml refused, each with its reason
 * @param problems what makes a person not provisioned: a letter each
 */
public record Wished(Wish wish, List<String> refused, List<Problem> problems) {
    public Wished {
        refused = List.copyOf(refused);
        problems = List.copyOf(problems);
    }

    /** What it comes to for somebody as he is held. */
    public Wished of(Optional<PersonNow> now) {
        return wish instanceof Wish.Fading fading ? new Wished(fading.of(now.stream().flatMap(person -> person.memberships().values().stream()).flatMap(held -> held.grants().stream())), refused, problems) : this;
    }
}
