package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Operations in the forms clients send, applied to one user. */
class PatchTest {
    private static final String ADA = """
            {"userName":"ada@acme.com","active":true,"name":{"givenName":"Ada","familyName":"Byron"},"nickName":"A",
             "emails":[{"value":"ada@acme.com","type":"work","primary":true},{"value":"ada@home.example","type":"home"}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"R&D","manager":{"value":"m1"}}}""";
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    @Test
    void operations_and_booleans_come_in_any_case_and_as_text() {
        assertThat(after("{'op':'Replace','path':'active','value':'False'}")).containsEntry("active", false);
        assertThat(after("{'op':'ADD','path':'Active','value':'true'}")).containsEntry("active", true);
        assertThat(after("{'op':'replace','value':{'active':false}}")).containsEntry("active", false);
        assertThat(after("{'op':'replace','value':[{'active':false}]}")).containsEntry("active", false);
        assertThat(after("{'op':'replace','path':'active','value':[false]}")).containsEntry("active", false);
    }

    @Test
    void a_part_of_a_complex_attribute_leaves_the_others() {
        assertThat(after("{'op':'replace','path':'name.givenName','value':'Augusta'}")).containsEntry("name", Map.of("givenName", "Augusta", "familyName", "Byron"));
        assertThat(after("{'op':'replace','value':{'name':{'givenName':'Augusta'}}}")).containsEntry("name", Map.of("givenName", "Augusta", "familyName", "Byron"));
        assertThat(after("{'op':'replace','value':{'name.familyName':'King'}}")).containsEntry("name", Map.of("givenName", "Ada", "familyName", "King"));
        assertThat(after("{'op':'remove','path':'name.familyName'}")).containsEntry("name", Map.of("givenName", "Ada"));
    }

    @Test
    void an_extension_is_reached_by_its_urn_whole_or_in_part() {
        assertThat(extension(after("{'op':'replace','path':'" + ENTERPRISE + ":department','value':'Sales'}"))).containsEntry("department", "Sales").containsKey("manager");
        assertThat(extension(after("{'op':'add','value':{'" + ENTERPRISE + ":employeeNumber':'7'}}"))).containsEntry("employeeNumber", "7");
        assertThat(extension(after("{'op':'add','value':{'" + ENTERPRISE + "':{'employeeNumber':'7'}}}"))).containsEntry("employeeNumber", "7").containsKey("department");
        assertThat(after("{'op':'remove','path':'" + ENTERPRISE + "'}")).doesNotContainKey(ENTERPRISE);
    }

    @Test
    void a_manager_comes_bare_and_goes_by_an_empty_text() {
        assertThat(extension(after("{'op':'Add','path':'" + ENTERPRISE + ":manager','value':'m2'}"))).containsEntry("manager", Map.of("value", "m2"));
        assertThat(extension(after("{'op':'Replace','path':'" + ENTERPRISE + ":manager','value':''}"))).doesNotContainKey("manager");
    }

    @Test
    void a_value_path_changes_the_element_it_picks_and_makes_one_that_is_missing() {
        assertThat(emails(after("{'op':'replace','path':'emails[type eq \\\"work\\\"].value','value':'a@acme.com'}"))).extracting(email -> email.get("value")).containsExactly("a@acme.com", "ada@home.example");
        assertThat(emails(after("{'op':'Add','path':'emails[type eq \\\"other\\\"].value','value':'o@acme.com'}"))).contains(Map.of("type", "other", "value", "o@acme.com"));
        assertThat(emails(after("{'op':'remove','path':'emails[type eq \\\"home\\\"]'}"))).hasSize(1);
        assertThat(emails(after("{'op':'remove','path':'emails[value ew \\\"home.example\\\" and not (primary eq true)]'}"))).hasSize(1);
        assertThat(after("{'op':'Add','path':'roles[primary eq \\\"True\\\"].value','value':'Admin'}")).containsEntry("roles", List.of(Map.of("primary", true, "value", "Admin")));
    }

    @Test
    void an_element_may_be_made_by_several_operations_in_any_order() {
        assertThat(emails(after("{'op':'Add','path':'emails[type eq \\\"other\\\"].display','value':'O'},{'op':'Add','path':'emails[type eq \\\"other\\\"].value','value':'o@acme.com'}")))
                .contains(Map.of("type", "other", "display", "O", "value", "o@acme.com"));
    }

    @Test
    void one_that_is_taken_out_leaves_what_was_made_of_another() {
        String other = "{'op':'Add','path':'emails[type eq ~other~].display','value':'O'},{'op':'remove','path':'emails[type eq ~home~]'}";
        refused("noTarget", other);
        assertThat(emails(after(other + ",{'op':'Add','path':'emails[type eq ~other~].value','value':'o@acme.com'}"))).hasSize(2).contains(Map.of("type", "other", "display", "O", "value", "o@acme.com"));
        assertThat(emails(after("{'op':'Add','path':'emails[type eq ~other~].value','value':'o@acme.com'},{'op':'remove','path':'emails[type eq ~other~].value'}"))).hasSize(2);
    }

    @Test
    void a_hundred_elements_may_wait_for_their_values_at_once() {
        refused("tooMany", numbered(101, "{'op':'Add','path':'emails[type eq ~t%1$d~].display','value':'D'}"));
        assertThat(emails(after(numbered(150, "{'op':'Add','path':'emails[type eq ~t%1$d~].display','value':'D'},{'op':'Add','path':'emails[type eq ~t%1$d~].value','value':'%1$d@acme.com'}")))).hasSize(152);
    }

    private static String numbered(int many, String operation) {
        return IntStream.range(0, many).mapToObj(operation::formatted).collect(Collectors.joining(","));
    }

    @Test
    void what_would_make_no_whole_element_or_another_than_is_asked_for_is_refused() {
        refused("noTarget", "{'op':'Add','path':'emails[type eq \\\"other\\\"].display','value':'O'}");
        refused("noTarget", "{'op':'replace','path':'emails[value co \\\"nobody\\\"].value','value':'x@acme.com'}");
        refused("noTarget", "{'op':'replace','path':'emails[type eq \\\"other\\\" and value ew \\\"@x\\\"].value','value':'x@acme.com'}");
        refused("invalidPath", "{'op':'replace','path':'emails[kind eq \\\"other\\\"].value','value':'x@acme.com'}");
        refused("invalidPath", "{'op':'remove','path':'emails[value[type pr]]'}");
        refused("invalidPath", "{'op':'remove','path':'emails[value.x pr]'}");
    }

    @Test
    void what_is_added_again_with_more_takes_it_on() {
        List<Map<String, Object>> emails = emails(after("{'op':'add','path':'emails','value':[{'value':'ada@home.example','type':'home','primary':true}]}"));
        assertThat(emails).containsExactly(Map.of("value", "ada@acme.com", "type", "work", "primary", false), Map.of("value", "ada@home.example", "type", "home", "primary", true));
        refused("invalidValue", "{'op':'replace','path':'emails.primary','value':true}");
    }

    @Test
    void usual_words_have_their_usual_spelling_and_others_their_own() {
        assertThat(emails(after("{'op':'replace','path':'emails','value':[{'value':'a@acme.com','type':'Work'},{'value':'b@acme.com','type':'Backup'}]}"))).extracting(email -> email.get("type")).containsExactly("work", "Backup");
        assertThat(emails(after("{'op':'add','path':'emails[type eq \\\"OTHER\\\"].value','value':'o@acme.com'}"))).contains(Map.of("type", "other", "value", "o@acme.com"));
    }

    @Test
    void what_is_required_or_known_by_is_replaced_and_never_removed() {
        refused("mutability", "{'op':'remove','path':'userName'}");
        refused("mutability", "{'op':'replace','path':'externalId','value':'e1'},{'op':'remove','path':'externalId'}");
        assertThat(after("{'op':'replace','path':'externalId','value':'e1'},{'op':'replace','value':{'externalId':null}}")).containsEntry("externalId", "e1");
        assertThat(after("{'op':'remove','path':'externalId'}")).as("there is none").doesNotContainKey("externalId");
    }

    @Test
    void a_value_that_is_missing_or_says_nothing_of_its_attribute_clears_nothing() {
        refused("invalidValue", "{'op':'add','path':'title'}");
        refused("invalidValue", "{'op':'replace','path':'nickName'}");
        refused("invalidValue", "{'op':'replace','path':'" + ENTERPRISE + ":manager','value':{'managerId':'m2'}}");
        assertThat(extension(after("{'op':'replace','value':{'" + ENTERPRISE + ":manager':{'managerId':'m2'}}}"))).containsKey("manager");
    }

    @Test
    void a_list_whose_elements_say_nothing_of_it_clears_nothing() {
        for (String path : List.of("emails", "emails[type eq ~work~]")) {
            for (String value : List.of("[{'address':'x@acme.com'}]", "{'address':'x@acme.com'}")) {
                for (String op : List.of("replace", "add")) {
                    refused("invalidValue", "{'op':'" + op + "','path':'" + path + "','value':" + value + "}");
                    assertThat(emails(after("{'op':'" + op + "','value':{'" + path + "':" + value + "}}"))).as(op + path + value).hasSize(2);
                }
            }
        }
        refused("invalidValue", "{'op':'replace','path':'roles','value':{'admin':true}}");
        assertThat(after("{'op':'replace','path':'emails','value':[{'value':null}]}")).as("null is no value").doesNotContainKey("emails");
        Repairs leaving = new Repairs();
        leaving.letGo();
        assertThat(new Patch(ResourceType.USER, json(ADA), leaving, (op, at, where, value) -> false)
                .apply(Operation.of(json("{'Operations':[{'op':'replace','path':'active','value':false},{'op':'replace','path':'emails','value':[{'address':'x'}]}]}"), leaving))).containsEntry("active", false).containsKey("emails");
        assertThat(leaving.all()).containsExactly("passed over an unknown attribute");
    }

    @Test
    void a_whole_schema_may_be_a_key_or_a_path_and_null_clears_it() {
        String core = "urn:ietf:params:scim:schemas:core:2.0:User";
        assertThat(after("{'op':'replace','value':{'" + core + "':{'title':'T'}}}")).containsEntry("title", "T");
        assertThat(after("{'op':'replace','path':'" + core + "','value':{'title':'T'}}")).containsEntry("title", "T").containsKey("nickName");
        assertThat(after("{'op':'replace','value':{'" + ENTERPRISE + "':null}}")).doesNotContainKey(ENTERPRISE);
        assertThat(after("{'op':'add','value':{'" + ENTERPRISE + "':null}}")).containsKey(ENTERPRISE);
        assertThat(extension(after("{'op':'add','path':'" + ENTERPRISE + "','value':[{'division':'D'}]}"))).containsEntry("division", "D");
        refused("noTarget", "{'op':'remove','path':'" + core + "'}");
    }

    @Test
    void numbers_are_kept_as_they_are_written() {
        assertThat(extension(after("{'op':'replace','path':'" + ENTERPRISE + ":employeeNumber','value':1234567890.10}"))).containsEntry("employeeNumber", "1234567890.10");
        assertThat(extension(after("{'op':'replace','path':'" + ENTERPRISE + ":employeeNumber','value':1e5}"))).containsEntry("employeeNumber", "100000");
        assertThat(after("{'op':'replace','path':'title','value':-2.5E-7}")).containsEntry("title", "-0.00000025");
        assertThat(after("{'op':'replace','path':'title','value':1e400}")).containsEntry("title", "1E+400");
        assertThat(after("{'op':'replace','path':'title','value':1e-999999999}").get("title").toString()).hasSizeLessThan(20);
    }

    @Test
    void a_list_grows_by_what_it_has_not_and_shrinks_by_what_is_named() {
        assertThat(emails(after("{'op':'add','path':'emails','value':[{'value':'ada@acme.com','type':'work'},{'value':'x@acme.com'}]}"))).hasSize(3);
        assertThat(emails(after("{'op':'remove','path':'emails','value':[{'value':'ada@home.example'}]}"))).hasSize(1);
        assertThat(after("{'op':'replace','path':'emails','value':[]}")).doesNotContainKey("emails");
    }

    @Test
    void only_the_newest_primary_stays_primary() {
        assertThat(emails(after("{'op':'add','path':'emails','value':[{'value':'x@acme.com','primary':true}]}")).stream().filter(email -> Boolean.TRUE.equals(email.get("primary")))).hasSize(1);
        refused("invalidValue", "{'op':'replace','path':'emails','value':[{'value':'a','primary':true},{'value':'b','primary':true}]}");
    }

    @Test
    void null_and_an_empty_text_clear() {
        assertThat(after("{'op':'replace','path':'nickName','value':''}")).doesNotContainKey("nickName");
        assertThat(after("{'op':'replace','value':{'nickName':null}}")).doesNotContainKey("nickName");
        assertThat(after("{'op':'Remove','path':'nickName','value':null}")).doesNotContainKey("nickName");
    }

    @Test
    void what_is_not_named_of_an_object_stays_and_nothing_to_add_changes_nothing() {
        Map<String, Object> given = Map.of("givenName", "Ada");
        for (String op : List.of("{'op':'replace','path':'name','value':{'familyName':null}}", "{'op':'add','path':'name','value':{'familyName':''}}", "{'op':'replace','value':{'name':{'familyName':''}}}", "{'op':'replace','path':'name','value':[{'familyName':null}]}")) {
            assertThat(after(op)).as(op).containsEntry("name", given);
        }
        for (String op : List.of("{'op':'add','path':'name','value':{}}", "{'op':'add','path':'name','value':[]}", "{'op':'replace','path':'name','value':{}}", "{'op':'replace','path':'name','value':{'middleName':null}}")) {
            assertThat(after(op)).as(op).containsEntry("name", Map.of("givenName", "Ada", "familyName", "Byron"));
        }
        for (String value : List.of("{'displayName':'Big Boss'}", "{'displayName':null}", "{'$ref':null}", "{}")) {
            for (String op : List.of("add", "replace")) {
                assertThat(extension(after("{'op':'" + op + "','path':'" + ENTERPRISE + ":manager','value':" + value + "}"))).as(op + value).containsEntry("manager", Map.of("value", "m1"));
            }
        }
        for (String clear : List.of("null", "''", "[]", "{'familyName':null,'givenName':''}")) {
            assertThat(after("{'op':'replace','path':'name','value':" + clear + "}")).as(clear).doesNotContainKey("name");
        }
    }

    @Test
    void a_manager_whose_value_goes_goes_whole() {
        String both = "{'op':'replace','path':'" + ENTERPRISE + ":manager','value':{'$ref':'../Users/m1'}},";
        assertThat(extension(after(both + "{'op':'replace','path':'" + ENTERPRISE + ":department','value':'D'}"))).containsEntry("manager", Map.of("value", "m1", "$ref", "../Users/m1"));
        for (String gone : List.of("{'op':'replace','path':'" + ENTERPRISE + ":manager','value':{'value':null}}", "{'op':'remove','path':'" + ENTERPRISE + ":manager.value'}", "{'op':'add','path':'" + ENTERPRISE + ":manager','value':''}")) {
            assertThat(extension(after(both + gone))).as(gone).doesNotContainKey("manager");
        }
    }

    @Test
    void another_manager_has_not_the_address_of_the_one_before() {
        String manager = ENTERPRISE + ":manager";
        String both = "{'op':'replace','path':'" + manager + "','value':{'value':'m1','$ref':'../Users/m1'}},";
        for (String other : List.of("{'op':'Replace','path':'" + manager + "','value':'m2'}", "{'op':'replace','path':'" + manager + ".value','value':'m2'}", "{'op':'add','value':{'" + ENTERPRISE + "':{'manager':{'value':'m2'}}}}")) {
            assertThat(extension(after(both + other))).as(other).containsEntry("manager", Map.of("value", "m2"));
        }
        String whole = "{'op':'replace','value':{'" + manager + ".$ref':'../Users/m2','" + manager + ".value':'m2'}}";
        assertThat(extension(after(both + whole))).containsEntry("manager", Map.of("value", "m2", "$ref", "../Users/m2"));
        assertThat(extension(after(both + "{'op':'replace','path':'" + manager + "','value':{'value':'m1'}}"))).as("the same one").containsEntry("manager", Map.of("value", "m1", "$ref", "../Users/m1"));
    }

    @Test
    void an_empty_text_or_null_that_is_added_clears_too_where_a_path_names_it() {
        assertThat(after("{'op':'Add','path':'nickName','value':''}")).doesNotContainKey("nickName");
        assertThat(after("{'op':'Add','path':'nickName','value':null}")).doesNotContainKey("nickName");
        assertThat(after("{'op':'add','value':{'nickName':null}}")).as("a client that writes null of what it does not speak of").containsKey("nickName");
        assertThat(after("{'op':'add','path':'emails','value':null}")).containsKey("emails");
        refused("mutability", "{'op':'replace','path':'externalId','value':'e1'},{'op':'add','path':'externalId','value':''}");
        refused("mutability", "{'op':'replace','path':'externalId','value':'e1'},{'op':'replace','path':'externalId','value':[]}");
    }

    @Test
    void a_value_without_primary_is_not_the_primary_one() {
        assertThat(emails(after("{'op':'replace','path':'emails[primary eq false].value','value':'x@home.example'}"))).extracting(email -> email.get("value")).containsExactly("ada@acme.com", "x@home.example");
        assertThat(emails(after("{'op':'remove','path':'emails[primary ne ~true~]'}"))).hasSize(1);
        assertThat(emails(after("{'op':'remove','path':'emails[primary eq null]'}"))).as("nothing is said of it").hasSize(1);
    }

    @Test
    void an_empty_text_beside_a_remove_is_no_value_and_the_whole_list_goes() {
        String admin = "{'op':'add','path':'roles','value':[{'value':'admin'}]},{'op':'remove','path':'roles','value':";
        assertThat(after(admin + "''}")).doesNotContainKey("roles");
        assertThat(after(admin + "null}")).doesNotContainKey("roles");
        assertThat(after(admin + "[]}")).as("a list of none takes none").containsKey("roles");
        assertThat(after(admin + "'member'}")).containsKey("roles");
    }

    @Test
    void a_value_that_is_removed_is_the_one_of_the_type_that_is_named() {
        String two = "{'op':'add','path':'phoneNumbers','value':[{'value':'9','type':'work'},{'value':'9','type':'home'},{'value':'8'}]},{'op':'remove','path':'phoneNumbers','value':";
        assertThat(after(two + "[{'value':'9','type':'home'}]}")).containsEntry("phoneNumbers", List.of(Map.of("value", "9", "type", "work"), Map.of("value", "8")));
        assertThat(after(two + "{'value':'9'}}")).containsEntry("phoneNumbers", List.of(Map.of("value", "8")));
        assertThat(after(two + "[{'value':'8','type':'home'}]}").get("phoneNumbers")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(3);
        String places = "{'op':'add','path':'addresses','value':[{'type':'work','locality':'A'},{'type':'home','locality':'B'}]},{'op':'remove','path':'addresses','value':";
        assertThat(after(places + "[{'type':'home'}]}")).containsEntry("addresses", List.of(Map.of("type", "work", "locality", "A")));
    }

    @Test
    void a_whole_element_takes_the_place_of_the_one_that_is_picked() {
        assertThat(emails(after("{'op':'replace','path':'emails[type eq ~work~]','value':{'value':'w@acme.com','display':'W'}}")).getFirst()).isEqualTo(Map.of("value", "w@acme.com", "display", "W", "type", "work"));
        assertThat(emails(after("{'op':'replace','path':'emails[type eq ~work~]','value':{'display':'W'}}")).getFirst()).as("its value is what it is").isEqualTo(Map.of("value", "ada@acme.com", "display", "W", "type", "work"));
        assertThat(emails(after("{'op':'add','path':'emails[type eq ~work~]','value':{'display':'W'}}")).getFirst()).containsEntry("primary", true);
        assertThat(after("{'op':'add','path':'roles','value':['admin','member']},{'op':'replace','path':'roles[value eq ~admin~]','value':'owner'}")).containsEntry("roles", List.of("owner", "member"));
        assertThat(after("{'op':'replace','path':'roles[primary eq true]','value':'owner'}")).containsEntry("roles", List.of(Map.of("primary", true, "value", "owner")));
    }

    @Test
    void very_many_values_are_added_in_one_look_at_each_and_too_many_are_refused() {
        String many = "{'op':'add','path':'phoneNumbers','value':[" + values(0, 9_000) + "]},{'op':'add','path':'phoneNumbers','value':[" + values(1_000, 10_000) + "]}";
        assertThat(after(many).get("phoneNumbers")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(10_000);
        refused("tooMany", many + ",{'op':'add','path':'phoneNumbers','value':'+1'}");
        refused("tooMany", "{'op':'replace','path':'phoneNumbers','value':[" + values(0, 10_001) + "]}");
        assertThat(after(many + ",{'op':'remove','path':'phoneNumbers','value':[" + values(0, 10_000) + "]}")).doesNotContainKey("phoneNumbers");
    }

    private static String values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{'value':'" + i + "','type':'t" + i % 3 + "'}").collect(Collectors.joining(","));
    }

    @Test
    void what_the_server_sets_is_passed_over_inside_a_value_and_refused_as_a_path() {
        assertThat(after("{'op':'replace','value':{'id':'x','meta':{},'schemas':[],'groups':[],'displayName':'A'}}")).containsEntry("displayName", "A").doesNotContainKeys("id", "meta", "schemas", "groups");
        refused("mutability", "{'op':'replace','path':'id','value':'x'}");
    }

    @Test
    void a_password_is_taken_and_kept_nowhere() {
        assertThat(after("{'op':'replace','value':{'password':'secret'}}").toString()).doesNotContain("secret");
        assertThat(after("{'op':'replace','path':'password','value':'secret'}").toString()).doesNotContain("secret");
    }

    @Test
    void a_whole_resource_for_a_body_is_one_replace() {
        Map<String, Object> body = json("{'schemas':['x'],'id':'1','userName':'ada@acme.com','active':false}");
        assertThat(new Patch(ResourceType.USER, json(ADA), new Repairs(), (op, at, where, value) -> false).apply(Operation.of(body, new Repairs()))).containsEntry("active", false).containsKey("emails");
    }

    @Test
    void what_cannot_be_applied_is_refused_by_its_kind() {
        refused("invalidPath", "{'op':'replace','path':'emails[type eq','value':'x'}");
        refused("invalidPath", "{'op':'replace','path':'nickNam','value':'x'}");
        refused("noTarget", "{'op':'remove'}");
        assertThatThrownBy(() -> Operation.of(json("{'schemas':[],'Operations':null}"), new Repairs())).isInstanceOf(ScimError.class);
        refused("invalidSyntax", "{'op':'delete','path':'title'}");
        refused("invalidValue", "{'op':'replace','path':'active','value':'maybe'}");
        refused("invalidValue", "{'op':'replace','path':'name','value':'Ada'}");
        refused("invalidValue", "{'op':'replace','value':'x'}");
    }

    @Test
    void what_was_put_right_is_noted() {
        noted("{'op':'Replace','path':'title','value':'T'}", "an op in capitals");
        noted("{'op':'replace','value':{'name.givenName':'A'}}", "a path for the name of an attribute");
        noted("{'op':'replace','path':'TITLE','value':'T'}", "another spelling of title");
        noted("{'op':'replace','value':{'NAME':{'givenName':'A'}}}", "another spelling of name");
        noted("{'op':'replace','value':{'id':'x','meta':{},'schemas':[],'title':'T'}}", "passed over id, which only the bridge sets", "passed over meta, which only the bridge sets", "passed over schemas, which only the bridge sets");
        noted("{'op':'replace','path':'title','value':7}", "a number for the text title");
        noted("{'op':'replace','path':'title','value':['T']}", "a list for the single value title");
        noted("{'op':'replace','path':'phoneNumbers','value':[{'value':'1','type':'work'},{'value':'1','type':'work'}]}", "the same value twice in phoneNumbers");
        noted("{'op':'replace','value':{'title':'T','" + ENTERPRISE + "':{'department':'D'},'" + ENTERPRISE + ":division':'X'}}", "a path for the name of an attribute");
        noted("{'op':'replace','path':'title','value':'T'},{'op':'replace','path':'" + ENTERPRISE + ":department','value':'D'},{'op':'replace','value':{'" + ENTERPRISE + "':{'department':'D'}}}");
    }

    @Test
    void members_by_bare_ids_and_in_the_value_of_a_remove_are_noted() {
        Repairs repairs = new Repairs();
        MemberChanges changes = new MemberChanges(Roll.Book.NONE, repairs);
        new Patch(ResourceType.GROUP, json("{'displayName':'G'}"), repairs, changes).apply(Operation.of(json("{'Operations':[{'op':'add','path':'members','value':['a']},{'op':'remove','path':'members','value':[{'value':'b'}]}]}"), repairs));
        assertThat(repairs.all()).containsExactly("a bare id for a member", "the members to remove in a value");
        assertThat(changes.outcome().add()).containsExactly("a");
    }

    @Test
    void each_value_of_a_type_is_kept_once() {
        Map<String, Object> user = after("{'op':'replace','path':'phoneNumbers','value':[{'value':'1','type':'work'},{'value':'1','type':'home'},{'value':'1','type':'work','primary':true,'display':'D'}]}");
        assertThat(user).containsEntry("phoneNumbers", List.of(Map.of("value", "1", "type", "work", "primary", true, "display", "D"), Map.of("value", "1", "type", "home")));
    }

    @Test
    void binary_data_and_addresses_have_their_form_and_hold_no_leaver_up() {
        refused("invalidValue", "{'op':'add','path':'x509Certificates','value':[{'value':'not base64 !!'}]}");
        refused("invalidValue", "{'op':'replace','path':'profileUrl','value':'not a uri at all'}");
        for (String uri : List.of("https://acme.com/ada", "photos/ada.png", "../Users/1", " https://acme.com/x ", "urn:x:y", "https://acme.com/\u00fc?a={b}|c")) {
            assertThat(after("{'op':'replace','path':'profileUrl','value':'" + uri + "'}")).as(uri).containsEntry("profileUrl", uri);
        }
        for (String data : List.of("TUlJ", "TUl\\nJTUk=", "TU-_", "TUk")) {
            assertThat(after("{'op':'add','path':'x509Certificates','value':[{'value':'" + data + "'}]}")).as(data).containsKey("x509Certificates");
        }
        Repairs repairs = new Repairs();
        repairs.letGo();
        assertThat(new Patch(ResourceType.USER, json(ADA), repairs, (op, at, where, value) -> false).apply(Operation.of(json("{'Operations':[{'op':'replace','value':{'active':false,'profileUrl':'not a uri'}}]}"), repairs))).containsEntry("active", false).doesNotContainKey("profileUrl");
        assertThat(repairs.all()).hasSize(1);
    }

    @Test
    void a_leaver_is_told_by_whatever_says_false_of_active() {
        for (String op : List.of("{'op':'Replace','path':'Active','value':'False'}", "{'op':'add','value':{'title':'T','active':[false]}}", "{'op':'replace','path':'urn:ietf:params:scim:schemas:core:2.0:User:active','value':false}")) {
            assertThat(Leaving.says(Operation.of(json("{'Operations':[" + op + "]}"), new Repairs()))).as(op).isTrue();
        }
        assertThat(Leaving.says(Operation.of(json("{'Operations':[{'op':'replace','path':'active','value':true},{'op':'remove','path':'active'}]}"), new Repairs()))).isFalse();
        assertThat(Leaving.says(json("{'ACTIVE':'false'}"))).isTrue();
    }

    private static void noted(String operation, String... repairs) {
        Repairs done = new Repairs();
        new Patch(ResourceType.USER, json(ADA), done, (op, at, where, value) -> false).apply(Operation.of(json("{'Operations':[" + operation + "]}"), done));
        assertThat(done.all()).as(operation).containsExactly(repairs);
    }

    static Map<String, Object> after(String operation) {
        Repairs repairs = new Repairs();
        return new Patch(ResourceType.USER, json(ADA), repairs, (op, at, where, value) -> false).apply(Operation.of(json("{'Operations':[" + operation + "]}"), repairs));
    }

    private static void refused(String scimType, String operation) {
        assertThatThrownBy(() -> after(operation)).isInstanceOfSatisfying(ScimError.class, error ->
                assertThat(new String(error.answer(Notes.NONE).body(), StandardCharsets.UTF_8)).contains("\"scimType\":\"" + scimType + "\""));
    }

    static Map<String, Object> json(String text) {
        return Body.of(text.replace('\'', '"').replace("~", "\\\"").getBytes(StandardCharsets.UTF_8)).object(1 << 20);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> extension(Map<String, Object> user) {
        return (Map<String, Object>) user.get(ENTERPRISE);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> emails(Map<String, Object> user) {
        return (List<Map<String, Object>>) user.get("emails");
    }
}
