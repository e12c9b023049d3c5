package io.identitybridge.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Calls that come while others are under way go together, in one transaction or one statement: what many ask for at the same time costs little more
 * than what one asks for. A call alone waits for nobody, and none is answered by work that began before it. Where the work of several breaks,
 * each is done alone, so that one's fault is no other's.
 */
final class Together<C, R> {
    /** A call that the work cannot do beside others: it is done alone. */
    static final class Alone extends RuntimeException {
        Alone() {
            super("to be done alone", null, false, false);
        }
    }

    /**
     * @param kind only calls of the same kind go together
     * @param key  two of the same key never do: the second sees what the first has done
     */
    record Traits<C>(Function<C, Object> kind, Function<C, Object> key) {
        /** Any with any. */
        static <C> Traits<C> any() {
            return new Traits<>(call -> "", call -> new Object());
        }
    }

    /** As many as the pool has connections: no more changes are under way side by side than if each had its own, and the guard reckons with that. */
    private static final int MOST = 24;
    private final Traits<C> traits;
    private final Function<List<C>, List<Supplier<R>>> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Ticket<C, R>> waiting = new ArrayDeque<>();
    private int free;

    private record Ticket<C, R>(C call, CompletableFuture<Supplier<R>> answer) {
    }

    /**
     * @param lanes how many works may be under way at once
     * @param work  gives an answer for each call, in their order; one that throws is thrown to its caller
     */
    Together(int lanes, Traits<C> traits, Function<List<C>, List<Supplier<R>>> work) {
        this.free = lanes;
        this.traits = traits;
        this.work = work;
    }

    R ask(C call) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) { // it belongs to what this thread has begun
            return alone(call);
        }
        Ticket<C, R> mine = new Ticket<>(call, new CompletableFuture<>());
        return (leads(mine) ? lead(mine) : mine.answer().join()).get();
    }

    private R alone(C call) {
        return work.apply(List.of(call)).getFirst().get();
    }

    private boolean leads(Ticket<C, R> mine) {
        lock.lock();
        try {
            if (free == 0) {
                waiting.add(mine);
                return false;
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Does this call and all that wait beside it; then the first who came meanwhile does the next ones. */
    private Supplier<R> lead(Ticket<C, R> mine) {
        try {
            List<Ticket<C, R>> all = with(mine);
            List<Supplier<R>> answers = answers(all);
            for (int i = 1; i < all.size(); i++) {
                all.get(i).answer().complete(answers.get(i));
            }
            return answers.getFirst();
        } finally {
            handOver();
        }
    }

    private List<Supplier<R>> answers(List<Ticket<C, R>> all) {
        try {
            return work.apply(all.stream().map(Ticket::call).toList());
        } catch (RuntimeException | Error fault) {
            if (all.size() == 1) {
                return List.of(() -> {
                    throw fault;
                });
            }
            return all.stream().<Supplier<R>>map(ticket -> () -> alone(ticket.call())).toList(); // by the thread that asked
        }
    }

    private List<Ticket<C, R>> with(Ticket<C, R> mine) {
        List<Ticket<C, R>> all = new ArrayList<>(List.of(mine));
        Object kind = traits.kind().apply(mine.call());
        Set<Object> keys = new HashSet<>(List.of(traits.key().apply(mine.call())));
        lock.lock();
        try {
            for (Iterator<Ticket<C, R>> others = waiting.iterator(); others.hasNext() && all.size() < MOST; ) {
                Ticket<C, R> other = others.next();
                if (kind.equals(traits.kind().apply(other.call())) && keys.add(traits.key().apply(other.call()))) {
                    others.remove();
                    all.add(other);
                }
            }
        } finally {
            lock.unlock();
        }
        return all;
    }

    private void handOver() {
        lock.lock();
        try {
            Ticket<C, R> next = waiting.poll();
            if (next == null) {
                free++;
            } else {
                next.answer().complete(() -> lead(next).get());
            }
        } finally {
            lock.unlock();
        }
    }
}
