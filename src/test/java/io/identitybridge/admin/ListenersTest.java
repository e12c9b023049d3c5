package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

class ListenersTest {
    @TempDir
    static Path data;
    static AdminServer bridge;

    @BeforeAll
    static void start() {
        bridge = AdminServer.start(data, beans -> beans.registerBean("broken", FilterRegistrationBean.class, ListenersTest::broken));
    }

    /** A filter with a fault in it. */
    private static FilterRegistrationBean<Filter> broken() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            throw new IllegalStateException("what nobody is to read: select * from secrets");
        });
        registration.addUrlPatterns("/scim/v2/broken/*", "/api/broken/*");
        return registration;
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void two_listeners_have_two_real_ports() {
        assertThat(bridge.listeners.publicPort()).isPositive();
        assertThat(bridge.listeners.adminPort()).isPositive().isNotEqualTo(bridge.listeners.publicPort());
        assertThat(bridge.listeners.adminUrl()).isEqualTo("http://localhost:" + bridge.listeners.adminPort());
    }

    @Test
    void the_public_listener_knows_scim_only_and_says_so_as_a_scim_error() {
        for (String path : List.of("/", "/api/members", "/actuator/health", "/actuator/prometheus", "/api", "/error", "/scimx", "/console", "//api/members", "/scim/../api/members")) {
            AdminServer.Answer answer = onPublic(path, bridge.token());
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.type()).as(path).startsWith("application/scim+json");
            assertThat(answer.json().get("status").asText()).isEqualTo("404");
        }
    }

    @Test
    void a_path_that_hides_its_way_out_of_scim_reaches_nothing() throws IOException {
        for (String path : List.of("/scim/%2e%2e/api/status", "/scim/..;/api/status", "/scim/;x/../../api/status", "/%73cim/../api/status", "/scim%2f..%2fapi/status")) {
            String answer = raw(bridge.listeners.publicPort(), path);
            assertThat(answer).as(path).startsWith("HTTP/1.1 4").doesNotContain("adminPort");
        }
    }

    @Test
    void what_the_server_itself_refuses_is_said_in_the_listeners_form() throws IOException {
        for (String path : List.of("/scim/v2/okta/Users/%00", "/scim/v2/okta/Users/%zz", "/scim/v2/okta/Users/{x}", "/scim/v2/okta/" + "x".repeat(40_000))) {
            assertThat(raw(bridge.listeners.publicPort(), path)).as(path).startsWith("HTTP/1.1 4").contains("application/scim+json", "urn:ietf:params:scim:api:messages:2.0:Error").doesNotContain("<html");
            assertThat(raw(bridge.listeners.adminPort(), path)).as(path).startsWith("HTTP/1.1 4").contains("application/problem+json").doesNotContain("<html");
        }
    }

    @Test
    void a_fault_in_a_filter_is_said_in_the_listeners_form_and_tells_nothing_of_the_inside() throws IOException {
        assertThat(raw(bridge.listeners.publicPort(), "/scim/v2/broken/Users")).startsWith("HTTP/1.1 500").contains("application/scim+json", "urn:ietf:params:scim:api:messages:2.0:Error", "its operator finds the reason in its log")
                .doesNotContain("secrets", "Exception", "timestamp");
        assertThat(raw(bridge.listeners.adminPort(), "/api/broken/x")).startsWith("HTTP/1.1 500").contains("application/problem+json").doesNotContain("secrets", "Exception", "timestamp");
    }

    @Test
    void nobody_finds_an_error_page() throws IOException {
        assertThat(raw(bridge.listeners.adminPort(), "/error")).startsWith("HTTP/1.1 404").contains("application/problem+json");
    }

    @Test
    void the_admin_listener_has_no_scim() {
        AdminServer.Answer answer = bridge.get("/scim/v2/okta/Users");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("detail").asText()).contains("public listener");
    }

    @Test
    void health_and_metrics_need_no_token_on_the_admin_listener() {
        assertThat(bridge.send("GET", bridge.listeners.adminPort(), "/actuator/health/liveness", "", "").status()).isEqualTo(200);
        assertThat(bridge.send("GET", bridge.listeners.adminPort(), "/actuator/prometheus", "", "").status()).isEqualTo(200);
        assertThat(bridge.send("GET", bridge.listeners.adminPort(), "/actuator/env", "", "").status()).isEqualTo(404);
    }

    @Test
    void the_admin_listener_is_bound_to_loopback() throws IOException {
        assertThat(((org.apache.coyote.AbstractProtocol<?>) bridge.listeners.connector().getProtocolHandler()).getAddress().isLoopbackAddress()).isTrue();
    }

    private static AdminServer.Answer onPublic(String path, String token) {
        return bridge.send("GET", bridge.listeners.publicPort(), path, "", token);
    }

    /** As it is written, without a client that tidies the path. */
    private static String raw(int port, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + bridge.token() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (InputStream in = socket.getInputStream()) {
                in.transferTo(answer);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
