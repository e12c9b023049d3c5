package io.identitybridge.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Events and failures of sources by minute, of all bridges together, and which source is quarantined for them. */
@Repository
public class SourceRates {
    private static final String ADD = " on conflict (source, minute) do update set events = source_rate.events + excluded.events, failed = source_rate.failed + excluded.failed";

    private final Sql sql;

    @Autowired
    public SourceRates(JdbcTemplate jdbc) {
        this(new Sql(jdbc));
    }

    SourceRates(Sql sql) {
        this.sql = sql;
    }

    /** How many there were, and how many of them failed. */
    public record Rate(long events, long failed) {
    }

    public void add(String source, long events, long failed) {
        sql.run("insert into source_rate (source, minute, events, failed) values (?, date_trunc('minute', now()), ?, ?)" + ADD, source, events, failed);
    }

    /** Counts the records of a run that differed from what was known, of which no more can have failed. */
    public void addRun(String source, UUID run, long failed) {
        sql.run("insert into source_rate (source, minute, events, failed) select ?, date_trunc('minute', now()), greatest(changed, 0), least(changed, ?) from run where id = ? and changed > 0" + ADD, source, failed, run);
    }

    /** Within the window, and since somebody last said that it is in order. */
    public Rate of(String source, Duration window) {
        return sql.row("select coalesce(sum(r.events), 0), coalesce(sum(r.failed), 0) from source_rate r left join source_state s on s.source = r.source"
                + " where r.source = ? and r.minute > now() - make_interval(secs => ?) and (s.rated_since is null or r.minute > s.rated_since)",
                (rs, n) -> new Rate(rs.getLong(1), rs.getLong(2)), source, (double) window.toSeconds()).orElseThrow();
    }

    /** Sources that anything is known of within the last day, and those that are quarantined. */
    public List<String> sources() {
        return sql.rows("select source from source_rate where minute > now() - interval '1 day' union select source from source_state where quarantined_at is not null", (rs, n) -> rs.getString(1));
    }

    /** Quarantines a source; false where it was already. */
    public boolean quarantine(String source, String why, String setHash) {
        return sql.run("with begun as (insert into source_state (source, quarantined_at, quarantine_why) values (?, now(), ?) on conflict (source) do update set quarantined_at = now(), quarantine_why = excluded.quarantine_why"
                + " where source_state.quarantined_at is null returning source) insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', source, 'quarantine', ?, array['quarantine ' || source || ': ' || ?] from begun",
                source, why, setHash, why) > 0;
    }

    /** Ends a quarantine, for it is better; false where there was none. */
    public boolean release(String source, String why, String setHash) {
        return sql.run("with ended as (update source_state set quarantined_at = null, quarantine_why = null where source = ? and quarantined_at is not null returning source)"
                + " insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', source, 'quarantine', ?, array['quarantine of ' || source || ' is over: ' || ?] from ended", source, setHash, why) > 0;
    }

    /** Why a source is quarantined, where a run of it began within the window; else it may be pulled. */
    public Optional<String> pulledWithin(String source, Duration window) {
        return sql.row("select quarantine_why from source_state s where source = ? and quarantined_at is not null and exists (select 1 from run r where r.source = s.source and r.started_at > now() - make_interval(secs => ?))",
                (rs, n) -> rs.getString(1), source, (double) window.toSeconds());
    }
}
