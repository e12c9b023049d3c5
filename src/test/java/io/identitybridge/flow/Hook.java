package io.identitybridge.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An operators' system that takes webhooks, and refuses them when asked to. */
final class Hook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Call> refused = new CopyOnWriteArrayList<>();
    volatile int status = 204;
    private volatile String hangs = "";
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile CountDownLatch hung = new CountDownLatch(0);

    /** @param headers names in lower case */
    record Call(Map<String, String> headers, String body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Hook() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            if (!hangs.isEmpty() && headers.getOrDefault("deadletterfingerprint", "").startsWith(hangs)) {
                hang();
            }
            int answer = status;
            (answer < 300 ? calls : refused).add(new Call(headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    /** Gives no answer to what begins so, until {@link #goOn()}. */
    void hang(String fingerprint) {
        hanging = new CountDownLatch(1);
        hung = new CountDownLatch(1);
        hangs = fingerprint;
    }

    /** Whether somebody waits for that answer now, or does within a minute. */
    boolean hung() throws InterruptedException {
        return hung.await(1, TimeUnit.MINUTES);
    }

    void goOn() {
        hangs = "";
        hanging.countDown();
    }

    private void hang() {
        hung.countDown();
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Those it took, once they are as many. */
    List<Call> calls(int n) {
        return as(n, calls);
    }

    List<Call> refused(int n) {
        return as(n, refused);
    }

    private static List<Call> as(int n, List<Call> calls) {
        for (int tries = 0; calls.size() < n && tries < 1200; tries++) {
            TestBridge.pause(50);
        }
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
        threads.close();
    }
}
