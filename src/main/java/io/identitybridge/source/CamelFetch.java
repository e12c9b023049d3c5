package io.identitybridge.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends by Camel HTTP: 10 s to connect, 60 s without a byte, 2 minutes and 64 MiB for an answer, connections kept open, nothing followed, tried twice or remembered.
 * The endpoint's own address names no source: address and token travel as message headers, which no log or exception shows.
 */
public final class CamelFetch implements Fetch, AutoCloseable {
    private static final String NOWHERE = "https://source.invalid";
    private static final long MAX_BYTES = 64L << 20;

    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_LENGTH = 64 * 1024;
    /** More than the calls that one run makes side by side, for several sources at one host. */
    private static final int SIDE_BY_SIDE = 20;

    private final PoolingHttpClientConnectionManager connections;
    private final HttpComponent component;
    private final Endpoint endpoint;
    private final Producer producer;

    public CamelFetch(CamelContext context, Outgoing outgoing) {
        this(context, outgoing, MAX_BYTES, Duration.ofSeconds(60), Duration.ofMinutes(2));
    }

    /**
     * @param atOnce connections to one host
     * @param whole  the longest that a call may take, to its last byte
     */
    public CamelFetch(CamelContext context, Outgoing outgoing, int atOnce, Duration whole) {
        this(context, outgoing, MAX_BYTES, whole, whole, atOnce);
    }

    CamelFetch(CamelContext context, Outgoing outgoing, long maxBytes, Duration silence, Duration whole) {
        this(context, outgoing, maxBytes, silence, whole, SIDE_BY_SIDE);
    }

    private CamelFetch(CamelContext context, Outgoing outgoing, long maxBytes, Duration silence, Duration whole, int atOnce) {
        connections = connections(silence, outgoing, atOnce);
        component = new HttpComponent();
        component.setCamelContext(real(context)); // not the proxy that a bean may be given in its place: every call asks it several times
        component.setClientConnectionManager(connections);
        component.setConnectionRequestTimeout(whole.toMillis());
        component.setResponseTimeout(silence.toMillis());
        component.setRedirectHandlingDisabled(true);
        component.setAutomaticRetriesDisabled(true);
        component.setCookieManagementDisabled(true);
        component.setAuthCachingDisabled(true);
        component.setCopyHeaders(false);
        component.setUserAgent("portkey-identity-bridge");
        // Where nothing else is said, Java's own settings name the proxy.
        component.setUseSystemProperties(true);
        component.setHeaderFilterStrategy(new OnlyOwnHeaders());
        component.setHttpClientConfigurer(client -> {
            client.addExecInterceptorFirst("whole-body", new WholeBody(maxBytes, whole));
            outgoing.selector().ifPresent(client::setProxySelector);
            outgoing.proxy().ifPresent(via -> authenticate(client, via));
        });
        ServiceHelper.startService(component);
        endpoint = endpoint();
        producer = producer();
        ServiceHelper.startService(producer);
    }

    private static CamelContext real(CamelContext given) {
        try (ProducerTemplate template = given.createProducerTemplate()) {
            return template.getCamelContext();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Producer producer() {
        try {
            return endpoint.createProducer();
        } catch (Exception broken) {
            throw new IllegalStateException("Camel HTTP gives no producer", broken);
        }
    }

    @Override
    public Response send(Request request) throws IOException {
        Exchange exchange = endpoint.createExchange();
        Map<String, Object> headers = new HashMap<>(request.headers());
        headers.put(HttpConstants.HTTP_URI, request.url().toASCIIString());
        headers.put(HttpConstants.HTTP_METHOD, HttpMethods.valueOf(request.method())); // a text would be converted, which costs more than the whole rest of a call
        request.body().ifPresent(body -> {
            headers.put(HttpConstants.CONTENT_TYPE, body.type());
            exchange.getIn().setBody(body.text());
        });
        exchange.getIn().setHeaders(headers);
        try {
            producer.process(exchange); // not by a template: there is nothing of a route around this call
        } catch (Exception broken) {
            exchange.setException(broken);
        }
        try {
            return answered(exchange);
        } finally {
            UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
        }
    }

    private static Response answered(Exchange exchange) throws IOException {
        if (exchange.getException() instanceof IOException broken) {
            throw broken;
        }
        if (exchange.getException() != null) {
            // The cause may tell the address with its query, so only its kind goes on.
            throw new IOException("not sent: " + exchange.getException().getClass().getSimpleName());
        }
        return response(exchange);
    }

    @Override
    public void close() throws IOException {
        ServiceHelper.stopService(producer, endpoint, component);
        connections.close();
    }

    /** Always a provider of our own: Java's would give the proxy's password to whoever asks. */
    private static void authenticate(HttpClientBuilder client, Outgoing.Via via) {
        BasicCredentialsProvider known = new BasicCredentialsProvider();
        via.user().ifPresent(user -> known.setCredentials(new AuthScope(via.host(), via.port()), new UsernamePasswordCredentials(user, via.password().orElse("").toCharArray())));
        client.setDefaultCredentialsProvider(known);
    }

    /** Connections with bounded answer heads: HTTP clients know no such bound by themselves. */
    private static PoolingHttpClientConnectionManager connections(Duration silence, Outgoing outgoing, int atOnce) {
        Http1Config heads = Http1Config.custom().setMaxHeaderCount(MAX_HEADERS).setMaxLineLength(MAX_HEADER_LENGTH).build();
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create().useSystemProperties();
        outgoing.tls().ifPresent(tls -> pool.setTlsSocketStrategy(ClientTlsStrategyBuilder.create().setSslContext(tls).useSystemProperties().buildClassic()));
        return pool
            .setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(heads).build())
            .setDefaultConnectionConfig(ConnectionConfig.custom()
                .setConnectTimeout(Timeout.ofMilliseconds(Math.min(silence.toMillis(), 10_000)))
                .setSocketTimeout(Timeout.of(silence))
                .setValidateAfterInactivity(TimeValue.ofSeconds(2)).build())
            .setMaxConnPerRoute(atOnce).setMaxConnTotal(10 * atOnce).build();
    }

    private Endpoint endpoint() {
        try {
            return component.createEndpoint(NOWHERE + "?throwExceptionOnFailure=false");
        } catch (Exception broken) {
            throw new IllegalStateException("Camel HTTP does not take its own options", broken);
        }
    }

    private static Response response(Exchange exchange) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                headers.put(name, value instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of(String.valueOf(value)));
            }
        });
        byte[] body = exchange.getMessage().getBody(byte[].class);
        return new Response(exchange.getMessage().getHeader(HttpConstants.HTTP_RESPONSE_CODE, Integer.class), headers, body == null ? new byte[0] : body);
    }
}
