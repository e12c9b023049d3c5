package io.identitybridge.flow;

import io.identitybridge.model.Controls;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Pulls once at start what has not been pulled for longer than its interval. */
@Component
class FirstPulls {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPulls.class);

    private final CamelContext camel;
    private final Sources sources;
    private final Runs runs;
    private final Controls controls;

    FirstPulls(CamelContext camel, Sources sources, Runs runs, Controls controls) {
        this.camel = camel;
        this.sources = sources;
        this.runs = runs;
        this.controls = controls;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        sources.sources().forEach(source -> camel.getRoutes().stream().filter(route -> Clocks.pulls(route, source)).findFirst().ifPresent(route -> pull(source, route)));
    }

    private void pull(SourceName source, Route route) {
        Instant now = runs.now();
        Optional<Duration> interval = Clocks.cron(route).flatMap(cron -> Clocks.interval(cron, now));
        Optional<Instant> last = runs.lastSuccess(source);
        if (interval.isPresent() && last.isPresent() && last.get().plus(interval.get()).isAfter(now)) {
            return;
        }
        try {
            controls.pull(source, false, "start");
        } catch (Controls.Refused off) {
            LOG.debug("{} is not pulled at start: {}", source, off.getMessage());
        }
    }
}
