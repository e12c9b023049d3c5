package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.PersonNow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads people as the membership store holds them. */
final class People {
    private static final Set<String> OWNED = Set.of("managed", "adopted");

    private final Sql sql;
    private final Map<String, String> renames;
    private final boolean keepsUnlinked;

    People(Sql sql, Rules rules) {
        this.sql = sql;
        this.renames = rules.renames();
        this.keepsUnlinked = !rules.organisation().switches().proposeOnMappingDelete();
    }

    /** @param lock keeps the names of their workspaces as they are read: what is taken from one that is renamed meanwhile would be taken from nowhere */
    Map<UUID, PersonNow> of(Collection<UUID> ids, boolean lock) {
        Map<UUID, PersonNow> people = new HashMap<>();
        if (ids.isEmpty()) {
            return people;
        }
        List<Membership> held = sql.rows("select m.person_id, m.workspace_id, w.name, m.role, m.owner from membership m join workspace w on w.id = m.workspace_id where m.person_id = any(?::uuid[]) order by w.id" + (lock ? " for key share of w" : ""),
                (rs, n) -> new Membership(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class), renamed(rs.getString(3)), Role.of(rs.getString(4)).orElseThrow(), OWNED.contains(rs.getString(5))), ids);
        Map<UUID, Map<String, PersonNow.MembershipNow>> memberships = memberships(held, held.isEmpty() ? Map.of() : grants(ids)); // a grant is never without its membership
        sql.rows("select id, email, user_name, display_name, org_role, status, owner, revoked_at is not null from person where id = any(?::uuid[])", (rs, n) -> {
            UUID id = rs.getObject(1, UUID.class);
            return people.put(id, new PersonNow(rs.getString(2), rs.getString(3), rs.getString(4), OrgRole.of(rs.getString(5)).orElseThrow(),
                    rs.getString(6).equals("active"), OWNED.contains(rs.getString(7)), memberships.getOrDefault(id, Map.of()), rs.getBoolean(8)));
        }, ids);
        return people;
    }

    private record Membership(UUID person, UUID workspace, String name, Role role, boolean owned) {
    }

    private Map<UUID, Map<String, PersonNow.MembershipNow>> memberships(List<Membership> held, Map<UUID, Map<UUID, List<Grant>>> grants) {
        Map<UUID, Map<String, PersonNow.MembershipNow>> all = new HashMap<>();
        Map<String, List<String>> unlinked = keepsUnlinked ? unlinked(grants) : Map.of();
        for (Membership one : held) {
            List<Grant> reasons = grants.getOrDefault(one.person(), Map.of()).getOrDefault(one.workspace(), List.of());
            all.computeIfAbsent(one.person(), id -> new HashMap<>()).put(Folded.of(one.name()), new PersonNow.MembershipNow(one.name(), one.role(), one.owned(), reasons, unlinked(reasons, unlinked)));
        }
        return all;
    }

    private static boolean unlinked(List<Grant> reasons, Map<String, List<String>> unlinked) {
        return !unlinked.isEmpty() && !reasons.isEmpty() && reasons.stream().allMatch(grant -> unlinked.getOrDefault(grant.reason(), List.of()).contains(Folded.of(grant.workspace())));
    }

    /** By the reason of their grants: groups whose rules were taken from the mapping, with the workspaces that those gave. */
    private Map<String, List<String>> unlinked(Map<UUID, Map<UUID, List<Grant>>> grants) {
        List<UUID> groups = grants.values().stream().flatMap(all -> all.values().stream()).flatMap(List::stream).map(Grant::reason).distinct()
                .filter(reason -> reason.startsWith("group:")).flatMap(reason -> Ids.of(reason.substring("group:".length())).stream()).toList();
        Map<String, List<String>> unlinked = new HashMap<>();
        sql.rows("select id, unlinked from directory_group where cardinality(unlinked) > 0 and id = any(?::uuid[])", (rs, n) -> unlinked.put("group:" + rs.getString(1), Sql.texts(rs, "unlinked")), groups);
        return unlinked;
    }

    private Map<UUID, Map<UUID, List<Grant>>> grants(Collection<UUID> ids) {
        Map<UUID, Map<UUID, List<Grant>>> all = new HashMap<>();
        sql.rows("select g.person_id, g.workspace_id, g.source, g.reason, w.name, g.role, g.rule from grants g join workspace w on w.id = g.workspace_id where g.person_id = any(?::uuid[])",
                (rs, n) -> all.computeIfAbsent(rs.getObject(1, UUID.class), id -> new HashMap<>())
                        .computeIfAbsent(rs.getObject(2, UUID.class), id -> new ArrayList<>()).add(grant(rs)), ids);
        return all;
    }

    private Grant grant(ResultSet rs) throws SQLException {
        return new Grant(new SourceName(rs.getString(3)), rs.getString(4), renamed(rs.getString(5)), Role.of(rs.getString(6)).orElseThrow(), rs.getString(7));
    }

    private String renamed(String name) {
        return renames.getOrDefault(Folded.of(name), name);
    }
}
