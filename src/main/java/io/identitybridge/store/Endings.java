package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.Totals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workspaces that end because the group that gave them is gone, nothing else gives them, and nobody is in them any more ({@code group-missing: archive-workspace}).
 * Each is a line of class archive; one that waits is filed under the workspace's id, as a person's under his account's.
 */
final class Endings {
    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
    private static final String GIVES = "(select 1 from generate_series(1, cardinality(%1$s.places), 3) i where lower(normalize(btrim(%1$s.places[i]))) = w.name_folded)";
    /** Whether there is anything to look at: a group of that kind, or a line that waits. */
    private static final String ANY = "select count(*) from (select 1 from directory_group where source = ? and ends union all select 1 from plan p join plan_line l on l.plan_id = p.id"
            + " where p.source = ? and p.status = 'held' and l.status = 'held' and l.class = 'archive' and l.person_id is null) found";
    private static final String DUE = "select w.id, w.name, (select decode(md5(string_agg(g.id || ' ' || g.gone_at, ',' order by g.id)), 'hex') from directory_group g where g.source = ? and g.ends and exists " + GIVES.formatted("g") + ") as facts"
            + " from workspace w where w.status = 'active' and w.owner in ('managed', 'adopted')"
            + " and w.name_folded in (select lower(normalize(btrim(g.places[i]))) from directory_group g, generate_series(1, cardinality(g.places), 3) i where g.source = ? and g.ends)"
            + " and not exists (select 1 from membership m where m.workspace_id = w.id)"
            + " and not exists (select 1 from directory_group o where (o.gone_at is null or o.lingers) and o.kept and exists " + GIVES.formatted("o") + ")"
            + " order by w.name_folded for update of w";

    private final Sql sql;
    private final Sizes sizes;
    private final Rules rules;
    private final Origin origin;
    private final HeldPlans plans;

    Endings(Sql sql, Sizes sizes, Rules rules, Origin origin) {
        this.sql = sql;
        this.sizes = sizes;
        this.rules = rules;
        this.origin = origin;
        this.plans = new HeldPlans(sql);
    }

    private record Ending(UUID workspace, String name, byte[] facts) {
        Line line() {
            return Line.of(new Change.ArchiveWorkspace(name));
        }
    }

    /** @param ruled folded names of workspaces that attribute rules give, whoever may match them */
    Converged of(ApprovedPlan approved, Set<String> ruled) {
        SourceName source = approved.source();
        if (sql.number(ANY, source.value(), source.value()) == 0) {
            return Converged.NOTHING;
        }
        List<UUID> refused = new ArrayList<>();
        List<Ending> due = new ArrayList<>();
        empty(source).stream()
                .filter(ending -> !ruled.contains(Folded.of(ending.name()))).filter(ending -> !rejected(ending))
                .forEach(ending -> rules.lastHop().refusesArchive(source, ending.name()).ifPresentOrElse(why -> {
                    LOG.info("refused: {}: {}", ending.line().sentence(), why);
                    refused.add(ending.workspace());
                }, () -> due.add(ending)));
        ApprovedPlan bound = bound(approved, due);
        List<Ending> done = new ArrayList<>();
        Map<Ending, String> waits = new LinkedHashMap<>();
        due.forEach(ending -> bound.holds(ending.workspace(), ending.line()).ifPresentOrElse(why -> waits.put(ending, why), () -> done.add(ending)));
        archive(source, done);
        settle(source, refused);
        held(bound, done, waits);
        Map<String, String> waiting = new LinkedHashMap<>();
        waits.forEach((ending, why) -> waiting.put(ending.line().sentence(), why));
        Map<ChangeClass, Long> counts = done.isEmpty() ? Map.of() : Map.of(ChangeClass.ARCHIVE, (long) done.size());
        return new Converged(done.stream().map(ending -> ending.line().sentence()).toList(), counts, waiting, List.of(), List.of());
    }

    /** Locked against whoever comes in ({@link Workspaces}), and looked at once more under the locks: somebody may have come while they were waited for. */
    private List<Ending> empty(SourceName source) {
        List<Ending> found = endings(source);
        return found.isEmpty() ? found : endings(source);
    }

    private List<Ending> endings(SourceName source) {
        return sql.rows(DUE, (rs, n) -> new Ending(rs.getObject(1, UUID.class), rs.getString(2), rs.getBytes(3)), source.value(), source.value());
    }

    private boolean rejected(Ending ending) {
        return sql.rows("select facts from plan_line where account_id = ? and status = 'rejected' and sentence = ?", (rs, n) -> rs.getBytes(1), ending.workspace(), ending.line().sentence())
                .stream().anyMatch(facts -> Arrays.equals(facts, ending.facts()));
    }

    /** Judged by what the source has spent by now; an operator's approval is not judged again. */
    private ApprovedPlan bound(ApprovedPlan approved, List<Ending> due) {
        if (!approved.limited() || due.isEmpty()) {
            return approved;
        }
        Totals totals = totals(due);
        Tallies tallies = new Tallies(sql, sizes);
        tallies.lock(approved.source(), totals);
        return approved.and(new Guard(rules.limits(approved.source())).judge(totals, tallies.held(approved.source(), totals), Organisation.Mode.APPLY));
    }

    private static Totals totals(List<Ending> endings) {
        Totals totals = new Totals();
        endings.forEach(ending -> totals.add(ending.line()));
        return totals;
    }

    private void archive(SourceName source, List<Ending> done) {
        for (Ending ending : done) {
            sql.run("update workspace set status = 'archived', version = version + 1, changed_at = now() where id = ?", ending.workspace());
            sql.run("insert into audit (actor, via, source, origin, workspace_id, set_hash, changes) values (?, ?, ?, ?, ?, ?, array[?])",
                    origin.actor(), origin.via(), source.value(), origin.origin(), ending.workspace(), rules.setHash(), ending.line().sentence());
            if (rules.publishes()) {
                Outbox.wants(sql, "workspace", List.of(ending.workspace()), List.of());
            }
        }
        Script script = new Script(sql);
        Tallies.count(script, source, totals(done));
        script.send();
    }

    /** Groups all of whose workspaces have ended, or are never to: they are looked at no more, and a refusal is told once. */
    private void settle(SourceName source, List<UUID> refused) {
        sql.run("update directory_group g set ends = false where g.source = ? and g.ends and not exists (select 1 from workspace w where w.status = 'active' and not w.id = any(?::uuid[]) and exists " + GIVES.formatted("g") + ")",
                source.value(), refused);
    }

    /** Brings the waiting lines of this source's workspaces up to date. */
    private void held(ApprovedPlan approved, List<Ending> done, Map<Ending, String> waits) {
        List<UUID> waiting = waits.keySet().stream().map(Ending::workspace).toList();
        sql.run("update plan_line set status = 'applied', at = now() where account_id = any(?::uuid[]) and status in ('held', 'approved')", done.stream().map(Ending::workspace).toList());
        List<UUID> settled = new ArrayList<>(done.stream().map(Ending::workspace).toList());
        settled.addAll(sql.rows("update plan_line l set status = 'stale', at = now() from plan p where p.id = l.plan_id and p.source = ? and l.status = 'held' and l.sentence like 'archive workspace %' and not l.account_id = any(?::uuid[]) returning l.account_id",
                (rs, n) -> rs.getObject(1, UUID.class), approved.source().value(), waiting));
        List<UUID> open = sql.rows("select account_id from plan_line where status = 'held' and account_id = any(?::uuid[])", (rs, n) -> rs.getObject(1, UUID.class), waiting);
        Map<Ending, String> fresh = new LinkedHashMap<>(waits);
        fresh.keySet().removeIf(ending -> open.contains(ending.workspace()));
        if (!fresh.isEmpty()) {
            insert(plans.open(approved.source(), approved.cause(), approved.reasons(), rules.setHash()), fresh);
        }
        plans.close(settled);
    }

    private void insert(long plan, Map<Ending, String> fresh) {
        Columns lines = new Columns(5);
        fresh.forEach((ending, why) -> lines.add(ending.workspace(), ending.name(), ending.line().sentence(), why, ending.facts()));
        lines.write(sql, "insert into plan_line (plan_id, n, account_id, workspace, class, sentence, reason, facts)"
                + " select ?, (select coalesce(max(n), 0) from plan_line where plan_id = ?) + row_number() over (order by t.sentence), t.id, t.workspace, 'archive', t.sentence, t.reason, t.facts"
                + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bytea[]) as t (id, workspace, sentence, reason, facts)", plan, plan);
    }
}
