package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.Name;
import com.unboundid.scim2.common.types.Role;
import com.unboundid.scim2.common.types.UserResource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.jnh.connector.JavaNetHttpConnectorProvider;
import org.junit.jupiter.api.Test;

/** SCIM has no specification of Portkey's to be held against: a client that others wrote stands in for it, and must get along with the stand-in. */
class StandInPortkeyUnboundIdTest {
    @Test
    void a_scim_client_of_others_gets_along_with_it() throws Exception {
        try (StandInPortkey portkey = new StandInPortkey(0, "/v1");
             Client http = ClientBuilder.newClient(new ClientConfig().connectorProvider(new JavaNetHttpConnectorProvider())
                     .register((ClientRequestFilter) request -> request.getHeaders().putSingle("Authorization", "Bearer " + StandInPortkey.SCIM_TOKEN)))) {
            ScimService scim = new ScimService(http.target(portkey.scimUrl()));
            UserResource wanted = new UserResource().setUserName("ada@acme.com").setName(new Name().setGivenName("Ada").setFamilyName("Lovelace"))
                    .setEmails(new Email().setValue("ada@acme.com").setPrimary(true)).setRoles(new Role().setValue("admin"));
            UserResource ada = scim.create("Users", wanted);
            assertThat(scim.retrieve("Users", ada.getId(), UserResource.class).getDisplayName()).isEqualTo("Ada Lovelace");
            assertThatThrownBy(() -> scim.create("Users", wanted)).isInstanceOf(ResourceConflictException.class);
            assertThatThrownBy(() -> scim.create("Users", new UserResource().setUserName("ada@other.com"))).isInstanceOf(BadRequestException.class);
            assertThat(scim.search("Users", Filter.eq("userName", "ada@acme.com").toString(), UserResource.class).getResources()).extracting(UserResource::getId).containsExactly(ada.getId());

            GroupResource group = scim.create("Groups", new GroupResource().setDisplayName("ws-Sales-role-manager").setMembers(new Member().setValue(ada.getId())));
            assertThat(scim.search("Groups", Filter.eq("displayName", "ws-Sales-role-manager").toString(), GroupResource.class).getResources().getFirst().getMembers()).hasSize(1);
            assertThat(portkey.state().members("Sales")).containsEntry("ada@acme.com", "manager");

            assertThat(scim.modifyRequest("Users", ada.getId()).replaceValue("active", false).invoke(UserResource.class).getActive()).isFalse();
            assertThat(portkey.state().members("Sales")).isEmpty();
            scim.delete("Groups", group.getId());
            assertThatThrownBy(() -> scim.retrieve("Groups", group.getId(), GroupResource.class)).isInstanceOf(ResourceNotFoundException.class);
        }
    }
}
