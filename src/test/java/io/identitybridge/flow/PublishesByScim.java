package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyLog;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two bridges on one database that publish to a Portkey's SCIM endpoint, and the words of tests about them. One class of tests uses it: the bridges are its own. */
abstract class PublishesByScim {
    static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    static final String ON = OFF.replace("false", "true");

    static StandInPortkey portkey;
    static TestBridge bridge;
    static TestBridge other;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        portkey = new StandInPortkey(0, "/v1");
        BridgeFiles files = BridgeFiles.of(folder, "okta").edit("publish.camel.yaml", "period: \"1000\"", "period: \"100\"").everywhere("target: store ", "target: portkey-scim ").everywhere("switches:", "publish: {calls-per-second: 10000}\nswitches:")
                .everywhere("always-allow: 5}", "always-allow: 500}").everywhere("always-allow: 20}", "always-allow: 500}").everywhere("flapping: 1", "flapping: 999").everywhere("at-most: 20}", "at-most: 2000}").everywhere("workspace-shrinks: 50%", "workspace-shrinks: 100%").edit("okta.yaml", "admit: in-any-workspace ", "admit: everybody ").edit("okta.yaml", "    plan: []", "    plan: [create user ada@acme.com]");
        List<String> database = TestDatabase.freshAddress();
        String[] settings = {"PORTKEY_SCIM_URL=" + portkey.scimUrl(), "PORTKEY_SCIM_TOKEN=" + StandInPortkey.SCIM_TOKEN};
        bridge = TestBridge.start(database, files, folder.resolve("one"), settings);
        other = TestBridge.start(database, files, folder.resolve("two"), settings);
        push("nobody", "nobody@acme.com");
        await(() -> bridge.count("select count(*) from target"), 1L);
        assertThat(portkey.log().writes()).as("a live target begins in observe").noneMatch(write -> write.path().equals("/Users"));
        bridge.bean(TargetState.class).mode(true, "test", "for the test");
    }

    @AfterAll
    static void stop() {
        other.close();
        bridge.close();
        portkey.close();
    }

    @BeforeEach
    void quiet() {
        portkey.faults().set(List.of());
    }

    static Faults.Fault reset(String method, String path) {
        return new Faults.Fault(Faults.Kind.RESET, path, 0, 1, 0, method, 0, true);
    }

    static List<String> deeds(String key) {
        return portkey.log().of(key).stream().flatMap(write -> write.deeds().stream()).filter(deed -> deed.key().equals(key)).map(PortkeyLog.Deed::sentence).toList();
    }

    static PortkeyRow.Person there(String email) {
        return portkey.state().person(email).orElseThrow();
    }

    static Map<String, String> members(String workspace) {
        return portkey.state().members(workspace);
    }

    static String groupId(String name) {
        return portkey.state().group(name).orElseThrow().id();
    }

    static String id(String email) {
        return bridge.sql.queryForObject("select id::text from person where email = ?", String.class, email);
    }

    static String account(String externalId) {
        return bridge.scim("okta", "GET", "/Users?filter=externalId eq \"" + externalId + "\"", "").body().at("/Resources/0/id").asText();
    }

    static List<String> findings(String kind) {
        return bridge.sql.queryForList("select sentence from target_finding where kind = ? and closed_at is null", String.class, kind);
    }

    static String push(String id, String email) {
        return bridge.scim("okta", "POST", "/Users", TestBridge.user(id, email, true)).body().path("id").asText();
    }

    static void patch(String user, String value) {
        assertThat(bridge.scim("okta", "PATCH", "/Users/" + user, "{\"Operations\":[{\"op\":\"replace\",\"value\":" + value + "}]}").status()).isEqualTo(200);
    }

    static String group(String name, String... members) {
        String list = String.join(",", List.of(members).stream().map(id -> "{\"value\":\"" + id + "\"}").toList());
        return bridge.scim("okta", "POST", "/Groups", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"" + name + "\",\"members\":[" + list + "]}").body().path("id").asText();
    }

    static void join(String group, String user) {
        bridge.scim("okta", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + user + "\"}]}]}");
    }

    static void leave(String group, String user) {
        bridge.scim("okta", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + user + "\\\"]\"}]}");
    }

    static void byHand(String method, String path, String body) {
        java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(portkey.scimUrl() + path)).header("Authorization", "Bearer " + StandInPortkey.SCIM_TOKEN).method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body)).build();
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            assertThat(client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString()).statusCode()).isLessThan(300);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing is left to do, but for keys that wait for a person. */
    static void settled() {
        await(() -> {
            bridge.sql.update("update outbox set due_at = now() where doubt and leased_by is null");
            bridge.sql.update("update outbox set due_at = now() where attempts > 0 and not blocked and leased_by is null");
            return bridge.count("select count(*) from outbox where due_at <= now() + interval '1 minute' or leased_by is not null");
        }, 0L);
    }

    static <T> void await(Supplier<T> seen, T wanted) {
        for (int i = 0; i < 2_400 && !wanted.equals(seen.get()); i++) {
            TestBridge.pause(50);
        }
        assertThat(seen.get()).as("%s %s %s %s", bridge.sql.queryForList("select p.email, o.due_at, o.attempts, o.blocked, o.doubt, o.leased_by from outbox o left join person p on p.id = o.key where o.due_at < now() or o.leased_by is not null or o.blocked"), bridge.sql.queryForList("select mode, stopped_why, open_until, paused_until, now() from target"), bridge.sql.queryForList("select sentence from target_finding"), bridge.sql.queryForList("select cause, sentence from dead_letter")).isEqualTo(wanted);
    }
}
