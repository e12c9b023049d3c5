package io.identitybridge.scim;

import static io.identitybridge.scim.PatchTest.after;
import static io.identitybridge.scim.PatchTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Roles in their five forms, patched. */
class PatchRolesTest {
    @Test
    void a_role_that_is_written_as_a_text_is_a_text_that_can_be_kept_or_refused() {
        for (String role : List.of("'ad\\u0000min'", "['ad\\u0000min']", "['\\ud800']")) {
            assertThatThrownBy(() -> after("{'op':'replace','path':'roles','value':" + role + "}")).as("without its NUL it would be another, " + role).isInstanceOf(ScimError.class).hasMessageStartingWith("'roles' holds");
        }
    }

    @Test
    void roles_keep_the_form_they_came_in() {
        assertThat(after("{'op':'add','path':'roles','value':['admin','member']}")).containsEntry("roles", List.of("admin", "member"));
        assertThat(after("{'op':'add','path':'roles','value':'admin'}").get("roles")).isEqualTo(List.of("admin"));
        assertThat(after("{'op':'Add','path':'roles','value':[{'value':'{\\\"id\\\":\\\"1\\\",\\\"value\\\":\\\"Admin\\\"}'}]}").get("roles")).isEqualTo(List.of(Map.of("value", "{\"id\":\"1\",\"value\":\"Admin\"}")));
    }

    @Test
    void roles_of_both_forms_become_objects_and_none_comes_twice() {
        assertThat(roles("[{'value':'member','type':'x'}]", "{'op':'add','path':'roles','value':'admin'}")).isEqualTo(List.of(Map.of("value", "member", "type", "x"), Map.of("value", "admin")));
        assertThat(roles("[{'value':'member','type':'x'}]", "{'op':'add','path':'roles','value':'member'}")).isEqualTo(List.of(Map.of("value", "member", "type", "x")));
        assertThat(roles("['member','admin']", "{'op':'add','path':'roles','value':[{'value':'admin','display':'A'}]}")).isEqualTo(List.of(Map.of("value", "member"), Map.of("value", "admin", "display", "A")));
        assertThat(roles("['member']", "{'op':'replace','path':'roles[primary eq ~True~].value','value':'admin'}")).isEqualTo(List.of(Map.of("value", "member"), Map.of("value", "admin", "primary", true)));
        assertThat(roles("['member','admin']", "{'op':'replace','path':'roles[value eq ~admin~].display','value':'A'}")).isEqualTo(List.of(Map.of("value", "member"), Map.of("value", "admin", "display", "A")));
        assertThat(roles("['member']", "{'op':'replace','path':'roles','value':['admin',{'value':'admin'}]}")).isEqualTo(List.of(Map.of("value", "admin")));
        assertThat(roles("'member'", "{'op':'add','path':'roles','value':'admin'}")).isEqualTo(List.of("member", "admin"));
        assertThat(roles("['member']", "{'op':'add','path':'roles','value':['admin']}")).isEqualTo(List.of("member", "admin"));
        assertThat(roles("[{'value':'member'},{'value':'admin'}]", "{'op':'remove','path':'roles','value':['admin']}")).isEqualTo(List.of(Map.of("value", "member")));
    }

    @Test
    void a_part_of_all_roles_is_that_of_those_written_as_texts_too() {
        for (String before : List.of("'admin'", "['admin']", "['admin','member']")) {
            assertThat(roles(before, "{'op':'replace','path':'roles.value','value':'member'}")).as(before).isEqualTo(List.of("member"));
            assertThat(roles(before, "{'op':'replace','value':{'roles.value':'member'}}")).as(before).isEqualTo(List.of("member"));
            assertThat(roles(before, "{'op':'remove','path':'roles.value'}")).as(before).isNull();
        }
        assertThat(roles("['admin']", "{'op':'replace','path':'roles.display','value':'A'}")).isEqualTo(List.of(Map.of("value", "admin", "display", "A")));
        assertThat(roles("['admin']", "{'op':'remove','path':'roles.display'}")).isEqualTo(List.of("admin"));
        assertThat(roles("[{'value':'admin','type':'x'}]", "{'op':'replace','path':'roles.value','value':'member'}")).isEqualTo(List.of(Map.of("value", "member", "type", "x")));
    }

    private static Object roles(String before, String operation) {
        Repairs repairs = new Repairs();
        return new Patch(ResourceType.USER, json("{'userName':'a','roles':" + before + "}"), repairs, (op, at, where, value) -> false).apply(Operation.of(json("{'Operations':[" + operation + "]}"), repairs)).get("roles");
    }
}
