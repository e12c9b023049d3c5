package io.identitybridge.source;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Sends by Camel HTTP: 10 s to connect, 60 s without a byte, 2 minutes and 64 MiB for an answer, connections kept open, nothing followed, tried twice or remembered.
 * The endpoint's own address names no source: address and token travel as message headers, which no log or exception shows.
 */
public final class CamelFetch implements Fetch, AutoCloseable {
    private static final String NOWHERE = "https://source.invalid";
    private static final long MAX_BYTES = 64L << 20;

    private final HttpComponent component;
    private final Endpoint endpoint;
    private final ProducerTemplate template;

    public CamelFetch(CamelContext context) {
        this(context, MAX_BYTES, Duration.ofSeconds(60), Duration.ofMinutes(2));
    }

    CamelFetch(CamelContext context, long maxBytes, Duration silence, Duration whole) {
        component = new HttpComponent();
        component.setCamelContext(context);
        component.setConnectTimeout(Math.min(silence.toMillis(), 10_000));
        component.setConnectionRequestTimeout(whole.toMillis());
        component.setResponseTimeout(silence.toMillis());
        component.setSoTimeout(silence.toMillis());
        component.setRedirectHandlingDisabled(true);
        component.setAutomaticRetriesDisabled(true);
        component.setCookieManagementDisabled(true);
        component.setAuthCachingDisabled(true);
        component.setCopyHeaders(false);
        component.setUserAgent("portkey-identity-bridge");
        // Where the network demands a proxy, Java's own settings name it.
        component.setUseSystemProperties(true);
        component.setHeaderFilterStrategy(new OnlyOwnHeaders());
        component.setHttpClientConfigurer(client -> client.addExecInterceptorFirst("whole-body", new WholeBody(maxBytes, whole)));
        ServiceHelper.startService(component);
        endpoint = endpoint();
        template = context.createProducerTemplate();
    }

    @Override
    public Response send(Request request) throws IOException {
        Exchange exchange = template.send(endpoint, asked -> {
            Map<String, Object> headers = new HashMap<>(request.headers());
            headers.put(HttpConstants.HTTP_URI, request.url().toASCIIString());
            headers.put(HttpConstants.HTTP_METHOD, request.method());
            request.form().ifPresent(form -> {
                headers.put(HttpConstants.CONTENT_TYPE, "application/x-www-form-urlencoded");
                asked.getIn().setBody(form);
            });
            asked.getIn().setHeaders(headers);
        });
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
        template.close();
        ServiceHelper.stopService(endpoint, component);
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
