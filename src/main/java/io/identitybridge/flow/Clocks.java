package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.quartz.CronExpression;

/** Reads the clocks of pull routes. */
final class Clocks {
    private Clocks() {
    }

    /** Whether this route pulls the source: it is started by Quartz under the source's name. */
    static boolean pulls(Route route, SourceName source) {
        return route.getEndpoint() instanceof QuartzEndpoint quartz && (quartz.getTriggerKey().getName().equals(source.value()) || route.getRouteId().equals(source + "-pull"));
    }

    static Optional<String> cron(Route route) {
        return Optional.ofNullable(((QuartzEndpoint) route.getEndpoint()).getCron());
    }

    /** The time between two readings of a whole source: by the clocks of {@code idp:NAME?full=true}, or where there is none by those of {@code idp:NAME}. */
    static Optional<Duration> whole(CamelContext camel, SourceName source, Instant now) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        for (boolean full : List.of(true, false)) {
            Optional<Duration> shortest = model.getRouteDefinitions().stream().filter(route -> reads(route, source, full)).map(route -> camel.getRoute(route.getRouteId())).filter(Objects::nonNull)
                    .filter(route -> route.getEndpoint() instanceof QuartzEndpoint).flatMap(route -> cron(route).stream()).flatMap(cron -> interval(cron, now).stream()).min(Duration::compareTo);
            if (shortest.isPresent()) {
                return shortest;
            }
        }
        return Optional.empty();
    }

    private static boolean reads(RouteDefinition route, SourceName source, boolean full) {
        return route.getOutputs().stream().anyMatch(step -> step instanceof ToDefinition to && to.getUri().split("[?]", 2)[0].equals("idp:" + source) && to.getUri().contains("full=true") == full);
    }

    /** The time between two ticks from now on; empty for an expression without two more ticks. */
    static Optional<Duration> interval(String cron, Instant now) {
        try {
            CronExpression expression = new CronExpression(cron);
            Date first = expression.getNextValidTimeAfter(Date.from(now));
            Date second = first == null ? null : expression.getNextValidTimeAfter(first);
            return second == null ? Optional.empty() : Optional.of(Duration.between(first.toInstant(), second.toInstant()));
        } catch (ParseException e) {
            throw new IllegalStateException("a route runs by a cron that is none: " + cron, e);
        }
    }
}
