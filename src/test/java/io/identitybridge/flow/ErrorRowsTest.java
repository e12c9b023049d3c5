package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.Processor;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

/** Why the shipped routes handle errors as they do: what Camel does in each shape, with a step that always fails. */
class ErrorRowsTest extends CamelTestSupport {
    private static final String INBOUND = """
            - route:
                id: inbound
                errorHandler: {noErrorHandler: {}}
                from:
                  uri: direct:in
                  steps:
                    - to: direct:reconcile
                    - bean: {ref: answer}
            """;
    private static final String PULL = """
            - route:
                id: pull
                from:
                  uri: direct:pull
                  steps:
                    - to: direct:reconcile
            """;
    private static final String RECONCILE = """
            - route:
                id: reconcile
                from:
                  uri: direct:reconcile
                  steps:
                    - bean: {ref: fails}
            """;
    private static final String ERRORS = """
            - routeConfiguration:
                onException:
                  - onException:
                      exception: [java.lang.Exception]
                      handled: {constant: {expression: "true"}}
                      redeliveryPolicy: {maximumRedeliveries: "2", redeliveryDelay: "1"}
                      steps:
                        - to: direct:dead-letter
            - route:
                id: dead-letter
                errorHandler: {noErrorHandler: {}}
                from:
                  uri: direct:dead-letter
                  steps:
                    - bean: {ref: park}
            """;

    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Object> faults = new ArrayList<>();
    private boolean parkFails;

    @Test
    void a_dead_letter_channel_on_an_inbound_route_hides_the_failure_from_its_caller() throws Exception {
        routes("- errorHandler: {deadLetterChannel: {deadLetterUri: \"direct:dead-letter\"}}\n", """
                - route:
                    id: inbound
                    from:
                      uri: direct:in
                      steps:
                        - bean: {ref: fails}
                - route:
                    id: dead-letter
                    errorHandler: {noErrorHandler: {}}
                    from:
                      uri: direct:dead-letter
                      steps:
                        - bean: {ref: park}
                """);
        Exchange exchange = send("direct:in");
        assertThat(exchange.getException()).as("the IdP would believe it").isNull();
        assertThat(exchange.getMessage().getBody()).isEqualTo("what came in");
        assertThat(parked).hasValue(1);
    }

    @Test
    void without_an_error_handler_the_caller_sees_the_failure_of_the_inbound_route_once() throws Exception {
        routes(ERRORS, INBOUND.replace("- to: direct:reconcile", "- bean: {ref: fails}"));
        assertThat(send("direct:in").getException()).hasMessage("it fails");
        assertThat(failed).hasValue(1);
        assertThat(parked).hasValue(0);
    }

    @Test
    void a_shared_route_under_the_global_handler_swallows_the_failure_and_the_inbound_route_stops() throws Exception {
        routes(ERRORS, INBOUND, RECONCILE);
        Exchange exchange = send("direct:in");
        assertThat(exchange.getException()).isNull();
        assertThat(failed).as("tried again inside the request").hasValue(3);
        assertThat(parked).hasValue(1);
        assertThat(answered).as("no answer step, no clean-up of headers").hasValue(0);
    }

    @Test
    void a_shared_route_without_an_error_handler_gives_the_failure_back_and_the_pull_parks_it_once() throws Exception {
        routes(ERRORS, INBOUND, PULL, bare(RECONCILE));
        assertThat(send("direct:in").getException()).hasMessage("it fails");
        assertThat(failed).hasValue(1);
        assertThat(parked).hasValue(0);
        assertThat(send("direct:pull").getException()).isNull();
        assertThat(failed).as("and the pull tries again").hasValue(1 + 3);
        assertThat(parked).hasValue(1);
    }

    @Test
    void try_and_catch_around_it_always_reach_the_answer() throws Exception {
        routes(ERRORS, bare(RECONCILE), """
                - route:
                    id: inbound
                    errorHandler: {noErrorHandler: {}}
                    from:
                      uri: direct:in
                      steps:
                        - doTry:
                            steps:
                              - to: direct:reconcile
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - bean: {ref: fault}
                        - removeHeaders: {pattern: "*"}
                        - bean: {ref: answer}
                """);
        Exchange exchange = send("direct:in");
        assertThat(exchange.getException()).isNull();
        assertThat(faults).hasSize(1).first().asString().contains("it fails");
        assertThat(answered).hasValue(1);
        assertThat(parked).hasValue(0);
        assertThat(exchange.getMessage().getHeaders()).as("nothing of the request goes back").doesNotContainKey("Authorization");
    }

    @Test
    void a_pull_with_a_configuration_of_its_own_has_neither_retry_nor_letter_where_the_shared_route_has_the_default() throws Exception {
        routes(ERRORS.replace("- routeConfiguration:\n", "- routeConfiguration:\n    id: own\n"), PULL.replace("id: pull\n", "id: pull\n    routeConfigurationId: own\n"), RECONCILE);
        assertThat(send("direct:pull").getException()).hasMessage("it fails");
        assertThat(failed).hasValue(1);
        assertThat(parked).hasValue(0);
    }

    @Test
    void parking_that_fails_is_not_parked_again() throws Exception {
        parkFails = true;
        routes(ERRORS, PULL, bare(RECONCILE));
        send("direct:pull");
        assertThat(parked).hasValue(1);
    }

    @Test
    void a_dead_letter_route_under_the_global_handler_parks_its_own_failures_over_and_over() throws Exception {
        parkFails = true;
        routes(ERRORS.replace("    errorHandler: {noErrorHandler: {}}\n", ""), PULL, bare(RECONCILE));
        send("direct:pull");
        assertThat(parked).hasValueGreaterThan(2);
    }

    private static String bare(String route) {
        return route.replace("id: reconcile\n", "id: reconcile\n    errorHandler: {noErrorHandler: {}}\n");
    }

    private Exchange send(String uri) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody("what came in");
            exchange.getMessage().setHeader("Authorization", "Bearer secret");
        });
    }

    private void routes(String... yaml) throws Exception {
        bind("fails", exchange -> {
            failed.incrementAndGet();
            throw new IllegalStateException("it fails");
        });
        bind("park", exchange -> {
            parked.incrementAndGet();
            if (parkFails) {
                throw new IllegalStateException("nowhere to park");
            }
        });
        bind("answer", exchange -> answered.incrementAndGet());
        bind("fault", exchange -> faults.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT)));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("rows.camel.yaml", String.join("", yaml)));
    }

    private void bind(String name, Processor processor) throws FailedToCreateRouteException {
        context.getRegistry().bind(name, Processor.class, processor);
    }
}
