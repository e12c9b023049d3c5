package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Whatever refuses a request on the public listener, the server, a filter, Camel or SCIM, it says so as a SCIM error. */
class EveryLayerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AND_CLOSE = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab");

    @Test
    void methods_that_scim_does_not_have() throws IOException {
        assertScimError("TRACE /scim/v2/lab/Users" + AND_CLOSE + "\r\n", 405);
        assertScimError("TRACE /nothing" + AND_CLOSE + "\r\n", 405);
        assertScimError("CONNECT /scim/v2/lab/Users" + AND_CLOSE + "\r\n", 501);
        assertScimError("CONNECT localhost:80" + AND_CLOSE + "\r\n", 501);
        assertScimError("OPTIONS /scim/v2/lab/Users" + AND_CLOSE + "\r\n", 405);
        assertScimError("FROB /scim/v2/lab/Users" + AND_CLOSE + "\r\n", 405);
    }

    @Test
    void paths_that_lead_nowhere() throws IOException {
        for (String path : new String[] {"/", "/scim", "/scim/v1/lab/Users", "/scim/v2x/lab/Users", "/error", "/favicon.ico", "/actuator/health", "/login"}) {
            assertScimError("GET " + path + AND_CLOSE + "\r\n", 404);
        }
        assertScimError("GET /scim/v2/lab" + AND_CLOSE + authorized(), 404);
        assertScimError("GET /scim/v2" + AND_CLOSE + authorized(), 403);
    }

    @Test
    void a_query_that_nobody_can_read() throws IOException {
        for (String query : new String[] {"&=&", "=", "a&=b", "%"}) {
            assertScimError("GET /scim/v2/lab/Users?" + query + AND_CLOSE + authorized(), 400);
        }
        assertThat(raw("GET /scim/v2/lab/Users?=x" + AND_CLOSE + authorized())).contains("a parameter without a name");
        assertThat(raw("GET /scim/v2/lab/Users?&&count=0&" + AND_CLOSE + authorized())).contains("200");
    }

    @Test
    void what_is_no_http() throws IOException {
        assertScimError("nonsense\r\n\r\n", 400);
        assertScimError("GET /scim/v2/lab/Users HTTP/1.1\r\nConnection: close\r\n\r\n", 400);
        assertScimError("GET /scim/v2/lab/Users HTTP/9.9\r\nHost: localhost\r\n\r\n", 505);
        assertScimError("GET /scim/v2/lab/Users" + AND_CLOSE + "X: " + "x".repeat(40_000) + "\r\n\r\n", 400);
        assertScimError("POST /scim/v2/lab/Users" + AND_CLOSE + "Content-Length: many\r\n\r\n", 400);
        assertScimError("POST /scim/v2/lab/Users" + AND_CLOSE + "Transfer-Encoding: nonsense\r\n\r\n", 501);
        assertScimError("POST /scim/v2/lab/Users" + AND_CLOSE + "Expect: something\r\nContent-Length: 2\r\n\r\n{}", 417);
    }

    @Test
    void a_body_that_breaks_off_within() throws IOException {
        assertScimError("POST /scim/v2/lab/Users" + AND_CLOSE + "Content-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n" + authorized() + "zz\r\n{}\r\n0\r\n\r\n", 400);
    }

    @Test
    void a_compressed_body_which_nobody_has_to_unpack_before_he_knows_who_sends_it() throws IOException {
        assertScimError("POST /scim/v2/lab/Users" + AND_CLOSE + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 415);
        assertThat(raw("POST /scim/v2/lab/Users" + AND_CLOSE + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")).containsIgnoringCase("Accept-Encoding: identity");
        assertThat(raw("POST /scim/v2/lab/Users" + AND_CLOSE + "Content-Encoding: identity\r\nContent-Length: 2\r\nAuthorization: Bearer " + bridge.token("lab") + "\r\n\r\n{}")).contains("'userName' is missing or empty");
    }

    @Test
    void who_sends_a_large_group_without_a_token_or_in_no_json_hears_of_it_at_its_end() throws IOException {
        String large = "x".repeat((16 << 20) - 10);
        assertScimError("POST /scim/v2/lab/Groups" + AND_CLOSE + "Content-Length: " + large.length() + "\r\n\r\n" + large, 401);
        assertScimError("POST /scim/v2/lab/Groups" + AND_CLOSE + "Content-Length: " + large.length() + "\r\n" + authorized() + large, 400);
    }

    @Test
    void bodies_that_come_slowly_hold_nobody_up() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) { // more than there are connections to the database
                Socket socket = new Socket("127.0.0.1", URI.create(bridge.scimBase("lab")).getPort());
                slow.add(socket);
                socket.getOutputStream().write(("POST /scim/v2/lab/Users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n" + authorized() + "{\"userName\":").getBytes(StandardCharsets.US_ASCII));
            }
            TestBridge.pause(200);
            assertThat(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-quick", "quick@acme.com", true)).status()).isEqualTo(201);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void no_header_of_a_request_comes_back_in_the_answer() throws IOException {
        String said = "Accept: application/echo1\r\nUser-Agent: echo2\r\nX-Any: echo3\r\nCookie: a=echo4\r\nOrigin: http://echo5\r\nX-Forwarded-Host: echo6\r\nX-Forwarded-Proto: echo7\r\nForwarded: host=echo8\r\nIf-None-Match: \"echo9\"\r\nX-Request-Id: echo10\r\nCamelHttpResponseCode: 299\r\nbatch: echo11\r\n";
        for (String request : List.of("GET /scim/v2/lab/Users?count=1", "GET /scim/v2/lab/ServiceProviderConfig", "GET /scim/v2/lab/Users/x", "POST /scim/v2/lab/Users/.search", "PROPFIND /scim/v2/lab", "GET /nothing", "POST /oauth2/token")) {
            for (String authorization : List.of("", "Authorization: Bearer pib_echo12\r\n", "Authorization: Bearer " + bridge.token("lab") + "\r\n")) {
                assertThat(raw(request + AND_CLOSE + said + authorization + "\r\n")).as(request).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 299").doesNotContain("echo", "pib_");
            }
        }
    }

    @Test
    void addresses_in_answers_are_not_what_a_host_header_says() throws IOException {
        int port = URI.create(bridge.scimBase("lab")).getPort();
        String token = "Authorization: Bearer " + bridge.token("lab") + "\r\nConnection: close\r\n\r\n";
        for (String host : List.of("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
            assertThat(raw("GET /scim/v2/lab/ServiceProviderConfig HTTP/1.1\r\nHost: " + host + "\r\n" + token)).as(host).contains("\"location\":\"http://127.0.0.1:" + port + "/scim/v2/lab/").doesNotContain(host);
        }
        assertThat(raw("GET http://evil.example/scim/v2/lab/ServiceProviderConfig HTTP/1.1\r\nHost: evil.example\r\n" + token)).doesNotContain("evil");
        for (String host : List.of("localhost:8080", "LOCALHOST:8080", "127.0.0.1:9", "[::1]:8080", "localhost")) {
            assertThat(raw("GET /scim/v2/lab/ServiceProviderConfig HTTP/1.1\r\nHost: " + host + "\r\n" + token)).as("by a way through, as from a container").containsIgnoringCase("\"location\":\"http://" + host + "/scim/v2/lab/");
        }
    }

    @Test
    void a_bridge_that_starts_or_stops_never_says_that_somebody_is_gone() throws Exception {
        CamelContext camel = bridge.bean(CamelContext.class);
        String id = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-kept", "kept@acme.com", true)).body().get("id").asText();
        camel.getRouteController().suspendRoute("scim-push");
        assertUnavailable(bridge.scim("lab", "GET", "/Users/" + id, ""));
        camel.getRouteController().stopRoute("scim-push");
        assertUnavailable(bridge.scim("lab", "GET", "/Users/" + id, ""));
        camel.getRouteController().startRoute("scim-push");
        assertThat(bridge.scim("lab", "GET", "/Users/" + id, "").status()).isEqualTo(200);
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body().at("/schemas/0").asText()).isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
        assertThat(answer.headers().get("retry-after")).containsExactly("5");
    }

    private static String authorized() {
        return "Authorization: Bearer " + bridge.token("lab") + "\r\n\r\n";
    }

    private static void assertScimError(String request, int status) throws IOException {
        String shown = request.lines().findFirst().orElse("");
        String[] answer = raw(request).split("\r\n\r\n", 2);
        assertThat(answer[0]).as(shown).startsWith("HTTP/1.1 " + status).containsPattern("(?i)content-type: application/scim\\+json");
        JsonNode body = JSON.readTree(answer[1].substring(answer[1].indexOf('{'), answer[1].lastIndexOf('}') + 1));
        assertThat(body.at("/schemas/0").asText()).as(shown).isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
        assertThat(body.get("status").asText()).as(shown).isEqualTo(String.valueOf(status));
        assertThat(body.get("detail").asText()).as(shown).isNotEmpty().doesNotContain("Exception", "operator");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(bridge.scimBase("lab")).getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
