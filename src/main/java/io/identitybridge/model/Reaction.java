package io.identitybridge.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What follows from a failure of one cause.
 *
 * @param tries           waits before the short tries, within the same piece of work
 * @param spread          by what part each of them is longer or shorter by chance: 0.2 for 20 % either way
 * @param schedule        waits before the first tries that outlive a restart
 * @param every           the wait from then on; without it the letter waits for a change or a person once the schedule has ended
 * @param until           after this long since the first failure it is given up: the letter expires
 * @param leavers         the longest wait where somebody's access is to end, who never expires; empty where such a one waits like all
 * @param stopsConnection whether nothing more is sent over this connection until a person has looked
 * @param retryWhen       what changes give a letter a try of its own
 * @param counts          whether it counts for the breaker and the failure rate
 */
public record Reaction(List<Duration> tries, double spread, List<Duration> schedule, Optional<Duration> every, Optional<Duration> until, Optional<Duration> leavers,
                       boolean stopsConnection, Set<Changed> retryWhen, boolean counts) {
    public Reaction {
        tries = List.copyOf(tries);
        schedule = List.copyOf(schedule);
        retryWhen = Set.copyOf(retryWhen);
        if (spread < 0 || spread >= 1) {
            throw new IllegalArgumentException("a spread of " + spread);
        }
    }

    /** What may have changed meanwhile. */
    public enum Changed {
        /** The wanted state of the key. */
        STATE,
        /** The source's mapping. */
        MAPPING,
        /** Any other file of the active set, or a setting. */
        CONFIGURATION
    }

    /** When a letter is tried next by itself. */
    public sealed interface Next {
        record At(Instant time) implements Next {
        }

        /** Not by the clock: when something changes, or when a person says so. */
        record Waits() implements Next {
        }

        /** Given up; kept for whoever looks. */
        record Expired() implements Next {
        }
    }

    /**
     * How long to wait before the next short try.
     *
     * @param failed how many have failed, the first one too: 1 or more
     * @param chance from 0 to 1
     * @return empty when it is time for the schedule
     */
    public Optional<Duration> shortTry(int failed, double chance) {
        return failed < 1 || failed > tries.size() ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.round(tries.get(failed - 1).toMillis() * (1 + spread * (2 * chance - 1)))));
    }

    /**
     * When the letter is tried next.
     *
     * @param attempts how often it has failed, 1 or more
     * @param leaver   whether somebody's access is to end
     * @param firstAt  when it first failed, by the database's clock
     * @param now      by the same
     */
    public Next next(int attempts, boolean leaver, Instant firstAt, Instant now) {
        Optional<Duration> wait = attempts <= schedule.size() ? Optional.of(schedule.get(Math.max(attempts, 1) - 1)) : every;
        if (leaver && leavers.isPresent()) {
            Duration longest = leavers.get();
            return new Next.At(now.plus(wait.filter(some -> some.compareTo(longest) < 0).orElse(longest)));
        }
        if (until.isPresent() && !now.isBefore(firstAt.plus(until.get()))) {
            return new Next.Expired();
        }
        return wait.<Next>map(some -> new Next.At(now.plus(some))).orElseGet(Next.Waits::new);
    }
}
