package io.identitybridge.admin;

import io.identitybridge.store.Alarms;
import io.identitybridge.store.Figures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/** Gauges over what is open, by the names of SAFETY.md section 6; no label names a person. */
@Component
class Meters {
    private final Alarms alarms;
    private final AtomicReference<List<Alarms.Held>> held = new AtomicReference<>(List.of());
    private final MultiGauge letters;
    private final MultiGauge successes;
    private final Figures figures;
    private final Map<String, MultiGauge> counted = new LinkedHashMap<>();
    private final Map<Map<String, String>, AtomicLong> missed = new ConcurrentHashMap<>();
    private final MeterRegistry registry;

    Meters(Alarms alarms, Figures figures, MeterRegistry registry) {
        this.alarms = alarms;
        this.figures = figures;
        this.registry = registry;
        Figures.names().forEach(name -> counted.put(name, MultiGauge.builder(name).register(registry)));
        registry.gauge("bridge_plan_pending", held, plans -> plans.get().size());
        registry.gauge("bridge_plan_oldest_age_seconds", held, plans -> plans.get().stream().mapToDouble(Alarms.Held::ageSeconds).max().orElse(0));
        letters = MultiGauge.builder("bridge_dead_letters_open").description("Dead letters that wait").register(registry);
        successes = MultiGauge.builder("bridge_reconcile_last_success_timestamp_seconds").description("When a source was last pulled to its end").register(registry);
    }

    void refresh() {
        held.set(alarms.held());
        letters.register(alarms.letters().stream()
                .map(open -> Row.of(Tags.of("source", open.source(), "class", open.cause()), open.open())).toList(), true);
        successes.register(alarms.lastSuccess().entrySet().stream()
                .map(source -> Row.of(Tags.of("source", source.getKey()), source.getValue().toEpochMilli() / 1000.0)).toList(), true);
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
