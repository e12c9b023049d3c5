package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Budget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Leaves others their share of one of the IdP's rate buckets: once less is left than theirs, nobody here sends before it is full again. No budget, no limit. */
final class Bucket {
    private final Optional<Budget> budget;
    private final Waits waits;
    private final Pause pause;
    private final Clock clock;
    private final ReentrantLock door = new ReentrantLock();
    private volatile Instant closedUntil = Instant.MIN;
    private volatile Optional<RateLeft> left = Optional.empty();

    Bucket(Optional<Budget> budget, Waits waits, Pause pause, Clock clock) {
        this.budget = budget;
        this.waits = waits;
        this.pause = pause;
        this.clock = clock;
    }

    /** Waits while the bucket is closed; parallel callers wait behind the same door. */
    void enter() throws InterruptedException {
        door.lockInterruptibly();
        try {
            Duration wait = Duration.between(clock.instant(), closedUntil);
            if (wait.isPositive()) {
                pause.sleep(wait);
            }
        } finally {
            door.unlock();
        }
    }

    /** Looks at what an answer says about the bucket. */
    void learn(Response response) {
        budget.ifPresent(b -> {
            Optional<Long> limit = response.header(b.limit()).flatMap(Json::whole);
            Optional<Long> now = response.header(b.left()).flatMap(Json::whole);
            if (limit.isPresent() && now.isPresent()) {
                left = Optional.of(new RateLeft(limit.get(), now.get()));
                if (now.get() < (1 - b.share()) * limit.get()) {
                    closedUntil = clock.instant().plus(waits.untilReset(response));
                }
            }
        });
    }

    /** Empty before an answer said something. */
    Optional<RateLeft> left() {
        return left;
    }
}
