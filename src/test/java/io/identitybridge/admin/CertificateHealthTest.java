package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A renewal that went wrong is seen by whoever watches the bridge, while the certificate before is served. */
class CertificateHealthTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    @TempDir
    Path folder;

    @Test
    @Tag("real")
    void what_cannot_be_served_is_seen_while_the_last_good_one_goes_on() throws Exception {
        Certificate first = Certificate.make(folder);
        first.write(folder);
        try (TestBridge bridge = start("pem")) {
            assertThat(state(bridge)).isEqualTo("UP: can be served");
            assertThat(bridge.metrics()).contains("bridge_certificate_state 0");

            Certificate second = Certificate.make(folder);
            second.writeCertificate(folder);
            assertThat(state(bridge)).startsWith("ATTENTION: Private key in keystore matches none of the certificates");
            assertThat(whole(bridge)).isEqualTo("ATTENTION");
            assertThat(bridge.metrics()).contains("bridge_certificate_state 1");

            Certificate.make(folder, "localhost", "-3d").write(folder);
            assertThat(state(bridge)).startsWith("ATTENTION: the certificate on the disk has ended at 20");

            Files.writeString(folder.resolve("tls.crt"), "no certificate\n");
            assertThat(state(bridge)).startsWith("ATTENTION: ");
            Files.delete(folder.resolve("tls.crt"));
            assertThat(state(bridge)).startsWith("ATTENTION: ").contains("tls.crt");
            assertThat(served(bridge, first)).isEqualTo(first.own());

            second.write(folder);
            awaitServed(bridge, second);
            assertThat(state(bridge)).isEqualTo("UP: can be served");

            Certificate over = Certificate.make(folder, "localhost", "-3d");
            over.write(folder);
            Certificate last = Certificate.make(folder);
            last.write(folder);
            awaitServed(bridge, last);
        }
    }

    @Test
    @Tag("real")
    void one_that_is_over_takes_nobodys_place_and_one_that_is_about_to_end_needs_a_person_now() throws Exception {
        Certificate ending = Certificate.make(folder, "localhost", "-47H");
        ending.write(folder);
        try (TestBridge bridge = start("pem")) {
            assertThat(state(bridge)).isEqualTo("DOWN: can be served");
            assertThat(bridge.metrics()).contains("bridge_certificate_state 2");
            assertThat(whole(bridge)).isEqualTo("DOWN");
            Certificate.make(folder, "localhost", "-3d").write(folder);
            TestBridge.pause(1_000);
            assertThat(served(bridge, ending)).isEqualTo(ending.own());
            Certificate fresh = Certificate.make(folder);
            fresh.write(folder);
            awaitServed(bridge, fresh);
            assertThat(state(bridge)).isEqualTo("UP: can be served");
        }
    }

    @Test
    @Tag("real")
    void a_pkcs12_file_that_is_none_any_more_is_seen_and_takes_nothing_away() throws Exception {
        Certificate first = Certificate.make(folder);
        first.writeStore(folder.resolve("tls.p12"));
        try (TestBridge bridge = start("jks")) {
            assertThat(served(bridge, first)).isEqualTo(first.own());
            Files.writeString(folder.resolve("tls.p12"), "none");
            assertThat(state(bridge)).startsWith("ATTENTION: ");
            Certificate second = Certificate.make(folder);
            TestBridge.pause(1_000);
            assertThat(served(bridge, first)).isEqualTo(first.own());
            assertThat(state(bridge)).startsWith("ATTENTION: ");
            second.writeStore(folder.resolve("tls.p12"));
            awaitServed(bridge, second);
            assertThat(state(bridge)).isEqualTo("UP: can be served");
        }
    }

    private TestBridge start(String kind) {
        String bundle = "spring.ssl.bundle." + kind + ".public.";
        String[] pem = {bundle + "keystore.certificate=" + folder.resolve("tls.crt"), bundle + "keystore.private-key=" + folder.resolve("tls.key")};
        String[] jks = {bundle + "keystore.location=" + folder.resolve("tls.p12"), bundle + "keystore.type=PKCS12", bundle + "keystore.password=" + Certificate.PASSWORD};
        String[] stores = kind.equals("pem") ? pem : jks;
        return TestBridge.start(BridgeFiles.of(folder, "lab"), folder, stores[0], stores[1], stores[stores.length - 1], "server.ssl.bundle=public", bundle + "reload-on-update=true", "spring.ssl.bundle.watch.file.quiet-period=200ms");
    }

    private static String state(TestBridge bridge) throws Exception {
        JsonNode part = new ObjectMapper().readTree(bridge.health()).at("/components/certificate");
        return part.get("status").asText() + ": " + part.at("/details/onDisk").asText();
    }

    private static String whole(TestBridge bridge) throws Exception {
        return new ObjectMapper().readTree(bridge.health()).get("status").asText();
    }

    private static X509Certificate served(TestBridge bridge, Certificate trusted) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusted.trusting()).build()) {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(bridge.bean(Listeners.class).publicUrl() + "/")).build(), HttpResponse.BodyHandlers.ofString());
            return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        }
    }

    private static void awaitServed(TestBridge bridge, Certificate wanted) throws Exception {
        for (Instant end = Instant.now().plus(LONGEST); Instant.now().isBefore(end);) {
            try {
                assertThat(served(bridge, wanted)).isEqualTo(wanted.own());
                return;
            } catch (javax.net.ssl.SSLException old) {
                TestBridge.pause(50);
            }
        }
        throw new AssertionError("the new certificate is not served");
    }
}
