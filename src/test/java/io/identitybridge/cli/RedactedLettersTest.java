package io.identitybridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an IdP pushed about a person's life stands in no letter, no answer about it and no command's output. */
class RedactedLettersTest {
    private static final String PUSHED = """
            {"externalId":"ext1","userName":"eve@elsewhere","emails":[],"title":"Spy","password":"hunter2","name":{"givenName":"Eve"},
             "phoneNumbers":[{"value":"+44 20 7946 0000","type":"work"}],"addresses":[{"streetAddress":"12 St James Square","locality":"London"}]}""";
    @TempDir
    Path folder;

    @Test
    void a_letter_keeps_what_decides_and_only_the_names_of_the_rest() {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.yaml", "  admit: everybody                        # pushed", "  user: {displayName: resource.nickName}\n  admit: everybody                        # pushed")
                .edit("lab.yaml", "displayName: Grace Murray,", "displayName: Grace Murray, nickName: Grace Murray,");
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            assertThat(bridge.scim("lab", "POST", "/Users", PUSHED).status()).isEqualTo(201);
            long id = bridge.count("select id from dead_letter");
            String stored = bridge.sql.queryForObject("select row_to_json(d)::text from dead_letter d", String.class);
            String answered = bridge.api("GET", "/dead-letters/" + id, "").body().toString();
            String said = said(bridge, "dead-letters", "show", String.valueOf(id));
            for (String seen : new String[] {answered, said}) {
                assertThat(seen).contains("eve@elsewhere", "Eve", "resource.phoneNumbers", "resource.addresses", "resource.title").doesNotContain("7946", "St James", "London", "Spy");
            }
            assertThat(bridge.sql.queryForList("select a::text from account a", String.class).toString() + answered + said).as("a password is kept nowhere").doesNotContain("hunter2");
            assertThat(stored).as("names are stored encrypted").contains("resource.phoneNumbers", "user ext1: ").doesNotContain("eve@elsewhere", "Eve");
            assertThat(said(bridge, "dead-letters", "--person", "Eve@Elsewhere")).as("found by a keyed hash").contains("ext1");
            assertThat(said(bridge, "dead-letters", "list", "--person", "ext1")).contains("ext1");
            assertThat(said(bridge, "dead-letters", "list", "--person", "adam@elsewhere")).contains("no dead letter");
        }
    }

    private static String said(TestBridge bridge, String... command) {
        return CliTest.run(Map.of("BRIDGE_URL", bridge.adminUrl(), "BRIDGE_ADMIN_TOKEN", TestBridge.ADMIN_TOKEN), command).out();
    }
}
