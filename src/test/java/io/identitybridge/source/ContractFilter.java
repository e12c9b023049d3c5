package io.identitybridge.source;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Listens in at a stand-in's {@code HttpServer} and tells the contract of each exchange that came to its end. */
public final class ContractFilter extends Filter {
    private final Contract contract;
    private final Predicate<String> concerns;

    /** {@code concerns}: which paths the specification is about; a token endpoint, say, is not in it. */
    public ContractFilter(Contract contract, Predicate<String> concerns) {
        this.contract = contract;
        this.concerns = concerns;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        contract.listening().lock();
        try {
            listen(exchange, chain);
        } finally {
            contract.listening().unlock();
        }
    }

    private void listen(HttpExchange exchange, Chain chain) throws IOException {
        Map<String, List<String>> asked = new HashMap<>(exchange.getRequestHeaders());
        byte[] sent = exchange.getRequestBody().readAllBytes();
        Heard heard = new Heard(exchange.getResponseBody());
        exchange.setStreams(new ByteArrayInputStream(sent), heard);
        chain.doFilter(exchange);
        if (concerns.test(exchange.getRequestURI().getRawPath())) {
            contract.exchange(new Contract.Exchange(exchange.getRequestMethod(), exchange.getRequestURI().toString(), asked, sent,
                exchange.getResponseCode(), new HashMap<>(exchange.getResponseHeaders()), heard.copy.toByteArray()));
        }
    }

    @Override
    public String description() {
        return "holds the stand-in against its OpenAPI";
    }

    /** What the stand-in writes, on its way. */
    private static final class Heard extends FilterOutputStream {
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

        Heard(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            copy.write(one);
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            copy.write(bytes, from, length);
            out.write(bytes, from, length);
        }
    }
}
