package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Problem;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Totals;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.ConcurrencyFailureException;

/** Makes the deeds of some people equal to their wishes, as far as approved, inside one transaction and under their locks. */
final class Convergence {
    private static final int REASONS = 10;
    private final Sql sql;
    private final Sizes sizes;
    private final Seals seals;
    private final Rules rules;

    Convergence(Sql sql, Sizes sizes, Seals seals, Rules rules) {
        this.sql = sql;
        this.sizes = sizes;
        this.seals = seals;
        this.rules = rules;
    }

    /** Whoever converges first after a group has moved renames its workspace; the audit says whose change that was. */
    Converged of(Deed deed) {
        if (!deed.approved().limited()) { // what an operator lets go is noted at the accounts, and those are locked before anything else
            sql.rows("select 1 from account where id in (select his.account_id from link l join link his on his.person_id = l.person_id where l.account_id = any(?::uuid[])) order by id for no key update", (rs, n) -> 0, deed.accounts());
            new Facts(sql).due(deed.accounts(), id -> Trigger.of(deed.origin().origin())); // whoever has looked at them since took their marks, and not this word
        }
        List<UUID> due = sql.rows("select account_id from due where account_id = any(?::uuid[]) order by account_id for update", (rs, n) -> rs.getObject(1, UUID.class), deed.accounts());
        if (due.isEmpty()) {
            return Converged.NOTHING;
        }
        if (deed.approved().observesOnly()) {
            return observed(deed, due);
        }
        List<String> renamed = new Renames(sql, rules).takeAll(deed.approved().source(), deed.origin());
        return sum(renamed, results(List.of(deed), due, Marks.held(sql, due)));
    }

    /**
     * After facts in the same transaction, of several at once where everything is plain: what comes near a limit, waits, is refused an address or needs
     * a new workspace is judged, noted and audited for one push at a time, and a workspace is renamed only by whoever holds no group ({@link Together.Alone}).
     *
     * @param due the deeds' accounts
     */
    List<Supplier<Converged>> together(List<Deed> deeds, List<UUID> due, Marks marks) {
        alone(new Renames(sql, rules).wanted(deeds.getFirst().approved().source()));
        List<Result> results = results(deeds, due, marks);
        boolean several = deeds.size() > 1;
        return deeds.stream().<Supplier<Converged>>map(deed -> () -> sum(List.of(), results.stream().filter(result -> !several || result.isOf(deed)).toList())).toList();
    }

    private List<Result> results(List<Deed> deeds, List<UUID> due, Marks marks) {
        ApprovedPlan approved = deeds.getFirst().approved();
        boolean several = deeds.size() > 1;
        List<Proposal> proposals = new Proposals(sql, seals, rules, several).of(due, true, marks);
        if (new Renames(sql, rules).wanted(approved.source())) {
            throw new ConcurrencyFailureException("a group has moved meanwhile: its workspace is renamed before anybody goes to the new one");
        }
        return write(proposals, rechecked(proposals, approved, several), marks, deeds);
    }

    private Converged observed(Deed deed, List<UUID> due) {
        Map<String, String> waits = new LinkedHashMap<>();
        new Proposals(sql, seals, rules, false).of(due, true).forEach(p -> p.plan().lines().forEach(line -> waits.put(line.sentence(), "the source's mode is observe (portkey.yaml)")));
        sql.run("delete from due where account_id = any(?::uuid[])", due);
        sql.run("update source_state set ruled = ? where source = ? and ruled is distinct from ?", Runs.OBSERVED, deed.approved().source().value(), Runs.OBSERVED); // once it may apply, everybody is looked at
        return new Converged(List.of(), Map.of(), waits, List.of(), List.of());
    }

    /** Judged under the lock, so that pushes and runs of several bridges cannot pass a limit side by side. */
    private ApprovedPlan rechecked(List<Proposal> proposals, ApprovedPlan approved, boolean several) {
        if (!approved.limited()) {
            sizes.forget();
            return approved;
        }
        Totals totals = new Totals();
        proposals.forEach(p -> split(p, approved).now().forEach(totals::add));
        Tallies tallies = new Tallies(sql, sizes);
        Guard guard = new Guard(rules.limits(approved.source()));
        if (totals.byClass().isEmpty() && totals.leaving().isEmpty() || !guard.near(totals, tallies.atLeast(approved.source(), totals))) {
            return approved;
        }
        tallies.lock(approved.source(), totals);
        if (guard.judge(totals, tallies.atLeast(approved.source(), totals), Organisation.Mode.APPLY).reasons().isEmpty()) {
            return approved;
        }
        alone(several);
        return approved.and(guard.judge(totals, tallies.held(approved.source(), totals), Organisation.Mode.APPLY));
    }

    private static void alone(boolean several) {
        if (several) {
            throw new Together.Alone();
        }
    }

    /** What became of one person. */
    private record Result(Proposal proposal, List<String> done, Split split, List<Problem> problems) {
        boolean isOf(Deed deed) {
            return proposal.subject().due().stream().anyMatch(deed.accounts()::contains);
        }
    }

    private List<Result> write(List<Proposal> proposals, ApprovedPlan approved, Marks marks, List<Deed> deeds) {
        boolean several = deeds.size() > 1;
        Origin origin = deeds.getFirst().origin();
        Deeds written = new Deeds(new Workspaces(sql, several), rules.organisation());
        Totals counted = new Totals();
        List<HeldPlans.Entry> entries = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        Letters.Filing letters = new Letters.Filing();
        for (Proposal proposal : proposals) {
            Split split = split(proposal, approved);
            List<String> sentences = written.take(proposal, split, several ? origin(proposal, deeds) : origin);
            split.now().forEach(counted::add);
            if (!split.waits().isEmpty() || proposal.seenBefore()) {
                alone(several);
                entries.add(new HeldPlans.Entry(proposal, split.waits(), new HashSet<>(sentences)));
            }
            List<Problem> problems = letters.of(proposal);
            if (!problems.isEmpty()) {
                alone(several);
            }
            results.add(new Result(proposal, sentences, split, problems));
        }
        Script script = new Script(sql);
        written.write(script, origin, approved.source().value(), rules.setHash(), rules.publishes());
        Tallies.count(script, approved.source(), counted);
        if (!entries.isEmpty()) {
            script.send();
            new HeldPlans(sql).record(approved.source(), approved.cause(), reasons(approved, entries), rules.setHash(), entries);
        }
        letters.file(script, new Letters(sql, seals), origin.origin(), rules.setHash());
        marks.end(script);
        written.wake(script);
        script.send();
        return results;
    }

    private static Origin origin(Proposal proposal, List<Deed> deeds) {
        return deeds.stream().filter(deed -> proposal.subject().due().stream().anyMatch(deed.accounts()::contains)).findFirst().orElseThrow().origin();
    }

    private static Converged sum(List<String> renamed, List<Result> results) {
        Map<ChangeClass, Long> counts = new EnumMap<>(ChangeClass.class);
        List<String> done = new ArrayList<>(renamed);
        Map<String, String> waits = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Result result : results) {
            done.addAll(result.done());
            result.split().now().forEach(line -> counts.merge(line.change().kind(), 1L, Long::sum));
            result.split().waits().forEach((line, why) -> waits.put(line.sentence(), why));
            refused.addAll(result.proposal().refused());
            problems.addAll(result.problems());
        }
        return new Converged(done, counts, waits, refused, problems);
    }

    private static Split split(Proposal proposal, ApprovedPlan approved) {
        return Split.of(proposal.plan(), approved.name(proposal.accounts()).orElse(proposal.key()), approved);
    }

    /** Those of the verdict, and what some lines wait for whatever the limits say: a few, for the head of the plan. */
    private static List<String> reasons(ApprovedPlan approved, List<HeldPlans.Entry> entries) {
        return Stream.concat(approved.reasons().stream(), entries.stream().flatMap(entry -> entry.waits().keySet().stream()).flatMap(line -> line.always().stream())).distinct().limit(REASONS).toList();
    }
}
