package io.identitybridge.admin;

import io.identitybridge.model.Situation;
import io.identitybridge.store.Alarms;
import io.identitybridge.store.Figures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Gauges over what is open, by the names of SAFETY.md section 6; no label names a person. */
@Component
class Meters {
    private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

    private final Alarms alarms;
    private final AtomicReference<List<Alarms.Held>> held = new AtomicReference<>(List.of());
    private final MultiGauge intervals;
    private final Situation situation;
    private final Duration life;
    private long countedAt;
    private boolean failing;
    private final Figures figures;
    private final Map<String, MultiGauge> counted = new LinkedHashMap<>();
    private final Map<Map<String, String>, AtomicLong> missed = new ConcurrentHashMap<>();
    private final MeterRegistry registry;

    Meters(Alarms alarms, Figures figures, Situation situation, Certificates certificates, MeterRegistry registry, @Value("${bridge.meters.life:5000}") long life) {
        this.alarms = alarms;
        this.figures = figures;
        this.situation = situation;
        this.life = Duration.ofMillis(life);
        this.countedAt = System.nanoTime() - this.life.toNanos();
        this.registry = registry;
        Figures.names().forEach(name -> counted.put(name, MultiGauge.builder(name).register(registry)));
        registry.gauge("bridge_plan_pending", held, plans -> plans.get().size());
        registry.gauge("bridge_plan_oldest_age_seconds", held, plans -> plans.get().stream().mapToDouble(Alarms.Held::ageSeconds).max().orElse(0));
        registry.gauge("bridge_certificate_state", certificates, all -> all.look().map(seen -> seen.need().ordinal()).orElse(0));
        intervals = MultiGauge.builder("bridge_reconcile_interval_seconds").description("How often a source is to be read as a whole").register(registry);
    }

    /** Counts anew what was counted longer ago than 5 seconds. Where the database does not answer, what was counted last is told. */
    synchronized void refresh() {
        if (System.nanoTime() - countedAt < life.toNanos()) {
            return;
        }
        try {
            count();
            failing = false;
        } catch (DataAccessException | TransactionException e) {
            if (!failing) {
                LOG.warn("meters cannot be counted, those of before are told: {}", e.getClass().getSimpleName());
            }
            failing = true;
        }
        countedAt = System.nanoTime();
    }

    private void count() {
        held.set(alarms.held());
        intervals.register(situation.intervals().entrySet().stream().map(source -> Row.of(Tags.of("source", source.getKey().value()), source.getValue().toSeconds())).toList(), true);
        counted.forEach((name, gauge) -> gauge.register(figures.of(name).stream().map(figure -> Row.of(tags(figure), figure.value())).toList(), true));
        figures.missed().forEach(this::missed);
    }

    /** A counter that is kept in the database: the same on every bridge, and after a restart. */
    private void missed(Figures.Figure figure) {
        missed.computeIfAbsent(figure.labels(), labels -> {
            AtomicLong count = new AtomicLong();
            FunctionCounter.builder("bridge.push.missed", count, AtomicLong::get).description("What a pull found and no push had told").tags(tags(figure)).register(registry);
            return count;
        }).set((long) figure.value());
    }

    private static Tags tags(Figures.Figure figure) {
        return Tags.of(figure.labels().entrySet().stream().map(label -> Tag.of(label.getKey(), label.getValue())).toList());
    }
}
