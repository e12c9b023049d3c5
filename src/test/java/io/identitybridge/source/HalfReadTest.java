package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Count;
import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A directory that was not read whole proves nothing: the reading ends with the reason, and the list's last page is never handed on. */
class HalfReadTest extends OverHttp {
    private final Page numbered = paged(new Paging.Number("page", 1), "/data", "/total", "-", 0);

    @Test
    void page_three_of_five_that_fails_for_good_ends_the_reading() {
        idp.on("/users?page=1", data(10, "a", "b")).on("/users?page=2", data(10, "c", "d")).on("/users?page=3", Reply.of(500, "no"));
        assertThat(refusal(new Given().by(numbered).read("users"))).startsWith("users: page 3: HTTP 500 after 6 tries from ");
        assertThat(told.calls).containsExactly("begin users", "users 1", "users 2");
        assertThat(told.pages).allMatch(page -> page.next().isPresent());
    }

    @Test
    void an_empty_first_page_is_refused_where_people_are_expected() {
        idp.on("/users?page=1", data(0));
        Given given = new Given().by(numbered).read("users");
        given.atLeast = Map.of("users", 50L);
        assertThat(refusal(given)).isEqualTo("users: 0 read, at least 50 expected");
        assertThat(told.pages).isEmpty();
    }

    @Test
    void a_page_that_links_to_itself_is_refused() {
        idp.on("/users", Reply.json("[{\"id\":\"a\"}]").with("Link", "</users>; rel=next"));
        assertThat(refusal(new Given().by(new Paging.LinkHeader()).read("users")))
            .isEqualTo("users: the list leads back to a page that was read already; the source's answer is broken");
        assertThat(told.pages).isEmpty();
    }

    @Test
    void a_circle_of_page_tokens_is_refused() {
        idp.on("/users", "{\"u\":[{\"id\":\"a\"}],\"t\":\"x\"}").on("/users?t=x", "{\"u\":[{\"id\":\"b\"}],\"t\":\"y\"}").on("/users?t=y", "{\"u\":[],\"t\":\"x\"}");
        assertThat(refusal(new Given().by(paged(new Paging.NextToken("/t", "t"), "/u", "-", "-", 0)).read("users"))).contains("leads back");
    }

    @Test
    void a_short_read_is_read_once_more_and_then_refused() {
        idp.on("/users?page=1", data(7, "a", "b", "c")).on("/users?page=2", data(7));
        assertThat(refusal(new Given().by(numbered).read("users"))).isEqualTo("users: 3 read, the source says 7");
        assertThat(told.calls).containsExactly("begin users", "users 1", "begin users", "users 1");
    }

    @Test
    void people_who_come_in_mid_reading_are_found_by_the_second_one() {
        idp.on("/users?first=0", Reply.json("[{\"id\":\"a\"}]"), Reply.json("[{\"id\":\"a\"},{\"id\":\"b\"}]")).on("/users?first=1", "[]").on("/users?first=2", "[]");
        idp.on("/count", "{\"n\":2}");
        Reading reading = read(new Given().by(new Paging.Offset("first"))
            .read(list("users", "/users", users -> users.count = Optional.of(new Count("/count", Optional.of("/n"))))));
        assertThat(reading.proof().orElseThrow().read()).containsEntry("users", 2L);
    }

    @Test
    void a_source_that_ignores_the_offset_is_not_read_for_ever() {
        idp.on("/users?first=0", "[{\"id\":\"a\"},{\"id\":\"b\"}]").on("/users?first=2", "[{\"id\":\"a\"},{\"id\":\"b\"}]");
        assertThat(refusal(new Given().by(new Paging.Offset("first")).read("users"))).startsWith("users: page 2 is the page before once more;");
    }

    @Test
    void a_link_to_another_origin_is_refused_before_the_token_goes_there() {
        try (IdpServer evil = new IdpServer()) {
            idp.on("/users", Reply.json("[{\"id\":\"a\"}]").with("Link", "<" + evil.url() + "/users?after=" + TOKEN + ">; rel=next"));
            assertThat(refusal(new Given().by(new Paging.LinkHeader()).read("users"))).isEqualTo("users: next page is at " + evil.url() + ", not at " + idp.url());
            assertThat(evil.seen()).isEmpty();
        }
    }

    @Test
    void a_link_that_only_looks_like_the_own_origin_is_refused() {
        for (String link : new String[] {idp.url() + "@evil.example/", idp.url().replace("http:", "https:"), "//evil.example/u", "ftp://127.0.0.1/", "mailto:x",
            "http://u:p@" + idp.url().substring(7) + "/users"}) {
            idp.on("/users", Reply.json("[]").with("Link", "<" + link + ">; rel=next"));
            assertThat(refusal(new Given().by(new Paging.LinkHeader()).read("users"))).as(link).startsWith("users: ");
        }
        assertThat(idp.asked()).containsOnly("/users");
    }

    @Test
    void a_redirect_is_not_followed() {
        idp.on("/users", Reply.of(302, "").with("Location", idp.url() + "/login"));
        assertThat(refusal(new Given().read("users"))).contains("HTTP 302", "redirects are not followed");
        assertThat(idp.asked()).containsExactly("/users");
    }

    @Test
    void what_is_no_list_of_records_with_ids_is_refused_in_words() {
        assertThat(refusal("<html>Sign in</html>")).isEqualTo("users: page 1: the answer is no JSON: it cannot be read at line 1, column 1; does url lead to the API, and not to a sign-in page?");
        assertThat(refusal("")).contains("the answer is no JSON");
        assertThat(refusal("{\"users\":[]}")).isEqualTo("users: page 1: the answer is no list; look at items in the source file");
        assertThat(refusal("[{\"id\":\"a\"},{\"name\":\"b\"}]")).isEqualTo("users: page 1: record 2 has no id at /id; look at id in the source file");
        assertThat(refusal("[{\"id\":\" \"}]")).contains("record 1 has no id");
        assertThat(refusal("[\"a\"]")).contains("record 1 is no object");
        assertThat(refusal("[{\"id\":\"" + "x".repeat(1025) + "\"}]")).contains("has an id of 1025 characters; at most 1024 bytes are kept");
        assertThat(refusal("[{\"id\":" + "[".repeat(70) + "]".repeat(70) + "}]")).contains("the answer is no JSON");
        assertThat(told.pages).isEmpty();
    }

    @Test
    void caps_hold_whatever_the_source_does() {
        idp.on("/users?first=0", "[{\"id\":\"a\"},{\"id\":\"b\"}]").on("/users?first=2", "[{\"id\":\"c\"}]").on("/users?first=3", "[{\"id\":\"d\"}]");
        Given given = new Given().by(new Paging.Offset("first")).read("users");
        assertThat(refusal(() -> reader(given.file(), new Limits(2, 100, 100, Duration.ZERO, 1, 1)).read(false, Map.of(), told))).startsWith("users: more than 2 pages;");
        assertThat(refusal(() -> reader(given.file(), new Limits(9, 3, 100, Duration.ZERO, 1, 1)).read(false, Map.of(), told))).startsWith("users: more than 3 records;");
    }

    private String refusal(String body) {
        idp.on("/users", body);
        return refusal(new Given().read("users"));
    }

    private static String data(int total, String... ids) {
        return "{\"data\":[" + String.join(",", java.util.Arrays.stream(ids).map(id -> "{\"id\":\"" + id + "\"}").toList()) + "],\"total\":" + total + "}";
    }
}
