package io.identitybridge.store;

import java.time.Instant;
import java.util.List;

/**
 * A condition on SCIM resources, already checked against their schema. Paths are names inside the resource
 * ({@code [name, givenName]}), and inside the element below {@link Element}. What a resource lacks matches nothing.
 */
public sealed interface Match {
    /** How a value is compared. */
    enum Op { EQ, NE, CO, SW, EW, GT, GE, LT, LE }

    /** Every one; all resources where there is none. */
    record All(List<Match> of) implements Match {
    }

    record Any(List<Match> of) implements Match {
    }

    record Not(Match of) implements Match {
    }

    /** @param exact with case */
    record Text(List<String> path, Op op, String value, boolean exact) implements Match {
    }

    record Truth(List<String> path, boolean value) implements Match {
    }

    record Time(List<String> path, Op op, Instant value) implements Match {
    }

    record Present(List<String> path) implements Match {
    }

    /** No resource is so. */
    record Nothing() implements Match {
    }

    /** Some element of a list is so. */
    record Element(List<String> path, Match inside) implements Match {
    }
}
