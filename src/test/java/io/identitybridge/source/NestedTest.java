package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Nested;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.source.IdpServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Groups in groups, flattened by choice: whoever is in a group is in every group above it. */
class NestedTest extends OverHttp {
    private static final Nested BY_TYPE = new Nested(true, Map.of("/type", "Group"));

    @Test
    void lists_inside_the_groups_are_flattened_and_a_circle_ends() {
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}").on("/Groups?count=100&startIndex=1", """
            {"totalResults":3,"Resources":[{"id":"g1","members":[{"value":"a","type":"User"},{"value":"g2","type":"Group"}]},
              {"id":"g2","members":[{"value":"b"},{"value":"g3","type":"Group"}]},{"id":"g3","members":[{"value":"c"},{"value":"g1","type":"Group"}]}]}""");
        Reading reading = read(scim(BY_TYPE));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "b", "c"), "g2", List.of("a", "b", "c"), "g3", List.of("a", "b", "c")));
        assertThat(reading.unique()).containsEntry("members", 9L);
    }

    @Test
    void without_the_choice_a_group_in_a_group_is_passed_over() {
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}").on("/Groups?count=100&startIndex=1",
            "{\"totalResults\":2,\"Resources\":[{\"id\":\"g1\",\"members\":[{\"value\":\"a\"},{\"value\":\"g2\",\"type\":\"Group\"}]},{\"id\":\"g2\",\"members\":[{\"value\":\"b\"}]}]}");
        read(scim(new Nested(false, Map.of("/type", "Group"))));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a"), "g2", List.of("b")));
    }

    @Test
    void children_of_groups_bring_their_people_up_whatever_the_order_of_the_answers() {
        tree();
        read(keycloak());
        assertThat(told.members).isEqualTo(Map.of("top", List.of("a", "b", "c"), "mid", List.of("b", "c"), "low", List.of("c"), "alone", List.of("a")));
    }

    @Test
    void a_child_that_vanished_in_mid_read_leaves_the_groups_above_it_as_they_are() {
        tree();
        idp.on("/groups/low/members?first=0", Reply.of(404, "{}"));
        Reading reading = read(keycloak());
        assertThat(told.members).as("those above it are told nothing, so nobody is taken out").containsOnlyKeys("alone");
        assertThat(told.calls).contains("vanished low");
        assertThat(reading.complete()).isTrue();
        assertThat(reading.notes()).containsExactly("the members of 2 groups were left as they are: a group below them went away while it was read");
    }

    @Test
    void a_group_that_no_list_has_is_asked_for_where_lists_come_by_calls() {
        idp.on("/users", "[]").on("/groups", "[{\"id\":\"g1\"}]").on("/groups/g1", "[{\"id\":\"a\"},{\"id\":\"hidden\",\"type\":\"Group\"},{\"id\":\"nobody\",\"type\":\"Group\"}]")
            .on("/groups/hidden", "[{\"id\":\"b\"}]");
        Reading reading = read(new Given().read("users", "groups").read(list("members", "/groups/${id}", members -> {
            members.forEach = Optional.of("groups");
            members.nested = BY_TYPE;
        })));
        assertThat(told.members).isEqualTo(Map.of("g1", List.of("a", "b")));
        assertThat(reading.notes()).containsExactly("1 groups are named as members and are not there, as nobody; nobody is in them");
    }

    @Test
    void one_that_is_gone_from_the_lists_and_that_the_store_has_is_a_candidate_too() {
        told.held = Set.of("g2");
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}").on("/Groups?count=100&startIndex=1",
            "{\"totalResults\":1,\"Resources\":[{\"id\":\"g1\",\"members\":[{\"value\":\"a\"},{\"value\":\"g2\",\"type\":\"Group\"}]}]}");
        read(scim(BY_TYPE));
        assertThat(told.members).isEmpty();
    }

    @Test
    void a_list_below_that_came_short_is_read_again_before_the_group_above_loses_anybody() {
        tree();
        told.holds = Map.of("top", List.of("a", "b", "c", "d"));
        idp.on("/groups/low/members?first=0", Reply.json("[{\"id\":\"c\"}]"), Reply.json("[{\"id\":\"c\"},{\"id\":\"d\"}]")).on("/groups/low/members?first=2", "[]");
        Reading reading = read(keycloak());
        assertThat(told.members.get("top")).containsExactly("a", "b", "c", "d");
        assertThat(reading.notes()).containsExactly("group low: its list of members came short and was read again");
    }

    @Test
    void groups_that_lie_too_deep_end_the_reading() {
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}");
        List<String> chain = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            chain.add("{\"id\":\"g" + n + "\",\"members\":[{\"value\":\"g" + (n + 1) + "\",\"type\":\"Group\"}]}");
        }
        chain.add("{\"id\":\"g5\"}");
        idp.on("/Groups?count=100&startIndex=1", "{\"totalResults\":6,\"Resources\":[" + String.join(",", chain) + "]}");
        assertThat(refusal(() -> reader(scim(BY_TYPE).file(), new Limits(9, 99, 99, Duration.ZERO, 2, 4)).read(false, Map.of(), told))).isEqualTo("group g0: groups lie in it more than 4 deep");
        reader(scim(BY_TYPE).file(), new Limits(9, 99, 99, Duration.ZERO, 2, 5)).read(false, Map.of(), told);
    }

    /** The same by another way: whoever can be reached from a group by going down is in it. */
    @Test
    void flattening_is_reachability() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int size = 1 + random.nextInt(12);
            Map<String, List<String>> people = new LinkedHashMap<>();
            Map<String, Set<String>> inside = new HashMap<>();
            for (int g = 0; g < size; g++) {
                people.put("g" + g, random.ints(random.nextInt(4), 0, 9).mapToObj(n -> "p" + n).distinct().toList());
                inside.put("g" + g, random.ints(random.nextInt(3), 0, size).mapToObj(n -> "g" + n).collect(Collectors.toSet()));
            }
            Told once = new Told();
            idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}").on("/Groups?count=100&startIndex=1", "{\"totalResults\":" + size + ",\"Resources\":["
                + people.keySet().stream().map(id -> group(id, people.get(id), inside.get(id))).collect(Collectors.joining(",")) + "]}");
            reader(scim(BY_TYPE)).read(false, Map.of(), once);
            people.keySet().forEach(id -> assertThat(new TreeSet<>(once.members.get(id))).isEqualTo(reached(id, people, inside, new HashSet<>())));
        }
    }

    private static TreeSet<String> reached(String id, Map<String, List<String>> people, Map<String, Set<String>> inside, Set<String> been) {
        TreeSet<String> all = new TreeSet<>();
        if (been.add(id)) {
            all.addAll(people.get(id));
            inside.get(id).forEach(child -> all.addAll(reached(child, people, inside, been)));
        }
        return all;
    }

    private static String group(String id, List<String> people, Set<String> inside) {
        List<String> members = new ArrayList<>(people.stream().map(p -> "{\"value\":\"" + p + "\"}").toList());
        inside.forEach(child -> members.add("{\"value\":\"" + child + "\",\"type\":\"Group\"}"));
        return "{\"id\":\"" + id + "\",\"members\":[" + String.join(",", members) + "]}";
    }

    private void tree() {
        idp.on("/users?first=0", "[]").on("/groups?first=0", "[{\"id\":\"top\"},{\"id\":\"alone\"}]").on("/groups?first=2", "[]");
        for (String[] group : new String[][] {{"top", "mid", "a"}, {"mid", "low", "b"}, {"low", "", "c"}, {"alone", "", "a"}}) {
            idp.on("/groups/" + group[0] + "/children?first=0", group[1].isEmpty() ? "[]" : "[{\"id\":\"" + group[1] + "\"}]").on("/groups/" + group[0] + "/children?first=1", "[]");
            idp.on("/groups/" + group[0] + "/members?first=0", "[{\"id\":\"" + group[2] + "\"}]").on("/groups/" + group[0] + "/members?first=1", "[]");
        }
    }

    private static Given keycloak() {
        return new Given().by(new Paging.Offset("first")).read("users").read(list("groups", "/groups", groups -> groups.children = Optional.of("/groups/${id}/children")))
            .read(list("members", "/groups/${id}/members", members -> {
                members.forEach = Optional.of("groups");
                members.nested = new Nested(true, Map.of());
            }));
    }

    private static Given scim(Nested nested) {
        return new Given().by(new Paging.ScimIndex()).read(list("users", "/Users", users -> { })).read(list("groups", "/Groups", groups -> {
            groups.members = Optional.of("/members");
            groups.member = Optional.of("/value");
            groups.nested = nested;
        }));
    }
}
