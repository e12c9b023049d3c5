package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWaterTest {
    @Test
    void a_database_that_knows_less_than_this_bridge_has_seen_of_it_was_restored(@TempDir Path folder) {
        new HighWater(folder.resolve("data")).keep("7/5", 40);
        HighWater after = new HighWater(folder.resolve("data"));
        assertThat(after.above("7/5", 39)).isTrue();
        assertThat(after.above("7/5", 40)).isFalse();
        assertThat(after.above("8/5", 1)).as("another database").isFalse();
        assertThat(new HighWater(folder.resolve("new")).above("7/5", 1)).as("nothing was kept").isFalse();
    }
}
