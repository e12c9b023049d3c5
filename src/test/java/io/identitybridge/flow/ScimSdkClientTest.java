package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import de.captaingoldfish.scim.sdk.client.ScimClientConfig;
import de.captaingoldfish.scim.sdk.client.ScimRequestBuilder;
import de.captaingoldfish.scim.sdk.client.response.ServerResponse;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.PatchOp;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Email;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member;
import de.captaingoldfish.scim.sdk.common.response.BulkResponse;
import de.captaingoldfish.scim.sdk.common.response.ListResponse;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SCIM-SDK's client, the one inside keycloak-scim, which others wrote, gets along with the bridge. */
class ScimSdkClientTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    static ScimRequestBuilder scim;
    private final String name = TestBridge.unique();

    @BeforeAll
    static void start() {
        scim = new ScimRequestBuilder(bridge.scimBase("lab"), ScimClientConfig.builder().httpHeaders(Map.of("Authorization", "Bearer " + bridge.token("lab"))).build());
    }

    @AfterAll
    static void stop() {
        scim.close();
    }

    @Test
    void it_creates_reads_changes_and_deletes_a_user() {
        User ada = create("ada");
        User read = good(scim.get(User.class, "/Users", id(ada)).sendRequest(), 200);
        assertThat(read.getUserName()).contains("ada." + name + "@acme.com");
        read.setTitle("Countess");
        User put = good(scim.update(User.class, "/Users", id(ada)).setResource(read).setETagForIfMatch(read.getMeta().orElseThrow().getVersion().orElseThrow()).sendRequest(), 200);
        assertThat(put.getTitle()).contains("Countess");
        assertThat(scim.update(User.class, "/Users", id(ada)).setResource(read).setETagForIfMatch("W/\"0\"").sendRequest().getHttpStatus()).isEqualTo(412);
        User patched = good(scim.patch(User.class, "/Users", id(ada)).addOperation().op(PatchOp.REPLACE).path("active").value("false").next().op(PatchOp.REMOVE).path("title").next().op(PatchOp.ADD).valueNode(User.builder().nickName("A").build()).build().sendRequest(), 200);
        assertThat(patched.isActive()).contains(false);
        assertThat(patched.getTitle()).isEmpty();
        assertThat(patched.getNickName()).as("an object in a list, without a path").contains("A");
        assertThat(bridge.people("archived")).contains("ada." + name + "@acme.com");
        assertThat(scim.delete(User.class, "/Users", id(ada)).sendRequest().getHttpStatus()).isEqualTo(204);
        assertThat(scim.get(User.class, "/Users", id(ada)).sendRequest().getHttpStatus()).isEqualTo(404);
    }

    @Test
    void it_creates_reads_changes_and_deletes_a_group() {
        User bea = create("bea");
        User cid = create("cid");
        Group group = good(scim.create(Group.class, "/Groups").setResource(Group.builder().displayName("ws-" + name + "-role-member").members(List.of(member(bea))).build()).sendRequest(), 201);
        String id = group.getId().orElseThrow();
        assertThat(good(scim.get(Group.class, "/Groups", id).sendRequest(), 200).getMembers()).extracting(one -> one.getValue().orElseThrow()).containsExactly(id(bea));
        ServerResponse<Group> added = scim.patch(Group.class, "/Groups", id).addOperation().op(PatchOp.ADD).path("members").valueNode(member(cid)).build().sendRequest();
        assertThat(added.isSuccess()).as("it wants a type of an empty answer, too").isTrue();
        assertThat(in()).hasSize(2);
        assertThat(scim.patch(Group.class, "/Groups", id).addOperation().op(PatchOp.REMOVE).path("members[value eq \"" + id(bea) + "\"]").build().sendRequest().isSuccess()).isTrue();
        assertThat(in()).containsExactly(name + "/cid." + name + "@acme.com=member");
        good(scim.update(Group.class, "/Groups", id).setResource(Group.builder().displayName("ws-" + name + "-role-member").members(List.of(member(bea))).build()).sendRequest(), 200);
        assertThat(in()).containsExactly(name + "/bea." + name + "@acme.com=member");
        assertThat(scim.delete(Group.class, "/Groups", id).sendRequest().getHttpStatus()).isEqualTo(204);
        assertThat(scim.get(Group.class, "/Groups", id).sendRequest().getHttpStatus()).isEqualTo(404);
        assertThat(in()).isEmpty();
    }

    @Test
    void it_finds_and_sorts_by_address_and_by_body() {
        for (String who : List.of("eve", "dan", "fay")) {
            create(who);
        }
        ListResponse<User> got = good(scim.list(User.class, "/Users").filter("userName", Comparator.EW, name + "@acme.com").build().sortBy("userName").sortOrder(SortOrder.DESCENDING).count(2).get().sendRequest(), 200);
        assertThat(names(got)).containsExactly("fay", "eve");
        assertThat(got.getTotalResults()).isEqualTo(3);
        ListResponse<User> searched = good(scim.list(User.class, "/Users").filter("userName", Comparator.EW, name + "@acme.com").and("userName", Comparator.CO, "a").build().sortBy("userName").post().sendRequest(), 200);
        assertThat(names(searched)).containsExactly("dan", "eve", "fay");
        assertThat(scim.list(User.class, "/Users").filter("nothing is").get().sendRequest().getErrorResponse().getScimType()).contains("invalidFilter");
    }

    @Test
    void it_finds_a_group_by_its_name_and_by_whom_it_holds() {
        User hal = create("hal");
        String id = good(scim.create(Group.class, "/Groups").setResource(Group.builder().displayName("ws-" + name + "-role-member").members(List.of(member(hal))).build()).sendRequest(), 201).getId().orElseThrow();
        good(scim.create(Group.class, "/Groups").setResource(Group.builder().displayName("ws-" + name + "-role-admin").build()).sendRequest(), 201);
        assertThat(ids(good(scim.list(Group.class, "/Groups").filter("displayName", Comparator.EQ, "WS-" + name + "-role-member").build().get().sendRequest(), 200))).containsExactly(id);
        assertThat(ids(good(scim.list(Group.class, "/Groups").filter("members.value", Comparator.EQ, id(hal)).build().post().sendRequest(), 200))).containsExactly(id);
        assertThat(good(scim.list(Group.class, "/Groups").filter("displayName", Comparator.SW, "ws-" + name).build().get().sendRequest(), 200).getTotalResults()).isEqualTo(2);
    }

    @Test
    void it_sends_several_changes_in_one_request() {
        String gus = User.builder().userName("gus." + name + "@acme.com").emails(List.of(Email.builder().value("gus." + name + "@acme.com").build())).build().toString();
        String group = Group.builder().displayName("ws-" + name + "-role-member").members(List.of(Member.builder().value("bulkId:gus").type("User").build())).build().toString();
        ServerResponse<BulkResponse> answer = scim.bulk().failOnErrors(1).bulkRequestOperation("/Groups").method(HttpMethod.POST).bulkId("group").data(group).next().bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("gus").data(gus).sendRequest();
        assertThat(answer.isSuccess()).as(answer.getResponseBody()).isTrue();
        assertThat(answer.getResource().getBulkResponseOperations()).extracting(operation -> operation.getStatus()).containsExactly(201, 201);
        assertThat(in()).containsExactly(name + "/gus." + name + "@acme.com=member");
    }

    @Test
    void it_reads_what_the_server_can() {
        assertThat(scim.loadServiceProviderConfiguration().getBulkConfig().getMaxOperations()).isEqualTo(1_000);
        assertThat(scim.loadMetaConfiguration().sendRequest().isSuccess()).isTrue();
    }

    private User create(String who) {
        String mail = who + "." + name + "@acme.com";
        return good(scim.create(User.class, "/Users").setResource(User.builder().userName(mail).active(true).emails(List.of(Email.builder().value(mail).type("work").primary(true).build())).build()).sendRequest(), 201);
    }

    private static <T extends de.captaingoldfish.scim.sdk.common.resources.base.ScimObjectNode> T good(ServerResponse<T> answer, int status) {
        assertThat(answer.getHttpStatus()).as(answer.getResponseBody()).isEqualTo(status);
        assertThat(answer.isSuccess()).as(answer.getResponseBody()).isTrue();
        return answer.getResource();
    }

    private static Member member(User user) {
        return Member.builder().value(id(user)).type("User").build();
    }

    private List<String> in() {
        return bridge.memberships().stream().filter(line -> line.startsWith(name + "/")).toList();
    }

    private static String id(User user) {
        return user.getId().orElseThrow();
    }

    private static List<String> ids(ListResponse<Group> page) {
        return page.getListedResources().stream().map(group -> group.getId().orElseThrow()).toList();
    }

    private static List<String> names(ListResponse<User> page) {
        return page.getListedResources().stream().map(user -> user.getUserName().orElseThrow().replaceFirst("[.].*", "")).toList();
    }
}
