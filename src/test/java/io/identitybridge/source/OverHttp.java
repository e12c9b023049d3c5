package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.identitybridge.files.SourceFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the reading engine share: Camel HTTP, an IdP on loopback, a clock that only waits move. */
abstract class OverHttp {
    static final String TOKEN = "t0p-s3cret";
    /** Stands for {@code Date}, which Java's own server insists on setting itself. */
    static final String DATE = "Test-Date";
    private static final List<String> TIMED = List.of("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", "Retry-After");
    static CamelContext camel;
    static CamelFetch fetch;

    final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    final MovedClock clock = new MovedClock();
    final Told told = new Told();
    IdpServer idp;

    @BeforeAll
    static void camel() {
        camel = new DefaultCamelContext();
        camel.start();
        fetch = new CamelFetch(camel, Outgoing.asJava());
    }

    @AfterAll
    static void noCamel() throws IOException {
        fetch.close();
        camel.stop();
    }

    @BeforeEach
    void idp() {
        idp = new IdpServer();
    }

    @AfterEach
    void noIdp() {
        idp.close();
    }

    Settings settings() {
        return new Settings(Map.of("url", idp.url(), "token", TOKEN), Set.of("token"));
    }

    Reader reader(Given given) {
        return reader(given.file(), Limits.USUAL);
    }

    Reader reader(SourceFile file, Limits limits) {
        return new Reader(file, settings(), request -> dated(fetch.send(request)), time -> {
            waits.add(time);
            clock.now = clock.now.plus(time);
        }, clock, limits);
    }

    Reading read(Given given) {
        return reader(given).read(false, Map.of(), told);
    }

    /** The message of a reading that must fail; it never holds a secret. */
    String refusal(Given given) {
        return refusal(() -> read(given));
    }

    String refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        SourceUnavailable unavailable = catchThrowableOfType(SourceUnavailable.class, reading);
        assertThat(unavailable).as("the reading must fail").isNotNull();
        assertThat(unavailable.getMessage()).doesNotContain(TOKEN);
        return unavailable.getMessage();
    }

    private static Response dated(Response response) {
        if (response.header(DATE).isEmpty()) {
            return response;
        }
        Map<String, List<String>> headers = new HashMap<>(Map.of("Date", response.all(DATE)));
        TIMED.forEach(name -> headers.put(name, response.all(name)));
        return new Response(response.status(), headers, response.body());
    }

    static final class MovedClock extends Clock {
        volatile Instant now = Instant.parse("2026-11-23T22:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
