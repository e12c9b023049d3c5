package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The ledger of what push should have told and a pull found: counted by source, attribute and day, in the transaction that takes it in. */
public final class Drift {
    /** What a push has to do with what a pull found. */
    public enum Kind {
        /** No push has told it. */
        MISSED,
        /** A push told it, after a pull had found it. */
        LATE,
        /** The last push told something else, and the IdP's own record never was so. */
        CONTRADICTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param subject the account or the group */
    public record Found(UUID subject, String attribute, Kind kind) {
    }

    /** Something that no push has told yet. */
    public record Open(AccountFact account, String attribute) {
    }

    private static final String COUNT = " insert into drift (source, attribute, kind, day, n) select ?, f.attribute, f.kind, (now() at time zone 'UTC')::date, count(*) from found f group by f.attribute, f.kind order by 2, 3"
            + " on conflict (source, attribute, kind, day) do update set n = drift.n + excluded.n, last_at = now()";
    private static final String OPEN = ", noted as (insert into push_missed (subject, part, attribute, source) select f.subject, f.part, f.attribute, ? from found f where f.kind = 'missed' on conflict (subject, part, attribute) do update set at = now())";
    private static final String MEMBER = "'members'::text as attribute";

    /**
     * Push reliability of a source {@code s} over the last 30 days, for a query over {@code source_state s}: requests that told something, of these and what pulls
     * had to tell in their place (missed or contradicted). 1: nothing was lost. Null where nothing was pushed, or where no complete pull looked.
     */
    static final String RELIABILITY = "(select round(t.n / nullif(t.n + d.n, 0), 4) from (select coalesce(sum(n), 0) as n from push_told where source = s.source and day > (now() at time zone 'UTC')::date - 30) t,"
            + " (select coalesce(sum(n), 0) as n from drift where source = s.source and kind in ('missed', 'contradicted') and day > (now() at time zone 'UTC')::date - 30) d"
            + " where t.n > 0 and s.last_complete > now() - interval '30 days')";
    private final Sql sql;

    Drift(Sql sql) {
        this.sql = sql;
    }

    /** Whether users (or else groups) of this source are pushed at all. */
    boolean pushes(SourceName source, boolean users) {
        return sql.row(users ? "select 1 from account where source = ? and is_pushed and gone_at is null limit 1" : "select 1 from directory_group where source = ? and is_pushed limit 1", (rs, n) -> true, source.value()).isPresent();
    }

    void found(SourceName source, Collection<Found> all) {
        Columns rows = new Columns(3);
        all.forEach(found -> rows.add(found.subject(), found.attribute(), found.kind()));
        rows.write(sql, "with given as (select ?::text as source), found as (select t.subject, t.subject as part, t.attribute, t.kind from unnest(?::uuid[], ?::text[], ?::text[]) as t (subject, attribute, kind)),"
                + " noted as (insert into push_missed (subject, part, attribute, source) select f.subject, f.part, f.attribute, g.source from found f, given g where f.kind = 'missed' on conflict (subject, part, attribute) do update set at = now())"
                + COUNT.replace("select ?, f.attribute", "select (select source from given), f.attribute"), source.value());
    }

    /** Staged members of one stretch whom no push has brought into a pushed group, or whom one has taken out. Before they are taken in. */
    void joining(UUID run, SourceName source, String fromMember, String toMember, Duration lag) {
        sql.run("with found as (select a.id as subject, g.id as part, " + MEMBER + ", case when m.account_id is null then 'missed' else 'contradicted' end as kind"
                + " from stage_member s join directory_group g on g.source = ? and g.external_id = s.group_id and g.gone_at is null and g.is_pushed join account a on a.source = ? and a.external_id = s.member and a.gone_at is null"
                + " left join group_member m on m.group_id = g.id and m.account_id = a.id where s.run_id = ? and not s.removed and s.member > ? and s.member <= ?"
                + " and (m.account_id is null and s.asked_at > g.pushed_at or s.asked_at > m.removed_at + make_interval(secs => ?)))" + OPEN + COUNT,
                source.value(), source.value(), run, fromMember, toMember, (double) lag.toSeconds(), source.value(), source.value());
    }

    /** Members of pushed groups who are not in the staged whole lists: no push has taken them out, or one has brought them in. Before they go. */
    void leaving(UUID run, SourceName source, Collection<UUID> groups, Duration lag) {
        sql.run("with found as (select m.account_id as subject, m.group_id as part, " + MEMBER + ", case when m.pushed_at is null then 'missed' else 'contradicted' end as kind"
                + " from group_member m join directory_group g on g.id = m.group_id and g.is_pushed join account a on a.id = m.account_id join stage_record r on r.run_id = ? and r.resource = 'groups' and r.id = g.external_id"
                + " where m.group_id = any(?::uuid[]) and m.removed_at is null and (m.pushed_at is null or r.asked_at > m.pushed_at + make_interval(secs => ?))"
                + " and not exists (select 1 from stage_member s where s.run_id = ? and s.group_id = g.external_id and s.member = a.external_id))" + OPEN + COUNT,
                run, groups, (double) lag.toSeconds(), run, source.value(), source.value());
    }

    /** Likewise those that a delta names as removed. */
    void removed(UUID run, SourceName source, Duration lag) {
        sql.run("with found as (select m.account_id as subject, m.group_id as part, " + MEMBER + ", case when m.pushed_at is null then 'missed' else 'contradicted' end as kind"
                + " from stage_member s join directory_group g on g.source = ? and g.external_id = s.group_id and g.is_pushed join account a on a.source = ? and a.external_id = s.member"
                + " join group_member m on m.group_id = g.id and m.account_id = a.id and m.removed_at is null where s.run_id = ? and s.removed and (m.pushed_at is null or s.asked_at > m.pushed_at + make_interval(secs => ?)))" + OPEN + COUNT,
                source.value(), source.value(), run, (double) lag.toSeconds(), source.value(), source.value());
    }

    /** Accounts of which a push has come since something was found missing. */
    List<Open> told(SourceName source, Facts facts, int most) {
        record Row(UUID subject, String attribute) {
        }
        List<Row> rows = sql.rows("select m.subject, m.attribute from push_missed m join account a on a.id = m.subject where m.source = ? and m.part = m.subject and a.pushed_at > m.at order by m.at limit ?",
                (rs, n) -> new Row(rs.getObject(1, UUID.class), rs.getString(2)), source.value(), most);
        var accounts = facts.read(rows.stream().map(Row::subject).toList());
        return rows.stream().filter(row -> accounts.containsKey(row.subject())).map(row -> new Open(accounts.get(row.subject()), row.attribute())).toList();
    }

    /** These were told after all; and so was what pushes have said of groups and members since. */
    void late(SourceName source, List<Open> told) {
        Columns rows = new Columns(2);
        told.forEach(open -> rows.add(open.account().id(), open.attribute()));
        String late = " returning m.attribute, 'late'::text as kind)";
        rows.write(sql, "with given as (select ?::text as source), found as (delete from push_missed m using unnest(?::uuid[], ?::text[]) as t (subject, attribute) where m.subject = t.subject and m.part = t.subject and m.attribute = t.attribute"
                + late + COUNT.replace("select ?, f.attribute", "select (select source from given), f.attribute"), source.value());
        sql.run("with found as (delete from push_missed m using directory_group g where m.source = ? and m.subject = g.id and m.part = m.subject and g.pushed_at > m.at" + late + COUNT, source.value(), source.value());
        sql.run("with found as (delete from push_missed m using group_member g where m.source = ? and m.part <> m.subject and g.group_id = m.part and g.account_id = m.subject and coalesce(g.pushed_at, g.removed_at) > m.at" + late + COUNT,
                source.value(), source.value());
    }
}
