package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.publish.WholeReading;
import io.identitybridge.store.TargetState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A bridge that publishes to a stand-in of Portkey, by its Admin API or its SCIM endpoint. It reads it only when asked. */
final class PortkeyBridge implements AutoCloseable {
    /** What stands between the bridge and the stand-in. */
    final Gateway gateway = new Gateway();
    final StandInPortkey portkey;
    final TestBridge bridge;
    final BridgeFiles files;
    /** What lets other SCIM clients in. */
    String directToken = StandInPortkey.SCIM_TOKEN;
    private final Path token;

    /** @param publish what portkey.yaml says of publishing beside a lag of a second, as {@code drift: report} */
    static PortkeyBridge byAdminApi(String... publish) {
        return new PortkeyBridge("portkey-admin-api", publish);
    }

    static PortkeyBridge byScim() {
        return new PortkeyBridge("portkey-scim");
    }

    private PortkeyBridge(String target, String... publish) {
        try {
            portkey = new StandInPortkey(0, "/v1", gateway);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files = BridgeFiles.of("okta-app").manyMayLeave().edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: " + target + " ")
                .everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d, lag: 1s" + Stream.of(publish).map(", "::concat).collect(Collectors.joining()) + "}\nswitches:");
        hasty(files);
        token = files.folder.resolve("scim-token");
        token(StandInPortkey.SCIM_TOKEN);
        bridge = TestBridge.of(files, "PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY,
                "PORTKEY_SCIM_URL=" + portkey.scimUrl(), "PORTKEY_SCIM_TOKEN_FILE=" + token);
        await(() -> bridge.count("select count(*) from target where read_at is not null and reading is null"), 1L); // the first reading is due at once
    }

    /** What lets the bridge in at Portkey's SCIM from now on. */
    void token(String value) {
        try {
            Files.writeString(token, value + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One short try: a test waits for what follows from the last. */
    private static void hasty(BridgeFiles files) {
        try {
            Files.writeString(files.routes.resolve("errors.causes.yaml"), Files.readString(Path.of("routes/errors.causes.yaml")).replace("tries: [1s, 4s, 16s]", "tries: [1s]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is written goes out from now on. */
    PortkeyBridge applies() {
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
        return this;
    }

    /** What a test before has asked of Portkey holds no more: every scope, no fault, nothing stale, no pause. */
    void quiet() {
        gateway.quiet();
        portkey.faults().set(List.of());
        portkey.withoutScopes();
        portkey.stale(0, 0);
        bridge.sql.update("update target set paused_until = null, leavers_paused_until = null");
    }

    void observes() {
        bridge.bean(TargetState.class).mode(false, "test", "for the test");
    }

    WholeReading.End read() {
        WholeReading.End end = bridge.bean(Publishing.class).read(true).orElseThrow();
        for (int i = 0; i < 200 && end instanceof WholeReading.End.Later; i++) { // the clock reads, too, while it is behind
            TestBridge.pause(50);
            end = bridge.bean(Publishing.class).read(true).orElseThrow();
        }
        return end;
    }

    /** Until nothing waits to be published. */
    void settled() {
        await(() -> bridge.count("select count(*) from outbox where due_at <= now() + interval '1 minute'"), 0L);
    }

    /** What was written must not be younger than the lag of a second. */
    static void afterTheLag() {
        TestBridge.pause(1_100);
    }

    String push(String id, String email, boolean active) {
        return bridge.scim("okta-app", "POST", "/Users", TestBridge.user(id, email, active)).body().path("id").asText();
    }

    void leaves(String id) {
        bridge.scim("okta-app", "PATCH", "/Users/" + id, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
    }

    String group(String name, String... members) {
        String list = String.join(",", List.of(members).stream().map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("okta-app", "POST", "/Groups", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"" + name + "\",\"members\":[" + list + "]}").body().path("id").asText();
    }

    /** What somebody else says by Portkey's own SCIM endpoint; gives the answer, which must be good. */
    JsonNode direct(String method, String path, String body) {
        return asked(HttpRequest.newBuilder(URI.create(portkey.scimUrl() + path)).header("Authorization", "Bearer " + directToken).header("Content-Type", "application/scim+json"), method, body);
    }

    /** The same by its Admin API. */
    JsonNode admin(String method, String path, String body) {
        return asked(HttpRequest.newBuilder(URI.create(portkey.adminUrl() + path)).header("x-portkey-api-key", StandInPortkey.ADMIN_KEY).header("Content-Type", "application/json"), method, body);
    }

    private static JsonNode asked(HttpRequest.Builder to, String method, String body) {
        HttpRequest request = to.method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return new ObjectMapper().readTree(answer.body().isEmpty() ? "null" : answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A group at Portkey that the bridge did not make; members by address. Gives its id. */
    String directGroup(String name, String... emails) {
        String list = String.join(",", List.of(emails).stream().map(email -> "{\"value\":\"" + portkey.state().person(email).orElseThrow().id() + "\"}").toList());
        return direct("POST", "/Groups", "{\"displayName\":\"" + name + "\",\"members\":[" + list + "]}").path("id").asText();
    }

    /** Somebody else takes one out of a group, or puts him in. */
    void directMember(String group, String email, boolean in) {
        String id = portkey.state().person(email).orElseThrow().id();
        direct("PATCH", "/Groups/" + portkey.state().group(group).orElseThrow().id(), in ? "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id + "\"}]}]}"
                : "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + id + "\\\"]\"}]}");
    }

    List<String> drift() {
        return bridge.sql.queryForList("select kind || ': ' || sentence from target_drift order by 1", String.class);
    }

    List<String> findings() {
        return bridge.sql.queryForList("select kind || ': ' || sentence from target_finding where closed_at is null order by 1", String.class);
    }

    String owner(String email) {
        return bridge.sql.queryForList("select owner from target_person where email_folded = ?", String.class, email).stream().findFirst().orElse("none");
    }

    static <T> void await(Supplier<T> seen, T wanted) {
        for (int i = 0; i < 600 && !wanted.equals(seen.get()); i++) {
            TestBridge.pause(50);
        }
        assertThat(seen.get()).isEqualTo(wanted);
    }

    @Override
    public void close() {
        bridge.close();
        portkey.close();
    }
}
