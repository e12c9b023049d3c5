package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Join;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a record sees of the lists that are read beside it. */
class JoinsTest {
    private static final SourceFile FILE = new Given().read("users").read(list("units", "/units", units -> {
        units.id = "/path";
        units.join = new Join(Optional.of("/unit"), Optional.of("/parent"), Optional.of("/id"));
    })).read(list("rows", "/rows", rows -> rows.repeated = true)).file();

    @Test
    void a_record_sees_its_own_and_all_above_by_what_never_changes() {
        Joins joins = units(unit("1", "/", null), unit("2", "/a", "/"), unit("3", "/a/b", "/a"));
        assertThat(joins.variables(user("/a/b"))).containsEntry("units", List.of("3", "2", "1"));
        Joins renamed = units(unit("3", "/x/b", "/x"), unit("1", "/", null), unit("2", "/x", "/"));
        assertThat(renamed.variables(user("/x/b"))).containsEntry("units", List.of("3", "2", "1"));
    }

    @Test
    void what_is_looked_for_and_not_found_is_no_variable_rather_than_nothing() {
        assertThat(units(unit("1", "/", null)).variables(user("/a"))).doesNotContainKey("units");
        assertThat(units(unit("1", "/", null)).variables(new Item("u", false, Map.of("id", "u")))).doesNotContainKey("units");
    }

    @Test
    void a_circle_ends() {
        assertThat(units(unit("2", "/a", "/b"), unit("3", "/b", "/a")).variables(user("/a"))).containsEntry("units", List.of("2", "3"));
    }

    @Test
    void rows_of_one_id_are_the_same_in_any_order_and_when_one_comes_twice() {
        Item one = new Item("u", false, Map.of("role", "a"));
        Item other = new Item("u", false, Map.of("role", "b"));
        Joins joins = rows(one, other);
        Joins shuffled = rows(other, one, other);
        assertThat(joins.variables(user("/")).get("rows")).isEqualTo(shuffled.variables(user("/")).get("rows")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(2);
        assertThat(joins.digest()).isEqualTo(shuffled.digest()).isNotEqualTo(rows(one).digest());
    }

    private static Item user(String unit) {
        return new Item("u", false, Map.of("id", "u", "unit", unit));
    }

    private static Item unit(String id, String path, String parent) {
        return new Item(path, false, parent == null ? Map.of("id", id, "path", path) : Map.of("id", id, "path", path, "parent", parent));
    }

    private static Joins units(Item... units) {
        Joins joins = new Joins(FILE);
        joins.took(FILE.read().get("units"), List.of(units));
        return joins;
    }

    private static Joins rows(Item... rows) {
        Joins joins = new Joins(FILE);
        joins.took(FILE.read().get("rows"), List.of(rows));
        return joins;
    }
}
