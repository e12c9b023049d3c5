package io.identitybridge.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What failures mean and what follows from them: {@code routes/errors.causes.yaml}, read. Pure: no clock and no chance of its own.
 *
 * <p>How a caller goes about a failed call:
 * <pre>{@code
 * Causes causes = files.current().causes();
 * switch (causes.of(Failure.answered(TARGET, CREATE, false, 409, Optional.of("AB07"), body))) {
 *     case Outcome.Gone gone -> done();                   // what was to go, or to be read, is not there any more
 *     case Outcome.Exists exists -> readAgain();          // what was to be made is there: read it and compare
 *     case Outcome.Failed(Cause cause) -> {
 *         Reaction reaction = causes.reaction(cause);
 *         reaction.shortTry(failedTries, random.nextDouble());       // at once, within the same piece of work: how long to wait, or empty
 *         if (reaction.stopsConnection()) stop();                    // the whole connection, one alarm, no letter a key
 *         switch (reaction.next(attempts, leaver, firstAt, now)) {   // later: the letter's next_at
 *             case Next.At(Instant at) -> ...
 *             case Next.Waits waits -> ...                           // for a change, or for a person
 *             case Next.Expired expired -> ...
 *         }
 *     }
 * }
 * }</pre>
 *
 * @param rules      in the order of the file; the first that fits counts, and what none fits is a {@link Cause#BUG}
 * @param reactions  one for each cause
 * @param breaker    when a connection rests that fails again and again
 * @param quarantine when a source or a target fails so often that it is slowed down
 * @param replays    how often one letter is replayed before it takes somebody's explicit word
 */
public record Causes(List<Rule> rules, Map<Cause, Reaction> reactions, Breaker breaker, Quarantine quarantine, int replays) {
    public Causes {
        rules = List.copyOf(rules);
        reactions = Map.copyOf(new EnumMap<>(reactions));
        if (reactions.size() != Cause.values().length || replays < 1) {
            throw new IllegalArgumentException("a reaction for each cause and at least one replay, not " + reactions.keySet() + ", " + replays);
        }
    }

    /** What a failure comes to. */
    public sealed interface Outcome {
        /** It failed, for this reason. */
        record Failed(Cause cause) implements Outcome {
        }

        /** What it was about is not there any more: nothing is left to do for it. */
        record Gone() implements Outcome {
        }

        /** What was to be made is there already: it is read again and compared. */
        record Exists() implements Outcome {
        }
    }

    /** What this failure comes to by the first rule that fits it; a bug where none does. */
    public Outcome of(Failure failure) {
        return rules.stream().filter(rule -> rule.fits(failure)).map(Rule::is).findFirst().orElse(new Outcome.Failed(Cause.BUG));
    }

    public Reaction reaction(Cause cause) {
        return reactions.get(cause);
    }

    /**
     * One line of the file. An empty list asks for nothing.
     *
     * @param statuses   the answer's status is in one of these
     * @param codes      the answer's error code is one of these
     * @param says       the answer holds one of these texts, in whatever case
     * @param exceptions the exception, what it extends or a cause of it is one of these, by simple or whole name
     * @param departed   only for who has left and what has ended
     * @param line       where it stands, from 1
     */
    public record Rule(List<Failure.Where> where, List<Failure.Call> calls, List<Statuses> statuses, List<String> codes, List<String> says, List<String> exceptions,
                       boolean departed, Outcome is, int line) {
        boolean fits(Failure failure) {
            return (where.isEmpty() || where.contains(failure.where()))
                    && (calls.isEmpty() || calls.contains(failure.call()))
                    && (statuses.isEmpty() || failure.status().filter(status -> statuses.stream().anyMatch(some -> some.has(status))).isPresent())
                    && (codes.isEmpty() || failure.code().filter(codes::contains).isPresent())
                    && (says.isEmpty() || failure.saysOneOf(says))
                    && (exceptions.isEmpty() || failure.exceptions().stream().anyMatch(exceptions::contains))
                    && (!departed || failure.departed());
        }
    }

    /** HTTP statuses from one to another, both counted. */
    public record Statuses(int from, int to) {
        public Statuses {
            if (from < 100 || to > 599 || from > to) {
                throw new IllegalArgumentException("statuses from " + from + " to " + to);
            }
        }

        boolean has(int status) {
            return from <= status && status <= to;
        }
    }
}
