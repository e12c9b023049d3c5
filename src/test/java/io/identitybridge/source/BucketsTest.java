package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Budget;
import io.identitybridge.files.SourceFile.ById;
import io.identitybridge.source.IdpServer.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rate buckets are one for each kind of address, as Okta counts them. No test waits: the pauses are written down. */
class BucketsTest extends OverHttp {
    private static final String THEN = "Mon, 23 Nov 2026 22:00:30 GMT";

    @Test
    void an_empty_bucket_of_one_address_holds_up_no_other() {
        idp.on("/users", bucket("[{\"id\":\"a\"}]", 100, 10)).on("/groups", bucket("[{\"id\":\"g\"},{\"id\":\"h\"}]", 600, 590))
            .on("/groups/g/users", bucket("[{\"id\":\"a\"}]", 600, 589)).on("/groups/h/users", bucket("[]", 600, 589));
        Reader reader = reader(withMembers().file(), Limits.USUAL);
        reader.read(true, Map.of(), told);
        assertThat(waits).as("only the bucket of /users is below its half, and nobody asks there again").isEmpty();
        assertThat(reader.budget()).isEqualTo(Map.of("/users", new RateLeft(100, 10), "/groups", new RateLeft(600, 590), "/groups/${id}/users", new RateLeft(600, 589)));
        idp.on("/users/a", bucket("{\"id\":\"a\"}", 600, 500));
        assertThat(reader.pointRead("a")).isInstanceOf(PointRead.Found.class);
        assertThat(waits).as("a point read has a bucket of its own").isEmpty();
    }

    @Test
    void a_bucket_that_is_low_is_waited_for_once_whoever_found_out() {
        idp.on("/users", "[]").on("/groups", "[{\"id\":\"g\"},{\"id\":\"h\"},{\"id\":\"i\"}]")
            .on("/groups/g/users", Reply.of(429, "{}").with("X-Rate-Limit-Limit", "600").with("X-Rate-Limit-Remaining", "0").with("X-Rate-Limit-Reset", "1795471260").with(DATE, THEN), Reply.json("[]"))
            .on("/groups/h/users", Reply.json("[]")).on("/groups/i/users", Reply.json("[]"));
        reader(withMembers().file(), new Limits(100, 100, 100, Duration.ofMinutes(5), 1, 16)).read(true, Map.of(), told);
        assertThat(waits).as("the 429 said 30 s; that they are over is not waited for again").containsExactly(Duration.ofSeconds(30));
    }

    @Test
    void nothing_is_told_before_an_answer_has_said_it() {
        assertThat(reader(withMembers().file(), Limits.USUAL).budget()).isEmpty();
    }

    private static Given withMembers() {
        Given given = new Given().read(Given.list("users", "/users", users -> users.byId = Optional.of(new ById("/users/${id}", Set.of(404))))).read("groups").read(Given.list("members", "/groups/${id}/users", members -> {
            members.forEach = Optional.of("groups");
            members.member = Optional.of("/id");
        }));
        given.budget = Optional.of(new Budget(0.5, "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining"));
        return given;
    }

    private static Reply bucket(String body, int limit, int left) {
        return Reply.json(body).with("X-Rate-Limit-Limit", String.valueOf(limit)).with("X-Rate-Limit-Remaining", String.valueOf(left))
            .with("X-Rate-Limit-Reset", "1795471260").with(DATE, THEN);
    }
}
