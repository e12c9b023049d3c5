package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code refused-people: answer} the IdP hears what Portkey's rules refuse; the fact is stored all the same. */
class RefusedPeopleTest {
    @TempDir
    Path folder;

    @Test
    void a_refused_person_is_400_with_the_reason_and_may_be_put_right() {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "refused-people: accept", "refused-people: answer");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            TestBridge.Answer answer = bridge.scim("lab", "POST", "/Users", TestBridge.user("ext1", "eve@elsewhere.example", true));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().get("detail").asText()).contains("domain 'elsewhere.example' may not become a member");
            assertThat(bridge.count("select count(*) from account where external_id = 'ext1'")).isOne();
            assertThat(bridge.people("active")).isEmpty();
            String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"ext1\"", "").body().at("/Resources/0/id").asText();
            assertThat(bridge.scim("lab", "PUT", "/Users/" + id, TestBridge.user("ext1", "eve@acme.com", true)).status()).isEqualTo(200);
            assertThat(bridge.people("active")).containsExactly("eve@acme.com");
        }
    }
}
