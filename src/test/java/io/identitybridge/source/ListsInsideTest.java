package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.ById;
import io.identitybridge.files.SourceFile.Nested;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A list of members inside a group that lacks somebody is read once more, and whoever is in either reading is in. */
class ListsInsideTest extends OverHttp {
    private static final String SHORT = "{\"totalResults\":2,\"Resources\":[{\"id\":\"g1\",\"members\":[{\"value\":\"a\"}]},{\"id\":\"g2\",\"members\":[{\"value\":\"c\"}]}]}";
    private static final String WHOLE = "{\"totalResults\":2,\"Resources\":[{\"id\":\"g1\",\"members\":[{\"value\":\"b\"}]},{\"id\":\"g2\",\"members\":[{\"value\":\"d\"}]}]}";

    @Test
    void from_the_groups_own_record_where_that_can_be_asked_for() {
        groups(SHORT).on("/Groups/g1", "{\"id\":\"g1\",\"members\":[{\"value\":\"a\"},{\"value\":\"b\"}]}");
        told.holds = Map.of("g1", List.of("a", "b"), "g2", List.of("c"));
        Reading reading = read(scim(true, Nested.NONE));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "b"), "g2", List.of("c")));
        assertThat(reading.notes()).containsExactly("group g1: its list of members came short and was read again");
        assertThat(reading.unique()).containsEntry("members", 3L);
        assertThat(idp.asked()).filteredOn(address -> address.startsWith("/Groups")).hasSize(2);
    }

    @Test
    void a_record_that_is_not_found_or_shows_no_list_proves_nothing_so_all_groups_are_read_again() {
        groups(SHORT, WHOLE).on("/Groups/g1", "{\"id\":\"g1\"}");
        told.holds = Map.of("g1", List.of("b"), "g2", List.of("c"));
        read(scim(true, Nested.NONE));
        assertThat(told.members).as("only the list that lacked somebody").isEqualTo(Map.of("g1", List.of("a", "b"), "g2", List.of("c")));
        groups(SHORT, WHOLE).on("/Groups/g1", Reply.of(404, "{}"));
        read(scim(true, Nested.NONE));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "b"), "g2", List.of("c")));
        assertThat(told.calls).doesNotContain("vanished g1");
    }

    @Test
    void where_a_group_cannot_be_asked_for_all_are_read_again() {
        groups(SHORT, WHOLE);
        told.holds = Map.of("g1", List.of("b"));
        Reading reading = read(scim(false, Nested.NONE));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "b"), "g2", List.of("c")));
        assertThat(reading.notes()).containsExactly("1 lists of members lacked somebody, so all groups were read again");
    }

    @Test
    void a_group_that_the_second_reading_has_not_takes_nobody_out() {
        groups(SHORT, "{\"totalResults\":1,\"Resources\":[{\"id\":\"g2\",\"members\":[{\"value\":\"c\"}]}]}");
        told.holds = Map.of("g1", List.of("b"));
        read(scim(false, Nested.NONE));
        assertThat(told.calls).contains("vanished g1");
    }

    @Test
    void a_list_that_names_all_is_read_once() {
        groups(SHORT, "{}");
        told.holds = Map.of("g1", List.of("a"), "g2", List.of("c"));
        assertThat(read(scim(false, Nested.NONE)).notes()).isEmpty();
    }

    @Test
    void groups_in_groups_are_looked_at_again_below_with_and_without_a_record_of_their_own() {
        String once = "{\"totalResults\":2,\"Resources\":[{\"id\":\"g1\",\"members\":[{\"value\":\"a\"},{\"value\":\"g2\",\"type\":\"Group\"}]},{\"id\":\"g2\",\"members\":[{\"value\":\"c\"}]}]}";
        String whole = once.replace("[{\"value\":\"c\"}]", "[{\"value\":\"c\"},{\"value\":\"d\"}]");
        told.holds = Map.of("g1", List.of("a", "c", "d"), "g2", List.of("c", "d"));
        groups(once).on("/Groups/g1", "{\"id\":\"g1\",\"members\":[{\"value\":\"a\"},{\"value\":\"g2\",\"type\":\"Group\"}]}").on("/Groups/g2", "{\"id\":\"g2\",\"members\":[{\"value\":\"d\"}]}");
        read(scim(true, new Nested(true, Map.of("/type", "Group"))));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "c", "d"), "g2", List.of("c", "d")));
        told.members.clear();
        groups(once, whole);
        read(scim(false, new Nested(true, Map.of("/type", "Group"))));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "c", "d"), "g2", List.of("c", "d")));
    }

    @Test
    void a_delta_read_from_its_beginning_is_read_once_more_and_a_later_one_is_not() {
        idp.on("/users", "{\"value\":[],\"delta\":\"u1\"}").on("/groups", Reply.json(delta("{\"id\":\"a\"}", "d1")), Reply.json(delta("{\"id\":\"b\"},{\"id\":\"c\",\"@removed\":{}}", "d2")));
        told.holds = Map.of("g", List.of("a", "b", "c"));
        Reading reading = read(delta());
        assertThat(told.came).isEqualTo(Map.of("g", Set.of("a", "b")));
        assertThat(told.calls).as("a second reading takes nobody out").noneMatch(call -> call.startsWith("changes") && !call.endsWith("-[]"));
        assertThat(reading.cursors()).as("what came between the two comes again").containsEntry("groups", "d1");
        idp.on(idp.url() + "d1", "{}").on("/d1", delta("{\"id\":\"a\",\"@removed\":{}}", "d3")).on("/u1", "{\"value\":[],\"delta\":\"u2\"}");
        told.came.clear();
        reader(delta()).read(false, Map.of("users", idp.url() + "/u1", "groups", idp.url() + "/d1"), told);
        assertThat(told.calls).contains("changes g +[] -[a]");
        assertThat(idp.asked()).filteredOn("/d1"::equals).hasSize(1);
    }

    private static String delta(String members, String cursor) {
        return "{\"value\":[{\"id\":\"g\",\"members\":[" + members + "]}],\"delta\":\"" + cursor + "\"}";
    }

    private IdpServer groups(String... answers) {
        return idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}").on("/Groups?count=100&startIndex=1", java.util.Arrays.stream(answers).map(Reply::json).toArray(Reply[]::new));
    }

    private static Given scim(boolean byId, Nested nested) {
        return new Given().by(new Paging.ScimIndex()).read(list("users", "/Users", users -> { })).read(list("groups", "/Groups", groups -> {
            groups.members = Optional.of("/members");
            groups.member = Optional.of("/value");
            groups.nested = nested;
            groups.byId = byId ? Optional.of(new ById("/Groups/${id}", Set.of(404))) : Optional.empty();
        }));
    }

    private static Given delta() {
        Given given = new Given().by(paged(new Paging.NextUrl("/next"), "/value", "-", "-", 0)).read(list("users", "/users", users -> users.cursor = Optional.of("/delta")))
            .read(list("groups", "/groups", groups -> {
                groups.members = Optional.of("/members");
                groups.cursor = Optional.of("/delta");
            }));
        given.complete = false;
        return given;
    }
}
