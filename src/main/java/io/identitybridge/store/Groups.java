package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads and writes whole groups and their members as rows; every account whose groups changed is due. */
final class Groups {
    private static final String COLUMNS = "id, source, external_id, display_name, kept, places, moved_from, problem, pulled::text, pulled_hash, pulled_members, pulled_at,"
            + " pushed::text, pushed_at, missing_since, missing_run, gone_at, lingers, ends, unlinked, version";
    private static final String UPSERT = "insert into directory_group (id, source, external_id, display_name, kept, places, moved_from, problem, pulled, pulled_hash, pulled_members, pulled_at,"
            + " pushed, pushed_at, missing_since, missing_run, gone_at, lingers, ends, unlinked)"
            + " select t.id, t.source, t.external_id, t.display_name, t.kept, string_to_array(t.places, chr(31)), t.moved_from, t.problem, t.pulled, t.pulled_hash, t.pulled_members, t.pulled_at,"
            + " t.pushed, t.pushed_at, t.missing_since, t.missing_run, t.gone_at, t.lingers, t.ends, string_to_array(t.unlinked, chr(31))"
            + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::jsonb[], ?::bytea[], ?::bytea[], ?::timestamptz[],"
            + " ?::jsonb[], ?::timestamptz[], ?::timestamptz[], ?::uuid[], ?::timestamptz[], ?::boolean[], ?::boolean[], ?::text[])"
            + " as t (id, source, external_id, display_name, kept, places, moved_from, problem, pulled, pulled_hash, pulled_members, pulled_at, pushed, pushed_at, missing_since, missing_run, gone_at, lingers, ends, unlinked)"
            + " on conflict (id) do update set external_id = excluded.external_id, display_name = excluded.display_name, kept = excluded.kept, places = excluded.places, moved_from = excluded.moved_from,"
            + " problem = excluded.problem, pulled = excluded.pulled, pulled_hash = excluded.pulled_hash, pulled_members = excluded.pulled_members, pulled_at = excluded.pulled_at,"
            + " pushed = excluded.pushed, pushed_at = excluded.pushed_at, missing_since = excluded.missing_since, missing_run = excluded.missing_run, gone_at = excluded.gone_at, lingers = excluded.lingers, ends = excluded.ends, unlinked = excluded.unlinked,"
            + " version = directory_group.version + 1, changed_at = now()";
    private static final String MARK = " insert into due (account_id, source, cause, waits) select distinct c.account_id, ?, ?, ?::text from changed c order by 1"
            + " on conflict (account_id) do update set at = now(), waits = coalesce(excluded.waits, due.waits)";
    /** Whoever goes is not waited for either: by the reference he goes by, nor by the IdP's id where he came in the moment in which that was named ({@link #joinLate}). */
    static final String NO_LONGER_AWAITED = "with t as (select * from unnest(?::uuid[], ?::text[], ?::uuid[]) as t (group_id, ref, id)) delete from pending_member p"
            + " using (select group_id, ref from t union select t.group_id, a.external_id from t join account a on a.id = t.id) o where p.group_id = o.group_id and p.ref = o.ref";

    private final Sql sql;

    Groups(Sql sql) {
        this.sql = sql;
    }

    Map<String, GroupFact> byExternalId(SourceName source, Collection<String> ids) {
        List<UUID> found = sql.rows("select distinct on (external_id) id from directory_group where source = ? and external_id = any(?::text[]) order by external_id, gone_at desc nulls first",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), ids);
        return byId(found, true).values().stream().collect(Collectors.toMap(fact -> fact.externalId().orElseThrow(), fact -> fact));
    }

    /** Living groups that were pushed without the IdP's id, by their exact name. */
    Map<String, GroupFact> unanchored(SourceName source, Collection<String> names) {
        List<UUID> found = sql.rows("select (array_agg(id))[1] from directory_group where source = ? and external_id is null and gone_at is null and display_name = any(?::text[]) group by display_name having count(*) = 1",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), names);
        return byId(found, true).values().stream().collect(Collectors.toMap(fact -> fact.displayName().orElseThrow(), fact -> fact));
    }

    /** These groups; locked for a rename or delete, shared for a change of members. */
    Map<UUID, GroupFact> byId(Collection<UUID> ids, boolean rename) {
        return ids.isEmpty() ? Map.of() : sql.rows("select " + COLUMNS + " from directory_group where id = any(?::uuid[]) order by id for " + (rename ? "no key update" : "share"), (rs, n) -> row(rs), ids)
                .stream().collect(Collectors.toMap(GroupFact::id, fact -> fact));
    }

    void write(List<GroupFact> facts) {
        Columns rows = new Columns(20);
        for (GroupFact f : facts) {
            rows.add(f.id(), f.source(), f.externalId(), f.displayName(), f.kept(), Sql.joined(Places.flat(f.places())), f.movedFrom(), f.problem(), f.pulled(), f.pulledHash(), f.pulledMembers(), f.pulledAt(),
                    f.pushed(), f.pushedAt(), f.missingSince(), f.missingRun(), f.goneAt(), f.lingers(), f.ends(), Sql.joined(f.unlinked()));
        }
        rows.write(sql, UPSERT);
    }

    /** Everybody in these groups is looked at again. */
    void membersDue(Collection<UUID> groups, String source, Trigger trigger) {
        if (!groups.isEmpty()) {
            sql.run("with changed as (select account_id from group_member where removed_at is null and group_id = any(?::uuid[]))" + MARK, groups, source, trigger.cause(), trigger.waits().orElse(null));
        }
    }

    /** Takes staged members of one stretch of the run into their groups; a push newer than the page (plus lag) stays, an older one is settled by it. */
    void addStaged(UUID run, SourceName source, String fromMember, String toMember, Duration lag, Trigger trigger) {
        sql.run("with stage as (select g.id as group_id, a.id as account_id, s.asked_at from stage_member s join directory_group g on g.source = ? and g.external_id = s.group_id and g.gone_at is null"
                        + " join account a on a.source = ? and a.external_id = s.member and a.gone_at is null where s.run_id = ? and not s.removed and s.member > ? and s.member <= ?),"
                        + " changed as (insert into group_member (group_id, account_id) select group_id, account_id from stage order by account_id, group_id"
                        + " on conflict (group_id, account_id) do update set removed_at = null, pushed_at = null where coalesce(group_member.removed_at, group_member.pushed_at) is not null"
                        + " and (select s.asked_at from stage s where s.group_id = excluded.group_id and s.account_id = excluded.account_id) > coalesce(group_member.removed_at, group_member.pushed_at) + make_interval(secs => ?) returning account_id)" + MARK,
                source.value(), source.value(), run, fromMember, toMember, (double) lag.toSeconds(), source.value(), trigger.cause(), trigger.waits().orElse(null));
        sql.run("insert into pending_member (group_id, ref, pushed) select g.id, s.member, false from stage_member s join directory_group g on g.source = ? and g.external_id = s.group_id and g.gone_at is null"
                        + " where s.run_id = ? and not s.removed and s.member > ? and s.member <= ? and not exists (select 1 from account a where a.source = ? and a.external_id = s.member and a.gone_at is null) on conflict do nothing",
                source.value(), run, fromMember, toMember, source.value());
    }

    /** Where the next stretch of staged members ends; empty after the last. */
    Optional<String> stretch(UUID run, String fromMember, int size) {
        return sql.row("select max(member) from (select member from stage_member where run_id = ? and member > ? order by member limit ?) m", (rs, n) -> Sql.text(rs, "max"), run, fromMember, size).flatMap(m -> m);
    }

    /** Takes out who is not in the staged whole lists of these groups, unless pushed in after the page was asked for (plus lag). */
    void removeUnstaged(UUID run, Collection<UUID> groups, String source, Duration lag, Trigger trigger) {
        sql.run("with changed as (delete from group_member m using directory_group g, account a, stage_record r where m.group_id = any(?::uuid[]) and g.id = m.group_id and a.id = m.account_id"
                        + " and r.run_id = ? and r.resource = 'groups' and r.id = g.external_id and (m.pushed_at is null or r.asked_at > m.pushed_at + make_interval(secs => ?))"
                        + " and (m.removed_at is null or r.asked_at > m.removed_at + make_interval(secs => ?))"
                        + " and not exists (select 1 from stage_member s where s.run_id = ? and s.group_id = g.external_id and s.member = a.external_id) returning m.account_id)" + MARK,
                groups, run, (double) lag.toSeconds(), (double) lag.toSeconds(), run, source, trigger.cause(), trigger.waits().orElse(null));
        sql.run("delete from pending_member p using directory_group g where p.group_id = any(?::uuid[]) and g.id = p.group_id and not p.pushed"
                + " and not exists (select 1 from stage_member s where s.run_id = ? and s.group_id = g.external_id and s.member = p.ref)", groups, run);
    }

    /** Takes out the members that a delta names as removed. */
    void removeStaged(UUID run, SourceName source, Duration lag, Trigger trigger) {
        sql.run("with changed as (delete from group_member m using directory_group g, account a, stage_member s where s.run_id = ? and s.removed and g.source = ? and g.external_id = s.group_id"
                + " and a.source = ? and a.external_id = s.member and m.group_id = g.id and m.account_id = a.id and (m.pushed_at is null or s.asked_at > m.pushed_at + make_interval(secs => ?))"
                + " and (m.removed_at is null or s.asked_at > m.removed_at + make_interval(secs => ?)) returning m.account_id)" + MARK, // else an older page would find no mark and bring him back
                run, source.value(), source.value(), (double) lag.toSeconds(), (double) lag.toSeconds(), source.value(), trigger.cause(), trigger.waits().orElse(null));
        sql.run("delete from pending_member p using directory_group g, stage_member s where s.run_id = ? and s.removed and g.source = ? and g.external_id = s.group_id and p.group_id = g.id and p.ref = s.member", run, source.value());
    }

    /** Whether the run said of some member what a newer push contradicts: it was passed over, and only a whole reading says it again. */
    boolean fenced(UUID run, SourceName source, Duration lag) {
        return sql.row("""
                select 1 from stage_member s
                join directory_group g on g.source = ? and g.external_id = s.group_id and g.gone_at is null
                join account a on a.source = ? and a.external_id = s.member and a.gone_at is null
                join group_member m on m.group_id = g.id and m.account_id = a.id
                where s.run_id = ? and (s.removed and m.removed_at is null and s.asked_at <= m.pushed_at + make_interval(secs => ?)
                                        or not s.removed and s.asked_at <= m.removed_at + make_interval(secs => ?))
                limit 1""", (rs, n) -> true, source.value(), source.value(), run, (double) lag.toSeconds(), (double) lag.toSeconds()).isPresent();
    }

    /** Inactive accounts that the run's lists name, after the last word about each (plus lag). Whoever the run reads himself is not among them: his own record says what he is. */
    List<UUID> inactive(UUID run, SourceName source, boolean delta, Duration lag) {
        return sql.rows("""
                select distinct a.id from stage_member s
                join directory_group g on g.source = ? and g.external_id = s.group_id and g.gone_at is null
                join account a on a.source = ? and a.external_id = s.member and a.gone_at is null and not coalesce(a.active, true)
                join group_member m on m.group_id = g.id and m.account_id = a.id and m.removed_at is null
                where s.run_id = ? and not s.removed and (? or a.pulled_at is null)
                  and s.asked_at > coalesce(greatest(a.pushed_at, a.pulled_at), '-infinity') + make_interval(secs => ?)
                  and not exists (select 1 from stage_record r where r.run_id = s.run_id and r.resource = 'users' and r.id = a.external_id)
                order by a.id""", (rs, n) -> rs.getObject(1, UUID.class), source.value(), source.value(), run, delta, (double) lag.toSeconds());
    }

    /** Pushed in: one row a member; one who is not known yet is kept until he is. Gives the accounts that changed. */
    List<UUID> pushIn(UUID group, SourceName source, List<String> refs, Trigger trigger) {
        if (refs.isEmpty()) {
            return List.of();
        }
        List<UUID> changed = sql.rows("with changed as (insert into group_member (group_id, account_id, pushed_at) select ?, a.id, now() from account a where a.source = ? and a.gone_at is null and a.id = any(?::uuid[]) order by a.id"
                + " on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null returning account_id), marked as (" + MARK + " returning account_id) select account_id from marked",
                (rs, n) -> rs.getObject(1, UUID.class), group, source.value(), ids(refs), source.value(), trigger.cause(), trigger.waits().orElse(null));
        sql.run("insert into pending_member (group_id, ref, pushed) select ?, t.ref, true from unnest(?::text[], ?::uuid[]) as t (ref, id) where not exists (select 1 from account a where a.id = t.id and a.source = ? and a.gone_at is null) on conflict do nothing",
                group, refs, refs.stream().map(Ids::of).toList(), source.value());
        return changed;
    }

    /** Pushed members of the last hour who wait although they are there; not whoever was pushed out since. */
    int joinLate() {
        return sql.run("""
                with late as (select p.group_id, p.ref, a.id as account_id, a.source from pending_member p join directory_group g on g.id = p.group_id and g.gone_at is null
                      join account a on a.source = g.source and a.external_id = p.ref and a.gone_at is null where p.pushed and p.since > now() - interval '1 hour'
                    union select p.group_id, p.ref, a.id, a.source from pending_member p join directory_group g on g.id = p.group_id and g.gone_at is null
                      join account a on a.id = case when p.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p.ref::uuid end and a.source = g.source and a.gone_at is null where p.pushed and p.since > now() - interval '1 hour'),
                joined as (delete from pending_member p using late l where p.group_id = l.group_id and p.ref = l.ref returning l.group_id, l.account_id, l.source, p.since),
                changed as (insert into group_member (group_id, account_id, pushed_at) select distinct group_id, account_id, now() from joined order by account_id, group_id
                    on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null
                    where group_member.removed_at is null or group_member.removed_at < (select max(j.since) from joined j where j.group_id = excluded.group_id and j.account_id = excluded.account_id) returning account_id)
                insert into due (account_id, source, cause) select distinct on (c.account_id) c.account_id, j.source, 'late' from changed c join joined j on j.account_id = c.account_id order by c.account_id
                on conflict (account_id) do update set at = now()""");
    }

    /** Pushed out: the row stays, marked, so that an older page cannot bring it back. Gives the accounts that changed. */
    List<UUID> pushOut(UUID group, SourceName source, List<String> refs, Trigger trigger) {
        if (refs.isEmpty()) {
            return List.of();
        }
        sql.run(NO_LONGER_AWAITED, refs.stream().map(ref -> group).toList(), refs, refs.stream().map(Ids::of).toList());
        return sql.rows("with changed as (update group_member set removed_at = now(), pushed_at = null where group_id = ? and removed_at is null and account_id = any(?::uuid[]) returning account_id), marked as (" + MARK + " returning account_id) select account_id from marked",
                (rs, n) -> rs.getObject(1, UUID.class), group, ids(refs), source.value(), trigger.cause(), trigger.waits().orElse(null));
    }

    /** The SCIM ids of everybody in the group now, known and pending. */
    List<String> members(UUID group) {
        return sql.rows("select account_id::text from group_member where group_id = ? and removed_at is null union all select ref from pending_member where group_id = ? and pushed", (rs, n) -> rs.getString(1), group, group);
    }

    /** How often its members have changed. */
    long changes(UUID group) {
        return sql.number("select coalesce(sum(changes), 0) from group_change where group_id = ?", group);
    }

    /** Those of the references that can be a SCIM id of ours at all. */
    static List<UUID> ids(Collection<String> refs) {
        return refs.stream().flatMap(ref -> Ids.of(ref).stream()).toList();
    }

    private static GroupFact row(ResultSet rs) throws SQLException {
        return new GroupFact(rs.getObject("id", UUID.class), new SourceName(rs.getString("source")), Sql.text(rs, "external_id"), Sql.text(rs, "display_name"), rs.getBoolean("kept"), Places.of(Sql.texts(rs, "places")),
                Sql.text(rs, "moved_from"), Sql.text(rs, "problem"), Sql.text(rs, "pulled"), Optional.ofNullable(rs.getBytes("pulled_hash")), Optional.ofNullable(rs.getBytes("pulled_members")), Sql.instant(rs, "pulled_at"),
                Sql.text(rs, "pushed"), Sql.instant(rs, "pushed_at"), Sql.instant(rs, "missing_since"), Sql.uuid(rs, "missing_run"), Sql.instant(rs, "gone_at"), rs.getBoolean("lingers"), rs.getBoolean("ends"), Sql.texts(rs, "unlinked"), rs.getLong("version"));
    }
}
