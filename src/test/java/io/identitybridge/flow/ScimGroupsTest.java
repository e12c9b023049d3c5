package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Members of groups: who is in after several operations of one PATCH, and whom a group waits for. */
class ScimGroupsTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    private final String name = TestBridge.unique();

    @Test
    void whoever_is_put_into_a_group_while_he_is_gone_is_in_it_when_he_comes_back() {
        String id = user("gone");
        String patched = group("ws-Patched " + name + "-role-member", id);
        String put = group("ws-Put " + name + "-role-member", id);
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertThat(members(patched)).isEmpty();
        assertThat(patch(patched, add(id)).status()).isEqualTo(204);
        assertThat(bridge.scim("lab", "PUT", put, json("{'displayName':'ws-Put " + name + "-role-member','members':[{'value':'" + id + "'}]}")).status()).isEqualTo(200);
        assertThat(members(patched)).containsExactly(id);
        assertThat(user("gone")).isEqualTo(id);
        assertThat(members(patched)).containsExactly(id);
        assertThat(members(put)).containsExactly(id);
        assertThat(workspaces("gone")).containsExactlyInAnyOrder("Patched " + name, "Put " + name);
    }

    @Test
    void a_wish_older_than_his_removal_brings_nobody_back() {
        String id = user("older");
        String group = group("ws-Older " + name + "-role-member", id);
        bridge.sql.update("insert into pending_member (group_id, ref, pushed, since) values (?::uuid, ?, true, now() - interval '1 day')", group.substring("/Groups/".length()), "ext-older." + name); // as one that was passed by before he left
        patch(group, "{'op':'remove','path':'members[value eq ~" + id + "~]'}");
        bridge.scim("lab", "DELETE", "/Users/" + id, "");
        assertThat(user("older")).isEqualTo(id);
        assertThat(members(group)).isEmpty();
        assertThat(workspaces("older")).isEmpty();
    }

    @Test
    void whoever_was_pushed_out_since_does_not_join_late() {
        String id = user("late");
        String group = group("g-" + name, id);
        patch(group, "{'op':'remove','path':'members[value eq ~" + id + "~]'}");
        bridge.sql.update("insert into pending_member (group_id, ref, pushed, since) values (?::uuid, ?, true, now() - interval '30 minutes')", group.substring("/Groups/".length()), "ext-late." + name); // as when neither request saw the other
        for (int i = 0; i < 400 && bridge.count("select count(*) from pending_member where ref = ?", "ext-late." + name) > 0; i++) {
            TestBridge.pause(50);
        }
        assertThat(members(group)).isEmpty();
    }

    @Test
    void each_operation_of_a_patch_sees_what_those_before_it_made() {
        String one = user("one");
        String two = user("two");
        String three = user("three");
        String everybody = "{'op':'remove','path':'members[type eq ~User~]'}";
        String group = group("g-" + name, one, two);
        patch(group, add(three), everybody);
        assertThat(members(group)).isEmpty();
        patch(group, add(three));
        patch(group, "{'op':'replace','path':'members','value':[{'value':'" + one + "'},{'value':'" + two + "'},{'value':'" + three + "'}]}", everybody);
        assertThat(members(group)).isEmpty();
        patch(group, "{'op':'replace','path':'members','value':['ext-one." + name + "']}", "{'op':'remove','path':'members[value eq ~" + one + "~]'}");
        assertThat(members(group)).isEmpty();
        patch(group, add(one), "{'op':'remove','path':'members','value':[{'value':'ext-one." + name + "'}]}");
        assertThat(members(group)).isEmpty();
        patch(group, add(one), add(two), "{'op':'remove','path':'members[display eq ~one." + name + "@acme.com~]'}", "{'op':'replace','path':'members[value eq ~" + two + "~ and type eq ~User~]','value':{'value':'" + three + "'}}");
        assertThat(members(group)).containsExactly(three);
        patch(group, everybody, add(one), add("not-yet-" + name), "{'op':'remove','path':'members[not (type pr)]'}");
        assertThat(members(group)).as("one who is not known yet has no type").containsExactly(one);
        patch(group, "{'op':'remove','path':'members'}", add(two), "{'op':'remove','path':'members[value eq ~" + one + "~]'}");
        assertThat(members(group)).containsExactly(two);
    }

    @Test
    void filters_of_one_patch_look_at_so_many_members_and_no_more() {
        String[] ids = IntStream.range(0, 400).mapToObj(i -> "someone-%s-%d".formatted(name, i)).toArray(String[]::new);
        String group = group("g-" + name, ids);
        assertThat(patch(group, IntStream.range(0, 400).mapToObj(i -> "{'op':'remove','path':'members[type eq ~x" + i + "~]'}").toArray(String[]::new)).status()).isEqualTo(204);
        Answer refused = patch(group, IntStream.range(0, 9_000).mapToObj(i -> "{'op':'remove','path':'members[type eq ~x" + i + "~]'}").toArray(String[]::new));
        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(refused.body().get("scimType").asText()).isEqualTo("tooMany");
        assertThat(patch(group, IntStream.range(0, 400).mapToObj(i -> "{'op':'remove','path':'members[value eq ~" + ids[i] + "~ and type eq ~x~ or value eq ~" + ids[i] + "~]'}").toArray(String[]::new)).status()).isEqualTo(204);
        assertThat(members(group)).isEmpty();
    }

    @Test
    void an_empty_text_for_members_is_as_null() {
        String group = group("g-" + name, user("a"), user("b"));
        assertThat(bridge.scim("lab", "PUT", group, json("{'displayName':'g-" + name + "','members':''}")).status()).isEqualTo(200);
        assertThat(patch(group, "{'op':'replace','value':{'members':'','displayName':'g-" + name + "'}}").status()).isEqualTo(204);
        assertThat(patch(group, "{'op':'add','path':'members','value':''}").status()).isEqualTo(204);
        assertThat(patch(group, "{'op':'remove','path':'members','value':''}").status()).as("whom it means is not certain").isEqualTo(400);
        assertThat(members(group)).hasSize(2);
        assertThat(patch(group, "{'op':'replace','path':'members','value':''}").status()).isEqualTo(204);
        assertThat(members(group)).isEmpty();
    }

    @Test
    void members_of_a_whole_group_may_stand_under_the_urn_of_its_schema() {
        String urn = "urn:ietf:params:scim:schemas:core:2.0:Group";
        String id = user("a");
        Answer made = bridge.scim("lab", "POST", "/Groups", json("{'" + urn + "':{'displayName':'u-" + name + "','members':[{'value':'" + id + "'}]}}"));
        String group = "/Groups/" + made.body().get("id").asText();
        assertThat(members(group)).containsExactly(id);
        assertThat(bridge.scim("lab", "PUT", group, json("{'displayName':'u-" + name + "','" + urn + "':{'members':null}}")).status()).isEqualTo(200);
        assertThat(members(group)).as("which says nothing of them").containsExactly(id);
        assertThat(bridge.scim("lab", "PUT", group, json("{'displayName':'u-" + name + "','" + urn + "':{'members':[]}}")).status()).isEqualTo(200);
        assertThat(members(group)).isEmpty();
    }

    @Test
    void the_same_again_changes_nothing_of_a_user() {
        String body = json("{'userName':'same." + name + "@acme.com','externalId':'ext-same." + name + "','displayName':'Same','emails':[{'value':'same." + name + "@acme.com'}]}");
        Answer made = bridge.scim("lab", "POST", "/Users", body);
        String path = "/Users/" + made.body().get("id").asText();
        for (Answer same : List.of(bridge.scim("lab", "PUT", path, body), patch(path, "{'op':'replace','path':'displayName','value':'Same'}"), patch(path, "{'op':'add','value':{'active':true,'displayName':'Same'}}"),
                bridge.scim("lab", "PUT", path, body.replaceFirst("\\{", "{\"active\":true,")), bridge.scim("lab", "GET", path, ""))) {
            assertThat(same.status()).isEqualTo(200);
            assertThat(same.body().get("meta")).isEqualTo(made.body().get("meta"));
        }
        Answer off = patch(path, "{'op':'replace','path':'active','value':false}");
        assertThat(off.body().at("/meta/lastModified")).isNotEqualTo(made.body().at("/meta/lastModified"));
        assertThat(patch(path, "{'op':'replace','path':'displayName','value':'Same'}").body().at("/meta/lastModified")).isEqualTo(off.body().at("/meta/lastModified"));
        Answer again = bridge.scim("lab", "PUT", path, body);
        assertThat(again.body().get("active").asBoolean()).as("a leaver who is written again without the word").isFalse();
        assertThat(again.body().at("/meta/lastModified")).isEqualTo(off.body().at("/meta/lastModified"));
        assertThat(patch(path, "{'op':'replace','path':'active','value':true}").body().get("active").asBoolean()).isTrue();
    }

    private String user(String who) {
        String key = who + "." + name;
        Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + key, key + "@acme.com", true));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private String group(String called, String... members) {
        Answer answer = bridge.scim("lab", "POST", "/Groups", json("{'displayName':'" + called + "','members':[" + Stream.of(members).map(id -> "{'value':'" + id + "'}").collect(Collectors.joining(",")) + "]}"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return "/Groups/" + answer.body().get("id").asText();
    }

    private static String add(String id) {
        return "{'op':'add','path':'members','value':[{'value':'" + id + "'}]}";
    }

    private static Answer patch(String path, String... operations) {
        Answer answer = bridge.scim("lab", "PATCH", path, json("{'Operations':[" + String.join(",", operations) + "]}"));
        assertThat(answer.status()).as(answer.toString()).isLessThan(500);
        return answer;
    }

    private List<String> workspaces(String who) {
        return bridge.memberships().stream().filter(line -> line.contains("/" + who + "." + name + "@")).map(line -> line.substring(0, line.indexOf('/'))).toList();
    }

    private static List<String> members(String path) {
        return StreamSupport.stream(bridge.scim("lab", "GET", path, "").body().path("members").spliterator(), false).map(member -> member.get("value").asText()).toList();
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace("~", "\\\"");
    }
}
