package io.identitybridge.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What somebody should look at: cheap queries over what is open, for health, log and meters. */
@Repository
public class Alarms {
    private final JdbcTemplate jdbc;

    public Alarms(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A plan that waits for a person. */
    public record Held(long id, String source, String cause, long lines, List<String> reasons, double ageSeconds) {
    }

    /** @param cause the letters' {@link io.identitybridge.model.Cause} */
    public record Letters(String source, String cause, long open) {
    }

    /** A source whose last ended run failed. */
    public record Failed(String source, Instant at, String message) {
    }

    /** Oldest first. */
    public List<Held> held() {
        return jdbc.query("select p.id, p.source, p.cause, p.reasons, extract(epoch from now() - p.created_at) as age,"
                        + " (select count(*) from plan_line l where l.plan_id = p.id and l.status = 'held') as lines from plan p where p.status = 'held' order by p.id",
                (rs, n) -> new Held(rs.getLong("id"), rs.getString("source"), rs.getString("cause"), rs.getLong("lines"), Sql.texts(rs, "reasons"), rs.getDouble("age")));
    }

    public List<Letters> letters() {
        return jdbc.query("select source, cause, count(*) as n from dead_letter where status in ('open', 'retrying') group by source, cause order by source, cause",
                (rs, n) -> new Letters(rs.getString("source"), rs.getString("cause"), rs.getLong("n")));
    }

    public List<Failed> failed() {
        return jdbc.query("select s.source, r.ended_at, coalesce(r.message, '') as message, r.status from (select distinct source from source_state) s"
                        + " join lateral (select * from run where source = s.source and ended_at is not null and status <> 'skipped' order by started_at desc limit 1) r on true where r.status = 'failed' order by s.source",
                (rs, n) -> new Failed(rs.getString("source"), rs.getTimestamp("ended_at").toInstant(), rs.getString("message")));
    }

    /** Sources that fail so often that their pulls were slowed down, each with why. */
    public List<String> quarantined() {
        return jdbc.queryForList("select source || ' since ' || to_char(quarantined_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || ': ' || quarantine_why from source_state where quarantined_at is not null order by source", String.class);
    }

    /** When each source was last pulled to its end. */
    public Map<String, Instant> lastSuccess() {
        return jdbc.query("select source, last_success from source_state where last_success is not null", (rs, n) -> Map.entry(rs.getString(1), rs.getTimestamp(2).toInstant()))
                .stream().collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether this source has pulled before, so that a pull that is off now is a loss. */
    public boolean pulledBefore(String source) {
        return Optional.ofNullable(jdbc.queryForObject("select exists (select 1 from source_state where source = ? and pulled_before)", Boolean.class, source)).orElse(false);
    }
}
