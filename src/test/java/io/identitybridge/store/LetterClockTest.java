package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.CausesReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class LetterClockTest {
    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final LetterClock clock = new LetterClock(jdbc);

    @Test
    void a_letter_is_due_when_the_schedule_of_its_cause_says_and_is_given_once() {
        letter("a", "BUG", 1, "59 seconds");
        letter("b", "BUG", 1, "61 seconds");
        letter("c", "TRANSIENT", 2, "301 seconds");
        letter("d", "MAPPING_POISON", 1, "30 days");
        clock.schedule(CausesReader.SHIPPED);
        assertThat(keys(clock.take())).containsExactlyInAnyOrder("b", "c");
        assertThat(clock.take()).isEmpty();
        assertThat(jdbc.queryForList("select key from dead_letter where status = 'retrying' order by key", String.class)).containsExactly("a", "b", "c");
    }

    @Test
    void what_was_tried_once_more_for_nothing_rests_and_what_was_tried_for_a_fortnight_expires() {
        letter("a", "BUG", 2, "2 minutes");
        letter("b", "TRANSIENT", 30, "2 minutes");
        jdbc.update("update dead_letter set first_at = now() - interval '15 days' where key = 'b'");
        clock.schedule(CausesReader.SHIPPED);
        clock.schedule(CausesReader.SHIPPED);
        assertThat(clock.take()).isEmpty();
        assertThat(jdbc.queryForList("select status || ' ' || rests from dead_letter order by key", String.class)).containsExactly("open true", "expired false");
    }

    @Test
    void letters_about_portkey_and_about_exchanges_that_were_no_runs_are_not_its_own() {
        letter("a", "BUG", 1, "1 day");
        jdbc.update("update dead_letter set resource = 'exchange', source = 'bridge'");
        letter("b", "BUG", 1, "1 day");
        jdbc.update("update dead_letter set source = 'portkey' where key = 'b'");
        clock.schedule(CausesReader.SHIPPED);
        assertThat(clock.take()).isEmpty();
    }

    @Test
    void a_run_that_broke_is_tried_as_its_cause_says() {
        letter("okta-pull", "TRANSIENT", 1, "61 seconds");
        jdbc.update("update dead_letter set resource = 'exchange'");
        clock.schedule(CausesReader.SHIPPED);
        assertThat(keys(clock.take())).containsExactly("okta-pull");
    }

    @Test
    void a_leavers_letter_is_tried_every_quarter_of_an_hour_whatever_its_cause_and_never_expires() {
        letter("bug", "BUG", 7, "1 minute");
        letter("poison", "MAPPING_POISON", 7, "16 minutes");
        letter("old", "TRANSIENT", 40, "1 minute");
        jdbc.update("update dead_letter set leaver = true, rests = true, first_at = now() - interval '30 days'");
        clock.schedule(CausesReader.SHIPPED);
        assertThat(keys(clock.take())).containsExactly("poison");
        assertThat(jdbc.queryForList("select key || ' ' || status || ' ' || (next_at between now() + interval '13 minutes' and now() + interval '15 minutes') from dead_letter where key <> 'poison' order by key", String.class))
                .containsExactly("bug retrying true", "old retrying true");
    }

    private void letter(String key, String cause, int attempts, String ago) {
        jdbc.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash, attempts, first_at, last_at)"
                + " values ('okta', 'user', ?, 1, ?, 'map', 's', 'f', 'run:1', 'h', ?, now() - ?::interval, now() - ?::interval)", key, cause, attempts, ago, ago);
    }

    private List<String> keys(List<Long> letters) {
        return letters.stream().map(id -> jdbc.queryForObject("select key from dead_letter where id = ?", String.class, id)).toList();
    }
}
