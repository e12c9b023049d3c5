package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Runs;
import jakarta.annotation.PreDestroy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** One lease a source over all bridges, kept alive while a run lasts. It ends by itself a minute after its holder did. */
@Component
class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration BEAT = Duration.ofSeconds(10);

    /** Stands for a run that is not opened yet. */
    private static final UUID NONE = new UUID(0, 0);

    private final Runs runs;
    private final String bridge;
    private final Map<SourceName, UUID> held = new ConcurrentHashMap<>();
    private final Map<SourceName, Boolean> lost = new ConcurrentHashMap<>();
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

    boolean take(SourceName source, boolean full) {
        if (held.putIfAbsent(source, NONE) != null) {
            runs.wanted(source, full);
            return false;
        }
        boolean taken = false;
        try {
            taken = runs.lease(source, bridge, LENGTH, full);
            return taken;
        } finally {
            if (!taken) {
                held.remove(source);
            }
        }
    }

    void keep(SourceName source, UUID run) {
        lost.remove(source);
        held.put(source, run);
    }

    /** Fails when another bridge has taken over. */
    void check(SourceName source) {
        if (lost.containsKey(source)) {
            throw new SourceUnavailable(source, "another bridge took this source over while it was read");
        }
    }

    /** Keeps it no longer; who ends the run ends the lease in the store. */
    void end(SourceName source) {
        held.remove(source);
    }

    void give(SourceName source) {
        held.remove(source);
        runs.unlease(source, bridge);
    }

    private void beat() {
        held.forEach((source, run) -> {
            try {
                if (!run.equals(NONE) && !runs.beat(source, bridge, LENGTH, run)) {
                    lost.put(source, true);
                }
            } catch (DataAccessException | TransactionException e) {
                // The next beat tries again; a lease that runs out meanwhile is found lost then.
                LOG.warn("the lease of {} could not be kept for now: {}", source, e.getClass().getSimpleName());
            }
        });
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
