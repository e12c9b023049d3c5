package io.identitybridge.source;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs calls side by side, a few at a time, and gives their results in the order they were asked for, one after the other, by the caller's own thread. */
final class Parallel {
    private Parallel() {
    }

    /** What takes a result. */
    interface Taker<I, R> {
        void take(I input, R result);
    }

    /** {@code stopped} is thrown when the caller's thread is interrupted. */
    static <I, R> void each(Collection<I> inputs, int width, Function<I, R> call, Taker<I, R> taker, Supplier<SourceUnavailable> stopped) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            record Asked<A, B>(A input, Future<B> result) {
            }
            Deque<Asked<I, R>> asked = new ArrayDeque<>(width);
            Iterator<I> rest = inputs.iterator();
            while (rest.hasNext() || !asked.isEmpty()) {
                while (rest.hasNext() && asked.size() < width) {
                    I input = rest.next();
                    asked.add(new Asked<>(input, threads.submit(() -> call.apply(input))));
                }
                Asked<I, R> first = asked.remove();
                taker.take(first.input(), result(first.result(), stopped));
            }
        } finally {
            // After a fault the calls still under way are of no use: nothing of them may come later.
            threads.shutdownNow();
        }
    }

    private static <R> R result(Future<R> asked, Supplier<SourceUnavailable> stopped) {
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw stopped.get();
        }
    }
}
