package io.identitybridge.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An expression that names a field which nobody has: ten thousand letters of one cause, a draft that mends it, and the count known before. */
@Tag("real")
class TenThousandLettersTest {
    private static final int PEOPLE = 10_000;
    private static final String RIGHT = "  email:       record.profile.email.lowerAscii()";
    private static final String WRONG = "  email:       'record.profile.login == \"Ada@acme.com\" ? record.profile.email.lowerAscii() : record.profile.workEmail'";

    @TempDir
    Path folder;

    @Test
    void ten_thousand_letters_of_one_cause_are_replayed_after_a_mapping_is_mended_with_the_count_known_before() throws IOException {
        try (StandInOkta okta = new StandInOkta(Company.of(PEOPLE, 4, 1), "secret", 0)) {
            BridgeFiles files = BridgeFiles.of(folder, "lab").edit("lab.yaml", RIGHT, WRONG).edit("lab.source.yaml", "    query: {limit: \"50\", filter: lastUpdated", "    query: {limit: \"200\", filter: lastUpdated")
                    .edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create: {at-most: 20000}");
            String mended = Files.readString(files.mappings.resolve("lab.yaml")).replace(WRONG, RIGHT);
            try (TestBridge bridge = TestBridge.start(files, folder, "lab.url=" + okta.url(), "lab.token=secret", "bridge.look.every=3600000", "bridge.replay.every=100")) {
                bridge.pull("lab");
                long letters = bridge.count("select count(*) from dead_letter where status = 'open'");
                assertThat(letters).isGreaterThan(PEOPLE * 8 / 10);
                JsonNode dry = replays(bridge, "{\"source\":\"lab\",\"dryRun\":true}").body();
                assertThat(dry.get("causes").size()).as("one cause: " + dry).isOne();
                assertThat(dry.get("letters").asLong()).isEqualTo(letters);
                JsonNode tried = replays(bridge, "{\"draft\":{\"file\":\"lab\",\"text\":" + TextNode.valueOf(mended) + "}}").body();
                assertThat(tried.get("sentence").asText()).isEqualTo("with this file " + letters + " of " + letters + " letters pass");
                assertThat(bridge.count("select count(*) from person")).as("nothing was touched").isZero();
                Files.writeString(files.mappings.resolve("lab.yaml"), mended);
                bridge.activate();
                JsonNode job = replays(bridge, "{\"source\":\"lab\"}").body();
                assertThat(job.get("total").asLong()).as("known before").isEqualTo(letters);
                for (long i = 0; i < 3_600 && job.get("status").asText().equals("running"); i++) {
                    TestBridge.pause(50);
                    job = bridge.api("GET", "/dead-letters/replays/" + job.get("id").asLong(), "").body();
                }
                assertThat(job.get("status").asText()).isEqualTo("done");
                assertThat(job.get("open").asLong()).as(job.toString()).isZero();
                assertThat(bridge.count("select count(*) from dead_letter where status in ('open', 'retrying')")).isZero();
                assertThat(bridge.count("select count(*) from person where status = 'active'")).isGreaterThan(PEOPLE * 8 / 10);
            }
        }
    }

    private static TestBridge.Answer replays(TestBridge bridge, String body) {
        return bridge.api("POST", "/dead-letters/replays", body);
    }
}
