package io.identitybridge.plan;

import io.identitybridge.model.Problem;
import java.util.List;

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
}
