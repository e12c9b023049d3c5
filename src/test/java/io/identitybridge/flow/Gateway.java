package io.identitybridge.flow;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Stands before a Portkey, hears what is asked of it, and answers in its place what it is told to. */
final class Gateway extends Filter {
    private final List<Saying> sayings = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile int slow;
    private volatile String held = "";
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private record Saying(String method, Pattern path, AtomicInteger left, int status, Map<String, String> headers, String body) {
        boolean isAbout(HttpExchange exchange) {
            return exchange.getRequestMethod().equals(method) && path.matcher(exchange.getRequestURI().getPath()).matches() && left.getAndDecrement() > 0;
        }
    }

    /** Answers so, for good. @param path a pattern of the whole path */
    void says(String method, String path, int status, Map<String, String> headers, String body) {
        says(Integer.MAX_VALUE, method, path, status, headers, body);
    }

    void says(int times, String method, String path, int status, Map<String, String> headers, String body) {
        sayings.add(new Saying(method, Pattern.compile(path), new AtomicInteger(times), status, headers, body));
    }

    /** As a key that lacks a right is answered. */
    void forbids(String method, String path) {
        says(method, path, 403, Map.of("Content-Type", "application/json"), "{\"success\":false,\"data\":{\"message\":\"You do not have enough permissions to execute this request\",\"errorCode\":\"AB03\"}}");
    }

    /** Each call takes so much longer. */
    void slow(int millis) {
        slow = millis;
    }

    /** Calls of these methods (a pattern) are answered once they may go, or after a minute. */
    void holds(String methods) {
        gate = new CountDownLatch(1);
        held = methods;
    }

    void letsGo() {
        held = "";
        gate.countDown();
    }

    void quiet() {
        slow = 0;
        letsGo();
        sayings.clear();
        heard.clear();
    }

    /** How many of these calls have come, answered or not. */
    long heard(String method, String path) {
        return heard.stream().filter(call -> call.matches(method + " " + path)).count();
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        hold(exchange);
        TestBridge.pause(slow);
        for (Saying saying : sayings) {
            if (saying.isAbout(exchange)) {
                answer(exchange, saying);
                return;
            }
        }
        chain.doFilter(exchange);
    }

    private void hold(HttpExchange exchange) throws IOException {
        CountDownLatch before = gate;
        if (exchange.getRequestMethod().matches(held)) {
            try {
                before.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IOException("the test is over", e);
            }
        }
    }

    private static void answer(HttpExchange exchange, Saying saying) throws IOException {
        exchange.getRequestBody().readAllBytes();
        saying.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = saying.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(saying.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public String description() {
        return "a gateway";
    }
}
