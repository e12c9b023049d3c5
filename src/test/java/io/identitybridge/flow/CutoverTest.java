package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of src/docs/cutover.md, in their order. */
class CutoverTest {
    @Test
    void from_direct_scim_to_the_bridge_and_away_again_nobody_loses_anything(@TempDir Path folder) throws Exception {
        try (PortkeyBridge with = new PortkeyBridge(folder, "lag: 1s")) {
            String direct = directUser(with, "ada@acme.com");
            directGroup(with, direct);
            Map<String, String> before = with.portkey.state().members("Sales");
            assertThat(before).containsEntry("ada@acme.com", "manager");

            String ada = with.push("ada", "ada@acme.com", true); // 1: beside the direct push
            with.group("ws-Sales-role-manager", ada);
            assertThat(with.bridge.api("POST", "/target/read", "").body().path("result").asText()).isEqualTo("read and compared"); // 2
            assertThat(with.bridge.api("GET", "/target/plan", "").body().path("extra").asLong()).isZero();

            long plan = with.bridge.api("POST", "/target/adopt", "{\"reason\":\"cutover\"}").body().path("plan").asLong(); // 3
            with.bridge.api("POST", "/plans/" + plan + "/approve", "{}");
            assertThat(with.owner("ada@acme.com")).isEqualTo("adopted");

            long written = with.portkey.log().writes().size(); // 4: "leave the group" sends nothing
            assertThat(with.bridge.api("POST", "/target/apply", "{\"reason\":\"cutover\"}").status()).isEqualTo(200); // 6
            with.settled();
            PortkeyBridge.afterTheLag();
            with.read();
            assertThat(with.drift()).noneMatch(line -> line.contains("ada@acme.com"));
            assertThat(with.portkey.log().writes().stream().filter(write -> write.number() > written && write.method().equals("DELETE"))).isEmpty();
            assertThat(with.portkey.state().members("Sales")).isEqualTo(before);

            assertThat(with.bridge.api("POST", "/target/observe", "{\"reason\":\"leaving\"}").status()).isEqualTo(200); // leaving, 1
            with.leaves(ada);
            TestBridge.pause(1_500);
            assertThat(with.portkey.state().members("Sales")).as("Portkey stays as it is, leavers too").isEqualTo(before);
            with.read();
            assertThat(with.drift()).as("and the comparison tells").contains("extra: remove ada@acme.com from Portkey, who has left");
        }
    }

    private static String directUser(PortkeyBridge with, String email) throws Exception {
        return scim(with, "/Users", TestBridge.user("direct", email, true)).path("id").asText();
    }

    private static void directGroup(PortkeyBridge with, String user) throws Exception {
        scim(with, "/Groups", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"ws-Sales-role-manager\",\"members\":[{\"value\":\"" + user + "\"}]}");
    }

    private static JsonNode scim(PortkeyBridge with, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(with.portkey.scimUrl() + path)).header("Authorization", "Bearer " + StandInPortkey.SCIM_TOKEN).header("Content-Type", "application/scim+json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new ObjectMapper().readTree(answer.body());
    }
}
