package io.identitybridge.flow;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.springframework.stereotype.Component;

/**
 * {@code bridge_exchanges_total} by the route that an exchange came in by: {@code completed}, {@code failed} where its caller got the failure, {@code handled} where
 * an error route took it (such an exchange is completed, too). Calls to IdPs belong to no route and are not counted.
 */
@Component
class ExchangeMeters extends EventNotifierSupport {
    private final MeterRegistry registry;

    ExchangeMeters(MeterRegistry registry) {
        this.registry = registry;
        setIgnoreCamelContextEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeSentEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        switch (event) {
            case CamelEvent.ExchangeCompletedEvent completed -> count(completed.getExchange(), "completed");
            case CamelEvent.ExchangeFailedEvent failed -> count(failed.getExchange(), "failed");
            case CamelEvent.ExchangeFailureHandledEvent handled -> count(handled.getExchange(), "handled");
            default -> { }
        }
    }

    private void count(Exchange exchange, String result) {
        Optional.ofNullable(exchange.getFromRouteId()).ifPresent(route -> registry.counter("bridge.exchanges", "route", route, "result", result).increment());
    }
}
