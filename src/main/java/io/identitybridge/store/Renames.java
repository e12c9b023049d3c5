package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.LastHop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Workspaces that keep their identity when their only group is renamed (DESIGN section 6): where the source applies at once and the bounds let
 * it. Every other move goes person by person, each under the guard.
 */
final class Renames {
    private static final String DUE = """
            select g.moved_from, g.places[1], w.id, w.name
            from directory_group g join workspace w on w.name_folded = g.moved_from and w.status = 'active' and w.owner in ('managed', 'adopted')
            where g.source = ? and g.moved_from is not null and g.gone_at is null and cardinality(g.places) = 3
              and not exists (select 1 from membership m join grants x on x.person_id = m.person_id and x.workspace_id = m.workspace_id where m.workspace_id = w.id and x.reason <> 'group:' || g.id)
              and not exists (select 1 from directory_group o where o.id <> g.id and (o.gone_at is null or o.lingers) and o.kept
                              and exists (select 1 from unnest(o.places) p where lower(normalize(p)) = g.moved_from))
            """;
    private final Sql sql;
    private final Rules rules;

    Renames(Sql sql, Rules rules) {
        this.sql = sql;
        this.rules = rules;
    }

    private record Due(String from, String to, UUID workspace, String name) {
    }

    /** Old folded name to new name. */
    Map<String, String> of(SourceName source) {
        Map<String, String> renames = new LinkedHashMap<>();
        if (!moved(source).isEmpty()) {
            allowed(due("", source), source).forEach(due -> renames.put(due.from(), due.to()));
        }
        return renames;
    }

    /**
     * Carries them out, under the workspaces' locks, before anybody is moved to the new name; gives the sentences. Whoever converges first after a
     * group has moved does it: else his move would take the new name.
     */
    List<String> take(SourceName source, Origin origin) {
        Map<UUID, String> moved = moved(source);
        if (moved.isEmpty()) {
            return List.of();
        }
        List<String> done = new ArrayList<>();
        for (Due due : allowed(due(" order by w.id for update of w", source), source)) {
            sql.run("update workspace set name = ?, name_folded = ?, version = version + 1, changed_at = now() where id = ?", due.to(), Folded.of(due.to()), due.workspace());
            sql.run("update plan_line set workspace = ?, sentence = replace(replace(sentence, ' from ' || ?, ' from ' || ?), ' in ' || ? || ' from ', ' in ' || ? || ' from ') where status in ('held', 'rejected') and workspace = ?",
                    due.to(), due.name(), due.to(), due.name(), due.to(), due.name()); // what waits, or was rejected, is about the same place
            sql.run("update tally set subject = ? where class = 'leave' and subject = ?", Folded.of(due.to()), due.from()); // who left it goes on counting
            String sentence = new Change.RenameWorkspace(due.name(), due.to()).sentence();
            sql.run("insert into audit (actor, via, source, origin, workspace_id, set_hash, changes) values (?, ?, ?, ?, ?, ?, array[?])",
                    origin.actor(), origin.via(), source.value(), origin.origin(), due.workspace(), rules.setHash(), sentence);
            done.add(sentence);
            if (rules.publishes()) {
                Outbox.wants(sql, "workspace", List.of(due.workspace()), List.of());
            }
        }
        sql.run("update directory_group g set moved_from = null from unnest(?::uuid[], ?::text[]) as t (id, place) where g.id = t.id and g.moved_from = t.place", moved.keySet(), moved.values());
        return done;
    }

    /** Likewise those of every other source that applies at once: its groups' people may be others' as well, and whoever comes first would take the new name. */
    List<String> takeAll(SourceName acting, Origin origin) {
        return sources(acting).stream().flatMap(source -> take(source, origin).stream()).toList();
    }

    /** Whether some group of this source, or of another that applies at once, has moved and nobody has seen to it. */
    boolean wanted(SourceName acting) {
        return !sources(acting).isEmpty();
    }

    private List<SourceName> sources(SourceName acting) {
        return sql.rows("select distinct source from directory_group where moved_from is not null order by source", (rs, n) -> new SourceName(rs.getString(1))).stream()
                .filter(source -> source.equals(acting) || rules.known().contains(source) && rules.organisation().rule(source).mode() == Organisation.Mode.APPLY).toList();
    }

    /** Groups that have moved to another workspace since somebody last saw to it, with where they were. */
    private Map<UUID, String> moved(SourceName source) {
        Map<UUID, String> moved = new LinkedHashMap<>();
        sql.rows("select id, moved_from from directory_group where source = ? and moved_from is not null", (rs, n) -> moved.put(rs.getObject(1, UUID.class), rs.getString(2)), source.value());
        return moved;
    }

    private List<Due> due(String lock, SourceName source) {
        return sql.rows(DUE + lock, (rs, n) -> new Due(rs.getString(1), rs.getString(2), rs.getObject(3, UUID.class), rs.getString(4)), source.value());
    }

    /** Those that the source may do, and whose new name nobody else has or wants; the first of several that want one. */
    private List<Due> allowed(List<Due> all, SourceName source) {
        if (all.isEmpty() || rules.organisation().rule(source).mode() != Organisation.Mode.APPLY) {
            return List.of();
        }
        LastHop lastHop = rules.lastHop();
        List<String> wanted = all.stream().map(due -> Folded.of(due.to())).toList();
        Set<String> taken = new HashSet<>(sql.rows("select name_folded from workspace where status = 'active' and name_folded = any(?::text[])", (rs, n) -> rs.getString(1), wanted));
        return all.stream().filter(due -> !Folded.of(due.to()).equals(due.from()) && lastHop.refusesRename(source, due.from(), due.to()).isEmpty() && taken.add(Folded.of(due.to()))).toList();
    }
}
