package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Totals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.dao.ConcurrencyFailureException;

/** Makes the deeds of some people equal to their wishes, as far as approved, inside one transaction and under their locks. */
final class Convergence {
    private static final int REASONS = 10;
    private final Sql sql;
    private final Rules rules;
    private final Origin origin;

    Convergence(Sql sql, Rules rules, Origin origin) {
        this.sql = sql;
        this.rules = rules;
        this.origin = origin;
    }

    Converged of(Collection<UUID> accounts, ApprovedPlan approved) {
        List<UUID> due = sql.rows("select account_id from due where account_id = any(?::uuid[]) order by account_id for update", (rs, n) -> rs.getObject(1, UUID.class), accounts);
        if (due.isEmpty()) {
            return new Converged(List.of(), Map.of(), Map.of(), List.of(), List.of());
        }
        Renames renames = new Renames(sql, rules);
        List<String> renamed = approved.observesOnly() ? List.of() : renames.take(approved.source(), origin);
        List<Proposal> proposals = new Proposals(sql, rules).of(due, true);
        if (!approved.observesOnly() && renames.wanted(approved.source())) {
            throw new ConcurrencyFailureException("a group has moved meanwhile: its workspace is renamed before anybody goes to the new one");
        }
        if (approved.observesOnly()) {
            sql.run("delete from due where account_id = any(?::uuid[])", due);
            sql.run("update source_state set ruled = ? where source = ? and ruled is distinct from ?", Runs.OBSERVED, approved.source().value(), Runs.OBSERVED); // once it may apply, everybody is looked at
            return observed(proposals);
        }
        ApprovedPlan bound = rechecked(proposals, approved);
        Converged converged = write(proposals, bound, due, renamed);
        return converged;
    }

    private Converged observed(List<Proposal> proposals) {
        Map<String, String> waits = new LinkedHashMap<>();
        proposals.forEach(p -> p.plan().lines().forEach(line -> waits.put(line.sentence(), "the source's mode is observe (portkey.yaml)")));
        return new Converged(List.of(), Map.of(), waits, List.of(), List.of());
    }

    /** Once more under the lock, so that pushes and runs of several bridges cannot pass a limit side by side. */
    private ApprovedPlan rechecked(List<Proposal> proposals, ApprovedPlan approved) {
        if (!approved.limited()) {
            return approved;
        }
        Totals totals = new Totals();
        proposals.forEach(p -> split(p, approved).now().forEach(totals::add));
        if (totals.byClass().isEmpty() && totals.leaving().isEmpty()) {
            return approved;
        }
        Tallies tallies = new Tallies(sql);
        Guard guard = new Guard(rules.limits(approved.source()));
        if (!guard.near(totals, tallies.held(approved.source(), totals))) {
            return approved;
        }
        tallies.lock(approved.source());
        Held held = tallies.held(approved.source(), totals);
        return approved.and(guard.judge(totals, held, Organisation.Mode.APPLY));
    }

    private Converged write(List<Proposal> proposals, ApprovedPlan approved, List<UUID> due, List<String> renamed) {
        Deeds deeds = new Deeds(new Workspaces(sql));
        Totals counted = new Totals();
        Map<ChangeClass, Long> counts = new EnumMap<>(ChangeClass.class);
        List<String> done = new ArrayList<>(renamed);
        Map<String, String> waits = new LinkedHashMap<>();
        List<HeldPlans.Entry> entries = new ArrayList<>();
        for (Proposal proposal : proposals) {
            Split split = split(proposal, approved);
            List<String> sentences = deeds.take(proposal, split);
            done.addAll(sentences);
            split.now().forEach(line -> {
                counted.add(line);
                counts.merge(line.change().kind(), 1L, Long::sum);
            });
            split.waits().forEach((line, why) -> waits.put(line.sentence(), why));
            if (!split.waits().isEmpty() || proposal.seenBefore()) {
                entries.add(new HeldPlans.Entry(proposal, split.waits(), new HashSet<>(sentences)));
            }
        }
        deeds.write(sql, origin, approved.source().value(), rules.setHash(), rules.organisation().target() != Organisation.Target.STORE);
        new Tallies(sql).count(approved.source(), counted);
        new HeldPlans(sql).record(approved.source(), approved.cause(), reasons(approved, entries), rules.setHash(), entries);
        List<Problem> problems = letters(proposals);
        sql.run("delete from due where account_id = any(?::uuid[])", due);
        deeds.wake(sql);
        return new Converged(done, counts, waits, proposals.stream().flatMap(p -> p.refused().stream()).toList(), problems);
    }

    private static Split split(Proposal proposal, ApprovedPlan approved) {
        return Split.of(proposal.plan(), approved.name(proposal.accounts()).orElse(proposal.key()), approved);
    }

    /** Those of the verdict, and what some lines wait for whatever the limits say: a few, for the head of the plan. */
    private static List<String> reasons(ApprovedPlan approved, List<HeldPlans.Entry> entries) {
        return Stream.concat(approved.reasons().stream(), entries.stream().flatMap(entry -> entry.waits().keySet().stream()).flatMap(line -> line.always().stream())).distinct().limit(REASONS).toList();
    }

    /** Letters for what could not be provisioned; the letters of everybody else here are closed. */
    private List<Problem> letters(List<Proposal> proposals) {
        List<Letters.Letter> open = new ArrayList<>();
        Map<String, Set<String>> fine = new HashMap<>();
        for (Proposal proposal : proposals) {
            for (Subject.Generation generation : proposal.subject().generations()) {
                List<Problem> mine = proposal.problems().stream().filter(problem -> problem.key().equals(generation.key())).toList();
                mine.forEach(problem -> open.add(new Letters.Letter(generation.source(), problem, generation.version(), Optional.empty(), List.of(), "plan")));
                if (mine.isEmpty() && !generation.faulty()) {
                    fine.computeIfAbsent(generation.source(), source -> new HashSet<>()).addAll(List.of(generation.key(), generation.account().toString()));
                }
            }
        }
        Letters letters = new Letters(sql);
        fine.forEach((source, keys) -> letters.supersede(source, "user", keys));
        letters.open(open, origin.origin(), rules.setHash());
        return open.stream().map(Letters.Letter::problem).toList();
    }
}
