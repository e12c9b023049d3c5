package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lists over real HTTP: their order, by index and by cursor, and asked for in a body. */
class ScimListsTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private static final String OURS = "filter=userName ew \"@order.acme.com\"";
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab", "okta");

    @BeforeAll
    static void start() {
        person("Cid", "'title':'b','name':{'familyName':'Curie'},'emails':[{'value':'z@x.example'},{'value':'A@x.example','primary':true}],'active':false");
        person("ada", "'title':'a','name':{'familyName':'byron'},'emails':[{'value':'m@x.example'}],'externalId':'e1','roles':'owner'");
        person("BEA", "'title':'c','" + ENTERPRISE + "':{'department':'R','manager':{'value':'m1'}},'externalId':'E2','roles':['admin']");
        person("dan", "'emails':[{'value':'B@x.example','type':'work'}],'" + ENTERPRISE + "':{'department':'a'},'roles':[{'value':'member'}]");
        for (String name : List.of("order-one", "Order-Two", "order-three")) {
            bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"" + name + "\"}");
        }
    }

    @Test
    void a_list_is_in_the_order_of_creation_unless_one_is_asked_for() {
        assertThat(names(OURS)).containsExactly("Cid", "ada", "BEA", "dan");
        assertThat(names(OURS + "&sortOrder=descending")).as("of nothing").containsExactly("Cid", "ada", "BEA", "dan");
    }

    @Test
    void texts_are_sorted_without_case_unless_their_attribute_has_it() {
        assertThat(names(OURS + "&sortBy=userName")).containsExactly("ada", "BEA", "Cid", "dan");
        assertThat(names(OURS + "&sortBy=USERNAME&sortOrder=Descending")).containsExactly("dan", "Cid", "BEA", "ada");
        assertThat(names(OURS + "&sortBy=externalId")).as("E before e").startsWith("BEA", "ada");
    }

    @Test
    void what_has_no_value_comes_last_and_first_when_descending() {
        assertThat(names(OURS + "&sortBy=title")).containsExactly("ada", "Cid", "BEA", "dan");
        assertThat(names(OURS + "&sortBy=title&sortOrder=descending")).containsExactly("dan", "BEA", "Cid", "ada");
        assertThat(names(OURS + "&sortBy=" + ENTERPRISE + ":department")).startsWith("dan", "BEA");
        assertThat(names(OURS + "&sortBy=" + ENTERPRISE + ":manager")).startsWith("BEA");
    }

    @Test
    void a_list_counts_by_its_primary_value_or_else_its_first() {
        assertThat(names(OURS + "&sortBy=emails")).containsExactly("Cid", "dan", "ada", "BEA");
        assertThat(names(OURS + "&sortBy=emails.value&sortOrder=descending")).containsExactly("BEA", "ada", "dan", "Cid");
        assertThat(names(OURS + "&sortBy=roles")).as("whatever form they came in").containsExactly("BEA", "dan", "ada", "Cid");
        assertThat(names(OURS + "&sortBy=emails.type")).startsWith("dan");
    }

    @Test
    void parts_truth_and_times_have_an_order_too() {
        assertThat(names(OURS + "&sortBy=name.familyName")).startsWith("ada", "Cid");
        assertThat(names(OURS + "&sortBy=active")).startsWith("Cid");
        assertThat(names(OURS + "&sortBy=meta.created&sortOrder=descending")).containsExactly("dan", "BEA", "ada", "Cid");
        assertThat(names(OURS + "&sortBy=meta.lastModified")).containsExactly("Cid", "ada", "BEA", "dan");
        assertThat(names(OURS + "&sortBy=id")).hasSize(4);
        assertThat(names(OURS + "&sortBy=meta.resourceType")).hasSize(4);
        assertThat(names("/Groups?filter=displayName sw \"order\"&sortBy=displayName", "displayName")).containsExactly("order-one", "order-three", "Order-Two");
        assertThat(names("/Groups?filter=displayName sw \"order\"&sortBy=members.value", "displayName")).hasSize(3);
    }

    @Test
    void an_order_that_there_is_not_is_refused() {
        for (String odd : List.of("sortBy=nothing", "sortBy=name", "sortBy=addresses", "sortBy=password", "sortBy=emails[type eq \"work\"]", "sortBy=(", "sortBy=meta", "sortBy=" + ENTERPRISE, "sortBy=userName&sortOrder=up")) {
            Answer answer = bridge.scim("lab", "GET", "/Users?" + odd, "");
            assertThat(answer.status()).as(odd).isEqualTo(400);
            assertThat(answer.body().get("scimType").asText()).as(odd).isEqualTo("invalidValue");
        }
    }

    @Test
    void pages_by_cursor_show_each_resource_once_in_every_order() {
        for (String sort : List.of("", "&sortBy=userName", "&sortBy=title", "&sortBy=title&sortOrder=descending", "&sortBy=emails&sortOrder=descending", "&sortBy=active", "&sortBy=meta.created&sortOrder=descending", "&sortBy=meta.resourceType",
                "&sortBy=externalId&sortOrder=descending", "&sortBy=roles", "&sortBy=id")) {
            for (int count = 1; count < 5; count++) {
                assertThat(walked(OURS + sort, count)).as(sort + " by " + count).isEqualTo(names(OURS + sort));
            }
        }
    }

    @Test
    void a_page_by_cursor_says_what_there_is_in_all_and_what_comes_next() {
        JsonNode first = bridge.scim("lab", "GET", "/Users?" + OURS + "&cursor&count=3", "").body();
        assertThat(first.get("totalResults").asInt()).isEqualTo(4);
        assertThat(first.get("itemsPerPage").asInt()).isEqualTo(3);
        assertThat(first.has("startIndex") || first.has("previousCursor")).isFalse();
        assertThat(first.get("nextCursor").asText()).matches("[A-Za-z0-9_-]+");
        JsonNode last = page(OURS + "&count=3", first.get("nextCursor").asText());
        assertThat(last.get("totalResults").asInt()).isEqualTo(4);
        assertThat(last.has("nextCursor")).isFalse();
        assertThat(names(page(OURS + "&count=3", last.get("previousCursor").asText()), "userName")).containsExactly("Cid", "ada", "BEA");
    }

    @Test
    void pages_by_cursor_are_read_backwards_too() {
        for (String sort : List.of("", "&sortBy=title", "&sortBy=title&sortOrder=descending", "&sortBy=emails")) {
            List<JsonNode> forward = pages(OURS + sort, 1);
            JsonNode page = forward.getLast();
            for (int i = forward.size() - 2; i >= 0; i--) {
                page = page(OURS + sort + "&count=1", page.get("previousCursor").asText());
                assertThat(page.get("Resources")).as(sort + " page " + i).isEqualTo(forward.get(i).get("Resources"));
            }
            assertThat(page.has("previousCursor")).isFalse();
            assertThat(page(OURS + sort + "&count=1", page.get("nextCursor").asText()).get("Resources")).isEqualTo(forward.get(1).get("Resources"));
        }
    }

    @Test
    void a_cursor_comes_through_deletes_and_inserts() {
        String filter = "filter=userName ew \"@moving.acme.com\"&sortBy=userName";
        List<String> ids = new ArrayList<>();
        for (String name : List.of("b", "d", "f", "h")) {
            ids.add(bridge.scim("lab", "POST", "/Users", TestBridge.user("m-" + name, name + "@moving.acme.com", true)).body().get("id").asText());
        }
        String next = bridge.scim("lab", "GET", "/Users?" + filter + "&cursor=&count=2", "").body().get("nextCursor").asText();
        bridge.scim("lab", "DELETE", "/Users/" + ids.get(1), "");
        bridge.scim("lab", "POST", "/Users", TestBridge.user("m-a", "a@moving.acme.com", true));
        bridge.scim("lab", "POST", "/Users", TestBridge.user("m-e", "e@moving.acme.com", true));
        assertThat(names(page(filter + "&count=9", next), "userName")).containsExactly("e", "f", "h");
    }

    @Test
    void a_cursor_is_good_for_its_own_query_only() {
        String next = bridge.scim("lab", "GET", "/Users?" + OURS + "&cursor&count=1", "").body().get("nextCursor").asText();
        refused("invalidCursor", "/Users?cursor=" + next);
        refused("invalidCursor", "/Users?" + OURS + "&sortBy=title&cursor=" + next);
        refused("invalidCursor", "/Groups?" + OURS + "&cursor=" + next);
        refused("invalidCursor", "/Users?" + OURS + "&cursor=" + next.substring(3));
        refused("invalidCursor", "/Users?cursor=nonsense");
        refused("invalidCursor", "/Users?cursor=*");
        assertThat(bridge.scim("okta", "GET", "/Users?" + OURS + "&cursor=" + next, "").body().get("scimType").asText()).as("of another source").isEqualTo("invalidCursor");
        assertThat(bridge.scim("lab", "GET", "/Users?" + OURS + "&count=2&attributes=userName&cursor=" + next, "").status()).as("its size and what it shows may change").isEqualTo(200);
    }

    @Test
    void a_forged_cursor_is_refused_and_one_of_another_version_has_expired() {
        String next = bridge.scim("lab", "GET", "/Users?" + OURS + "&cursor&count=1", "").body().get("nextCursor").asText();
        refused("invalidCursor", "/Users?" + OURS + "&cursor=" + forged(next, text -> text.replaceAll("=.*", "=no time")));
        refused("invalidCursor", "/Users?" + OURS + "&cursor=" + forged(next, text -> text.replaceAll("=.*", "=\u0000")));
        refused("invalidCursor", "/Users?" + OURS + "&cursor=" + forged(next, text -> text.replace("USER", "THING")));
        refused("expiredCursor", "/Users?" + OURS + "&cursor=" + forged(next, text -> "0" + text.substring(1)));
    }

    @Test
    void any_time_may_be_asked_for() {
        for (String early : List.of("0001-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2020-01-01T24:00:00")) {
            assertThat(names(search("/Users/.search", "'filter':'userName ew ~@order.acme.com~ and meta.created gt ~" + early + "~'").body(), "userName")).as(early).hasSize(4);
        }
        for (String late : List.of("9999-12-31T23:59:59-05:00", "+294277-01-01T00:00:00Z", "2999-12-31T23:59:59.1234567890123")) {
            assertThat(names(search("/Users/.search", "'filter':'userName ew ~@order.acme.com~ and meta.created gt ~" + late + "~'").body(), "userName")).as(late).isEmpty();
        }
    }

    @Test
    void addresses_that_do_not_say_so_are_not_the_primary_ones() {
        assertThat(names(OURS + " and emails[primary eq false]")).containsExactly("Cid", "ada", "dan");
        assertThat(names(OURS + " and emails[primary eq true]")).containsExactly("Cid");
        assertThat(names(OURS + " and roles[primary eq false]")).as("whatever form they came in").containsExactly("ada", "BEA", "dan");
    }

    @Test
    void null_is_what_no_element_of_a_list_has() {
        for (String part : List.of("emails.value", "emails.type", "emails.display", "roles.value", "groups.value", "name.familyName", "emails")) {
            assertThat(names(OURS + " and " + part + " ne null")).as(part).isEqualTo(names(OURS + " and " + part + " pr"));
            assertThat(names(OURS + " and " + part + " eq null")).as(part).isEqualTo(names(OURS + " and not (" + part + " pr)"));
        }
        assertThat(names(OURS + " and emails.value ne null")).containsExactly("Cid", "ada", "dan");
    }

    @Test
    void a_filter_of_the_longest_in_any_script_comes_through_an_address() {
        String filter = "filter=title eq \"" + "\u20ac".repeat(1_360) + "\"";
        assertThat(bridge.scim("lab", "GET", "/Users?" + filter, "").status()).isEqualTo(200);
        assertThat(bridge.scim("lab", "GET", "/Users?" + filter.replace("eq", "eq \"\u20ac\" or title eq"), "").body().get("scimType").asText()).as("4,098 bytes").isEqualTo("invalidFilter");
    }

    @Test
    void a_number_too_great_for_any_list_is_the_greatest_there_is() {
        String huge = "9999999999999999999";
        assertThat(names(OURS + "&count=" + huge)).hasSize(4);
        assertThat(names(OURS + "&startIndex=" + huge)).isEmpty();
        assertThat(names(OURS + "&startIndex=-" + huge + "&count=-" + huge)).isEmpty();
        assertThat(bridge.scim("lab", "GET", "/Users?" + OURS + "&cursor&count=" + huge, "").body().get("itemsPerPage").asInt()).isEqualTo(4);
        assertThat(search("/Users/.search", "'count':" + huge + ",'startIndex':" + huge).body().get("totalResults").asInt()).isPositive();
    }

    @Test
    void a_page_by_cursor_has_one_resource_at_least() {
        for (String count : List.of("0", "-1", "many", "00")) {
            refused("invalidCount", "/Users?cursor&count=" + count);
        }
        assertThat(bridge.scim("lab", "GET", "/Users?cursor&count=100000", "").status()).isEqualTo(200);
        assertThat(bridge.scim("lab", "GET", "/Users?count=0", "").body().get("totalResults").asInt()).as("by index there may be none").isPositive();
    }

    @Test
    void a_search_in_a_body_is_the_list_in_an_address() {
        Answer found = search("/Users/.search", "'filter':'userName ew ~@order.acme.com~','sortBy':'userName','sortOrder':'descending','startIndex':2,'count':2,'attributes':['userName','title']");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.body()).isEqualTo(bridge.scim("lab", "GET", "/Users?" + OURS + "&sortBy=userName&sortOrder=descending&startIndex=2&count=2&attributes=userName,title", "").body());
        assertThat(names(search("/Users/.search", "'FILTER':'userName ew ~@order.acme.com~','count':null,'excludedAttributes':'emails','unknown':{}").body(), "userName")).containsExactly("Cid", "ada", "BEA", "dan");
        JsonNode first = search("/Users/.search", "'filter':'userName ew ~@order.acme.com~','cursor':'','count':3").body();
        assertThat(names(search("/Users/.search", "'filter':'userName ew ~@order.acme.com~','count':3,'cursor':'" + first.get("nextCursor").asText() + "'").body(), "userName")).containsExactly("dan");
    }

    @Test
    void a_search_of_the_root_gives_users_then_groups() {
        String filter = "'filter':'userName ew ~@order.acme.com~ or displayName sw ~order-~'";
        assertThat(both(search("/.search", filter).body())).containsExactly("Cid", "ada", "BEA", "dan", "order-one", "Order-Two", "order-three");
        assertThat(both(search("/.search", filter + ",'startIndex':4,'count':2").body())).containsExactly("dan", "order-one");
        assertThat(both(search("/.search", filter + ",'startIndex':6").body())).containsExactly("Order-Two", "order-three");
        assertThat(search("/.search", filter + ",'count':0").body().get("totalResults").asInt()).isEqualTo(7);
        assertThat(both(search("/.search", "'filter':'meta.resourceType eq ~Group~ and displayName sw ~order-~','sortBy':'displayName'").body())).containsExactly("order-one", "order-three", "Order-Two");
        for (int count = 1; count < 9; count++) {
            List<String> seen = new ArrayList<>();
            for (String cursor = ""; cursor != null; ) {
                JsonNode page = search("/.search", filter + ",'count':" + count + ",'cursor':'" + cursor + "'").body();
                assertThat(page.get("totalResults").asInt()).isEqualTo(7);
                seen.addAll(both(page));
                cursor = page.has("nextCursor") ? page.get("nextCursor").asText() : null;
            }
            assertThat(seen).as("by " + count).containsExactly("Cid", "ada", "BEA", "dan", "order-one", "Order-Two", "order-three");
        }
    }

    @Test
    void a_search_of_the_root_sorts_users_and_groups_in_one_order() {
        String named = "'filter':'userName ew ~@order.acme.com~ or displayName sw ~order-~','sortBy':";
        List<String> made = List.of("Cid", "ada", "BEA", "dan", "order-one", "Order-Two", "order-three");
        assertThat(both(search("/.search", named + "'meta.created'").body())).isEqualTo(made);
        assertThat(both(search("/.search", named + "'meta.created','sortOrder':'descending','count':3").body())).containsExactly("order-three", "Order-Two", "order-one");
        assertThat(both(search("/.search", named + "'userName'").body())).as("groups have none").startsWith("ada", "BEA", "Cid", "dan").hasSize(7);
        assertThat(both(search("/.search", named + "'userName','sortOrder':'descending'").body())).endsWith("dan", "Cid", "BEA", "ada").hasSize(7);
        assertThat(both(search("/.search", named + "'displayName','startIndex':2,'count':2").body())).containsExactly("order-three", "Order-Two");
        assertThat(both(search("/.search", named + "'meta.resourceType'").body())).startsWith("order-one").endsWith("dan");
        for (String order : List.of("'externalId'", "'active'", "'displayName','sortOrder':'descending'", "'meta.lastModified','sortOrder':'descending'", "'emails'", "'meta.resourceType'", "'members.value'", "'id'")) {
            List<String> whole = both(search("/.search", named + order).body());
            assertThat(whole).as(order).containsExactlyInAnyOrderElementsOf(made);
            for (int count = 1; count < 9; count += 3) {
                List<String> seen = new ArrayList<>();
                for (String cursor = ""; cursor != null; ) {
                    JsonNode page = search("/.search", named + order + ",'count':" + count + ",'cursor':'" + cursor + "'").body();
                    assertThat(page.get("totalResults").asInt()).isEqualTo(7);
                    seen.addAll(both(page));
                    cursor = page.has("nextCursor") ? page.get("nextCursor").asText() : null;
                }
                assertThat(seen).as(order + " by " + count).isEqualTo(whole);
            }
        }
        assertThat(search("/.search", named + "'displayName','count':0").body().get("totalResults").asInt()).isEqualTo(7);
        assertThat(search("/.search", named + "'nothing'").status()).isEqualTo(400);
    }

    @Test
    void a_search_that_is_none_is_refused() {
        assertThat(bridge.scim("lab", "GET", "/Users/.search", "").status()).isEqualTo(405);
        assertThat(bridge.scim("lab", "POST", "/.search/x", "{}").status()).isEqualTo(404);
        assertThat(bridge.scim("lab", "POST", "/Users/.search", "").status()).isEqualTo(400);
        assertThat(search("/Users/.search", "'filter':{}").status()).isEqualTo(400);
        assertThat(search("/Users/.search", "'count':'many'").status()).isEqualTo(400);
        assertThat(search("/Groups/.search", "'filter':'('").body().get("scimType").asText()).isEqualTo("invalidFilter");
    }

    private static void person(String name, String more) {
        Answer answer = bridge.scim("lab", "POST", "/Users", ("{'userName':'" + name + "@order.acme.com'," + more + "}").replace('\'', '"'));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    }

    private static Answer search(String path, String body) {
        return bridge.scim("lab", "POST", path, ("{'schemas':['urn:ietf:params:scim:api:messages:2.0:SearchRequest']," + body + "}").replace('\'', '"').replace("~", "\\\""));
    }

    private static void refused(String scimType, String path) {
        Answer answer = bridge.scim("lab", "GET", path, "");
        assertThat(answer.status()).as(path).isEqualTo(400);
        assertThat(answer.body().get("scimType").asText()).as(path).isEqualTo(scimType);
    }

    private static JsonNode page(String query, String cursor) {
        Answer answer = bridge.scim("lab", "GET", "/Users?" + query + "&cursor=" + cursor, "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body();
    }

    private static List<JsonNode> pages(String query, int count) {
        List<JsonNode> pages = new ArrayList<>();
        for (String cursor = ""; cursor != null; ) {
            pages.add(page(query + "&count=" + count, cursor));
            cursor = pages.getLast().has("nextCursor") ? pages.getLast().get("nextCursor").asText() : null;
        }
        return pages;
    }

    private static List<String> walked(String query, int count) {
        return pages(query, count).stream().flatMap(page -> names(page, "userName").stream()).toList();
    }

    private static List<String> names(String query) {
        return names("/Users?" + query, "userName");
    }

    private static List<String> names(String path, String attribute) {
        Answer answer = bridge.scim("lab", "GET", path, "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return names(answer.body(), attribute);
    }

    private static List<String> names(JsonNode page, String attribute) {
        List<String> names = new ArrayList<>();
        page.get("Resources").forEach(resource -> names.add(resource.get(attribute).asText().replaceFirst("@.*", "")));
        return names;
    }

    private static List<String> both(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.get("Resources").forEach(resource -> names.add((resource.has("userName") ? resource.get("userName") : resource.get("displayName")).asText().replaceFirst("@.*", "")));
        return names;
    }

    private static String forged(String cursor, UnaryOperator<String> edit) {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(edit.apply(text).getBytes(StandardCharsets.UTF_8));
    }
}
