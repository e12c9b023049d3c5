package io.identitybridge.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What somebody should look at: cheap queries over what is open, for health, log and meters. */
@Repository
public class Alarms {
    /** Connections, and 1 where credentials are refused: Portkey, where nothing goes out any more, and sources whose last run ended so. */
    static final String STOPPED = "select 'portkey' as source, (stopped_at is not null)::int as value, coalesce(stopped_why, '') as why from target union all"
            + " select s.source, (r.status = 'failed' and r.message ~ 'HTTP 40[13]')::int, coalesce(r.message, '') from source_state s"
            + " join lateral (select * from run where source = s.source and ended_at is not null and status <> 'skipped' order by started_at desc limit 1) r on true";

    /** Leavers who are at Portkey still, and whom the bridge cannot let go ({@code unpublishable}), or who are not its own ({@code unmanaged}). */
    private static final String KEPT = "select f.first_at, f.kind from target_finding f join person p on p.id::text = split_part(f.subject, ' ', 1) where f.closed_at is null and f.kind in ('unpublishable', 'unmanaged') and p.status = 'archived'";

    /** Since when leavers wait: for Portkey, behind a letter, or for somebody to do by hand what the bridge cannot. */
    static final String LEAVERS = "select since from outbox o where leaver and not exists (select 1 from person p where p.id = o.key and p.status = 'active') union all select first_at from dead_letter where leaver and status in ('open', 'retrying') union all select first_at from (" + KEPT + ") k where kind = 'unpublishable'";

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

    /** Sources that fail so often that their pulls were slowed down, and Portkey where only leavers go on for that, each with why. */
    public List<String> quarantined() {
        return jdbc.queryForList("select source || ' since ' || to_char(quarantined_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || ': ' || quarantine_why from (select source, quarantined_at, quarantine_why from source_state"
                + " union all select 'portkey', quarantined_at, quarantine_why from target) q where quarantined_at is not null order by source", String.class);
    }

    /** Whether the key for personal data lies bare in the database: then whoever reads that reads what letters hold of people. */
    public boolean bareKey() {
        return Optional.ofNullable(jdbc.queryForObject("select exists (select 1 from bridge_key where bare)", Boolean.class)).orElse(false);
    }

    /** Connections whose credentials are refused, by name, with what was said. */
    public Map<String, String> stopped() {
        return jdbc.query("select source, why from (" + STOPPED + ") c where value = 1", (rs, n) -> Map.entry(rs.getString(1), rs.getString(2)))
                .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How long ago each source that was ever read as a whole was last read so. */
    public Map<String, Duration> lastComplete() {
        return jdbc.query("select s.source, extract(epoch from now() - r.ended_at) from source_state s join lateral (select ended_at from run where source = s.source and complete and status in ('done', 'held')"
                        + " order by started_at desc limit 1) r on true", (rs, n) -> Map.entry(rs.getString(1), Duration.ofSeconds(rs.getLong(2))))
                .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How long the leaver waits who has waited longest, for Portkey or behind a letter; nothing where none does. */
    public Duration oldestLeaver() {
        return Duration.ofSeconds(Optional.ofNullable(jdbc.queryForObject("select extract(epoch from now() - min(since))::bigint from (" + LEAVERS + ") l", Long.class)).orElse(0L));
    }

    /** Workspaces that wait at a Portkey which shows not all that it has, until somebody has looked for them there. */
    public List<String> unseen() {
        return jdbc.queryForList("select w.name from workspace w, target t where t.kind = 'portkey-scim' and " + TargetReads.TO_BE_MADE + " and not " + TargetState.AGREED
                + " and exists (select 1 from target_finding f where f.closed_at is null and f.kind = 'missing' and f.subject = w.id::text) order by w.name_folded limit 20", String.class);
    }

    /** How many leavers keep their access at Portkey for a reason that is no delay. */
    public long kept() {
        return Optional.ofNullable(jdbc.queryForObject("select count(*) from (" + KEPT + ") k", Long.class)).orElse(0L);
    }

    /** Whether this source has pulled before, so that a pull that is off now is a loss. */
    public boolean pulledBefore(String source) {
        return Optional.ofNullable(jdbc.queryForObject("select exists (select 1 from source_state where source = ? and pulled_before)", Boolean.class, source)).orElse(false);
    }
}
