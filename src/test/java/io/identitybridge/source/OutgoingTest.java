package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.identitybridge.admin.Certificate;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.model.BadSetting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by a company's proxy, to a server whose certificate only the company knows. */
class OutgoingTest extends OverHttp {
    @TempDir
    static Path folder;
    static HttpsServer okta;
    static ForwardProxy proxy;
    static final List<String> tokens = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Certificate certificate = Certificate.make(folder, "okta.corp.test");
        certificate.write(folder);
        okta = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        okta.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
        okta.createContext("/", exchange -> {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = "[{\"id\":\"00u1\"}]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        okta.start();
        proxy = new ForwardProxy("bridge", "p@ss:word", okta.getAddress().getPort());
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
        okta.stop(0);
    }

    @Test
    void a_source_beyond_the_proxy_with_the_companys_own_certificate_is_read() throws Exception {
        assertThat(read("https://okta.corp.test", by("p%40ss%3Aword"), "", ca()).unique()).containsEntry("users", 1L);
        assertThat(tokens).endsWith("Bearer " + TOKEN);
        assertThat(proxy.connected()).as("by its name: the proxy, not the bridge, knows where it is").endsWith("okta.corp.test:443");
    }

    @Test
    void who_the_proxy_does_not_know_gets_nowhere_and_is_told_where_to_look() {
        assertThat(refusal(() -> read("https://okta.corp.test", by("wrong"), "", ca())))
            .isEqualTo("users: page 1: HTTP 407 from https://okta.corp.test/users; the proxy does not know the bridge: look at user and password in BRIDGE_PROXY");
    }

    @Test
    void a_server_whose_certificate_nobody_vouches_for_gets_no_token() {
        tokens.clear();
        assertThat(refusal(() -> read("https://okta.corp.test", by("p%40ss%3Aword"), "", "")))
            .contains("its certificate is not trusted here: if your own CA issued it, name the CA in BRIDGE_CA_FILE");
        assertThat(tokens).isEmpty();
    }

    @Test
    void a_certificate_for_another_host_is_refused() {
        assertThat(refusal(() -> read("https://entra.corp.test", by("p%40ss%3Aword"), "", ca()))).contains("its certificate is not trusted here");
    }

    @Test
    void hosts_named_beside_the_proxy_and_this_machine_are_reached_without_it() throws Exception {
        int before = proxy.connected().size();
        assertThat(read("https://127.0.0.1:" + okta.getAddress().getPort(), by("wrong"), "", ca()).unique()).containsEntry("users", 1L);
        assertThat(proxy.connected()).hasSize(before);
        Outgoing outgoing = Outgoing.of("http://127.0.0.1:1", " .corp.test, *.lab.test ,", "");
        assertThat(ways(outgoing, "https://corp.test/", "https://OKTA.corp.test/", "https://x.lab.test/", "http://localhost:8/", "http://[::1]/", "https://notcorp.test/"))
            .isEqualTo("direct direct direct direct direct proxied");
    }

    @Test
    void settings_that_cannot_be_used_stop_the_start_and_show_no_password() throws Exception {
        for (String bad : List.of("proxy.corp:3128", "https://p:3128", "http://proxy.corp", "http://u:s3cr3t@proxy.corp:3128/x", "http://u:s3cr3t@:3128")) {
            assertThatThrownBy(() -> Outgoing.of(bad, "", "")).isInstanceOf(BadSetting.class).hasMessage("BRIDGE_PROXY is 'no address of a proxy'")
                .satisfies(bad2 -> assertThat(((BadSetting) bad2).todo()).doesNotContain("s3cr3t"));
        }
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        for (String bad : List.of("/nowhere/ca.pem", folder.resolve("tls.key").toString(), empty.toString())) {
            assertThatThrownBy(() -> Outgoing.of("", "", bad)).isInstanceOf(BadSetting.class).hasMessage("BRIDGE_CA_FILE is '" + bad + "'");
        }
        assertThat(Outgoing.of("http://u:s3cr3t@proxy.corp:3128", "", "").toString()).doesNotContain("s3cr3t");
    }

    private static String ways(Outgoing outgoing, String... urls) {
        return String.join(" ", List.of(urls).stream().map(url -> outgoing.selector().orElseThrow().select(java.net.URI.create(url)).getFirst().type().name().equals("DIRECT") ? "direct" : "proxied").toList());
    }

    private Reading read(String url, String by, String noProxy, String ca) throws java.io.IOException {
        Given given = new Given().read("users");
        given.auth = new Auth.Bearer("${token}");
        Settings values = new Settings(Map.of("url", url, "token", TOKEN), Set.of("token"));
        try (CamelFetch beyond = new CamelFetch(camel, Outgoing.of(by, noProxy, ca))) {
            return new Reader(given.file(), values, beyond, waits::add, Clock.systemUTC()).read(true, Map.of(), told);
        }
    }

    private static String by(String password) {
        return "http://bridge:" + password + "@127.0.0.1:" + proxy.port();
    }

    private static String ca() {
        return folder.resolve("tls.crt").toString();
    }
}
