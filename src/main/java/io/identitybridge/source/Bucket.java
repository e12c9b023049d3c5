package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Budget;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Leaves others their share of the IdP's rate bucket: once less is left than theirs, nobody here sends before it is full again. No budget, no limit. */
final class Bucket {
    private final Optional<Budget> budget;
    private final Waits waits;
    private final Pause pause;
    private final ReentrantLock door = new ReentrantLock();
    private Duration owed = Duration.ZERO;

    Bucket(Optional<Budget> budget, Waits waits, Pause pause) {
        this.budget = budget;
        this.waits = waits;
        this.pause = pause;
    }

    /** Waits if an earlier answer asked for it; parallel callers wait behind the same door. */
    void enter() throws InterruptedException {
        door.lockInterruptibly();
        try {
            if (!owed.isZero()) {
                pause.sleep(owed);
                owed = Duration.ZERO;
            }
        } finally {
            door.unlock();
        }
    }

    /** Looks at what an answer says about the bucket. */
    void learn(Response response) {
        budget.filter(b -> tooLittle(b, response)).ifPresent(b -> {
            door.lock();
            try {
                owed = waits.untilReset(response);
            } finally {
                door.unlock();
            }
        });
    }

    private static boolean tooLittle(Budget budget, Response response) {
        Optional<Long> limit = response.header(budget.limit()).flatMap(Json::whole);
        Optional<Long> left = response.header(budget.left()).flatMap(Json::whole);
        return limit.isPresent() && left.isPresent() && left.get() < (1 - budget.share()) * limit.get();
    }
}
