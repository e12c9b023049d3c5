package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** When the next run of a source that tells changes has to read everything. */
class RunsTest {
    private static final SourceName ENTRA = new SourceName("entra");
    private static final Duration LAG = Duration.ofMinutes(5);
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final Runs runs = new Runs(sql);

    @Test
    void after_a_run_that_died_while_it_was_applied_the_same_changes_are_not_asked_for_again_but_everything() {
        runs.applying(start(false).id(), Map.of(), 1);
        assertThat(start(false).fullWanted()).as("some of it is taken in, and the cursor is not").isTrue();
    }

    @Test
    void a_run_that_died_while_it_read_leaves_the_next_to_changes() {
        start(false);
        assertThat(start(false).fullWanted()).isFalse();
    }

    @Test
    void a_whole_run_that_passed_over_a_group_for_a_push_has_another_follow_it() {
        UUID run = start(true).id();
        sql.update("insert into directory_group (id, source, external_id, pulled_at, pushed_at) values (?, 'entra', 'g1', now() - interval '1 hour', now() - interval '4 minutes')", Ids.next());
        assertThat(runs.passedOver(run, ENTRA, LAG)).isTrue();
        runs.done(run, ENTRA, true, true, Map.of(), 0, 0, "");
        assertThat(start(false).fullWanted()).isTrue();
    }

    @Test
    void one_that_passed_over_none_has_not() {
        UUID run = start(true).id();
        sql.update("insert into directory_group (id, source, external_id, pulled_at, pushed_at) values (?, 'entra', 'g1', now() - interval '1 hour', now() - interval '6 minutes'), (?, 'entra', 'g2', now(), now() - interval '4 minutes'),"
                + " (?, 'entra', 'g3', null, now())", Ids.next(), Ids.next(), Ids.next());
        assertThat(runs.passedOver(run, ENTRA, LAG)).isFalse();
        runs.done(run, ENTRA, true, false, Map.of(), 0, 0, "");
        assertThat(start(false).fullWanted()).isFalse();
    }

    private Runs.Started start(boolean full) {
        if (full) {
            runs.wantFull(ENTRA);
        }
        sql.update("insert into source_state (source) values ('entra') on conflict do nothing");
        return runs.start(ENTRA, full, "test", "bridge", "hash", "reading");
    }
}
