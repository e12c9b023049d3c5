package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Expired;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deltas with a cursor, as Microsoft Graph has them. */
class DeltaTest extends OverHttp {
    @Test
    void the_cursor_of_the_last_page_is_kept_and_the_next_run_starts_from_it() {
        idp.on("/users", "{\"value\":[{\"id\":\"a\"},{\"id\":\"b\",\"@removed\":{\"reason\":\"changed\"}}],\"delta\":\"" + idp.url() + "/users?d=1\"}").on("/groups", "{\"value\":[],\"delta\":\"/groups?d=1\"}");
        Reading first = read(entra());
        assertThat(first.cursors()).containsEntry("users", idp.url() + "/users?d=1").containsEntry("groups", "/groups?d=1");
        assertThat(first.complete()).as("read from the very beginning, a delta shows everyone").isTrue();
        assertThat(first.unique()).containsEntry("users", 1L);
        assertThat(told.users.get("b").removed()).isTrue();

        idp.on("/users?d=1", "{\"value\":[],\"delta\":\"/users?d=2\"}").on("/groups?d=1", "{\"value\":[],\"delta\":\"/groups?d=2\"}");
        Reading second = reader(entra()).read(false, first.cursors(), told);
        assertThat(second.cursors()).isEqualTo(Map.of("users", "/users?d=2", "groups", "/groups?d=2"));
        assertThat(second.complete()).as("who is absent from changes has not changed").isFalse();
    }

    @Test
    void partial_records_of_one_page_are_merged_in_order() {
        idp.on("/groups", "{\"value\":[],\"delta\":\"/g\"}").on("/users", """
            {"value":[{"id":"a","x":1},{"id":"a","y":2},{"id":"b","@removed":{}},{"id":"b","x":3}],"delta":"/d"}""");
        read(entra());
        assertThat(told.users.get("a").record()).isEqualTo(Map.of("id", "a", "x", 1L, "y", 2L));
        assertThat(told.users.get("b").record()).isEqualTo(Map.of("id", "b", "x", 3L));
    }

    @Test
    void changes_of_members_are_told_in_order_and_a_reading_from_the_beginning_says_that_they_are_all() {
        idp.on("/users", "{\"value\":[],\"delta\":\"/d\"}").on("/groups", """
            {"value":[{"id":"g","name":"x","members@delta":[{"id":"a","t":"user"},{"id":"dev","t":"device"}]},{"id":"g","members@delta":[{"id":"a","t":"user","@removed":{}},{"id":"b","t":"user"}]},
             {"id":"only-renamed","name":"y"}],"next":"/groups?p=2"}""");
        idp.on("/groups?p=2", "{\"value\":[{\"id\":\"g\",\"members@delta\":[{\"id\":\"c\",\"t\":\"user\"}]}],\"delta\":\"/groups?d=1\"}");
        read(entra());
        assertThat(told.calls).containsSubsequence("groups 1", "changes g +[b] -[a]", "groups 2", "changes g +[c] -[]", "whole g", "whole only-renamed");

        idp.on("/groups?d=1", "{\"value\":[{\"id\":\"g\",\"members@delta\":[{\"id\":\"b\",\"t\":\"user\",\"@removed\":{}}]}],\"delta\":\"/groups?d=2\"}");
        told.calls.clear();
        reader(entra()).read(false, Map.of("groups", "/groups?d=1"), told);
        assertThat(told.calls).contains("changes g +[] -[b]").noneMatch(call -> call.startsWith("whole"));
    }

    @Test
    void an_expired_cursor_makes_it_read_everything_in_the_same_run() {
        for (Reply expired : List.of(Reply.of(410, "{}"), Reply.of(400, "{\"error\":{\"code\":\"syncStateNotFound\"}}"))) {
            idp.on("/users?d=1", "{\"value\":[],\"delta\":\"/users?d=2\"}").on("/groups?d=1", expired);
            idp.on("/users", "{\"value\":[{\"id\":\"a\"}],\"delta\":\"/users?d=9\"}").on("/groups", "{\"value\":[],\"delta\":\"/groups?d=9\"}");
            Reading reading = reader(entra()).read(false, Map.of("users", "/users?d=1", "groups", "/groups?d=1"), told);
            assertThat(reading.cursors()).isEqualTo(Map.of("users", "/users?d=9", "groups", "/groups?d=9"));
            assertThat(reading.notes()).containsExactly("the cursor had expired, so everything was read");
            assertThat(reading.complete()).isTrue();
        }
    }

    @Test
    void a_full_reading_looks_at_no_cursor() {
        idp.on("/users", "{\"value\":[],\"delta\":\"/d\"}").on("/groups", "{\"value\":[],\"delta\":\"/d\"}");
        reader(entra()).read(true, Map.of("users", "/old", "groups", "/old"), told);
        assertThat(idp.asked()).containsExactly("/users", "/groups");
    }

    @Test
    void a_cursor_of_another_origin_gets_no_token() {
        assertThat(refusal(() -> reader(entra()).read(false, Map.of("users", "https://evil.example/x"), told)))
            .isEqualTo("users: next page is at https://evil.example, not at " + idp.url());
    }

    @Test
    void a_delta_that_ends_without_a_cursor_is_refused() {
        idp.on("/users", "{\"value\":[]}");
        assertThat(refusal(entra())).isEqualTo("users: the last page has neither a next page nor a cursor at /delta; look at cursor in the source file");
    }

    private static Given entra() {
        Given given = new Given().by(paged(new Paging.NextUrl("/next"), "/value", "-", "-", 0)).read(list("users", "/users", DeltaTest::delta))
            .read(list("groups", "/groups", groups -> {
                delta(groups);
                groups.members = Optional.of("/members@delta");
                groups.keep = Map.of("/t", "user");
            }));
        given.complete = false;
        given.expired = Optional.of(new Expired(Set.of(410), List.of("syncStateNotFound")));
        return given;
    }

    private static void delta(Given.List list) {
        list.cursor = Optional.of("/delta");
        list.removed = Optional.of("/@removed");
    }
}
