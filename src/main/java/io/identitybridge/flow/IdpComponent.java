package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** {@code idp:okta} reads a source and gives its batch; {@code ?full=true} looks at no cursor. Where the pull cannot run now, the route stops there. */
@Component("idp")
class IdpComponent extends DefaultComponent {
    /** The run that a route works on. */
    static final String RUN = "bridgeRun";
    static final String SOURCE = "bridgeSource";
    /** A run that was opened for an operator already. */
    static final String TICKET = "bridgeTicket";

    private final Pulls pulls;
    private final FlowMeters meters;

    IdpComponent(Pulls pulls, FlowMeters meters) {
        this.pulls = pulls;
        this.meters = meters;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        boolean full = getAndRemoveParameter(parameters, "full", Boolean.class, false);
        return new IdpEndpoint(uri, this, new SourceName(remaining), full, pulls, meters);
    }

    private static final class IdpEndpoint extends DefaultEndpoint {
        private final SourceName source;
        private final boolean full;
        private final Pulls pulls;
        private final FlowMeters meters;

        IdpEndpoint(String uri, IdpComponent component, SourceName source, boolean full, Pulls pulls, FlowMeters meters) {
            super(uri, component);
            this.source = source;
            this.full = full;
            this.pulls = pulls;
            this.meters = meters;
        }

        @Override
        public Producer createProducer() {
            return new IdpProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new IllegalArgumentException("idp:" + source + " is asked, it does not start a route by itself: begin with quartz:");
        }
    }

    private static final class IdpProducer extends DefaultProducer {
        private static final Logger LOG = LoggerFactory.getLogger(IdpComponent.class);

        private final IdpEndpoint endpoint;

        IdpProducer(IdpEndpoint endpoint) {
            super(endpoint);
            this.endpoint = endpoint;
        }

        @Override
        public void process(Exchange exchange) {
            Pulls.Ticket asked = exchange.getProperty(TICKET, Pulls.Ticket.class);
            Pulls.Answer answer = asked != null ? new Pulls.Answer.Go(asked) : endpoint.pulls.begin(endpoint.source, endpoint.full, Pulls.CLOCK);
            switch (answer) {
                case Pulls.Answer.Not not -> {
                    LOG.debug("no pull: {}", not.why());
                    exchange.setRouteStop(true);
                }
                case Pulls.Answer.Go go -> {
                    UUID run = go.ticket().run();
                    exchange.setProperty(RUN, run);
                    exchange.setProperty(SOURCE, endpoint.source);
                    exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                        @Override
                        public void onDone(Exchange done) {
                            if (endpoint.pulls.lost(go.ticket())) {
                                endpoint.meters.failed();
                            }
                        }
                    });
                    exchange.getMessage().setBody(endpoint.pulls.read(go.ticket()));
                }
            }
        }
    }
}
