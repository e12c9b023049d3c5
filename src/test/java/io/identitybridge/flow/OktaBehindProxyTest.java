package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.admin.Certificate;
import io.identitybridge.source.ForwardProxy;
import io.identitybridge.source.SampleOkta;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Okta source in a company's network: by its proxy, to a server only its own CA vouches for, with a signing key that lies in a vault. */
class OktaBehindProxyTest {
    @TempDir
    Path folder;

    @Test
    @Tag("real")
    void okta_is_read_by_the_proxy_with_the_companys_ca_and_a_key_from_the_vault() throws Exception {
        Certificate certificate = Certificate.make(folder, "okta.corp.test");
        certificate.write(folder);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        TestVault.SECRETS.put("okta#private-key", "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
        BridgeFiles files = BridgeFiles.of(folder.resolve("files"), "okta").everywhere("acme.com", "acme.example").everywhere("AI Platform Leads", "portkey-engineering")
            .edit("okta.source.yaml", "{env: OKTA_PRIVATE_KEY, secret: true}", "{vault: \"testvault:okta#private-key\", secret: true}");
        try (SampleOkta okta = new SampleOkta(server, 100).knownAs("https://okta.corp.test"); ForwardProxy proxy = new ForwardProxy("bridge", "p@ss", okta.port());
             TestBridge bridge = TestBridge.start(files, folder, "OKTA_URL=https://okta.corp.test", "OKTA_CLIENT_ID=0oaservice", "OKTA_KEY_ID=k1",
                 "BRIDGE_PROXY=http://bridge:p%40ss@127.0.0.1:" + proxy.port(), "BRIDGE_CA_FILE=" + folder.resolve("tls.crt"))) {
            okta.client = Optional.of((RSAPublicKey) keys.getPublic());
            JsonNode run = bridge.pull("okta");
            assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("done");
            assertThat(bridge.people("active")).containsExactly("ada@acme.example", "zoe.lukasiewicz@acme.example");
            assertThat(okta.asked).as("one token for all").filteredOn("/oauth2/v1/token"::equals).hasSize(1);
            assertThat(proxy.connected()).isNotEmpty().containsOnly("okta.corp.test:443");
        }
    }
}
