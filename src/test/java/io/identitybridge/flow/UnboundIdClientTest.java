package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.messages.SortOrder;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.SchemaResource;
import com.unboundid.scim2.common.types.UserResource;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.jnh.connector.JavaNetHttpConnectorProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SCIM 2 client of UnboundID (Ping), which others wrote, gets along with the bridge. */
class UnboundIdClientTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab").manyMayLeave());
    static Client http;
    static ScimService scim;
    private final String name = TestBridge.unique();

    @BeforeAll
    static void start() {
        String bearer = "Bearer " + bridge.token("lab");
        http = ClientBuilder.newClient(new ClientConfig().connectorProvider(new JavaNetHttpConnectorProvider()).register((ClientRequestFilter) request -> request.getHeaders().putSingle("Authorization", bearer)));
        scim = new ScimService(http.target(bridge.scimBase("lab")));
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @Test
    void it_creates_reads_changes_and_deletes_a_user() throws ScimException {
        UserResource ada = create("ada");
        assertThat(ada.getMeta().getLocation().toString()).isEqualTo(bridge.scimBase("lab") + "/Users/" + ada.getId());
        UserResource read = scim.retrieve("Users", ada.getId(), UserResource.class);
        assertThat(read.getUserName()).isEqualTo("ada." + name + "@acme.com");
        read.setTitle("Countess").setDisplayName("Ada");
        assertThat(scim.replace(read).getTitle()).as("it PUTs to meta.location").isEqualTo("Countess");
        UserResource patched = scim.modifyRequest(ada).replaceValue("active", false).removeValues("title").addOperation(PatchOperation.addStringValues("emails[type eq \"home\"].value", "ada@home.example")).invoke();
        assertThat(patched.getActive()).isFalse();
        assertThat(patched.getTitle()).isNull();
        assertThat(bridge.people("archived")).contains("ada." + name + "@acme.com");
        scim.delete(patched);
        assertThatThrownBy(() -> scim.retrieve("Users", ada.getId(), UserResource.class)).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void it_creates_reads_changes_and_deletes_a_group() throws ScimException {
        UserResource bea = create("bea");
        UserResource cid = create("cid");
        GroupResource group = scim.create("Groups", new GroupResource().setDisplayName("ws-" + name + "-role-member").setMembers(new Member().setValue(bea.getId())));
        assertThat(scim.retrieve(group).getMembers()).hasSize(1);
        scim.modifyRequest("Groups", group.getId()).addValues("members", new Member().setValue(cid.getId())).invoke(GroupResource.class);
        assertThat(in()).hasSize(2);
        scim.modifyRequest("Groups", group.getId()).removeValues("members[value eq \"" + bea.getId() + "\"]").invoke(GroupResource.class);
        assertThat(in()).containsExactly(name + "/cid." + name + "@acme.com=member");
        GroupResource whole = scim.retrieve("Groups", group.getId(), GroupResource.class).setMembers(new Member().setValue(bea.getId()));
        assertThat(scim.replace(whole).getMembers()).extracting(Member::getValue).containsExactly(bea.getId());
        assertThat(in()).containsExactly(name + "/bea." + name + "@acme.com=member");
        assertThat(scim.search("Groups", Filter.eq("displayName", "WS-" + name + "-role-member").toString(), GroupResource.class).getResources()).extracting(GroupResource::getId).containsExactly(group.getId());
        assertThat(scim.search("Groups", Filter.eq("members.value", bea.getId()).toString(), GroupResource.class).getResources()).extracting(GroupResource::getId).containsExactly(group.getId());
        assertThat(scim.search("Groups", Filter.eq("members.value", cid.getId()).toString(), GroupResource.class).getTotalResults()).isZero();
        scim.delete("Groups", group.getId());
        assertThatThrownBy(() -> scim.retrieve("Groups", group.getId(), GroupResource.class)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(in()).isEmpty();
    }

    @Test
    void it_finds_sorts_and_pages() throws ScimException {
        for (String who : List.of("eve", "dan", "fay")) {
            create(who);
        }
        String ours = Filter.ew("userName", name + "@acme.com").toString();
        assertThat(names(scim.search("Users", ours, UserResource.class))).containsExactly("eve", "dan", "fay");
        assertThat(names(scim.searchRequest("Users").filter(ours).sort("userName", SortOrder.DESCENDING).page(2, 1).attributes("userName").invoke(UserResource.class))).containsExactly("eve");
        assertThat(names(scim.searchRequest("Users").filter(ours).sort("userName", SortOrder.ASCENDING).invokePost(UserResource.class))).containsExactly("dan", "eve", "fay");
        List<String> walked = new ArrayList<>();
        ListResponse<UserResource> page = scim.searchRequest("Users").filter(ours).firstPageCursorWithCount(2).invoke(UserResource.class);
        walked.addAll(names(page));
        walked.addAll(names(scim.searchRequest("Users").filter(ours).pageWithCursor(page.getNextCursor(), 2).invoke(UserResource.class)));
        assertThat(walked).containsExactly("eve", "dan", "fay");
        assertThat(scim.search("Users", "emails[type eq \"work\" and value sw \"eve." + name + "\"]", UserResource.class).getTotalResults()).isOne();
    }

    @Test
    void it_is_told_what_is_taken_and_what_the_server_can() throws ScimException {
        create("gus");
        assertThatThrownBy(() -> create("gus")).isInstanceOf(ResourceConflictException.class);
        assertThat(scim.getServiceProviderConfig().getSort().isSupported()).isTrue();
        assertThat(scim.getServiceProviderConfig().getBulk().isSupported()).isTrue();
        assertThat(scim.getSchemas().getResources()).extracting(SchemaResource::getName).containsExactly("User", "EnterpriseUser", "Group");
        assertThat(scim.getResourceTypes().getTotalResults()).isEqualTo(2);
    }

    private UserResource create(String who) throws ScimException {
        return scim.create("Users", new UserResource().setUserName(who + "." + name + "@acme.com").setActive(true).setEmails(new Email().setValue(who + "." + name + "@acme.com").setType("work").setPrimary(true)));
    }

    private List<String> in() {
        return bridge.memberships().stream().filter(line -> line.startsWith(name + "/")).toList();
    }

    private static List<String> names(ListResponse<UserResource> page) {
        return page.getResources().stream().map(user -> user.getUserName().replaceFirst("[.].*", "")).toList();
    }
}
