package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Push;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Converged;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Meters of what goes through the flow, by the names of SAFETY.md section 6. No label names a person or holds what a client made up. */
@Component
class FlowMeters {
    private static final Duration[] STEPS = {Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)};

    private final MeterRegistry registry;
    private final ActiveFiles files;
    private final MeterProvider<Timer> requests;
    private final Timer revokes;
    private final Set<String> hashes = ConcurrentHashMap.newKeySet();

    FlowMeters(MeterRegistry registry, ActiveFiles files) {
        this.registry = registry;
        this.files = files;
        this.requests = Timer.builder("bridge.scim.request").description("SCIM requests").serviceLevelObjectives(STEPS).withRegistry(registry);
        this.revokes = Timer.builder("bridge.revoke").description("From the receipt of a pushed leaver to his archive").tag("via", "push").serviceLevelObjectives(STEPS).register(registry);
        registry.counter("bridge.dead.letter.store.failures"); // seen as 0 from the start
        mapping();
    }

    /** One answered SCIM request; a source that no file names is {@code -}. */
    void request(Optional<String> source, String method, int status, Duration took, List<String> repairs) {
        String known = source.filter(name -> files.current().mapping(new SourceName(name)).isPresent()).orElse("-");
        requests.withTags("source", known, "method", method, "status", status / 100 + "xx").record(took);
        repairs.forEach(repair -> registry.counter("bridge.scim.repairs", "source", known, "repair", repair).increment());
    }

    /** A pushed user or group, or a run, that went the whole way. */
    void applied(Work.Applied applied) {
        event(applied.mapped().origin().via(), resource(applied.mapped().batch()), op(applied.mapped().batch()), result(applied.converged()));
    }

    /** A run that could not be finished. */
    void failed() {
        event("pull", "run", "read", "failed");
    }

    /** A push was answered; if somebody was archived by it, that took so long. */
    void answered(Work.Applied applied, Duration took) {
        if (applied.converged().counts().containsKey(ChangeClass.ARCHIVE)) {
            revokes.record(took);
        }
    }

    /** @param mode as {@code converge} */
    void replayed(String mode, long closed, long open) {
        registry.counter("bridge.dead.letter.replays", "mode", mode, "result", "closed").increment(closed);
        registry.counter("bridge.dead.letter.replays", "mode", mode, "result", "open").increment(open);
    }

    /** A letter that the store did not take. It must stay 0. */
    void notStored() {
        registry.counter("bridge.dead.letter.store.failures").increment();
    }

    /** {@code bridge_mapping_info}: 1 for the set this bridge works by, 0 for those it left. */
    @Scheduled(fixedDelay = 5_000)
    final void mapping() {
        String hash = files.current().files().hash();
        if (hashes.add(hash)) {
            registry.gauge("bridge.mapping.info", Tags.of("sha", hash), files, now -> now.current().files().hash().equals(hash) ? 1 : 0);
        }
    }

    private void event(String via, String resource, String op, String result) {
        registry.counter("bridge.events", "via", via, "resource", resource, "op", op, "result", result).increment();
    }

    private static String op(Batch batch) {
        return switch (batch) {
            case Batch.Snapshot snapshot -> "snapshot";
            case Batch.Staged staged -> "delta";
            case Batch.Pushed pushed -> switch (pushed.push()) {
                case Push.UserState user -> "write";
                case Push.GroupState group -> "write";
                case Push.UserGone gone -> "delete";
                case Push.GroupGone gone -> "delete";
            };
        };
    }

    private static String resource(Batch batch) {
        return switch (batch) {
            case Batch.Snapshot snapshot -> "run";
            case Batch.Staged staged -> "run";
            case Batch.Pushed pushed -> switch (pushed.push()) {
                case Push.UserState user -> "user";
                case Push.UserGone gone -> "user";
                case Push.GroupState group -> "group";
                case Push.GroupGone gone -> "group";
            };
        };
    }

    /** The worst of what became of it. */
    private static String result(Converged converged) {
        if (!converged.problems().isEmpty()) {
            return "letter";
        }
        if (!converged.refused().isEmpty()) {
            return "refused";
        }
        return !converged.waits().isEmpty() ? "held" : converged.done().isEmpty() ? "unchanged" : "applied";
    }
}
