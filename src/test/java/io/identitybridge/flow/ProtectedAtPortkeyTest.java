package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.PortkeyRow;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody who is protected while others are being removed from Portkey. */
@Tag("real")
class ProtectedAtPortkeyTest {
    @Test
    void who_is_protected_while_leavers_are_removed_is_not_removed_by_what_has_begun() {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi("side-by-side: 1").applies()) {
            List<String> ids = List.of(with.push("amy", "amy@acme.com", true), with.push("ann", "ann@acme.com", true));
            with.settled();
            List.of("amy@acme.com", "ann@acme.com").forEach(with.portkey.byHand()::accept);
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            with.gateway.holds("DELETE");
            ids.forEach(with::leaves);
            PortkeyBridge.await(() -> with.gateway.heard("DELETE", ".*"), 1L);
            with.files.edit("portkey.yaml", "people:     [{email: ciso@acme.com", "people:     [{email: amy@acme.com, why: on call}, {email: ann@acme.com, why: on call}, {email: ciso@acme.com");
            with.bridge.activate();
            with.gateway.letsGo();
            with.settled();
            assertThat(with.portkey.state().people().stream().map(PortkeyRow.Person::email).filter(email -> email.startsWith("a") && email.length() == "amy@acme.com".length())).as("one call was on its way").hasSize(1);
        }
    }
}
