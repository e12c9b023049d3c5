package io.identitybridge.flow;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.spring.boot.CamelSpringBootInitializationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows why Camel did not start by the route and its cause, without a stack trace. */
final class RoutesAnalyzer extends AbstractFailureAnalyzer<CamelSpringBootInitializationException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CamelSpringBootInitializationException fault) {
        Optional<String> route = causes(fault).flatMap(cause -> switch (cause) {
            case FailedToCreateRouteException create -> Stream.of(create.getRouteId());
            case FailedToStartRouteException start -> Stream.of(start.getRouteId());
            default -> Stream.empty();
        }).findFirst();
        String why = String.valueOf(causes(fault).reduce(fault, (outer, inner) -> inner).getMessage()).lines().findFirst().orElse("");
        return new FailureAnalysis("The routes cannot start: " + route.map(id -> "route '" + id + "': ").orElse("") + why,
                "Mend the file in routes/ that has this route, look at it with target/bridge check, and start again.", fault);
    }

    private static Stream<Throwable> causes(Throwable fault) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause).limit(20);
    }
}
