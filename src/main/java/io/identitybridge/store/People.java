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
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
        Script script = new Script(sql);
        Supplier<Map<UUID, PersonNow>> people = of(script, ids, lock);
        script.send();
        return people.get();
    }

    /** Likewise, in a script. */
    Supplier<Map<UUID, PersonNow>> of(Script script, Collection<UUID> ids, boolean lock) {
        if (ids.isEmpty()) {
            return Map::of;
        }
        Supplier<List<Membership>> held = script.rows("select m.person_id, m.workspace_id, w.name, m.role, m.owner from membership m join workspace w on w.id = m.workspace_id where m.person_id = any(?::uuid[]) order by w.id" + (lock ? " for key share of w" : ""),
                (rs, n) -> new Membership(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class), renamed(rs.getString(3)), Role.of(rs.getString(4)).orElseThrow(), OWNED.contains(rs.getString(5))), ids);
        Supplier<List<Reason>> reasons = script.rows("select g.person_id, g.workspace_id, g.source, g.reason, w.name, g.role, g.rule from grants g join workspace w on w.id = g.workspace_id where g.person_id = any(?::uuid[])",
                (rs, n) -> new Reason(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class), grant(rs)), ids);
        Supplier<List<Known>> known = script.rows("select id, email, user_name, display_name, org_role, status, owner, revoked_at is not null from person where id = any(?::uuid[])", (rs, n) -> new Known(rs.getObject(1, UUID.class),
                new PersonNow(rs.getString(2), rs.getString(3), rs.getString(4), OrgRole.of(rs.getString(5)).orElseThrow(), rs.getString(6).equals("active"), OWNED.contains(rs.getString(7)), Map.of(), rs.getBoolean(8))), ids);
        return () -> {
            Map<UUID, Map<String, PersonNow.MembershipNow>> memberships = memberships(held.get(), byWorkspace(reasons.get()));
            return known.get().stream().collect(Collectors.toMap(Known::id, person -> person.now().in(memberships.getOrDefault(person.id(), Map.of()))));
        };
    }

    private record Known(UUID id, PersonNow now) {
    }

    private record Reason(UUID person, UUID workspace, Grant grant) {
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

    private static Map<UUID, Map<UUID, List<Grant>>> byWorkspace(List<Reason> reasons) {
        Map<UUID, Map<UUID, List<Grant>>> all = new HashMap<>();
        reasons.forEach(reason -> all.computeIfAbsent(reason.person(), id -> new HashMap<>()).computeIfAbsent(reason.workspace(), id -> new ArrayList<>()).add(reason.grant()));
        return all;
    }

    private Grant grant(ResultSet rs) throws SQLException {
        return new Grant(new SourceName(rs.getString(3)), rs.getString(4), renamed(rs.getString(5)), Role.of(rs.getString(6)).orElseThrow(), rs.getString(7));
    }

    private String renamed(String name) {
        return renames.getOrDefault(Folded.of(name), name);
    }
}
