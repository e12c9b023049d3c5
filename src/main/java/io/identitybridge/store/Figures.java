package io.identitybridge.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Gauges that are counted in the database, by meter (SAFETY section 6): cheap queries over what is open or was last. */
@Repository
public class Figures {
    private static final String VALUE = "value";
    /** The last run of each source of which something holds. */
    private static final String LAST_RUN = "(select source from source_state) s join lateral (select * from run where source = s.source and ended_at is not null and %s order by started_at desc limit 1) r on true";

    private static final Map<String, String> QUERIES = queries();

    private final JdbcTemplate jdbc;

    public Figures(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param labels by name; none of them names a person */
    public record Figure(Map<String, String> labels, double value) {
    }

    /** The meters' names. */
    public static List<String> names() {
        return List.copyOf(QUERIES.keySet());
    }

    public List<Figure> of(String meter) {
        return jdbc.query(QUERIES.get(meter), (rs, n) -> figure(rs));
    }

    /** What pushes have missed, by source and attribute, as long as it is kept. */
    public List<Figure> missed() {
        return jdbc.query("select source, attribute, sum(n) as value from drift where kind = 'missed' group by source, attribute", (rs, n) -> figure(rs));
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("bridge_dead_letters_open", letters("count(*)", "true"));
        queries.put("bridge_dead_letters_parked", letters("sum(parked)", "true"));
        queries.put("bridge_keys_blocked", letters("count(distinct key)", "resource <> 'exchange'"));
        queries.put("bridge_dead_letter_oldest_age_seconds", "select source, cause as class, extract(epoch from now() - min(first_at)) as value from dead_letter where status in ('open', 'retrying') group by source, cause");
        queries.put("bridge_push_reliability_ratio", "select * from (select s.source, " + Drift.RELIABILITY + " as value from source_state s) r where value is not null");
        queries.put("bridge_pending_references", "select g.source, count(*) as value from pending_member p join directory_group g on g.id = p.group_id group by g.source");
        queries.put("bridge_reconcile_complete", "select r.source, case when r.status = 'failed' then 0 else 1 end as value from " + LAST_RUN.formatted("complete"));
        queries.put("bridge_reconcile_objects", "select r.source, o.state, o.value from " + LAST_RUN.formatted("status in ('done', 'held')")
                + " cross join lateral (values ('seen', (select coalesce(sum(v.value::numeric), 0) from jsonb_each_text(r.seen) v)), ('changed', r.changed::numeric), ('held', r.held::numeric),"
                + " ('missing', (select count(*)::numeric from account a where a.source = r.source and a.missing_since is not null and a.gone_at is null))) as o (state, value)");
        queries.put("bridge_reconcile_last_success_timestamp_seconds", "select source, extract(epoch from last_success) as value from source_state where last_success is not null");
        queries.put("bridge_reconcile_last_complete_timestamp_seconds", "select r.source, extract(epoch from r.ended_at) as value from " + LAST_RUN.formatted("complete and status in ('done', 'held')"));
        queries.put("bridge_idp_rate_limit_remaining", "select r.source, b.key as bucket, (b.value ->> 'left')::numeric as value from " + LAST_RUN.formatted("budget <> '{}'") + " cross join lateral jsonb_each(r.budget) as b");
        queries.put("bridge_leaver_oldest_age_seconds", "select coalesce(extract(epoch from now() - min(since)), 0) as value from (" + Alarms.LEAVERS + ") l");
        queries.put("bridge_connection_stopped", "select source, value from (" + Alarms.STOPPED + ") c");
        queries.put("bridge_connection_quarantined", "select source, (quarantined_at is not null)::int as value from source_state union all select 'portkey', (quarantined_at is not null or coalesce(open_until > now(), false))::int from target");
        queries.put("bridge_token_expiry_timestamp_seconds", tokens("expires_at"));
        queries.put("bridge_token_last_used_timestamp_seconds", tokens("last_used"));
        return queries;
    }

    private static String letters(String value, String which) {
        return "select source, cause as class, resource, " + value + " as value from dead_letter d where status in ('open', 'retrying') and " + which + " group by source, cause, resource";
    }

    /** A living token goes by its id: its label is anybody's text. */
    private static String tokens(String time) {
        return "select source, id::text as token, extract(epoch from " + time + ") as value from token where kind <> 'access' and " + time + " is not null and revoked_at is null and (expires_at is null or expires_at > now() - interval '1 day')";
    }

    private static Figure figure(ResultSet row) throws SQLException {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String name = row.getMetaData().getColumnLabel(i);
            if (!name.equals(VALUE)) {
                labels.put(name, row.getString(i));
            }
        }
        return new Figure(labels, row.getDouble(VALUE));
    }
}
