package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever has left and keeps his access at Portkey, because the bridge cannot take it or it is not the bridge's, is not forgotten about. */
@Tag("real")
class KeptAtPortkeyTest {
    @Test
    void a_leaver_whom_the_bridge_cannot_let_go_or_who_is_not_its_own_stays_told_until_he_is_gone() throws IOException {
        try (PortkeyBridge with = PortkeyBridge.byAdminApi().applies()) {
            with.portkey.byHand().person("hand@acme.com", "Hanna", "Hand", "member");
            String hand = with.push("hand", "hand@acme.com", true);
            String own = with.push("own", "own@acme.com", true);
            PortkeyBridge.await(() -> with.portkey.state().pending("own@acme.com").isPresent(), true);
            with.portkey.byHand().accept("own@acme.com");
            with.portkey.byHand().role("own@acme.com", "owner");
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            assertThat(leavers(with)).startsWith("UP ");

            with.leaves(hand);
            with.leaves(own);
            with.settled();
            PortkeyBridge.afterTheLag();
            with.read();
            with.settled();
            assertThat(with.findings()).as("also after a reading").anyMatch(found -> found.startsWith("unpublishable: a leaver is owner of the organisation")).anyMatch(found -> found.startsWith("unmanaged: somebody with the address of a leaver"));
            assertThat(leavers(with)).startsWith("ATTENTION ").contains("\"kept\":2");
            with.bridge.sql.update("update target_finding set first_at = now() - interval '16 minutes' where kind = 'unmanaged'");
            assertThat(leavers(with)).as("whom nobody has adopted is nobody's to remove").startsWith("ATTENTION ");
            with.bridge.sql.update("update target_finding set first_at = now() - interval '16 minutes'");
            assertThat(leavers(with)).startsWith("DOWN ");
            assertThat(with.bridge.metrics()).containsPattern("bridge_leaver_oldest_age_seconds 9[6-9]\\d");

            with.portkey.byHand().role("own@acme.com", "member");
            with.portkey.byHand().remove("hand@acme.com");
            PortkeyBridge.afterTheLag();
            with.read();
            PortkeyBridge.await(() -> with.portkey.state().person("own@acme.com").isPresent(), false);
            with.settled();
            PortkeyBridge.afterTheLag();
            with.read();
            assertThat(with.findings()).noneMatch(found -> found.contains("leaver"));
            assertThat(leavers(with)).startsWith("UP ");
        }
    }

    private static String leavers(PortkeyBridge with) throws IOException {
        JsonNode part = new ObjectMapper().readTree(with.bridge.health()).path("components").path("leavers");
        return part.path("status").asText() + " " + part.path("details");
    }
}
