package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.identitybridge.TestBridge;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a stand-in, and lets one call wait, not yet heard, for as long as a test likes. */
final class Door extends Filter {
    private final Map<String, Closed> closed = new ConcurrentHashMap<>();

    private record Closed(AtomicInteger left, CountDownLatch opens) {
    }

    /** The next call of what ends so waits until the latch is counted down. @param path the end of a path, as {@code /users} */
    CountDownLatch close(String path) {
        return close(path, 1);
    }

    /** Likewise the n-th from now. */
    CountDownLatch close(String path, int nth) {
        CountDownLatch opens = new CountDownLatch(1);
        closed.put(path, new Closed(new AtomicInteger(nth), opens));
        return opens;
    }

    /** Returns once that call has come. */
    void awaitCall(String path) {
        for (int i = 0; i < 3_600 && closed.containsKey(path); i++) {
            TestBridge.pause(50);
        }
        assertThat(closed).as("calls that did not come").doesNotContainKey(path);
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String called = exchange.getRequestURI().getPath();
        for (Map.Entry<String, Closed> door : closed.entrySet()) {
            if (called.endsWith(door.getKey()) && door.getValue().left().decrementAndGet() == 0) {
                closed.remove(door.getKey(), door.getValue());
                await(door.getValue().opens());
            }
        }
        chain.doFilter(exchange);
    }

    private static void await(CountDownLatch opens) {
        try {
            opens.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String description() {
        return "a door";
    }
}
