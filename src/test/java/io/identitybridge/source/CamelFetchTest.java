package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.source.IdpServer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Camel HTTP as the engine uses it: bounded, silent, and never surprised. */
class CamelFetchTest extends OverHttp {
    @Test
    void an_answer_longer_than_the_cap_is_cut_off_packed_or_not() throws Exception {
        byte[] long1 = new byte[3 << 20];
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(long1);
        }
        idp.on("/long", new Reply(200, java.util.List.of(), long1)).on("/packed", new Reply(200, java.util.List.of(), packed.toByteArray()).with("Content-Encoding", "gzip"));
        try (CamelFetch small = new CamelFetch(camel, Outgoing.asJava(), 1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(20))) {
            for (String path : new String[] {"/long", "/packed"}) {
                assertThatThrownBy(() -> small.send(get(path))).isInstanceOf(Fetch.BodyTooLarge.class).hasMessageContaining("longer than 1 MiB");
            }
        }
    }

    @Test
    void an_answer_that_never_ends_is_cut_off_in_time() throws Exception {
        try (ServerSocket drip = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             CamelFetch fast = new CamelFetch(camel, Outgoing.asJava(), 1 << 20, Duration.ofSeconds(20), Duration.ofMillis(300))) {
            Thread server = Thread.ofVirtual().start(() -> dripFeed(drip));
            assertThatThrownBy(() -> fast.send(Request.get(URI.create("http://127.0.0.1:" + drip.getLocalPort() + "/"), Map.of())))
                .isInstanceOf(IOException.class).hasMessageContaining("longer than");
            drip.close();
            server.join();
        }
    }

    @Test
    void headers_that_pretend_to_be_camels_are_not_believed_and_cookies_not_kept() throws Exception {
        idp.on("/a", Reply.json("[]").with("CamelHttpResponseCode", "500").with("CamelHttpUri", "http://evil").with("Set-Cookie", "s=1; Path=/").with("X-A", "1").with("X-A", "2"));
        Response response = fetch.send(get("/a"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.all("x-a")).containsExactly("1", "2");
        assertThat(response.header("CamelHttpUri")).isEmpty();
        fetch.send(get("/a"));
        assertThat(idp.seen().getLast().header("Cookie")).isEmpty();
    }

    @Test
    void an_endless_head_is_no_answer() {
        idp.on("/head", Reply.json("[]").with("Link", "x".repeat(70_000)));
        assertThatThrownBy(() -> fetch.send(get("/head"))).isInstanceOf(IOException.class);
        Reply many = Reply.json("[]");
        for (int i = 0; i < 250; i++) {
            many = many.with("X-" + i, "1");
        }
        idp.on("/many", many);
        assertThatThrownBy(() -> fetch.send(get("/many"))).isInstanceOf(IOException.class);
    }

    @Test
    void one_connection_serves_many_requests() throws Exception {
        idp.on("/a", "[]");
        for (int i = 0; i < 5; i++) {
            fetch.send(get("/a"));
        }
        assertThat(idp.seen()).extracting(IdpServer.Seen::peer).containsOnly(idp.seen().getFirst().peer());
    }

    @Test
    void a_request_says_neither_query_nor_header_and_goes_only_to_a_plain_host() {
        Request request = Request.get(URI.create("https://acme.okta.com/api/v1/users?after=" + TOKEN), Map.of("Authorization", TOKEN));
        assertThat(request).hasToString("GET https://acme.okta.com/api/v1/users");
        assertThatThrownBy(() -> Request.get(URI.create("https://me:" + TOKEN + "@acme.okta.com/"), Map.of())).hasMessageNotContaining(TOKEN);
    }

    private Request get(String path) {
        return Request.get(URI.create(idp.url() + path), Map.of());
    }

    private static void dripFeed(ServerSocket drip) {
        try (Socket socket = drip.accept()) {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write(' ');
                socket.getOutputStream().flush();
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException cutOff) {
            // What the test is about: the client went away.
        }
    }
}
