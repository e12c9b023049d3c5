package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeenIdsTest {
    @Test
    void it_counts_each_id_once_however_many_there_are() {
        SeenIds ids = new SeenIds();
        for (int turn = 0; turn < 2; turn++) {
            for (int i = 0; i < 200_000; i++) {
                assertThat(ids.add("00u" + i)).isEqualTo(turn == 0);
            }
        }
        assertThat(ids.size()).isEqualTo(200_000);
    }

    @Test
    void the_hashes_of_a_page_say_who_is_there_and_not_who_was_removed() {
        PageRead page = new PageRead("users", 1, Optional.empty(), List.of(new Item("a", false, Map.of()), new Item("b", true, Map.of())), Instant.EPOCH);
        SeenIds ids = SeenIds.of(page.seen());
        assertThat(ids.size()).isEqualTo(1);
        assertThat(ids.add("a")).isFalse();
    }
}
