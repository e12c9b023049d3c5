package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Changed;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lists that can be asked for what has changed since a time, as Okta's. */
class ChangesTest extends OverHttp {
    private static final Instant BEGAN = Instant.parse("2026-11-23T21:59:00Z");
    private static final String SINCE = "&filter=changed%20gt%20%222026-11-23T21:54:00.000Z%22";

    @Test
    void without_an_earlier_run_all_is_read_and_the_time_is_kept() {
        idp.on("/users?limit=2&filter=all", now("[{\"id\":\"a\"}]")).on("/groups", now("[]"));
        Reading reading = reader(okta()).read(false, Map.of(), BEGAN, told);
        assertThat(reading.complete()).isTrue();
        assertThat(reading.cursors()).as("when the run began, not when it ended").isEqualTo(Map.of("users", "2026-11-23T21:59:00Z"));
    }

    @Test
    void after_one_only_changes_are_asked_for_from_a_little_earlier_on_and_nobody_is_absent() {
        idp.on("/users?limit=2" + SINCE, now("[{\"id\":\"b\"}]")).on("/groups", now("[]"));
        Reading reading = reader(okta()).read(false, Map.of("users", BEGAN.toString()), BEGAN.plusSeconds(900), told);
        assertThat(reading.complete()).isFalse();
        assertThat(told.users).containsOnlyKeys("b");
        assertThat(reading.cursors()).isEqualTo(Map.of("users", "2026-11-23T22:14:00Z"));
    }

    @Test
    void that_few_changed_is_no_fault_where_many_are_expected_of_the_whole() {
        idp.on("/users?limit=2" + SINCE, "[]").on("/groups", "[]");
        Given given = okta();
        given.atLeast = Map.of("users", 50L);
        assertThat(reader(given).read(false, Map.of("users", BEGAN.toString()), BEGAN, told).unique()).containsEntry("users", 0L);
    }

    @Test
    void a_full_reading_asks_for_all_whatever_was_kept() {
        idp.on("/users?limit=2&filter=all", "[{\"id\":\"a\"}]").on("/groups", "[]");
        assertThat(reader(okta()).read(true, Map.of("users", BEGAN.toString()), BEGAN, told).complete()).isTrue();
    }

    @Test
    void the_time_is_told_by_the_sources_clock() {
        idp.on("/users?limit=2&filter=all", Reply.json("[]").with(DATE, "Mon, 23 Nov 2026 21:58:30 GMT")).on("/groups", Reply.json("[]").with(DATE, "Mon, 23 Nov 2026 22:05:00 GMT"));
        assertThat(reader(okta()).read(false, Map.of(), BEGAN, told).cursors()).as("90 s behind ours, which says 22:00:00; a slow answer makes it seem less").containsEntry("users", "2026-11-23T21:57:30Z");
    }

    @Test
    void a_page_that_fails_keeps_the_old_time() {
        idp.on("/users?limit=2" + SINCE, Reply.json("[{\"id\":\"b\"}]").with("Link", "<" + idp.url() + "/users?after=x>; rel=\"next\"")).on("/users?after=x", Reply.of(400, "{\"errorCode\":\"E0000031\"}"));
        assertThat(refusal(() -> reader(okta()).read(false, Map.of("users", BEGAN.toString()), BEGAN, told))).contains("users: page 2: HTTP 400 (E0000031)");
    }

    /** From a server whose clock is right. */
    private static Reply now(String body) {
        return Reply.json(body).with(DATE, "Mon, 23 Nov 2026 22:00:00 GMT");
    }

    private static Given okta() {
        return new Given().by(new Paging.LinkHeader()).read(list("users", "/users", users -> {
            users.query.put("limit", "2");
            users.query.put("filter", "all");
            users.changed = Optional.of(new Changed(Map.of("filter", "changed gt \"${since}\""), Duration.ofMinutes(5)));
        })).read("groups");
    }
}
