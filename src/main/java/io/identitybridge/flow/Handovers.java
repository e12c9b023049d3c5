package io.identitybridge.flow;

import io.identitybridge.store.Raises.Raise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Messages on their way through the operators' route, {@value #AT_ONCE} at once, each in a thread of its own and for so long at most. What takes longer is
 * interrupted and given up; where even that does not end it, {@value #HANGING} threads are left to hang, and no more: then messages wait in the store.
 */
final class Handovers {
    private static final int AT_ONCE = 4;
    private static final int HANGING = 16;

    private final Duration longest;
    private final Set<Handover> running = ConcurrentHashMap.newKeySet();

    Handovers(Duration longest) {
        this.longest = longest;
    }

    private record Handover(Raise raise, Thread thread, long begun, AtomicBoolean late) {
    }

    /** Whether another may begin. */
    boolean room() {
        long hanging = hanging();
        return running.size() - hanging < AT_ONCE && hanging < HANGING;
    }

    /** Those that were given up and go on all the same. */
    int hanging() {
        return (int) running.stream().filter(one -> one.late().get()).count();
    }

    /** @param tell is given the message, and whether it was given up meanwhile */
    void begin(Raise raise, BiConsumer<Raise, BooleanSupplier> tell) {
        AtomicBoolean late = new AtomicBoolean();
        Handover[] mine = new Handover[1];
        Thread thread = Thread.ofPlatform().daemon().name("dead-letters-" + raise.id()).unstarted(() -> { // no virtual one: what hangs in a native call would hold a processor
            try {
                tell.accept(raise, late::get);
            } finally {
                running.remove(mine[0]);
            }
        });
        mine[0] = new Handover(raise, thread, System.nanoTime(), late);
        running.add(mine[0]);
        thread.start();
    }

    /** Gives up those that have taken too long; gives each once. */
    List<Raise> late() {
        List<Raise> late = new ArrayList<>();
        running.stream().filter(one -> System.nanoTime() - one.begun() > longest.toNanos() && one.late().compareAndSet(false, true)).forEach(one -> {
            one.thread().interrupt();
            late.add(one.raise());
        });
        return late;
    }

    /** Waits for those that go on, and then leaves them. */
    void end(Duration wait) throws InterruptedException {
        long begin = System.nanoTime();
        for (Handover one : List.copyOf(running)) {
            one.thread().join(Duration.ofNanos(Math.max(1, wait.toNanos() - (System.nanoTime() - begin))));
        }
        running.forEach(one -> one.thread().interrupt());
    }
}
