package io.identitybridge.store;

import java.time.Duration;
import java.util.List;

/** Events and failures of sources (and of Portkey) by minute, of all bridges. */
public final class SourceRates {
    private final Sql sql;

    SourceRates(Sql sql) {
        this.sql = sql;
    }

    /** How many there were, and how many of them failed. */
    public record Rate(long events, long failed) {
    }

    void add(String source, long events, long failed) {
        sql.run("insert into source_rate (source, minute, events, failed) values (?, date_trunc('minute', now()), ?, ?)"
                + " on conflict (source, minute) do update set events = source_rate.events + excluded.events, failed = source_rate.failed + excluded.failed", source, events, failed);
    }

    /** Within the window, and since somebody last said that it is in order. */
    Rate of(String source, Duration window) {
        return sql.row("select coalesce(sum(r.events), 0), coalesce(sum(r.failed), 0) from source_rate r left join source_state s on s.source = r.source"
                + " where r.source = ? and r.minute > now() - make_interval(secs => ?) and (s.rated_since is null or r.minute > s.rated_since)",
                (rs, n) -> new Rate(rs.getLong(1), rs.getLong(2)), source, (double) window.toSeconds()).orElseThrow();
    }

    /** Sources that anything is known of within the last day. */
    List<String> sources() {
        return sql.rows("select distinct source from source_rate where minute > now() - interval '1 day'", (rs, n) -> rs.getString(1));
    }
}
