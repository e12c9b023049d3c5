package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Fields of accounts that an operator has overridden for a time, each with its reason. One word a field; a new one ends the one before. */
@Repository
public class Overrides {
    /** So many are in force at once at most: more of one kind are the mapping's matter. */
    public static final int MOST = 1_000;
    private static final String NOW = "o.ended_at is null and o.until > now()";

    private static final Listing ALL = Listing.of("overrides", "field_override o left join account a on a.id = o.account_id").shows("id", "o.id").field("source", "o.source")
            .shows("account", "coalesce(a.external_id, o.account_id::text)").field("field", "o.field").shows("value", "o.value").shows("reason", "o.reason").shows("until", "o.until").shows("actor", "o.actor")
            .shows("createdAt", "o.created_at").shows("endedAt", "coalesce(o.ended_at, case when o.until <= now() then o.until end)").shows("endedBy", "o.ended_by").shows("endedWhy", "o.ended_why")
            .filter("active", "(" + NOW + ") = ?::boolean", yes -> yes).filter("id", "o.id = ?::bigint", id -> id).by("o.id", "bigint").newestFirst();

    private final JdbcTemplate jdbc;
    private final Sql sql;

    public Overrides(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        this.sql = new Sql(jdbc);
    }

    /** One that is in force. */
    public record Override(long id, UUID account, SourceName source, String field, String value, String reason, Instant until, String actor) {
    }

    /** All that are in force. */
    public List<Override> active() {
        return sql.rows("select o.id, o.account_id, o.source, o.field, o.value, o.reason, o.until, o.actor from field_override o where " + NOW + " order by o.id limit " + MOST, (rs, n) ->
                new Override(rs.getLong(1), rs.getObject(2, UUID.class), new SourceName(rs.getString(3)), rs.getString(4), rs.getString(5), rs.getString(6), rs.getTimestamp(7).toInstant(), rs.getString(8)));
    }

    /** Puts a field of an account under somebody's word, and ends the one before. Empty where too many are in force. */
    public Optional<Long> put(SourceName source, UUID account, String field, String value, String reason, Instant until, String actor) {
        sql.run("update field_override set ended_at = least(now(), until), ended_by = coalesce(ended_by, ?), ended_why = coalesce(ended_why, 'another took its place') where account_id = ? and field = ? and ended_at is null", actor, account, field);
        return sql.row("insert into field_override (account_id, source, field, value, reason, until, actor) select ?, ?, ?, ?, ?, ?::timestamptz, ? where (select count(*) from field_override o where " + NOW + ") < " + MOST + " returning id",
                (rs, n) -> rs.getLong(1), account, source.value(), field, value, reason, until, actor);
    }

    /** Lets the time of one be over; gives whose it was. It has ended once its account was looked at, by whatever bridge. */
    public Optional<Map.Entry<SourceName, UUID>> end(long id, String actor, String reason) {
        return sql.row("update field_override o set until = now(), ended_by = ?, ended_why = ? where o.id = ? and " + NOW + " returning o.source, o.account_id",
                (rs, n) -> Map.entry(new SourceName(rs.getString(1)), rs.getObject(2, UUID.class)), actor, reason, id);
    }

    /** Accounts whose overrides are over and that nobody has looked at since. */
    public Map<SourceName, List<UUID>> over() {
        Map<SourceName, List<UUID>> over = new HashMap<>();
        sql.rows("select source, account_id from field_override where ended_at is null and until <= now()", (rs, n) ->
                over.computeIfAbsent(new SourceName(rs.getString(1)), s -> new ArrayList<>()).add(rs.getObject(2, UUID.class)));
        return over;
    }

    /** These were looked at: their overrides that are over have ended. */
    public void ended(List<UUID> accounts, String setHash) {
        sql.run("with ended as (update field_override set ended_at = until, ended_by = coalesce(ended_by, 'system'), ended_why = coalesce(ended_why, 'its time was over') where account_id = any(?::uuid[]) and ended_at is null and until <= now()"
                + " returning id, source, field, ended_by)"
                + " insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', source, 'override:' || id, ?, array['override ' || id || ' of ' || field || ' is over'] from ended where ended_by = 'system'", accounts, setHash);
    }

    /** As operators see them, newest first. */
    public Page list(Query query) {
        return ALL.read(jdbc, query);
    }

    /** Those in force of the account that a letter is about. */
    List<Map<String, Object>> ofLetter(long letter) {
        return jdbc.query("select o.id, o.field, o.value, o.reason, o.until, o.actor from dead_letter d join account a on a.source = d.source and " + Letters.ABOUT + " join field_override o on o.account_id = a.id"
                + " where d.id = ? and d.resource = 'user' and " + NOW + " order by o.id", Rows::shown, letter);
    }
}
