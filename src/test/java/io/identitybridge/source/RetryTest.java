package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Budget;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Retry;
import io.identitybridge.source.IdpServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a call is tried again, and how long it waits. No test waits: the pauses are written down. */
class RetryTest extends OverHttp {
    private static final String THEN = "Mon, 23 Nov 2026 22:00:30 GMT";

    @Test
    void a_rate_limit_waits_until_its_reset_by_the_answers_own_date() {
        idp.on("/users", Reply.of(429, "{}").with("X-Rate-Limit-Reset", "1795471260").with(DATE, THEN), Reply.json("[]"));
        clock.now = clock.now.plusSeconds(100_000);
        read(new Given().read("users"));
        assertThat(waits).containsExactly(Duration.ofSeconds(30));
    }

    @Test
    void seconds_and_a_date_are_both_understood() {
        idp.on("/users", Reply.of(503, "{}").with("Retry-After", "7"),
            Reply.of(429, "{}").with("Retry-After", "Mon, 23 Nov 2026 22:01:00 GMT").with(DATE, THEN), Reply.json("[]"));
        read(new Given().read("users"));
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(30));
    }

    @Test
    void a_server_error_does_not_wait_for_the_rate_bucket() {
        idp.on("/users", Reply.of(500, "").with("X-Rate-Limit-Reset", "1795471260").with(DATE, THEN), Reply.json("[]"));
        read(new Given().read("users"));
        assertThat(waits).hasSize(1).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(3)));
    }

    @Test
    void without_a_word_it_doubles_with_jitter_up_to_the_allowed_tries() {
        idp.on("/users", Reply.of(502, "<html>"));
        assertThat(refusal(new Given().read("users"))).isEqualTo("users: page 1: HTTP 502 after 6 tries from " + idp.url()
            + "/users; the source is busy or failing, and the next run tries again");
        assertThat(waits).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(waits.get(i)).isBetween(Duration.ofSeconds(2L << i), Duration.ofMillis((2L << i) * 1250));
        }
        assertThat(idp.asked()).hasSize(6);
    }

    @Test
    void no_source_can_ask_for_more_than_five_minutes() {
        idp.on("/users", Reply.of(429, "{}").with("Retry-After", "999999999999999999"), Reply.of(429, "{}").with("X-Rate-Limit-Reset", "99999999999"),
            Reply.of(429, "{}").with("X-Rate-Limit-Reset", "1"), Reply.of(429, "{}").with("Retry-After", "soon"), Reply.json("[]"));
        read(new Given().read("users"));
        assertThat(waits.subList(0, 3)).containsExactly(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofSeconds(1));
        assertThat(waits.get(3)).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(20));
    }

    @Test
    void a_status_that_is_not_named_is_not_tried_again() {
        idp.on("/users", Reply.of(403, "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}"));
        assertThat(refusal(new Given().read("users"))).contains("HTTP 403 (Authorization_RequestDenied) from", "may not read this");
        assertThat(waits).isEmpty();
    }

    @Test
    void no_connection_is_tried_again_too() throws IOException {
        Given given = new Given().read("users");
        given.retry = new Retry(Set.of(), Optional.empty(), Optional.empty(), 3);
        Reader reader = reader(given);
        idp.close();
        try (Socket bound = new Socket()) { // and not listening: no other test's server gets this port meanwhile
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(idp.url()).getPort()));
            assertThat(refusal(() -> reader.read(false, java.util.Map.of(), told)))
                .isEqualTo("users: page 1: no answer from " + idp.url() + "/users after 3 tries (HttpHostConnectException); is it reachable from here?");
        }
        assertThat(waits).hasSize(2);
    }

    @Test
    void the_others_share_of_the_rate_bucket_is_left_to_them() {
        idp.on("/users?first=0", bucket("[{\"id\":\"a\"}]", 300)).on("/users?first=1", bucket("[{\"id\":\"b\"}]", 299)).on("/users?first=2", bucket("[]", 1));
        Given given = new Given().by(new Paging.Offset("first")).read("users");
        given.budget = Optional.of(new Budget(0.5, "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining"));
        read(given);
        assertThat(waits).as("after the second page, before the third, and none after the last").containsExactly(Duration.ofSeconds(30));
    }

    private static Reply bucket(String body, int left) {
        return Reply.json(body).with("X-Rate-Limit-Limit", "600").with("x-rate-limit-remaining", String.valueOf(left))
            .with("X-Rate-Limit-Reset", "1795471260").with(DATE, THEN);
    }
}
