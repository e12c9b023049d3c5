package io.identitybridge.check;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Takes the place of {@code idp:} where routes are built, started and never run; has the flow's options, which a test holds against it. */
final class IdpStandIn extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        getAndRemoveParameter(parameters, "full", Boolean.class, false);
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                return new DefaultProducer(this) {
                    @Override
                    public void process(Exchange exchange) {
                        throw new IllegalStateException("nothing runs here");
                    }
                };
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                throw new IllegalStateException("nothing runs here");
            }
        };
    }
}
