package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.store.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a bridge does by the clock: looks at files and at people, heals letters, keeps replays. None of it waits for another to end. */
class ByTheClockTest {
    @Test
    void an_edit_is_taken_back_from_the_disk_while_everybody_is_still_looked_at_after_it() throws Exception {
        BridgeFiles files = BridgeFiles.of("lab");
        try (StandInOkta okta = new StandInOkta(Company.of(24, 2, 1), "secret", 0);
                TestBridge bridge = TestBridge.of(files, "lab.url=" + okta.url(), "lab.token=secret", "bridge.files.watch=true", "bridge.files.every=100");
                Connection other = bridge.bean(DataSource.class).getConnection(); Statement statement = other.createStatement()) {
            bridge.pull("lab");
            String first = hash(bridge);
            other.setAutoCommit(false);
            statement.execute("lock table account in share mode"); // everybody can be read, and nobody marked
            files.edit("lab.yaml", "record.profile.firstName + \" \"", "record.profile.firstName + \"  \"");
            TestDatabase.waitForLocks(bridge.sql, new CompletableFuture<>(), 1);
            assertThat(hash(bridge)).isNotEqualTo(first);
            files.edit("lab.yaml", "record.profile.firstName + \"  \"", "record.profile.firstName + \" \"");
            bridge.waitFor("select count(*) from (select hash from active_set order by seq desc limit 1) last where hash = '" + first + "'", 1);
            other.rollback();
        }
    }

    private static String hash(TestBridge bridge) {
        return bridge.api("GET", "/files", "").body().get("hash").asText();
    }
}
