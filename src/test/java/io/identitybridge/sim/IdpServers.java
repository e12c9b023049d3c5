package io.identitybridge.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** The APIs of all IdPs: each request waits until the world answers it. */
final class IdpServers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final List<Asked> waiting = new CopyOnWriteArrayList<>();

    /** A request that nobody has answered yet. */
    record Asked(int bridge, String source, HttpExchange exchange, CountDownLatch done) {
        String path() {
            return exchange.getRequestURI().getPath().substring(("/" + bridge + "/" + source).length());
        }

        Map<String, String> query() {
            Map<String, String> query = new HashMap<>();
            Optional.ofNullable(exchange.getRequestURI().getQuery()).ifPresent(text -> List.of(text.split("&")).forEach(part -> query.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1))));
            return query;
        }
    }

    IdpServers() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::ask);
        server.start();
    }

    String base(int bridge, String source) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + bridge + "/" + source;
    }

    private void ask(HttpExchange exchange) {
        String[] parts = exchange.getRequestURI().getPath().split("/");
        Asked asked = new Asked(Integer.parseInt(parts[1]), parts[2], exchange, new CountDownLatch(1));
        waiting.add(asked);
        try {
            asked.done().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The requests that wait, of one source, the oldest first; those that came side by side in the order of their paths. */
    List<Asked> waiting(String source) {
        return waiting.stream().filter(asked -> asked.source().equals(source)).sorted(java.util.Comparator.comparing(Asked::bridge).thenComparing(Asked::path)).toList();
    }

    void answer(Asked asked, Pages.Answer answer) {
        try {
            byte[] body = JSON.writeValueAsBytes(answer.body());
            waiting.remove(asked);
            asked.exchange().getResponseHeaders().add("Content-Type", "application/json");
            asked.exchange().sendResponseHeaders(answer.status(), body.length);
            asked.exchange().getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            asked.exchange().close();
            asked.done().countDown();
        }
    }

    /** Says that much is coming, and says half of it. */
    void cut(Asked asked) {
        try {
            waiting.remove(asked);
            asked.exchange().sendResponseHeaders(200, 1_000);
            asked.exchange().getResponseBody().write("{\"value\": [".getBytes());
            asked.exchange().getResponseBody().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            asked.exchange().close();
            asked.done().countDown();
        }
    }

    @Override
    public void close() {
        List.copyOf(waiting).forEach(this::cut);
        server.stop(0);
    }
}
