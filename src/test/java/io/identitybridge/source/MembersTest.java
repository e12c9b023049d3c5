package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members inside groups, by calls of their own, and groups in groups. */
class MembersTest extends OverHttp {
    @Test
    void members_inside_the_group_are_told_whole() {
        idp.on("/Groups?count=100&startIndex=1", """
            {"totalResults":3,"Resources":[
              {"id":"g1","members":[{"value":"a1","type":"User"},{"value":"g2","type":"Group"},{"value":"a1","type":"User"}]},
              {"id":"g2","members":null},{"id":"g3"}]}""");
        Reading reading = read(new Given().by(new Paging.ScimIndex()).read(list("groups", "/Groups", groups -> {
            groups.members = Optional.of("/members");
            groups.member = Optional.of("/value");
            groups.keep = Map.of("/type", "User");
        })).read(list("users", "/Groups", users -> { })));
        assertThat(told.members).isEqualTo(Map.of("g1", java.util.List.of("a1"), "g2", java.util.List.of(), "g3", java.util.List.of()));
        assertThat(reading.unique()).containsEntry("members", 1L);
    }

    @Test
    void plain_ids_may_be_members() {
        idp.on("/groups", "[{\"id\":\"g\",\"people\":[\"a\",7]}]").on("/users", "[]");
        read(new Given().read(list("groups", "/groups", groups -> {
            groups.members = Optional.of("/people");
            groups.member = Optional.of("");
        })).read("users"));
        assertThat(told.members).containsEntry("g", java.util.List.of("a", "7"));
    }

    @Test
    void a_member_without_an_id_makes_the_reading_incomplete() {
        idp.on("/groups", "[{\"id\":\"g\",\"people\":[{\"name\":\"a\"}]}]").on("/users", "[]");
        assertThat(refusal(new Given().read("users").read(list("groups", "/groups", groups -> groups.members = Optional.of("/people")))))
            .isEqualTo("groups: group g: a member has no id at /id; look at member in the source file");
    }

    @Test
    void members_by_their_own_calls_come_page_by_page_and_group_by_group_in_order() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"},{\"id\":\"g3\"},{\"id\":\"g4\"},{\"id\":\"g5\"},{\"id\":\"no\"}]").on("/groups?first=6", "[]");
        for (int g = 1; g <= 5; g++) {
            idp.on("/groups/g" + g + "/users?first=0", "[{\"id\":\"a\"},{\"id\":\"b" + g + "\"}]").on("/groups/g" + g + "/users?first=2", "[]");
        }
        told.unwanted = Set.of("no");
        Reading reading = read(withMembers());
        assertThat(told.calls).containsExactly("begin users", "users 1", "begin groups", "groups 1", "groups 2",
            "members g1", "members g2", "members g3", "members g4", "members g5");
        assertThat(told.members).containsEntry("g3", java.util.List.of("a", "b3"));
        assertThat(reading.unique()).containsEntry("members", 10L).containsEntry("groups", 6L);
    }

    @Test
    void a_group_gone_when_its_members_are_asked_for_is_a_candidate_and_no_fault() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups?first=2", "[]").on("/groups/g2/users?first=0", "[]");
        read(withMembers());
        assertThat(told.calls).contains("vanished g1", "members g2");
        assertThat(told.members).doesNotContainKey("g1");
    }

    @Test
    void a_right_that_is_lost_in_mid_read_and_shows_as_empty_lists_ends_the_reading() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups?first=2", "[]").on("/groups/g2/users?first=0", "[]");
        idp.on("/groups/g1/users?first=0", Reply.json("[{\"id\":\"a\"}]"), Reply.json("[]")).on("/groups/g1/users?first=1", "[]");
        told.holds = Map.of("g1", java.util.List.of("a"), "g2", java.util.List.of("b"));
        assertThat(refusal(withMembers())).isEqualTo("members: lists that had somebody a moment ago are empty now; was the right to read them lost while they were read?");
    }

    @Test
    void a_list_that_is_really_empty_now_is_told() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups?first=2", "[]").on("/groups/g2/users?first=0", "[]");
        idp.on("/groups/g1/users?first=0", "[{\"id\":\"a\"}]").on("/groups/g1/users?first=1", "[]");
        told.holds = Map.of("g2", java.util.List.of("b"));
        read(withMembers());
        assertThat(told.members).containsEntry("g2", java.util.List.of());
    }

    @Test
    void a_group_may_have_a_count_of_its_own_to_hold_its_list_against() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"}]").on("/groups?first=1", "[]");
        idp.on("/groups/g1/users?first=0", Reply.json("[{\"id\":\"a\"}]"), Reply.json("[{\"id\":\"a\"},{\"id\":\"b\"}]")).on("/groups/g1/users?first=1", "[]").on("/groups/g1/users?first=2", "[]").on("/groups/g1/count", "2");
        Given given = new Given().by(new Paging.Offset("first")).read("users", "groups").read(list("members", "/groups/${id}/users", members -> {
            members.forEach = Optional.of("groups");
            members.count = Optional.of(new io.identitybridge.files.SourceFile.Count("/groups/${id}/count", Optional.empty()));
        }));
        read(given);
        assertThat(told.members).containsEntry("g1", java.util.List.of("a", "b"));
        idp.on("/groups/g1/count", "3");
        assertThat(refusal(given)).isEqualTo("members of group g1: 2 read, the source says 3");
    }

    @Test
    void members_that_are_found_for_no_group_at_all_are_a_wrong_path() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups?first=2", "[]");
        assertThat(refusal(withMembers())).isEqualTo("members: not found for any of 2 groups; look at path in the source file");
    }

    @Test
    void one_group_whose_members_cannot_be_read_ends_the_reading() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"g1\"},{\"id\":\"g2\"}]").on("/groups?first=2", "[]")
            .on("/groups/g1/users?first=0", "[]").on("/groups/g2/users?first=0", "[{\"id\":\"a\"}]").on("/groups/g2/users?first=1", Reply.of(403, "{}"));
        assertThat(refusal(withMembers())).startsWith("members of group g2: page 2: HTTP 403 from ");
        assertThat(told.members).doesNotContainKey("g2");
    }

    @Test
    void groups_in_groups_are_groups_too_and_a_circle_ends() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"top\"}]").on("/groups?first=1", "[]");
        idp.on("/groups/top/children?first=0", "[{\"id\":\"mid\"}]").on("/groups/top/children?first=1", "[]");
        idp.on("/groups/mid/children?first=0", "[{\"id\":\"low\"},{\"id\":\"top\"}]").on("/groups/mid/children?first=2", "[]");
        Given given = new Given().by(new Paging.Offset("first")).read("users")
            .read(list("groups", "/groups", groups -> groups.children = Optional.of("/groups/${id}/children")));
        assertThat(read(given).unique()).containsEntry("groups", 3L);
        assertThat(told.groups).containsOnlyKeys("top", "mid", "low");
        assertThat(refusal(() -> reader(given.file(), new Limits(9, 9, 9, java.time.Duration.ZERO, 2, 1)).read(false, Map.of(), told)))
            .isEqualTo("groups: groups lie in groups more than 1 deep");
    }

    @Test
    void joined_reads_come_before_users_and_only_when_their_setting_has_a_value() {
        idp.on("/users", "{\"value\":[]}").on("/app", "{\"appRoles\":[{\"id\":\"r1\"}]}").on("/assigned", "{\"value\":[{\"p\":\"a\",\"r\":1},{\"p\":\"a\",\"r\":2}]}");
        Given given = new Given().by(paged(new Paging.NextUrl("/next"), "/value", "-", "-", 0)).read("users")
            .read(list("assignments", "/assigned", r -> {
                r.id = "/p";
                r.repeated = true;
            }))
            .read(list("app", "/app", r -> r.page = Optional.of(paged(new Paging.NextUrl("/next"), "/appRoles", "-", "-", 0))))
            .read(list("off", "/off", r -> r.when = Optional.of("app-id")));
        read(given);
        assertThat(told.calls).containsExactly("joined assignments", "joined app", "begin users", "users 1");
        assertThat(told.joined.get("assignments")).extracting(Item::id).containsExactly("a", "a");
        assertThat(told.joined.get("app")).extracting(Item::id).containsExactly("r1");
    }

    private static Given withMembers() {
        return new Given().by(new Paging.Offset("first")).read("users", "groups").read(list("members", "/groups/${id}/users", members -> members.forEach = Optional.of("groups")));
    }
}
