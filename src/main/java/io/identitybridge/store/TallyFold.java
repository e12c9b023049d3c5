package io.identitybridge.store;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keeps the guard's count of 24 hours short: each change writes a row of its own, and every two seconds those of one minute become one, which
 * counts from the minute's end, so that a change is never forgotten early.
 */
public final class TallyFold implements AutoCloseable {
    private final Ticker ticker;

    public TallyFold(JdbcTemplate jdbc) {
        Sql sql = new Sql(jdbc);
        this.ticker = new Ticker("tally-fold", Duration.ofSeconds(2), () -> fold(sql));
    }

    /** One statement, so that no count sees a change twice or not at all; what another bridge folds at this moment is left to it. */
    static void fold(Sql sql) {
        sql.run("""
                with minutes as (select source, class, subject, date_trunc('minute', at) as minute from tally where at < now() - interval '1 second' and at <> date_trunc('minute', at) group by 1, 2, 3, 4),
                mine as (select t.ctid from tally t join minutes m on m.source = t.source and m.class = t.class and m.subject = t.subject
                         and (t.at >= m.minute and t.at < m.minute + interval '1 minute' and t.at <> m.minute and t.at < now() - interval '1 second' or t.at = m.minute + interval '1 minute') for update of t skip locked),
                gone as (delete from tally where ctid = any(array(select ctid from mine)) returning source, class, subject, at, n)
                insert into tally (source, class, subject, at, n) select source, class, subject, date_trunc('minute', at - interval '1 microsecond') + interval '1 minute', sum(n) from gone group by 1, 2, 3, 4""");
    }

    @Override
    public void close() {
        ticker.close();
    }
}
