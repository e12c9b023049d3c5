package io.identitybridge.store;

/** The lines of an adoption, as statements over what is known of Portkey; each takes the plan's number and the last line's. */
final class AdoptionLines {
    private static final String INSERT = "insert into plan_line (plan_id, n, account_id, person_id, workspace, class, sentence, reason, facts, target)"
            + " select ?, ? + row_number() over (order by l.sentence), l.account_id, l.person_id, l.workspace, l.class, l.sentence, l.reason, '\\x00', l.target from (";
    private static final String RANK = "case %s when 'admin' then 3 when 'manager' then 2 when 'member' then 1 else 0 end";

    /** What an adoptable person has at Portkey that the mapping does not give him. */
    static final String BY_HAND = "select t.id, string_agg(w.name || ' as ' || m.role, ', ' order by w.name) as rows from target_person t join target_member m on m.person = t.id join target_workspace w on w.id = m.workspace"
            + " left join membership h on h.person_id = t.person_id and h.workspace_id = w.workspace_id where t.owner = 'unmanaged' and m.owner = 'unmanaged' and not w.shared and w.active and w.owner in ('unmanaged', 'adopted', 'manual')"
            + " and " + RANK.formatted("m.role") + " > " + RANK.formatted("h.role") + " group by t.id";

    /** Who can be adopted: one user of that address, and somebody of ours. */
    static final String ADOPTABLE = "t.owner = 'unmanaged' and t.person_id is not null and t.user_id is not null and not t.twice and p.owner in ('managed', 'adopted')";

    private AdoptionLines() {
    }

    static final String WORKSPACES = INSERT + "select w.id as account_id, null::uuid as person_id, t.name as workspace, 'other' as class, 'adopt workspace ' || w.name as sentence,"
            + " case when t.bound then 'an operator has bound it' || coalesce(' (' || t.slug || ')', '') when w.name_folded = lower(t.slug) then 'bound by its slug ' || t.slug else 'its name is there once' || coalesce(' (' || t.slug || ')', '') end as reason, t.id as target"
            + " from target_workspace t join workspace w on w.id = t.workspace_id where t.owner = 'unmanaged' and t.active and t.absent_at is null) l";

    /** Groups that were made by hand in workspaces of the bridge's. */
    static final String GROUPS = INSERT + "select w.id as account_id, null::uuid as person_id, t.name as workspace, 'other' as class, 'adopt groups of workspace ' || w.name as sentence,"
            + " 'made by hand: ' || string_agg(g.name, ', ' order by g.name) as reason, t.id as target from target_workspace t join workspace w on w.id = t.workspace_id join target_group g on g.workspace = t.id"
            + " where t.owner in ('managed', 'adopted') and t.active and t.absent_at is null and g.owner = 'unmanaged' and g.role is not null and g.absent_at is null group by w.id, t.id) l";

    static final String UNKNOWN = INSERT + "select null::uuid as account_id, null::uuid as person_id, t.name as workspace, 'other' as class, 'keep workspace ' || t.name || ' as made by hand' as sentence,"
            + " 'no mapping gives it; ' || count(*) || ' of the people below are in it' as reason, t.id as target from target_workspace t join target_member m on m.workspace = t.id join target_person x on x.id = m.person"
            + " where t.owner = 'unmanaged' and t.workspace_id is null and t.active and t.absent_at is null and not t.shared and x.owner in ('unmanaged', 'adopted') and x.person_id is not null and x.user_id is not null"
            + " and not exists (select 1 from workspace w where w.status = 'active' and w.name_folded = t.name_folded) group by t.id) l";

    static final String PEOPLE = INSERT + "select null::uuid as account_id, p.id as person_id, null::text as workspace, 'other' as class, 'adopt ' || p.email as sentence,"
            + " (select count(*) from target_member m where m.person = t.id) || ' workspaces' || coalesce('; by hand: ' || b.rows, '') || case when t.org_role = 'admin' and p.org_role = 'member' then '; organisation admin by hand' else '' end as reason, t.id as target"
            + " from target_person t join person p on p.id = t.person_id left join (" + BY_HAND + ") b on b.id = t.id where " + ADOPTABLE + " and p.status = 'active') l";

    /** Memberships that were made by hand of people who are the bridge's. */
    static final String ROWS = INSERT + "select null::uuid as account_id, p.id as person_id, null::text as workspace, 'other' as class, 'adopt memberships of ' || p.email as sentence,"
            + " 'made by hand: ' || string_agg(w.name || ' as ' || m.role, ', ' order by w.name) as reason, t.id as target from target_person t join person p on p.id = t.person_id join target_member m on m.person = t.id join target_workspace w on w.id = m.workspace"
            + " where t.owner in ('managed', 'adopted') and t.user_id is not null and p.status = 'active' and p.owner in ('managed', 'adopted') and m.owner = 'unmanaged' and m.role is not null"
            + " and w.owner in ('managed', 'adopted', 'manual') and w.workspace_id is not null and not w.shared and w.active and w.absent_at is null group by p.id, t.id) l";

    static final String LEAVERS = INSERT + "select null::uuid as account_id, p.id as person_id, null::text as workspace, 'archive' as class, 'adopt ' || p.email || ', who has left' as sentence,"
            + " 'the bridge then removes him from Portkey: approve this line by its number' as reason, t.id as target from target_person t join person p on p.id = t.person_id where " + ADOPTABLE + " and p.status = 'archived' and t.active) l";
}
