package io.identitybridge.store;

import java.time.Duration;
import java.time.Instant;

/**
 * Brings a complete reading of Portkey into what is known of it. What the bridge wrote after the reading began, or within the lag before, is not judged
 * by it: such a reading may be older than the write. Absence counts, since the reading is complete; and whose somebody or a row was that is absent is
 * remembered until a later reading, so that a list that was wrong once takes nothing from the bridge. Within a transaction.
 */
final class TargetMerge {
    /** Whether a row is out of this reading's reach: it was written, and not long enough before. Takes the horizon. */
    private static final String FENCED = "(%1$s.asked_at is distinct from %1$s.shown_at and %1$s.asked_at > ?::timestamptz)";
    /** Whether somebody is not in the reading. Takes the horizon. */
    private static final String ABSENT = "(%1$s.user_id is not null or %1$s.invite_id is not null) and not %1$s.invite_held and not " + FENCED
            + " and not exists (select 1 from shown_person s where s.folded = %1$s.email_folded) and not exists (select 1 from shown_person s where s.user_id = %1$s.user_id)";
    private static final String OURS = "%s.owner in ('managed', 'adopted')";
    /** Where only groups show a workspace, one that has none yet is not lost. Takes the horizon. */
    private static final String AND_HAD_GROUPS = " and (w.uuid is not null or w.workspace_id is null or exists (select 1 from target_group g where g.workspace = w.id and g.role is not null and g.absent_at is null)"
            + " and not exists (select 1 from target_group g where g.workspace = w.id and g.role is not null and g.absent_at is null and " + FENCED.formatted("g") + "))";
    private static final String REMEMBERED = " on conflict (email_folded, workspace) do update set owner = excluded.owner, person_id = excluded.person_id, at = excluded.at";

    private final Sql sql;
    private final Instant began;
    private final Instant horizon;
    private final TargetStage.Guarded guarded;
    private final boolean marks;

    /** @param marks whether what the bridge made bears its mark, and memberships are groups: then a stranger is known by lacking it, and two groups of a workspace leave the role in doubt */
    TargetMerge(Sql sql, Instant began, Duration lag, TargetStage.Guarded guarded, boolean marks) {
        this.sql = sql;
        this.began = began;
        this.horizon = began.minus(lag);
        this.guarded = guarded;
        this.marks = marks;
    }

    /** @param mapped whether the reading shows mappings */
    void run(boolean mapped) {
        places();
        people();
        groups();
        members();
        if (mapped) {
            mappings();
        }
        sql.run("delete from target_gone where at <= ?::timestamptz", horizon);
        match();
    }

    private void places() {
        String same = "(w.uuid = s.uuid or (s.uuid is null and w.uuid is null and w.name_folded = s.folded))";
        String owner = "case when s.shared then 'protected' when " + OURS.formatted("w") + " or w.owner = 'manual' then w.owner when s.folded = any(?::text[]) then 'protected' else 'unmanaged' end";
        sql.run("update target_workspace w set slug = coalesce(s.slug, w.slug), name = s.name, name_folded = s.folded, shared = s.shared, active = s.active, absent_at = null, asked_at = ?::timestamptz, shown_at = ?::timestamptz, owner = " + owner
                + " from stage_target_workspace s where " + same + " and not " + FENCED.formatted("w"), began, began, guarded.workspaces(), horizon);
        sql.run("with fresh as (select s.*, (select min(v.id::text)::uuid from stage_target_group g join workspace v on g.external_id = v.id || ' ' || g.role where g.key = s.key having count(distinct v.id) = 1) as ours"
                + " from stage_target_workspace s where not exists (select 1 from target_workspace w where " + same + ")),"
                + " owned as (select f.*, case when f.shared or f.folded = any(?::text[]) then 'protected' when f.ours is not null and not exists (select 1 from target_workspace x where x.workspace_id = f.ours) then 'managed' else 'unmanaged' end as owner from fresh f)"
                + " insert into target_workspace (uuid, slug, name, name_folded, shared, active, owner, workspace_id, asked_at, shown_at)"
                + " select uuid, slug, name, folded, shared, active, owner, case owner when 'managed' then ours end, ?::timestamptz, ?::timestamptz from owned on conflict do nothing", guarded.workspaces(), began, began);
        sql.run("create temp table absent_place on commit drop as select w.id from target_workspace w where not exists (select 1 from stage_target_workspace s where " + same + ") and not " + FENCED.formatted("w") + AND_HAD_GROUPS, horizon, horizon);
        sql.run("insert into target_gone (email_folded, workspace, owner, at) select t.email_folded, m.workspace, m.owner, ?::timestamptz + interval '1 millisecond' from target_member m join target_person t on t.id = m.person where m.workspace in (select id from absent_place) and " + OURS.formatted("m") + REMEMBERED, horizon);
        sql.run(TargetLeft.HAD.formatted("", "m.workspace in (select id from absent_place)")); // it may be back with the next reading
        sql.run("delete from target_member where workspace in (select id from absent_place)");
        sql.run("delete from target_workspace where workspace_id is null and id in (select id from absent_place)");
        sql.run("update target_workspace set active = false, absent_at = coalesce(absent_at, now()) where id in (select id from absent_place)");
        sql.run("create temp table shown_place on commit drop as select s.key, w.id from stage_target_workspace s join target_workspace w on " + same);
        sql.run("analyze shown_place");
    }

    private void people() {
        sql.run("""
                create temp table shown_person on commit drop as
                select coalesce(u.folded, i.folded) as folded, coalesce(u.email, i.email) as email, u.user_id, i.invite_id, i.status, i.carries, u.name, coalesce(u.role, i.role) as role, coalesce(u.active, true) as active,
                  coalesce(u.n, 1) > 1 as twice, u.user_name, u.external_id
                from (select distinct on (s.folded) s.*, count(*) over (partition by s.folded) as n from stage_target_user s left join target_person o on o.email_folded = s.folded
                  order by s.folded, coalesce(s.user_id = o.user_id, false) desc, s.active desc, s.user_id) u
                full join (select distinct on (i.folded) i.* from stage_target_invite i left join target_person o on o.email_folded = i.folded where i.status = 'pending' or i.invite_id = o.invite_id
                  order by i.folded, i.status = 'pending' desc, i.invite_id) i on i.folded = u.folded""");
        sql.run("create unique index shown_person_folded on shown_person (folded)");
        sql.run("create index shown_person_user on shown_person (user_id)");
        sql.run("analyze shown_person");
        sql.run(TargetLeft.NAMELESS.formatted("from shown_person s, target_person x where s.folded = o.email_folded and x.user_id = s.user_id and x.id <> o.id and not " + FENCED.formatted("o")), horizon);
        sql.run(TargetLeft.LEFT.formatted("target_person p", "p.user_id", ABSENT.formatted("p")), horizon);
        sql.run(TargetLeft.LEFT.formatted("target_person p join shown_person s on s.folded = p.email_folded", "p.user_id", "s.user_id is distinct from p.user_id and not exists (select 1 from shown_person z where z.user_id = p.user_id) and not " + FENCED.formatted("p")), horizon);
        sql.run("with gone as (delete from target_person o where " + ABSENT.formatted("o") + " returning o.email_folded, o.owner, o.person_id)"
                + " insert into target_gone (email_folded, owner, person_id, at) select email_folded, owner, person_id, ?::timestamptz + interval '1 millisecond' from gone where owner in ('managed', 'adopted')" + REMEMBERED, horizon, horizon);
        sql.run("update target_person o set email = s.email, email_folded = s.folded from shown_person s where s.user_id = o.user_id and s.folded <> o.email_folded and not " + FENCED.formatted("o")
                + " and not exists (select 1 from target_person x where x.email_folded = s.folded)", horizon);
        known();
        fresh();
    }

    /** An invite of ours that was cancelled by hand is not sent again, one that expired is, once. */
    private void known() {
        String ours = "(" + OURS.formatted("o") + (marks ? " and (s.user_id is not distinct from o.user_id or s.external_id is not distinct from o.person_id::text))" : ")");
        sql.run("update target_person o set email = s.email, user_id = s.user_id, invite_id = case when s.user_id is not null and s.invite_id is null then o.invite_id else s.invite_id end,"
                + " invite_status = case when s.user_id is not null and s.invite_id is null then 'accepted' else s.status end,"
                + " invite_carries = case when s.invite_id is distinct from o.invite_id and s.invite_id is not null then case when o.owner = 'managed' and cardinality(" + CARRIES + ") = 0 then array['-1', 'member'] else " + CARRIES + " end else o.invite_carries end,"
                + " invite_expired = case when s.user_id is not null then null when s.status = 'expired' then coalesce(o.invite_expired, s.invite_id) else o.invite_expired end,"
                + " invite_held = s.user_id is null and (o.invite_held and s.status <> 'pending' or " + ours + " and (s.status = 'cancelled' or s.status = 'expired' and coalesce(o.invite_expired, s.invite_id) <> s.invite_id)),"
                + " name = s.name, user_name = coalesce(s.user_name, o.user_name), org_role = s.role, active = s.active, twice = s.twice, absent_at = null, asked_at = ?::timestamptz, shown_at = ?::timestamptz,"
                + " owner = case when " + ours + " then o.owner when s.role = 'owner' or s.folded = any(?::text[]) then 'protected' else 'unmanaged' end,"
                + " person_id = case when " + OURS.formatted("o") + " and not " + ours + " then null else o.person_id end"
                + " from shown_person s where o.email_folded = s.folded and not " + FENCED.formatted("o") + " and not exists (select 1 from target_person x where x.user_id = s.user_id and x.id <> o.id)",
                began, began, guarded.people(), horizon);
    }

    /** What an invite carries, by the ids of places here. */
    private static final String CARRIES = "coalesce((select array_agg(v.word order by c.n, v.half) from unnest(s.carries) with ordinality as c (word, n) join shown_place p on c.n % 2 = 1 and p.key = c.word,"
            + " lateral (values (1, p.id::text), (2, s.carries[(c.n + 1)::int])) as v (half, word)), '{}')";

    /** Who was not known: nobody's, but whom the bridge took away and finds again, and who bears its mark. */
    private void fresh() {
        String gone = marks ? " and g.owner <> 'managed'" : ""; // what it made says so itself
        sql.run("insert into target_person (email, email_folded, user_id, invite_id, invite_status, invite_carries, name, user_name, org_role, active, twice, owner, person_id, asked_at, shown_at)"
                + " select s.email, s.folded, s.user_id, s.invite_id, s.status, " + CARRIES + ", s.name, s.user_name, s.role, s.active, s.twice,"
                + " case when s.folded = any(?::text[]) then 'protected' else coalesce(case when v.id is not null then 'managed' end, g.owner, case when s.role = 'owner' then 'protected' else 'unmanaged' end) end,"
                + " (select p.id from person p where p.id = coalesce(v.id, g.person_id) and not exists (select 1 from target_person x where x.person_id = p.id)), ?::timestamptz, ?::timestamptz"
                + " from shown_person s left join target_gone g on g.email_folded = s.folded and g.workspace = 0" + gone
                + " left join person v on ?::boolean and v.id::text = s.external_id and v.owner in ('managed', 'adopted')"
                + " where not exists (select 1 from target_person x where x.email_folded = s.folded or x.user_id = s.user_id) and (g.at is null or g.at <= ?::timestamptz) and (s.user_id is not null or s.status = 'pending')"
                + " on conflict do nothing", guarded.people(), began, began, marks, horizon);
    }

    private void members() {
        sql.run("""
                create temp table shown_member on commit drop as
                select t.id as person, p.id as workspace, case when count(distinct m.role) = 1 or not ?::boolean then min(m.role) end as role, t.email_folded, t.invite_carries from stage_target_member m join shown_place p on p.key = m.key
                join target_person t on t.user_id = m.user_id or (t.email_folded = m.folded and not exists (select 1 from target_person x where x.user_id = m.user_id) and not exists (select 1 from stage_target_user u where u.user_id = m.user_id)) group by t.id, p.id""", marks);
        sql.run("create unique index shown_member_key on shown_member (person, workspace)");
        sql.run("analyze shown_member");
        sql.run(TargetLeft.HAD.formatted("join shown_place s on s.id = m.workspace", "not " + FENCED.formatted("m") + " and not exists (select 1 from shown_member s where s.person = m.person and s.workspace = m.workspace)"), horizon);
        sql.run("with gone as (delete from target_member m using shown_place p, target_person t where p.id = m.workspace and t.id = m.person and not " + FENCED.formatted("m")
                + " and not exists (select 1 from shown_member s where s.person = m.person and s.workspace = m.workspace) returning t.email_folded, m.workspace, m.owner)"
                + " insert into target_gone (email_folded, workspace, owner, at) select distinct on (email_folded, workspace) email_folded, workspace, owner, ?::timestamptz + interval '1 millisecond' from gone where owner in ('managed', 'adopted') order by 1, 2" + REMEMBERED, horizon, horizon);
        sql.run("update target_member m set role = s.role, asked_at = ?::timestamptz, shown_at = ?::timestamptz from shown_member s where s.person = m.person and s.workspace = m.workspace and not " + FENCED.formatted("m"), began, began, horizon);
        sql.run("insert into target_member (person, workspace, role, owner, asked_at, shown_at)"
                + " select s.person, s.workspace, s.role, case when g.owner is not null then g.owner when s.workspace::text = any(s.invite_carries) and t.owner in ('managed', 'adopted') then 'managed'"
                + " when " + OURS.formatted("t") + " and " + OURS.formatted("w") + " and exists (select 1 from target_group b where b.workspace = w.id and b.role = s.role and b.owner = 'managed')"
                + " and exists (select 1 from membership h where h.person_id = t.person_id and h.workspace_id = w.workspace_id and h.role = s.role) then 'managed'"
                + " when t.owner = 'protected' or w.owner = 'protected' then 'protected' else 'unmanaged' end, ?::timestamptz, ?::timestamptz"
                + " from shown_member s join target_person t on t.id = s.person join target_workspace w on w.id = s.workspace left join target_gone g on g.email_folded = s.email_folded and g.workspace = s.workspace"
                + " where not exists (select 1 from target_member m where m.person = s.person and m.workspace = s.workspace) and (g.at is null or g.at <= ?::timestamptz) on conflict do nothing", began, began, horizon);
        sql.run("update target_person set invite_carries = '{}' where user_id is not null and invite_status = 'accepted' and invite_carries <> '{}' and asked_at = shown_at"); // what it gave is rows now
    }

    private void groups() {
        sql.run("create temp table shown_group on commit drop as select s.group_id, s.name, s.role, w.id as place, w.workspace_id || ' ' || s.role = s.external_id and " + OURS.formatted("w") + " as made"
                + " from stage_target_group s left join shown_place p on p.key = s.key left join target_workspace w on w.id = p.id");
        sql.run("update target_group g set name = s.name, workspace = coalesce(s.place, g.workspace), role = coalesce(s.role, g.role), absent_at = null, owner = case when g.owner = 'unmanaged' and s.made then 'managed' else g.owner end,"
                + " asked_at = ?::timestamptz, shown_at = ?::timestamptz from shown_group s where g.group_id = s.group_id and not " + FENCED.formatted("g"), began, began, horizon);
        sql.run("insert into target_group (group_id, name, workspace, role, owner, asked_at, shown_at) select s.group_id, s.name, s.place, s.role, case when s.made then 'managed' else 'unmanaged' end, ?::timestamptz, ?::timestamptz from shown_group s on conflict do nothing", began, began);
        sql.run("update target_group g set absent_at = coalesce(absent_at, now()) where not exists (select 1 from stage_target_group s where s.group_id = g.group_id) and not " + FENCED.formatted("g"), horizon);
    }

    private void mappings() {
        sql.run("delete from target_mapping t where not exists (select 1 from stage_target_mapping s where s.mapping_id = t.mapping_id)");
        sql.run("insert into target_mapping (mapping_id, workspace_uuid, workspace, group_id, group_name, role, shown_at)"
                + " select s.mapping_id, s.key, (select min(w.id) from target_workspace w where w.uuid = s.key or w.slug = s.key), s.group_id, s.group_name, s.role, ?::timestamptz from stage_target_mapping s order by 1"
                + " on conflict (mapping_id) do update set workspace_uuid = excluded.workspace_uuid, workspace = excluded.workspace, group_id = excluded.group_id, group_name = excluded.group_name, role = excluded.role, shown_at = excluded.shown_at", began);
    }

    /** Says whom and what of ours each unmanaged one would be, once it is adopted: people by address, workspaces by slug, else by a name that is there once. */
    private void match() {
        sql.run("update target_person t set person_id = null where owner = 'unmanaged' and person_id is not null and not exists (select 1 from person p where p.id = t.person_id and p.email_folded = t.email_folded and not p.freed)");
        sql.run("update target_person t set person_id = p.id from person p where t.person_id is null and t.owner = 'unmanaged' and not t.twice and p.email_folded = t.email_folded and not p.freed"
                + " and not exists (select 1 from target_person x where x.person_id = p.id)");
        sql.run("update target_workspace t set workspace_id = null, bound = false where owner = 'unmanaged' and workspace_id is not null and not exists (select 1 from workspace w where w.id = t.workspace_id and w.status = 'active' and (t.bound or w.name_folded in (t.name_folded, lower(t.slug))))");
        sql.run("update target_workspace gone set workspace_id = null where absent_at is not null and workspace_id is not null"
                + " and exists (select 1 from target_workspace t join workspace w on w.id = gone.workspace_id where t.owner = 'unmanaged' and t.active and t.absent_at is null and t.workspace_id is null and t.name_folded = w.name_folded)"); // made again by hand
        for (String by : new String[] {"lower(t.slug)", "t.name_folded"}) {
            sql.run("update target_workspace t set workspace_id = w.id from workspace w where t.workspace_id is null and t.owner = 'unmanaged' and t.active and t.absent_at is null and w.status = 'active' and w.name_folded = " + by
                    + " and not exists (select 1 from target_workspace x where x.workspace_id = w.id)"
                    + " and not exists (select 1 from target_workspace t2 where t2.id <> t.id and t2.active and t2.absent_at is null and t2.workspace_id is null and w.name_folded = " + by.replace("t.", "t2.") + ")");
        }
    }
}
