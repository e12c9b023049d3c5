package io.identitybridge.publish;

import io.identitybridge.model.Failure;
import io.identitybridge.store.OutboxKey;
import io.identitybridge.store.Outbox;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of what leaves the bridge (SAFETY 6). No label names a person. */
final class PublishMeters {
    private static final Duration[] STEPS = {Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(15), Duration.ofHours(1)};

    /** Found once each: looking a meter up costs as much as a small call. */
    private static final Map<Called, Timer> CALLS = new ConcurrentHashMap<>();

    private record Called(Failure.Call call, int hundreds) {
    }

    private PublishMeters() {
    }

    /** A key's turn ended; of one that is done, how long it took since it began to wait. */
    static void ended(OutboxKey key, Outbox.End end, Instant now) {
        String result = switch (end) {
            case Outbox.End.Done done -> "done";
            case Outbox.End.Waits waits -> "waits";
            case Outbox.End.Failed failed -> "failed";
            case Outbox.End.Back back -> "back";
        };
        Metrics.counter("bridge.converged", "resource", key.kind().toString(), "result", result).increment();
        if (end instanceof Outbox.End.Done) {
            Duration took = Duration.between(key.since(), now);
            timer(key.leaver() ? "bridge.revoke" : "bridge.converge", key.leaver() ? "From the leaving to its effect at Portkey" : "From a change to its effect at Portkey").record(took.isNegative() ? Duration.ZERO : took);
        }
    }

    static void called(Ask ask, int status, Duration took) {
        CALLS.computeIfAbsent(new Called(ask.call(), status / 100), kind -> Timer.builder("bridge.target.request").description("Calls to Portkey").tag("call", kind.call().name().toLowerCase(Locale.ROOT))
                .tag("status", kind.hundreds() == 0 ? "none" : kind.hundreds() + "xx").serviceLevelObjectives(STEPS).register(Metrics.globalRegistry)).record(took);
        if (status == 429) {
            Metrics.counter("bridge.target.throttled").increment();
        }
    }

    private static Timer timer(String name, String description) {
        return Timer.builder(name).description(description).tag("via", "publish").serviceLevelObjectives(STEPS).register(Metrics.globalRegistry);
    }
}
