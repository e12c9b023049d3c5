package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.spring.boot.CamelSpringBootInitializationException;
import org.junit.jupiter.api.Test;

class RoutesAnalyzerTest {
    @Test
    void a_start_that_fails_at_a_route_names_it_and_why() {
        Exception route = new FailedToCreateRouteException("okta-pull", "routes/okta-pull.camel.yaml", "Route(okta-pull)", "to[ipd:okta]", new NoSuchEndpointException("ipd://okta"));
        String told = new RoutesAnalyzer().analyze(new IllegalStateException(new CamelSpringBootInitializationException(route))).getDescription();
        assertThat(told).startsWith("The routes cannot start: route 'okta-pull': No endpoint could be found for: ipd://okta");
    }
}
