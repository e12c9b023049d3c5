package io.identitybridge.source;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** An IdP on loopback that answers each address as it was told, in order, the last answer again and again. */
public final class IdpServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, List<Reply>> replies = Collections.synchronizedMap(new HashMap<>());
    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

    public record Reply(int status, List<String[]> headers, byte[] body) {
        public static Reply json(String body) {
            return of(200, body);
        }

        public static Reply of(int status, String body) {
            return new Reply(status, List.of(), body.getBytes(StandardCharsets.UTF_8));
        }

        public Reply with(String name, String value) {
            List<String[]> more = new ArrayList<>(headers);
            more.add(new String[] {name, value});
            return new Reply(status, more, body);
        }
    }

    public record Seen(String method, String address, Map<String, List<String>> headers, String body, int peer) {
        String header(String name) {
            return headers.entrySet().stream().filter(e -> e.getKey().equalsIgnoreCase(name)).map(e -> e.getValue().getFirst()).findFirst().orElse("");
        }
    }

    public IdpServer() {
        this(List.of());
    }

    /** With filters before it, as {@link ContractFilter}. */
    public IdpServer(List<? extends Filter> filters) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer).getFilters().addAll(filters);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public IdpServer on(String address, Reply... answers) {
        replies.put(address, new ArrayList<>(List.of(answers)));
        return this;
    }

    public IdpServer on(String address, String json) {
        return on(address, Reply.json(json));
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public List<String> asked() {
        return seen().stream().map(Seen::address).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String address = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        seen.add(new Seen(exchange.getRequestMethod(), address, Map.copyOf(exchange.getRequestHeaders()), body, exchange.getRemoteAddress().getPort()));
        Reply reply = next(address);
        for (String[] header : reply.headers()) {
            exchange.getResponseHeaders().add(header[0], header[1]);
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        exchange.getResponseBody().write(reply.body());
        exchange.close();
    }

    private synchronized Reply next(String address) {
        List<Reply> left = replies.get(address);
        if (left == null) {
            return Reply.of(404, "{\"error\":\"nothing at " + address + "\"}");
        }
        return left.size() > 1 ? left.removeFirst() : left.getFirst();
    }
}
