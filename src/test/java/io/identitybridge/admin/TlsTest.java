package io.identitybridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** TLS on the public listener, with the settings that the documentation gives. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class TlsTest {
    @TempDir
    Path folder;

    @Test
    void scim_speaks_tls_and_takes_a_new_certificate_without_a_restart(CapturedOutput log) throws Exception {
        Certificate first = Certificate.make(folder);
        first.write(folder);
        try (TestBridge bridge = start()) {
            HttpResponse<String> made = post(bridge, first, "ada");
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(made.headers().firstValue("Location")).hasValueSatisfying(at -> assertThat(at).startsWith(bridge.bean(Listeners.class).publicUrl() + "/scim/v2/lab/Users/").startsWith("https://"));
            assertThat(bridge.adminUrl()).startsWith("http://");
            assertThat(bridge.api("GET", "/status", "").status()).as("the admin listener stays plain").isEqualTo(200);
            assertThat(log.getOut()).contains("SCIM     " + bridge.bean(Listeners.class).publicUrl() + "/scim/v2/{source}");

            Certificate second = Certificate.make(folder);
            second.write(folder);
            awaitServed(bridge, second);
            assertThat(post(bridge, second, "alan").statusCode()).isEqualTo(201);

            Files.writeString(folder.resolve("tls.crt"), "no certificate\n");
            for (int i = 0; i < 200 && !log.getAll().contains("SSL reload"); i++) {
                TestBridge.pause(50);
            }
            assertThat(log.getAll()).contains("SSL reload");
            assertThat(bridge.health()).contains("\"ssl\"");
            assertThat(post(bridge, second, "grace").statusCode()).as("a faulty file leaves the last good certificate").isEqualTo(201);

            Certificate third = Certificate.make(folder);
            third.writeCertificate(folder);
            for (int i = 0; i < 200 && !log.getAll().contains("Private key"); i++) {
                TestBridge.pause(50);
            }
            assertThat(post(bridge, second, "linus").statusCode()).as("a certificate without its key is served to nobody").isEqualTo(201);
            third.write(folder);
            awaitServed(bridge, third);
        }
    }

    private TestBridge start() {
        String bundle = "spring.ssl.bundle.pem.public.";
        return TestBridge.start(BridgeFiles.of(folder, "lab"), folder, "server.ssl.bundle=public", bundle + "keystore.certificate=" + folder.resolve("tls.crt"), bundle + "keystore.private-key=" + folder.resolve("tls.key"),
                bundle + "reload-on-update=true", "spring.ssl.bundle.watch.file.quiet-period=200ms", "bridge.welcome=true");
    }

    private static HttpResponse<String> post(TestBridge bridge, Certificate trusted, String name) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusted.trusting()).build()) {
            return http.send(HttpRequest.newBuilder(URI.create(bridge.bean(Listeners.class).publicUrl() + "/scim/v2/lab/Users")).header("Authorization", "Bearer " + bridge.token("lab")).header("Content-Type", "application/scim+json")
                    .POST(HttpRequest.BodyPublishers.ofString(TestBridge.user("ext-" + name, name + "@acme.com", true))).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void awaitServed(TestBridge bridge, Certificate wanted) throws Exception {
        for (int i = 0; i < 200; i++) {
            try (HttpClient http = HttpClient.newBuilder().sslContext(wanted.trusting()).build()) {
                HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(bridge.bean(Listeners.class).publicUrl() + "/")).build(), HttpResponse.BodyHandlers.ofString());
                assertThat((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(wanted.own());
                return;
            } catch (javax.net.ssl.SSLException old) {
                TestBridge.pause(50);
            }
        }
        throw new AssertionError("the new certificate is not served within 10 s");
    }
}
