package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.PortkeyRow;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody who is protected while Portkey is being written to, one call after the other. */
@Tag("real")
class ProtectedAtPortkeyTest {
    private static final List<String> BOTH = List.of("amy@acme.com", "ann@acme.com");

    @Test
    void who_is_protected_while_leavers_are_removed_is_not_removed_by_what_has_begun() {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi("side-by-side: 1").applies()) {
            protectedMeanwhile(with, "DELETE", with::leaves);
            assertThat(there(with)).as("one call was on its way").hasSize(1);
        }
    }

    @Test
    void nor_changed_although_that_was_planned_before() {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi("side-by-side: 1").applies()) {
            protectedMeanwhile(with, "PUT", id -> with.bridge.scim("okta-app", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"roles\",\"value\":[{\"value\":\"admin\"}]}]}"));
            assertThat(there(with).stream().map(person -> person.role().toString()).sorted()).as("one call was on its way").containsExactly("admin", "member");
        }
    }

    @Test
    void a_workspace_of_the_bridges_that_is_protected_by_now_stays_as_it_is_made_by_hand() {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi().applies()) {
            String amy = with.push("amy", "amy@acme.com", true);
            String ann = with.push("ann", "ann@acme.com", true);
            with.group("ws-Books-role-member", amy);
            String legal = with.group("ws-Legal-role-member", ann);
            with.settled();
            BOTH.forEach(with.portkey.byHand()::accept);
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            assertThat(with.portkey.state().memberships()).containsEntry("Books", Map.of("amy@acme.com", "member"));
            with.files.edit("portkey.yaml", "workspaces: [{name: Finance", "workspaces: [{name: Books, why: audited by hand}, {name: Finance");
            with.bridge.activate();
            String books = with.portkey.state().workspace("Books").orElseThrow().id();
            with.admin("DELETE", "/admin/workspaces/" + books + "/users/" + with.portkey.state().person("amy@acme.com").orElseThrow().id(), "");
            with.admin("PUT", "/admin/workspaces/" + books, "{\"name\":\"Books by hand\"}");
            long handled = with.portkey.log().writes().size();
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            with.bridge.scim("okta-app", "PATCH", "/Groups/" + legal, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + amy + "\"}]}]}");
            with.settled();
            assertThat(with.portkey.state().memberships()).containsEntry("Legal", Map.of("amy@acme.com", "member", "ann@acme.com", "member"));
            assertThat(with.portkey.log().writes().stream().filter(write -> write.number() > handled && write.toString().contains(books))).isEmpty();
            assertThat(with.drift()).noneMatch(line -> line.contains("Books"));
        }
    }

    private static List<PortkeyRow.Person> there(PortkeyBridge with) {
        return with.portkey.state().people().stream().filter(person -> BOTH.contains(person.email())).toList();
    }

    /** @param change of one of two users at Portkey, which comes to a call of this method */
    private static void protectedMeanwhile(PortkeyBridge with, String method, Consumer<String> change) {
        List<String> ids = BOTH.stream().map(email -> with.push(email.substring(0, 3), email, true)).toList();
        with.settled();
        BOTH.forEach(with.portkey.byHand()::accept);
        PortkeyBridge.afterTheLag();
        with.read();
        with.settled();
        with.gateway.holds(method);
        ids.forEach(change);
        PortkeyBridge.await(() -> with.gateway.heard(method, ".*"), 1L);
        with.files.edit("portkey.yaml", "people:     [{email: ciso@acme.com", "people:     [{email: amy@acme.com, why: on call}, {email: ann@acme.com, why: on call}, {email: ciso@acme.com");
        with.bridge.activate();
        with.gateway.letsGo();
        with.settled();
    }
}
