package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** Calls of the budget that all bridges share, taken from the store a tenth of a second's worth at a time; and the rest that Portkey asks for, whoever was asked. */
final class Budgeted implements Calls.Budget {
    private static final int WAIT_MILLIS = 25;

    private final TargetState state;
    private final Terms terms;
    private final int perSecond;
    private final boolean leavers;
    private final Semaphore left = new Semaphore(0);
    private final ReentrantLock one = new ReentrantLock();

    Budgeted(TargetState state, Terms terms, boolean leavers) {
        this.state = state;
        this.terms = terms;
        this.perSecond = terms.callsPerSecond();
        this.leavers = leavers;
    }

    @Override
    public void take() {
        while (!left.tryAcquire()) {
            one.lock(); // a monitor would hold a virtual thread's carrier over the statement and the wait in fetch, on Java 21
            try {
                if (left.availablePermits() == 0) {
                    fetch();
                }
            } finally {
                one.unlock();
            }
        }
    }

    @Override
    public void rest(Duration wait) {
        state.pause(wait, terms.causes().reaction(Cause.TRANSIENT).leavers().orElse(wait));
    }

    private void fetch() {
        int got = state.take(leavers ? 1 : Math.max(1, perSecond / 10), perSecond, leavers);
        left.release(got);
        if (got == 0) {
            try {
                Thread.sleep(WAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TargetFault.TooLate(true);
            }
        }
    }
}
