package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.CausesReader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** When letters are tried again by themselves. */
class LetterClockTest {
    private final JdbcTemplate sql = new JdbcTemplate(TestDatabase.fresh());

    @Test
    void a_letter_that_closes_while_its_next_try_is_planned_stays_closed() throws Exception {
        sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash, leaver) values ('lab', 'user', '00u1', 1, 'MAPPING_POISON', 'map', 's', 'f', 'push:1', 'h', true)");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> planned = new TransactionTemplate(new DataSourceTransactionManager(sql.getDataSource())).execute(tx -> {
                sql.update("update dead_letter set status = 'superseded', closed_at = now()");
                Future<?> other = threads.submit(() -> new LetterClock(sql).schedule(CausesReader.SHIPPED));
                TestDatabase.waitForLocks(sql, other, 1);
                return other;
            });
            planned.get();
        }
        assertThat(sql.queryForObject("select status from dead_letter", String.class)).isEqualTo("superseded");
    }
}
