package io.identitybridge.scim;

import static io.identitybridge.scim.PatchTest.after;
import static io.identitybridge.scim.PatchTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What clients write that is in no specification: read where it can mean one thing, else refused, and never called done. */
class PatchOddFormsTest {
    @Test
    void a_patch_in_whose_values_nothing_is_an_attribute_is_refused() {
        for (String odd : List.of("{'op':'replace','value':[{'path':'active','value':false}]}", "{'op':'replace','value':{'data':{'active':false}}}", "{'op':'add','value':{'status':'inactive'}},{'op':'replace','value':{'a b':1}}")) {
            refused("invalidValue", odd);
        }
        assertThat(after("{'op':'replace','value':{'costCentre':'7','title':'T'}}")).as("beside one that is known it is passed over").containsEntry("title", "T");
        assertThat(after("{'op':'replace','value':{'costCentre':'7'}},{'op':'replace','path':'title','value':'T'}")).containsEntry("title", "T");
        for (String nothing : List.of("{'id':'x','schemas':[]}", "{'urn:acme:scim:1.0:User':{'costCentre':'7'}}", "{'urn:acme:scim:1.0:User:costCentre':'7'}", "{'password':'p'}", "{}")) {
            assertThat(after("{'op':'replace','value':" + nothing + "}")).as(nothing).isEqualTo(after("{'op':'replace','path':'title','value':null}"));
        }
    }

    @Test
    void a_single_value_may_stand_in_an_object_as_microsofts_library_writes_it() {
        assertThat(after("{'op':'Replace','path':'active','value':[{'$ref':null,'value':'False'}]}")).containsEntry("active", false);
        assertThat(after("{'op':'Replace','path':'displayName','value':[{'$ref':null,'value':'Ada B'}]}")).containsEntry("displayName", "Ada B");
        assertThat(after("{'op':'Replace','path':'name.givenName','value':{'value':'Augusta'}}")).containsEntry("name", Map.of("givenName", "Augusta", "familyName", "Byron"));
        assertThat(after("{'op':'Replace','path':'emails[type eq ~home~].value','value':[{'$ref':null,'value':'h@home.example'}]}").get("emails").toString()).contains("h@home.example");
        assertThat(after("{'op':'Replace','path':'nickName','value':[{'$ref':null,'value':null}]}")).doesNotContainKey("nickName");
        refused("mutability", "{'op':'add','path':'externalId','value':'x1'},{'op':'Replace','path':'externalId','value':[{'$ref':null,'value':''}]}");
        refused("invalidValue", "{'op':'Replace','path':'displayName','value':{'value':'A','type':'B'}}");
        refused("invalidValue", "{'op':'Replace','path':'active','value':{'active':false}}");
    }

    @Test
    void a_leaver_is_told_by_these_too() {
        String core = "urn:ietf:params:scim:schemas:core:2.0:User";
        for (String op : List.of("{'op':'Replace','path':'active','value':[{'$ref':null,'value':'False'}]}", "{'op':'replace','value':{'" + core + "':{'active':false}}}", "{'op':'replace','path':'" + core + "','value':[{'active':'false'}]}")) {
            assertThat(after(op)).as(op).containsEntry("active", false);
            assertThat(Leaving.says(Operation.of(json("{'Operations':[" + op + "]}"), new Repairs()))).as(op).isTrue();
        }
        assertThat(Leaving.says(json("{'" + core + "':{'active':false}}"))).isTrue();
        assertThat(Leaving.says(json("{'" + core + "':{'active':true},'name':{'active':false}}"))).isFalse();
    }

    @Test
    void a_patch_looks_at_so_many_values_and_no_more() {
        String many = "{'op':'add','path':'emails','value':[" + IntStream.range(0, 9_000).mapToObj(i -> "{'value':'" + i + "@acme.com'}").collect(Collectors.joining(",")) + "]}";
        String none = "{'op':'remove','path':'emails[value eq ~x~]'}";
        assertThat(after(many + ("," + none).repeat(100))).containsKey("emails");
        refused("tooMany", many + ("," + none).repeat(5_000));
        refused("tooMany", Stream.generate(() -> many).limit(3).collect(Collectors.joining(",")) + ",{'op':'replace','path':'emails.display','value':'x'}".repeat(5_000));
    }

    private static void refused(String scimType, String operation) {
        assertThatThrownBy(() -> after(operation)).isInstanceOfSatisfying(ScimError.class, error ->
                assertThat(new String(error.answer(Notes.NONE).body(), StandardCharsets.UTF_8)).contains("\"scimType\":\"" + scimType + "\""));
    }
}
