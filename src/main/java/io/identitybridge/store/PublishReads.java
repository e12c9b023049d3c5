package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** What should be at Portkey and what is known to be there, for many keys in a constant number of statements. */
public final class PublishReads {
    private static final String PLACE = "w.id, w.uuid, w.name, w.shared, w.active, w.owner, w.workspace_id, w.slug";
    private static final String PERSON = "p.id, p.email, p.user_id, p.invite_id, case when p.invite_held then 'held' else p.invite_status end, p.invite_carries, p.name, p.org_role, p.active, p.owner, p.person_id, p.asked_at, p.email_folded, p.user_name";

    /** Two looks by an index for each: asked as one condition, they read everybody at Portkey who is nobody's yet, and compare him with each. */
    private static final String SEEN = "select " + PERSON + ", m.owner, m.role, " + PLACE + " from (select t.* from unnest(?::uuid[]) as g (id) join target_person t on t.person_id = g.id"
            + " union all select t.* from unnest(?::text[]) as g (folded) join target_person t on t.email_folded = g.folded and t.person_id is null) p"
            + " left join target_member m on m.person = p.id left join target_workspace w on w.id = m.workspace";

    private final Sql sql;

    public PublishReads(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    public Instant now() {
        return sql.row("select clock_timestamp()", (rs, n) -> rs.getTimestamp(1).toInstant()).orElseThrow();
    }

    /** Whose he was by the reading that has shown him no more; empty once a later one has not shown him either. */
    public Optional<Seen.Owner> remembered(Wanted.Person wanted) {
        return sql.row("select owner from target_gone where email_folded = ? and workspace = 0 and person_id = ?", (rs, n) -> Seen.Owner.of(rs.getString(1)), Folded.of(wanted.email()), wanted.id());
    }

    /** People by id, as they should be. */
    public Map<UUID, Wanted.Person> wanted(Collection<UUID> people) {
        Map<UUID, List<Wanted.Membership>> memberships = new HashMap<>();
        sql.rows("select m.person_id, v.id, v.name, m.role, " + PLACE
                + ", w.id is null and exists (select 1 from outbox o where o.kind = 'workspace' and o.key = v.id and not o.blocked and o.due_at < now() + interval '1 minute'"
                + " and (o.reads_first is null or o.reads_first > now() - interval '1 minute' or o.reads_first < (select read_at from target)))"
                + " from membership m join workspace v on v.id = m.workspace_id left join target_workspace w on w.workspace_id = v.id where m.person_id = any(?::uuid[]) order by v.name_folded",
                (rs, n) -> memberships.computeIfAbsent(rs.getObject(1, UUID.class), id -> new ArrayList<>())
                        .add(new Wanted.Membership(rs.getObject(2, UUID.class), rs.getString(3), role(rs.getString(4)), rs.getObject(5) == null ? Optional.empty() : Optional.of(place(rs, 5)), rs.getBoolean(13))), people);
        Map<UUID, Wanted.Person> found = new HashMap<>();
        sql.rows("select id, email, user_name, display_name, case when org_role = 'member' then coalesce((select h.role from manual_role h where h.person_id = p.id), org_role) else org_role end, status, owner, freed, (select case when h.status <> 'active' then 'BY_LEAVER'"
                + " when exists (select 1 from target_person o where o.person_id = p.id and o.active and o.email_folded = h.email_folded) then 'CROSSED' else 'BY_RENAMED' end"
                + " from target_person t join person h on h.id = t.person_id where t.email_folded = p.email_folded and t.person_id <> p.id and t.active) from person p where id = any(?::uuid[])", (rs, n) -> {
            UUID id = rs.getObject(1, UUID.class);
            boolean active = rs.getString(6).equals("active");
            return found.put(id, new Wanted.Person(id, rs.getString(2), rs.getString(3), rs.getString(4), OrgRole.of(rs.getString(5)).orElseThrow(), active,
                    !List.of("manual", "protected").contains(rs.getString(7)), rs.getBoolean(8), Optional.ofNullable(rs.getString(9)).map(Wanted.Taken::valueOf).orElse(Wanted.Taken.NO), active ? memberships.getOrDefault(id, List.of()) : List.of()));
        }, people);
        return found;
    }

    /** Whom of them is known to be at Portkey: bound, or under the same e-mail and nobody else's. */
    public Map<UUID, Seen.Person> seen(Collection<Wanted.Person> people) {
        Map<String, Seen.Person> known = new HashMap<>();
        Map<String, List<Seen.Row>> rows = new HashMap<>();
        sql.rows(SEEN, (rs, n) -> {
            String folded = rs.getString(13);
            if (!known.containsKey(folded)) {
                known.put(folded, person(rs));
            }
            return rs.getObject(15) == null || rows.computeIfAbsent(folded, first -> new ArrayList<>()).add(new Seen.Row(place(rs, 17), Optional.ofNullable(rs.getString(16)).map(PublishReads::role), Seen.Owner.of(rs.getString(15))));
        }, people.stream().map(Wanted.Person::id).toList(), people.stream().filter(person -> !person.freed()).map(person -> Folded.of(person.email())).distinct().toList());
        Map<UUID, Seen.Person> bound = new HashMap<>();
        known.forEach((folded, person) -> person.member().ifPresent(member -> bound.put(member, person.in(rows.getOrDefault(folded, List.of())))));
        people.stream().filter(person -> !person.freed()).forEach(person -> {
            String folded = Folded.of(person.email());
            Optional.ofNullable(known.get(folded)).filter(same -> same.member().isEmpty()).ifPresent(same -> bound.putIfAbsent(person.id(), same.in(rows.getOrDefault(folded, List.of()))));
        });
        return bound;
    }

    public Optional<Wanted.Workspace> workspace(UUID id) {
        return sql.row("select id, name, status, owner, exists (select 1 from membership m where m.workspace_id = v.id) from workspace v where id = ?",
                (rs, n) -> new Wanted.Workspace(id, rs.getString(2), rs.getString(3).equals("active"), !List.of("manual", "protected").contains(rs.getString(4)), rs.getBoolean(5)), id);
    }

    /** Whether this workspace of ours was here when an operator last said that those that Portkey does not show are not there. */
    public boolean agreed(UUID workspace) {
        return sql.number("select count(*) from workspace w, target t where w.id = ? and " + TargetState.AGREED, workspace) > 0;
    }

    /** What this workspace of ours is at Portkey. */
    public Optional<Seen.Place> placeOf(UUID workspace) {
        return sql.row("select " + PLACE + " from target_workspace w where w.workspace_id = ?", (rs, n) -> place(rs, 1), workspace);
    }

    /** Living workspaces of exactly this name at Portkey that are none of ours yet. */
    public List<Seen.Place> unboundPlaces(String name) {
        return sql.rows("select " + PLACE + " from target_workspace w where w.name_folded = ? and w.workspace_id is null and w.active and w.absent_at is null order by w.id", (rs, n) -> place(rs, 1), Folded.of(name));
    }

    /** The place of a Portkey id. */
    public Optional<Seen.Place> place(String uuid) {
        return sql.row("select " + PLACE + " from target_workspace w where w.uuid = ?", (rs, n) -> place(rs, 1), uuid);
    }

    /** The groups that are known to give a role in these places. */
    public List<Seen.Group> groups(Collection<Long> places) {
        return sql.rows("select group_id, name, workspace, role, owner from target_group where workspace = any(?::bigint[]) and role is not null and absent_at is null order by workspace, role, group_id",
                (rs, n) -> new Seen.Group(rs.getString(1), rs.getString(2), Optional.of(rs.getLong(3)), Optional.of(role(rs.getString(4))), Seen.Owner.of(rs.getString(5))), places);
    }

    /** Whether a workspace of ours other than this one is what has this name at Portkey. */
    public boolean boundToAnother(String name, UUID workspace) {
        return sql.number("select count(*) from target_workspace where name_folded = ? and workspace_id <> ?", Folded.of(name), workspace) > 0;
    }

    /** The users known as owners of the organisation, but for this one: at most five. */
    public List<String> otherOwners(String userId) {
        return sql.rows("select user_id from target_person where org_role = 'owner' and active and absent_at is null and user_id <> ? order by asked_at desc limit 5", (rs, n) -> rs.getString(1), userId);
    }

    static Seen.Place place(ResultSet rs, int from) throws SQLException {
        return new Seen.Place(rs.getLong(from), Optional.ofNullable(rs.getString(from + 1)), rs.getString(from + 2), rs.getBoolean(from + 3), rs.getBoolean(from + 4), Seen.Owner.of(rs.getString(from + 5)),
                Optional.ofNullable(rs.getObject(from + 6, UUID.class)), Optional.ofNullable(rs.getString(from + 7)));
    }

    /** Without his rows. */
    private static Seen.Person person(ResultSet rs) throws SQLException {
        Optional<Seen.Invite> invite = Optional.empty();
        if (rs.getString(4) != null) {
            invite = Optional.of(new Seen.Invite(rs.getString(4), rs.getString(5), Observed.carries(Sql.texts(rs, "invite_carries"))));
        }
        return new Seen.Person(rs.getString(2), Optional.ofNullable(rs.getString(3)), invite, Optional.ofNullable(rs.getString(7)), OrgRole.of(String.valueOf(rs.getString(8))).orElse(OrgRole.MEMBER), rs.getBoolean(9),
                Seen.Owner.of(rs.getString(10)), Optional.ofNullable(rs.getObject(11, UUID.class)), List.of(), rs.getTimestamp(12).toInstant(), Optional.ofNullable(rs.getString(14)));
    }

    private static Role role(String word) {
        return Role.of(word).orElseThrow();
    }
}
