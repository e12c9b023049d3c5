package io.identitybridge.source;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One HTTP answer; header names in any case, each with all its values. */
public final class Response {
    private final int status;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    /** {@code body} is kept, not copied: it may have many megabytes. */
    public Response(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        headers.forEach((name, values) -> this.headers.put(name, List.copyOf(values)));
        this.body = body;
    }

    public int status() {
        return status;
    }

    public byte[] body() {
        return body;
    }

    /** All values of a header, in the order they came; none gives an empty list. */
    public List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    public Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    /** How long it asks to be left alone, in seconds or until a date (RFC 9110, 10.2.3), the date by the server's own clock where it tells it; 1 s at least. */
    public Optional<Duration> retryAfter(Instant now) {
        return header("Retry-After").flatMap(value -> Waits.seconds(value, Waits.date(this).orElse(now))).map(wait -> wait.compareTo(Waits.SHORTEST) < 0 ? Waits.SHORTEST : wait);
    }

    boolean ok() {
        return status >= 200 && status < 300;
    }
}
