package io.identitybridge.flow;

import io.identitybridge.model.Organisation;
import io.identitybridge.publish.Answer;
import io.identitybridge.publish.Ask;
import io.identitybridge.publish.Http;
import io.identitybridge.source.CamelFetch;
import io.identitybridge.source.Outgoing;
import io.identitybridge.source.Request;
import io.identitybridge.source.Response;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.service.ServiceHelper;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Every call to Portkey goes through the route {@code portkey-call} of {@code routes/publish.camel.yaml}, and its step {@code portkeyHttp} sends it by
 * Camel HTTP. The key that lets in is put on there, and nowhere else: no step of a route ever sees it.
 */
@Component("portkeyHttp")
class PortkeyHttp implements Processor {
    private static final String ASK = "bridgePortkeyAsk";
    private static final String ADDRESS = "bridgePortkeyAddress";
    private static final String ANSWER = "bridgePortkeyAnswer";
    /** A wait that Portkey asks for is not believed beyond that. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** Two lanes of at most 256, and a reading beside them: nobody who left waits for a connection. */
    private static final int CONNECTIONS = 600;
    /** The longest a call can take, from the first byte sent to the last that came. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final long SECOND = 1_000_000_000;
    /** What is shorter is no secret, and stands in many a word. */
    private static final int SHORTEST_SECRET = 6;

    private final Endpoint route;
    private final Producer calls;
    private final CamelFetch fetch;
    private final PortkeySettings settings;
    private final ActiveFiles files;
    private volatile Known known;

    PortkeyHttp(@Lazy CamelContext camel, Outgoing outgoing, PortkeySettings settings, ActiveFiles files) {
        this.route = camel.createProducerTemplate().getCamelContext().getEndpoint("direct:portkey-call"); // by the real context, not the proxy
        this.calls = started(route);
        this.fetch = new CamelFetch(camel, outgoing, CONNECTIONS, LONGEST);
        this.settings = settings;
        this.files = files;
    }

    private static Producer started(Endpoint route) {
        try {
            Producer calls = route.createProducer();
            ServiceHelper.startService(calls);
            return calls;
        } catch (Exception broken) {
            throw new IllegalStateException("Camel gives no way to route portkey-call", broken);
        }
    }

    /**
     * Calls of the Portkey at this address, and of no other: what is planned for it goes nowhere else once the address is another one.
     *
     * @param met whether that is the one that all bridges publish to
     */
    Http at(String address, BooleanSupplier met) {
        return new Http() {
            @Override
            public Answer send(Ask ask) throws IOException {
                if (!met.getAsBoolean()) {
                    throw new IOException("another bridge publishes to another Portkey");
                }
                return PortkeyHttp.this.send(ask, address);
            }

            @Override
            public boolean there() {
                return door(address).isPresent() && met.getAsBoolean();
            }
        };
    }

    private Answer send(Ask ask, String address) throws IOException {
        Exchange exchange = route.createExchange();
        exchange.setProperty(ASK, ask);
        exchange.setProperty(ADDRESS, address);
        exchange.getMessage().setHeader("PortkeyCall", ask.kind());
        try {
            calls.process(exchange); // not by a template, which keeps a unit of work of its own around the route's
        } catch (Exception broken) {
            exchange.setException(broken);
        }
        if (exchange.getException() instanceof IOException broken) {
            throw broken;
        }
        if (exchange.getException() != null) {
            throw new IOException("not sent: " + exchange.getException().getClass().getSimpleName());
        }
        return Optional.ofNullable(exchange.getProperty(ANSWER, Answer.class)).orElseThrow(() -> new IOException("route portkey-call has no step portkeyHttp: nothing was sent"));
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        Ask ask = exchange.getProperty(ASK, Ask.class);
        PortkeySettings.Door door = door(exchange.getProperty(ADDRESS, String.class)).orElseThrow(() -> new IOException("the target has no address or no key now, or another one"));
        Response response = fetch.send(new Request(URI.create(door.address() + ask.path()), ask.method(), Map.of(door.header(), door.value(), "Accept", "application/json"), ask.body().map(Request.Body::json)));
        exchange.setProperty(ANSWER, new Answer(response.status(), response.retryAfter(Instant.now()).map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait), without(door.value(), new String(response.body(), StandardCharsets.UTF_8))));
    }

    /** An answer may echo what let us in: it goes no further than here. */
    private static String without(String value, String body) {
        String secret = value.substring(value.indexOf(' ') + 1);
        return secret.length() < SHORTEST_SECRET ? body : body.replace(secret, "...");
    }

    /** What lets in there; empty where the target is at another address by now. Looked up once a second: a setting is searched for in many places, or read from a file that may have been exchanged. */
    private Optional<PortkeySettings.Door> door(String address) {
        Organisation.Target target = files.current().organisation().target();
        Known now = known;
        if (now == null || !now.leads(target, address) || System.nanoTime() - now.at() > SECOND) {
            now = new Known(target, settings.door(target), System.nanoTime());
            known = now;
        }
        return now.door().filter(door -> door.address().toString().equals(address));
    }

    private record Known(Organisation.Target target, Optional<PortkeySettings.Door> door, long at) {
        boolean leads(Organisation.Target wanted, String address) {
            return target == wanted && door.filter(known -> known.address().toString().equals(address)).isPresent();
        }
    }

    @PreDestroy
    void close() throws IOException {
        ServiceHelper.stopService(calls);
        fetch.close();
    }
}
