package io.identitybridge.flow;

import io.identitybridge.store.Raises;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Sends new letters to {@code direct:dead-letter-raised}, looking once a second. Each hand-over has a thread of its own ({@link Handovers}): a route of the
 * operators' that hangs or fails holds nothing else up, is logged once, counted in {@code bridge_dead_letter_raises_total}, and tried again until it works.
 */
@Component
class Raiser implements SmartLifecycle {
    static final String ROUTE = "direct:dead-letter-raised";
    private static final Logger LOG = LoggerFactory.getLogger("dead-letters");

    private final Raises raises;
    private final CamelContext camel;
    private final ProducerTemplate template;
    private final MeterRegistry registry;
    private final Duration every;
    private final Optional<String> adminUrl;
    private final Handovers handovers;
    private final AtomicBoolean failing = new AtomicBoolean();
    private CountDownLatch stop;
    private Thread thread;

    Raiser(Raises raises, @Lazy CamelContext camel, @Lazy ProducerTemplate template, MeterRegistry registry, @Value("${bridge.raise.every:1000}") long millis,
           @Value("${bridge.raise.longest:60000}") long longest, @Value("${bridge.admin.url:}") String adminUrl) {
        this.raises = raises;
        this.camel = camel;
        this.template = template;
        this.registry = registry;
        this.every = Duration.ofMillis(millis);
        this.adminUrl = Optional.of(adminUrl.strip().replaceFirst("/+$", "")).filter(url -> !url.isEmpty());
        this.handovers = new Handovers(Duration.ofMillis(Math.min(longest, Raises.LEASE.toMillis() / 2)));
        List.of("sent", "failed", "late").forEach(result -> count(result, 0));
        registry.gauge("bridge.dead.letter.raises.hanging", handovers, Handovers::hanging);
    }

    @Override
    public synchronized void start() {
        stop = new CountDownLatch(1);
        CountDownLatch mine = stop;
        thread = Thread.ofPlatform().daemon().name("dead-letters").start(() -> run(mine));
    }

    private void run(CountDownLatch ended) {
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                look(ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CountDownLatch ended) {
        try {
            handovers.late().forEach(this::late);
            if (camel.getStatus().isStarted()) {
                raises.gather();
            }
            while (ended.getCount() > 0 && camel.getStatus().isStarted() && handovers.room()) {
                Optional<Raises.Raise> raise = raises.take();
                if (raise.isEmpty()) {
                    return;
                }
                handovers.begin(raise.get(), this::tell);
            }
        } catch (RuntimeException | Error e) { // whatever it was, the letters are in the store and this thread goes on
            failed("letters cannot be told of for now", e);
        }
    }

    private void late(Raises.Raise raise) {
        raises.failed(raise.id());
        count("late", 1);
        failed("dead letter " + raise.letter() + " was not taken in time by " + ROUTE + " (routes/errors.camel.yaml)", new TimeoutException("the route hangs"));
    }

    /** In a thread of its own; one that comes back after it was given up for late says how it ended all the same. */
    private void tell(Raises.Raise raise, BooleanSupplier late) {
        try {
            Raised raised = new Raised(raise, adminUrl);
            Exchange told = template.send(ROUTE, exchange -> {
                exchange.getMessage().setBody(raised.body());
                exchange.getMessage().setHeaders(raised.headers());
            });
            if (told.getException() == null) {
                raises.sent(raise.id());
                count("sent", 1);
                if (failing.compareAndSet(true, false)) {
                    LOG.info("dead letters are told again");
                }
            } else if (!late.getAsBoolean()) {
                raises.failed(raise.id());
                count("failed", 1);
                failed("dead letter " + raise.letter() + " could not be told by " + ROUTE + " (routes/errors.camel.yaml)", told.getException());
            }
        } catch (RuntimeException | Error e) { // its lease ends, and it is told again
            failed("dead letter " + raise.letter() + " could not be told for now", e);
        }
    }

    private void failed(String what, Throwable fault) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn("{}; it is kept and tried again until it works: {}", what, said(fault));
        }
    }

    /** The root cause in one line; of an address only the host, for what stands before it and all that follows may be a secret. */
    static String said(Throwable fault) {
        Throwable root = fault;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        String line = String.valueOf(root.getMessage()).lines().findFirst().orElse("").replaceAll("([A-Za-z][A-Za-z0-9+.-]*://)(?:[^\\s/?#]*@)?([^\\s/?#,;]+)[/?#]\\S*", "$1$2/...").replaceAll("(://)[^\\s/?#]*@", "$1").replaceAll("\\?\\S*", "?...");
        return root.getClass().getSimpleName() + ": " + (line.length() > 300 ? line.substring(0, 300) : line);
    }

    private void count(String result, int n) {
        registry.counter("bridge.dead.letter.raises", "result", result).increment(n);
    }

    @Override
    public synchronized void stop() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(5));
            handovers.end(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Begins last and ends first: the routes it calls are up, and the pool is. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
