package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.identitybridge.lab.Faults.Fault;
import io.identitybridge.lab.Faults.Kind;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Between a call and its answer: counts, the rate limit, and whatever fault waits for this call, before it does anything or after. */
final class PortkeyWire {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ECHO = 10_000;
    private static final List<String> LISTS = List.of("data", "mappings", "groups", "records", "Resources");
    private static final List<String> TOTALS = List.of("total", "total_count", "totalResults", "itemsPerPage");

    final Faults faults = new Faults(EnumSet.complementOf(EnumSet.of(Kind.REPEATED)));
    final AtomicLong calls = new AtomicLong();
    private final AtomicInteger thisSecond = new AtomicInteger();
    private volatile long second;
    private volatile int perSecond;

    /** 0 is no limit. */
    void rate(int callsPerSecond) {
        perSecond = callsPerSecond;
    }

    /** @param work what the call does and is answered, given how far reads lag behind it */
    void meet(HttpExchange exchange, Call call, Voice voice, Function<PortkeyStore.Lag, Answer> work) throws IOException {
        calls.incrementAndGet();
        Optional<Fault> fault = tooMany() ? Optional.of(new Fault(Kind.STATUS_429, "/", 0, 0, 1_000)) : faults.meet(call.method(), call.path(), call.pageOrFirst());
        if (fault.isPresent() && !fault.get().after() && failed(exchange, fault.get(), voice)) {
            return;
        }
        Answer answer = work.apply(fault.map(PortkeyWire::lag).orElse(PortkeyStore.Lag.NONE));
        if (fault.isPresent() && fault.get().after() && failed(exchange, fault.get(), voice)) {
            return;
        }
        byte[] body = answer.body().equals("") ? new byte[0] : JSON.writeValueAsBytes(fault.map(f -> damaged(f.kind(), answer.body())).orElse(answer.body()));
        if (fault.filter(f -> f.kind() == Kind.CUT).isPresent()) {
            cut(exchange, answer.status(), body);
        }
        send(exchange, answer.status(), voice.contentType(), body);
    }

    private boolean tooMany() {
        int most = perSecond;
        if (most == 0) {
            return false;
        }
        long now = System.nanoTime() / 1_000_000_000L;
        if (now != second) {
            second = now;
            thisSecond.set(0);
        }
        return thisSecond.incrementAndGet() > most;
    }

    private static PortkeyStore.Lag lag(Fault fault) {
        return fault.kind() != Kind.STALE ? PortkeyStore.Lag.NONE : fault.millis() > 0 ? new PortkeyStore.Lag(0, fault.millis()) : new PortkeyStore.Lag(1, 0);
    }

    /** Whether that was the answer. */
    private static boolean failed(HttpExchange exchange, Fault fault, Voice voice) throws IOException {
        switch (fault.kind()) {
            case STATUS_400 -> error(exchange, 400, "AB01", "invalid request: " + JSON.writeValueAsString(Map.of("headers", exchange.getRequestHeaders(), "url", exchange.getRequestURI().toString(),
                    "body", new String(exchange.getRequestBody().readNBytes(ECHO), java.nio.charset.StandardCharsets.UTF_8))), voice);
            case STATUS_401 -> error(exchange, 401, "AB05", "Unauthorized access", voice);
            case STATUS_402 -> error(exchange, 402, "AB09", "Subscription exhausted", voice);
            case STATUS_403 -> error(exchange, 403, "AB03", "You do not have enough permissions to execute this request", voice);
            case STATUS_429 -> {
                if (fault.millis() > 0) {
                    exchange.getResponseHeaders().set("Retry-After", String.valueOf((fault.millis() + 999) / 1_000));
                }
                error(exchange, 429, "AB06", "Rate limit exceeded", voice);
            }
            case STATUS_500 -> error(exchange, 500, "AB04", "Internal Server Error", voice);
            case STATUS_503 -> send(exchange, 503, "text/plain", "upstream unavailable".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            case RESET -> throw new IOException("closed on request");
            case SLOW -> {
                sleep(fault.millis());
                return false;
            }
            case CUT, SHORT, REPEATED, EMPTY, STALE -> {
                return false;
            }
        }
        return true;
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A page that lacks half of its rows and says nothing of it, or that has none and says there are none. */
    private static Object damaged(Kind kind, Object body) {
        if (kind != Kind.SHORT && kind != Kind.EMPTY) {
            return body;
        }
        JsonNode whole = JSON.valueToTree(body);
        LISTS.stream().filter(name -> whole.path(name).isArray()).forEach(name -> {
            ArrayNode rows = (ArrayNode) whole.path(name);
            for (int left = kind == Kind.EMPTY ? 0 : rows.size() / 2; rows.size() > left; ) {
                rows.remove(left);
            }
            if (kind == Kind.EMPTY) {
                TOTALS.stream().filter(whole::has).forEach(total -> ((ObjectNode) whole).put(total, 0));
            }
        });
        return whole;
    }

    private static void error(HttpExchange exchange, int status, String code, String message, Voice voice) throws IOException {
        send(exchange, status, voice.contentType(), JSON.writeValueAsBytes(voice.error(status, code, message)));
    }

    private static void cut(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, Math.max(2, body.length));
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
        throw new IOException("cut on request");
    }

    static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        if (body.length > 0) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
