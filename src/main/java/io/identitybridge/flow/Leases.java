package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Staging;
import jakarta.annotation.PreDestroy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** One lease a source over all bridges, kept alive while a run lasts. It ends by itself a minute after its holder did; a holder who wakes up later than that finds out with his next write ({@link Hold}). */
@Component
class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final Runs runs;
    private final String bridge;
    /** What this bridge reads; empty while the run is not opened yet. */
    private final Map<SourceName, Optional<Hold>> held = new ConcurrentHashMap<>();
    private final Map<SourceName, Object> turns = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("leases").factory());

    Leases(Runs runs, @Value("${bridge.data:data}") Path data, @Value("${server.port:8080}") int port) {
        this.runs = runs;
        this.bridge = host() + ":" + port + ":" + data.toAbsolutePath();
        clock.scheduleAtFixedRate(this::beat, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
    }

    /** The same name after a restart, so that a bridge takes its own lease up again at once. */
    String bridge() {
        return bridge;
    }

    /** Empty while the source is read, here or by another bridge. */
    Optional<Lease> take(SourceName source, boolean full) {
        if (!claim(source)) {
            runs.wanted(source, full);
            return Optional.empty();
        }
        Optional<Lease> taken = Optional.empty();
        try {
            taken = runs.lease(source, bridge, LENGTH, full);
            return taken;
        } finally {
            if (taken.isEmpty()) {
                held.remove(source);
            }
        }
    }

    private boolean claim(SourceName source) {
        synchronized (turn(source)) {
            return held.putIfAbsent(source, Optional.empty()) == null;
        }
    }

    /** One a source: while the database keeps one waiting, no other does. */
    private Object turn(SourceName source) {
        return turns.computeIfAbsent(source, one -> new Object());
    }

    /** Keeps it alive for this run. */
    Hold keep(Lease lease, UUID run) {
        Hold hold = new Hold(lease, run);
        held.put(lease.source(), Optional.of(hold));
        return hold;
    }

    /** Does short work with a lease that was taken, staging what it reads, and gives it back. {@link SourceUnavailable} where another bridge has taken over. */
    <T> T within(Lease lease, Staging staging, Function<Hold, T> work) {
        Hold hold = keep(lease, UUID.randomUUID());
        try {
            staging.open(hold);
            return work.apply(hold);
        } catch (Lease.Lost lost) {
            throw new SourceUnavailable(lease.source(), lost.getMessage());
        } finally {
            try {
                staging.clear(hold);
            } catch (Lease.Lost lost) {
                LOG.info("what is staged of {} goes later: {}", lease.source(), lost.getMessage());
            } finally {
                give(lease);
            }
        }
    }

    /** What a run that is under way here shows with each write; empty where it is not. */
    Optional<Hold> of(SourceName source, UUID run) {
        return held.getOrDefault(source, Optional.empty()).filter(hold -> hold.run().equals(run));
    }

    /** Whether this bridge is reading the source, or has not noticed yet that it may not any more. */
    boolean reads(SourceName source) {
        return held.containsKey(source);
    }

    /** Ends it in the store together with the run, and here: whoever has seen the run over, and begins the next, waits for both. */
    void end(Hold hold, Consumer<Hold> store) {
        synchronized (turn(hold.source())) {
            store.accept(hold);
            held.remove(hold.source());
        }
    }

    void give(Lease lease) {
        held.remove(lease.source());
        runs.unlease(lease);
    }

    private void beat() {
        held.values().forEach(some -> some.ifPresent(hold -> {
            try {
                if (!runs.beat(hold, LENGTH)) {
                    LOG.warn("another bridge has taken {} over; run {} ends with its next write", hold.source(), hold.run());
                }
            } catch (DataAccessException | TransactionException e) {
                // The next beat tries again; a lease that runs out meanwhile is found lost then.
                LOG.warn("the lease of {} could not be kept for now: {}", hold.source(), e.getClass().getSimpleName());
            }
        }));
    }

    @PreDestroy
    void stop() {
        clock.shutdownNow();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
