package io.identitybridge.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a small write again and again beside the requests; once more when it is closed. A failure is tried again at the next tick, and logged once until it works again. */
final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final String name;
    private final Runnable task;
    private final Thread thread;
    private volatile boolean failing;

    Ticker(String name, Duration every, Runnable task) {
        this.name = name;
        this.task = task;
        this.thread = Thread.ofPlatform().daemon().name(name).start(() -> run(every));
    }

    private void run(Duration every) {
        try {
            while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        once();
    }

    private void once() {
        try {
            task.run();
            if (failing) {
                failing = false;
                LOG.info("{}: written again", name);
            }
        } catch (RuntimeException | Error e) { // an OutOfMemoryError that a request has brought about must not end what is written beside all of them
            if (!failing) {
                failing = true;
                LOG.warn("{}: not written, tried again until it works", name, e);
            }
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
