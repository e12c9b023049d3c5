package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.RecordedPage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tests in source files: that they hold when they should, and say what is other when not. */
class SourceTestsTest {
    private static final RecordedPage FIRST = page(Map.of("Link", "<https://acme.okta.com/users?after=1>; rel=next"), List.of(Map.of("id", "a")));
    private static final RecordedPage LAST = page(Map.of(), List.of(Map.of("id", "b")));
    private static final RecordedPage FOREIGN = page(Map.of("link", "<https://evil.example/users>; rel=next"), List.of(Map.of("id", "a")));

    @Test
    void recorded_pages_make_one_list() {
        assertThat(okta(test(List.of(FIRST, LAST), List.of("a", "b"), null))).isEmpty();
    }

    @Test
    void a_foreign_link_is_refused_because_the_first_recorded_link_says_where_home_is() {
        SourceFile.Test home = test(List.of(FIRST, LAST), List.of("a", "b"), null);
        assertThat(okta(test(List.of(FOREIGN), null, "users: next page is at https://evil.example, not at https://acme.okta.com"), home)).isEmpty();
    }

    @Test
    void what_is_other_than_the_test_says_is_told() {
        assertThat(okta(test(List.of(FIRST, LAST), List.of("a"), null))).contains("records: [a, b]; expected [a]");
        assertThat(okta(test(List.of(FIRST), List.of("a"), null))).contains("refused: page 2 is asked for, but 1 is recorded");
        assertThat(okta(test(List.of(LAST, FIRST), List.of("b"), null))).contains("only 1 of 2 recorded pages were asked for");
        assertThat(okta(test(List.of(LAST), null, "users: nobody"))).contains("not refused, it read [b]; expected to be refused: users: nobody");
        assertThat(okta(new SourceFile.Test("t", "people", Optional.empty(), List.of(LAST), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Given.AT)))
            .contains("the file reads no 'people'");
    }

    @Test
    void an_answer_that_is_tried_again_takes_the_next_recorded_page() {
        assertThat(okta(test(List.of(new RecordedPage(429, Map.of("Retry-After", "900"), Map.of()), LAST), List.of("b"), null))).isEmpty();
    }

    @Test
    void counted_pages_end_with_an_empty_one_that_need_not_be_recorded() {
        Page numbers = paged(new Paging.Number("page", 1), "/data", "/total", "per_page", 100);
        Given given = new Given().by(numbers).read("groups");
        given.atLeast = Map.of("groups", 3L);
        assertThat(run(given, groups(7, "groups: 3 read, the source says 7", "a", "b", "c"))).isEmpty();
        assertThat(run(given, groups(0, "groups: 0 read, at least 3 expected"))).isEmpty();
        assertThat(run(given, new SourceFile.Test("t", "groups", Optional.of(1), List.of(data(2, "a"), data(2, "b")), Optional.of(List.of("a", "b")),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Given.AT))).as("two records are never three, so at-least is left out").isEmpty();
    }

    @Test
    void members_of_a_group_can_be_recorded_too() {
        Given given = new Given().by(new Paging.Offset("first")).read(list("members", "/groups/${id}/members", members -> members.forEach = Optional.of("groups")));
        assertThat(run(given, new SourceFile.Test("t", "members", Optional.empty(), List.of(LAST), Optional.of(List.of("b")), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Given.AT))).isEmpty();
    }

    @Test
    void a_delta_shows_its_cursor_and_who_was_removed() {
        Given given = new Given().by(paged(new Paging.NextUrl("/next"), "/value", "-", "-", 0)).read(list("users", "/users", users -> {
            users.cursor = Optional.of("/delta");
            users.removed = Optional.of("/gone");
        }));
        RecordedPage page = page(Map.of(), Map.of("value", List.of(Map.of("id", "a"), Map.of("id", "b", "gone", true)), "delta", "https://graph/d1"));
        assertThat(run(given, new SourceFile.Test("t", "users", Optional.empty(), List.of(page), Optional.of(List.of("a")), Optional.of(List.of("b")),
            Optional.of("https://graph/d1"), Optional.empty(), Optional.empty(), Given.AT))).isEmpty();
    }

    private static Optional<String> okta(SourceFile.Test test, SourceFile.Test... others) {
        Given given = new Given().by(new Paging.LinkHeader()).read("users");
        given.tests = java.util.stream.Stream.concat(java.util.Arrays.stream(others), java.util.stream.Stream.of(test)).toList();
        return SourceTests.run(given.file(), test);
    }

    private static Optional<String> run(Given given, SourceFile.Test test) {
        return SourceTests.run(given.file(), test);
    }

    private static SourceFile.Test test(List<RecordedPage> pages, List<String> records, String refused) {
        return new SourceFile.Test("t", "users", Optional.empty(), pages, Optional.ofNullable(records), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.ofNullable(refused), Given.AT);
    }

    private static SourceFile.Test groups(int total, String refused, String... ids) {
        return new SourceFile.Test("t", "groups", Optional.empty(), List.of(data(total, ids)), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.of(refused), Given.AT);
    }

    private static RecordedPage data(int total, String... ids) {
        return page(Map.of(), Map.of("data", java.util.Arrays.stream(ids).map(id -> Map.of("id", id)).toList(), "total", total));
    }

    private static RecordedPage page(Map<String, String> headers, Object body) {
        return new RecordedPage(200, headers, body);
    }
}
