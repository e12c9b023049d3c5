package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pushed list of a group does to people who are inactive, with {@code group-based-user-provisioning} off and on. */
class ListedPeopleTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    @TempDir
    Path folder;
    BridgeFiles files;
    TestBridge bridge;
    String ada;
    String group;

    private void start(boolean on) {
        files = BridgeFiles.of(folder, "lab");
        if (on) {
            files.edit("portkey.yaml", "group-based-user-provisioning: false", "group-based-user-provisioning: true");
        }
        bridge = TestBridge.start(files, folder);
        ada = bridge.scim("lab", "POST", "/Users", TestBridge.user("a1", "ada@acme.com", true)).body().get("id").asText();
        group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Sales-role-manager\",\"members\":[{\"value\":\"" + ada + "\"}]}").body().get("id").asText();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void off_a_list_brings_nobody_back() {
        start(false);
        bridge.scim("lab", "PATCH", "/Users/" + ada, OFF);
        whole();
        one();
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        assertThat(bridge.memberships()).isEmpty();
        assertThat(active()).isFalse();
    }

    @Test
    void on_a_whole_list_or_one_member_brings_back_with_the_groups_role_until_he_is_pushed_inactive_again() {
        start(true);
        for (Runnable push : new Runnable[] {this::whole, this::one}) {
            bridge.scim("lab", "PATCH", "/Users/" + ada, OFF);
            assertThat(bridge.people("archived")).as("the newest word holds").containsExactly("ada@acme.com");
            assertThat(active()).isFalse();
            push.run();
            assertThat(bridge.memberships()).containsExactly("Sales/ada@acme.com=manager");
            assertThat(active()).isTrue();
        }
        bridge.scim("lab", "PATCH", "/Users/" + ada, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Countess\"}]}");
        assertThat(bridge.people("active")).as("a change of something else says nothing of it").containsExactly("ada@acme.com");
    }

    @Test
    void on_a_list_about_others_and_one_that_names_a_deleted_person_bring_nobody_back() {
        start(true);
        bridge.scim("lab", "PATCH", "/Users/" + ada, OFF);
        String bob = bridge.scim("lab", "POST", "/Users", TestBridge.user("b1", "bob@acme.com", true)).body().get("id").asText();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + bob + "\"}]}]}");
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        whole();
        one();
        assertThat(bridge.people("archived")).containsExactly("ada@acme.com");
        assertThat(bridge.scim("lab", "GET", "/Users/" + ada, "").status()).isEqualTo(404);
    }

    @Test
    void switched_off_again_who_was_brought_back_waits_in_a_plan() {
        start(true);
        bridge.scim("lab", "PATCH", "/Users/" + ada, OFF);
        whole();
        bridge.waitFor("select count(*) from source_state where source = 'lab' and evaluated is not null", 1);
        files.edit("portkey.yaml", "group-based-user-provisioning: true", "group-based-user-provisioning: false");
        bridge.activate();
        bridge.waitFor("select count(*) from plan_line where status = 'held' and sentence = 'archive user ada@acme.com'", 1);
        assertThat(bridge.api("GET", "/plans?status=held", "").body().toString()).containsPattern("mappings/portkey.yaml:[0-9, ]+( and more)? was edited");
        assertThat(bridge.people("active")).containsExactly("ada@acme.com");
    }

    private void whole() {
        assertThat(bridge.scim("lab", "PUT", "/Groups/" + group, "{\"displayName\":\"ws-Sales-role-manager\",\"members\":[{\"value\":\"" + ada + "\"}]}").status()).isEqualTo(200);
    }

    private void one() {
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + ada + "\"}]}]}").status()).isEqualTo(204);
    }

    private boolean active() {
        return bridge.scim("lab", "GET", "/Users?filter=userName eq \"ada@acme.com\"", "").body().at("/Resources/0/active").asBoolean();
    }
}
