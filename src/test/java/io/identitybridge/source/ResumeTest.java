package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A reading that broke off goes on at its page. */
class ResumeTest extends OverHttp {
    private final Page numbered = paged(new Paging.Number("page", 1), "/data", "/total", "-", 0);

    @Test
    void it_goes_on_at_the_next_page_and_counts_those_read_before() {
        Given given = new Given().by(numbered).read("users");
        idp.on("/users?page=1", data("a", "b")).on("/users?page=2", Reply.of(500, ""), Reply.of(500, ""), Reply.of(500, ""), Reply.of(500, ""), Reply.of(500, ""), Reply.of(500, ""), Reply.json(data("c", "d")));
        refusal(given);
        told.progress.put("users/", told.usersSoFar());
        Reading reading = read(given);
        assertThat(reading.unique()).containsEntry("users", 4L);
        assertThat(told.calls).containsExactly("begin users", "users 1", "users 2");
        assertThat(idp.asked()).filteredOn("/users?page=1"::equals).hasSize(1);
    }

    @Test
    void a_finished_list_is_not_asked_again() {
        Given given = new Given().by(numbered).read("users");
        idp.on("/users?page=1", data("a", "b", "c", "d"));
        read(given);
        told.progress.put("users/", told.usersSoFar());
        assertThat(read(given).unique()).containsEntry("users", 4L);
        assertThat(idp.asked()).hasSize(1);
    }

    @Test
    void a_kept_position_that_the_source_no_longer_knows_begins_the_list_anew() {
        idp.on("/users", Reply.json("[{\"id\":\"a\"}]").with("Link", "</users?after=new>; rel=next")).on("/users?after=new", "[{\"id\":\"b\"}]").on("/users?after=old", Reply.of(400, "{}"));
        told.progress.put("users/", new Progress(7, Optional.of(idp.url() + "/users?after=old"), new byte[8]));
        read(new Given().by(new Paging.LinkHeader()).read("users"));
        assertThat(told.calls).containsExactly("begin users", "users 1", "users 2");
    }

    @Test
    void a_kept_position_is_followed_only_to_the_own_origin() {
        told.progress.put("users/", new Progress(1, Optional.of("https://evil.example/users"), new byte[0]));
        assertThat(refusal(new Given().by(new Paging.LinkHeader()).read("users"))).contains("next page is at https://evil.example");
    }

    @Test
    void groups_whose_members_are_there_are_not_asked_again() {
        idp.on("/users", "[]").on("/groups", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups/g2", "[{\"id\":\"a\"}]");
        told.progress.put("members/g1", Progress.finished());
        read(new Given().read("users", "groups").read(list("members", "/groups/${id}", members -> members.forEach = Optional.of("groups"))));
        assertThat(told.members).containsOnlyKeys("g2");
        assertThat(idp.asked()).doesNotContain("/groups/g1");
    }

    private static String data(String... ids) {
        return "{\"data\":[" + String.join(",", java.util.Arrays.stream(ids).map(id -> "{\"id\":\"" + id + "\"}").toList()) + "],\"total\":4}";
    }
}
