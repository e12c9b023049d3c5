package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The request log: what each request meant, whom it was about, and nothing of him. */
class RequestsTest {
    private static final String OFF = "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab", "okta");

    private final String name = TestBridge.unique();

    @Test
    void a_meaning_names_whom_it_is_about_and_is_found_by_how_it_begins() {
        String id = create();
        bridge.scim("lab", "PATCH", "/Users/" + id, OFF);
        String group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + name + "-role-member\"}").body().get("id").asText();
        bridge.scim("lab", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + id + "\"}]}]}");
        bridge.scim("lab", "GET", "/Users/" + id, "");
        JsonNode item = one("meaning", "deactivate user " + id);
        assertThat(item.get("source").asText()).isEqualTo("lab");
        assertThat(item.get("status").asInt()).isEqualTo(200);
        assertThat(item.get("resourceId").asText()).isEqualTo(id);
        assertThat(item.at("/body/Operations/0/op").asText()).isEqualTo("replace");
        assertThat(item.at("/body/Operations/0/value/active").asBoolean()).isFalse();
        one("meaning", "create user " + id);
        one("meaning", "read user " + id);
        one("meaning", "add members to group " + group + ": 1");
        assertThat(bridge.api("GET", "/requests?source=okta&q=" + id, "").body().get("total").asInt()).isZero();
        assertThat(found("q", id).get("total").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(found("q", id).toString()).doesNotContain(name);
    }

    @Test
    void a_refused_request_is_kept_with_its_form_its_reason_and_its_status_and_without_the_person() {
        String id = create();
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"mails[value eq \\\"" + name + "@acme.com\\\"].value\",\"value\":\"" + name + "@acme.com\"}]}");
        bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":\"" + name + "\",\"emails[value eq \\\"" + name + "\\\"].type\":\"work\"}}]}");
        bridge.scim("lab", "GET", "/Users/" + name + "@acme.com", "");
        await("resourceId", id, 3);
        JsonNode refused = bridge.api("GET", "/requests?resourceId=" + id + "&status=400", "").body();
        assertThat(refused.get("total").asInt()).isEqualTo(2);
        assertThat(refused.at("/items/1/meaning").asText()).startsWith("refused: ");
        assertThat(refused.at("/items/1/body/Operations/0/path").asText()).isEqualTo("mails[value eq \"***\"].value");
        await("status", "404", 1);
        assertThat(bridge.api("GET", "/requests?limit=500", "").body().toString()).doesNotContain(name);
    }

    @Test
    void a_telephone_number_is_not_kept_by_the_path_that_picks_it() {
        String id = create();
        for (String path : List.of("phoneNumbers[value eq  15551234567].type", "phoneNumbers[value gt 15551234567].type", "phoneNumbers[15551234567]")) {
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"" + path + "\",\"value\":\"home\"}]}");
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"" + path + "\":\"home\",\"active\":false}}]}");
        }
        await("resourceId", id, 7);
        assertThat(found("resourceId", id).toString()).doesNotContain("5551234567");
    }

    @Test
    void a_request_for_a_token_is_kept_without_the_secret() throws Exception {
        String secret = bridge.api("POST", "/sources/okta/tokens", "{\"kind\":\"client-secret\"}").body().get("token").asText();
        assertThat(token("client_id=okta&client_secret=" + secret)).isEqualTo(200);
        assertThat(token("client_id=okta&client_secret=wrong" + name)).isEqualTo(401);
        assertThat(token("client_id=%3Cb%3E&client_secret=x")).isEqualTo(401);
        await("meaning", "token for ", 3);
        JsonNode noted = found("meaning", "token for okta");
        assertThat(noted.findValuesAsText("status")).containsExactlyInAnyOrder("200", "401");
        assertThat(found("meaning", "token for ").toString()).doesNotContain(secret, name, "<b>");
    }

    @Test
    void what_is_refused_before_anybody_reads_it_is_kept_as_well() throws Exception {
        String path = "/" + name.replaceAll("[0-9]", "x") + "x";
        for (String type : List.of("application/x-www-form-urlencoded", "application/json")) {
            raw("POST", path, "Content-Type", type, "Content-Encoding", "gzip");
        }
        raw("PROPFIND", path, "X", "y");
        raw("GET", path + "?filter=%", "X", "y");
        await("q", path, 4);
        assertThat(found("q", path).findValuesAsText("status")).containsExactlyInAnyOrder("400", "415", "405", "400");
        assertThat(found("q", path).findValuesAsText("meaning")).allMatch(meaning -> meaning.startsWith("refused: "));
    }

    @Test
    void a_password_is_neither_kept_nor_answered_nor_noted_wherever_it_stands() {
        String secret = "pw" + name;
        String id = create();
        String urn = "urn:ietf:params:scim:schemas:core:2.0:User";
        List<String> answers = new ArrayList<>();
        for (String value : List.of("{'op':'replace','path':'password','value':'S'}", "{'op':'Add','path':'URN:PassWord','value':'S'}", "{'op':'replace','value':{'password':'S','URN:password':'S'}}", "{'op':'replace','path':'password[value eq \"S\"]','value':'S'}")) {
            answers.add(bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[" + value.replace("\"", "\\\"").replace('\'', '"').replace("URN", urn).replace("S\"", secret + "\"").replace("S\\", secret + "\\") + "]}").toString());
        }
        String whole = TestBridge.user("ext-" + name, name + "@acme.com", true).replaceFirst("\\{", "{\"PASSWORD\":\"" + secret + "\",\"name\":{\"password\":\"" + secret + "\"},");
        answers.add(bridge.scim("lab", "PUT", "/Users/" + id, whole).toString());
        answers.add(bridge.scim("lab", "POST", "/Bulk", "{\"Operations\":[{\"method\":\"PUT\",\"path\":\"/Users/" + id + "\",\"data\":" + whole + "}]}").toString());
        answers.add(bridge.scim("lab", "GET", "/Users?filter=password eq \"" + secret + "\"", "").toString());
        answers.add(bridge.scim("lab", "GET", "/Users/" + id, "").toString());
        one("meaning", "read user " + id);
        assertThat(answers.toString()).doesNotContain(secret);
        assertThat(bridge.api("GET", "/requests?limit=500", "").body().toString()).doesNotContain(secret);
        for (String table : List.of("account", "request_log", "dead_letter", "audit", "outbox")) {
            assertThat(bridge.count("select count(*) from " + table + " t where t::text like ?", "%" + secret + "%")).as(table).isZero();
        }
    }

    @Test
    void who_has_no_token_cannot_fill_the_log() {
        long before = bridge.count("select count(*) from request_log where status in (401, 429)");
        List<CompletableFuture<HttpResponse<Void>>> answers = IntStream.range(0, 600).mapToObj(i -> HTTP.sendAsync(nobodys(i % 2 == 0), HttpResponse.BodyHandlers.discarding())).toList();
        assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode)).contains(401, 429).containsOnly(401, 429);
        String id = create();
        one("meaning", "create user " + id);
        assertThat(bridge.count("select count(*) from request_log where status in (401, 429)") - before).as("25 of 401 and 25 of 429 at once, and as many each second").isLessThan(answers.size());
    }

    @Test
    void while_the_log_cannot_be_written_requests_are_answered_and_what_they_meant_is_written_later() {
        bridge.sql.execute("alter table request_log rename to elsewhere");
        String id;
        try {
            id = create();
            assertThat(bridge.scim("lab", "PATCH", "/Users/" + id, OFF).status()).isEqualTo(200);
            TestBridge.pause(1_500);
            assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(200);
        } finally {
            bridge.sql.execute("alter table elsewhere rename to request_log");
        }
        one("meaning", "deactivate user " + id);
    }

    private String create() {
        Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, name + "@acme.com", true));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static JsonNode one(String field, String value) {
        await(field, value, 1);
        return found(field, value).at("/items/0");
    }

    private static void await(String field, String value, int wanted) {
        for (int i = 0; i < 200 && found(field, value).get("total").asInt() < wanted; i++) {
            TestBridge.pause(50);
        }
        assertThat(found(field, value).get("total").asInt()).as(field + "=" + value).isEqualTo(wanted);
    }

    private static JsonNode found(String field, String value) {
        return bridge.api("GET", "/requests?limit=500&" + field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8), "").body();
    }

    private static int raw(String method, String path, String... headers) throws IOException {
        URI base = URI.create(bridge.scimBase("lab") + path.replaceFirst("[?].*", ""));
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            String query = path.contains("?") ? path.substring(path.indexOf('?')) : "";
            StringBuilder request = new StringBuilder(method + " " + base.getPath() + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[1]);
        }
    }

    private static HttpRequest nobodys(boolean guessed) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab")));
        return guessed ? request.header("Authorization", "Bearer pib_" + "x".repeat(43)).build() : request.build();
    }

    private static int token(String form) throws IOException, InterruptedException {
        URI address = URI.create(bridge.scimBase("").replace("/scim/v2/", "/oauth2/token"));
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&" + form)).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
