package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Retry;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: as the answer's own headers ask, else 2 s, 4 s, 8 s and so on with up to a quarter more; never longer than the cap. */
final class Waits {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 8;
    private static final double JITTER = 0.25;

    private final Retry retry;
    private final Duration longest;
    private final Clock clock;

    Waits(Retry retry, Duration longest, Clock clock) {
        this.retry = retry;
        this.longest = longest;
        this.clock = clock;
    }

    /** After the {@code tries}-th try was answered. A server error has nothing to do with the rate bucket, although okta.com tells its state with every answer. */
    Duration after(Response response, int tries) {
        Optional<Duration> reset = response.status() < 500 ? reset(response) : Optional.empty();
        return reset.or(() -> told(response)).map(this::within).orElseGet(() -> after(tries));
    }

    /** After a try to which no answer came. */
    Duration after(int tries) {
        long millis = 1000L << Math.min(tries, MOST_DOUBLINGS);
        return within(Duration.ofMillis((long) (millis * (1 + JITTER * RandomGenerator.getDefault().nextDouble()))));
    }

    /** Until the rate bucket is full again. */
    Duration untilReset(Response response) {
        return within(reset(response).or(() -> told(response)).orElse(SHORTEST));
    }

    private Optional<Duration> reset(Response response) {
        return retry.waitUntil().flatMap(response::header).flatMap(Waits::epoch).map(until -> Duration.between(now(response), until));
    }

    private Optional<Duration> told(Response response) {
        return retry.waitFor().flatMap(response::header).flatMap(value -> seconds(value, now(response)));
    }

    /** The server's own time: its clock sets the reset, and ours may differ. */
    private Instant now(Response response) {
        return date(response).orElseGet(clock::instant);
    }

    /** What the server's clock said when it answered, to the second. */
    static Optional<Instant> date(Response response) {
        return response.header("Date").flatMap(Waits::httpDate);
    }

    private Duration within(Duration asked) {
        return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked.compareTo(longest) > 0 ? longest : asked;
    }

    private static Optional<Instant> epoch(String text) {
        return Json.whole(text.strip()).filter(seconds -> seconds < Instant.MAX.getEpochSecond()).map(Instant::ofEpochSecond);
    }

    static Optional<Duration> seconds(String text, Instant now) {
        return Json.whole(text.strip()).map(s -> Duration.ofSeconds(Math.min(s, Integer.MAX_VALUE)))
            .or(() -> httpDate(text).map(until -> Duration.between(now, until)));
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException noDate) {
            // A header that says nothing readable is as good as none.
            return Optional.empty();
        }
    }
}
