package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.LastHop;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Wish;
import io.identitybridge.plan.Wished;
import io.identitybridge.plan.Wishes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Makes one proposal a person by the pure planner, and asks the store only for what one person cannot know of others. */
final class Proposals {
    private static final long UNCOUNTED = Long.MIN_VALUE;
    private final Sql sql;
    private final Seals seals;
    private final Rules rules;
    private final Wishes wishes;
    private final Planner planner;
    private final LastHop lastHop;
    private final boolean several;
    private long ownersLeft = UNCOUNTED;

    /** @param several proposals of several pushes: an owner's leaving is for one alone */
    Proposals(Sql sql, Seals seals, Rules rules, boolean several) {
        this.sql = sql;
        this.seals = seals;
        this.rules = rules;
        this.wishes = new Wishes(rules.organisation(), rules.acting());
        this.planner = new Planner(rules.organisation());
        this.lastHop = rules.lastHop();
        this.several = several;
    }

    List<Proposal> of(Collection<UUID> accounts, boolean lock) {
        return of(accounts, lock, Marks.held(sql, accounts));
    }

    List<Proposal> of(Collection<UUID> accounts, boolean lock, Marks marks) {
        List<Subject> subjects = new Subjects(sql, rules).of(accounts, lock, marks);
        List<Wished> wished = subjects.stream().map(this::wished).toList();
        Addresses addresses = Addresses.of(sql, seals, subjects, wished.stream().map(Wished::wish).toList());
        Map<UUID, List<Prior>> prior = prior(subjects, lock);
        List<Proposal> proposals = new ArrayList<>(subjects.size());
        for (int i = 0; i < subjects.size(); i++) {
            proposals.add(propose(subjects.get(i), wished.get(i), addresses, prior));
        }
        return new Flapping(sql, rules.organisation().limits().flapping()).held(withoutMissingWorkspaces(proposals));
    }

    /** Whom an operator has revoked is a leaver, whatever his accounts say. */
    private Wished wished(Subject subject) {
        return subject.now().filter(PersonNow::revoked).isPresent() ? new Wished(new Wish.Leaver(Optional.empty(), "revoked"), List.of(), List.of()) : wishes.of(subject.accounts()).of(subject.now());
    }

    private Proposal propose(Subject subject, Wished wished, Addresses addresses, Map<UUID, List<Prior>> prior) {
        List<Problem> problems = new ArrayList<>(wished.problems());
        subject.problems().stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
        Addresses.Claim claim = subject.problems().isEmpty() ? addresses.claim(subject, wished.wish()) : Addresses.Claim.none(new Wish.AsIs());
        claim.problem().ifPresent(problems::add);
        Wish wish = claim.wish();
        PersonPlan plan = planner.plan(subject.now(), wish);
        if (!plan.lines().isEmpty()) {
            boolean owner = subject.now().filter(now -> now.active() && now.orgRole() == OrgRole.OWNER).isPresent() && losesOwner(plan);
            plan = lastHop.check(plan, subject.now(), owner ? ownersLeft() : Long.MAX_VALUE);
            ownersLeft -= owner && losesOwner(plan) ? 1 : 0; // the next one of this chunk may be the last
        }
        UUID key = wishes.speaking(subject.accounts()).stream().map(Account::id).min(UUID::compareTo) // whoever approves the line of somebody new converges this account alone, so it is one that wants him
                .or(() -> subject.accounts().stream().map(Account::id).min(UUID::compareTo)).orElse(subject.due().getFirst());
        List<String> refused = new ArrayList<>(wished.refused());
        refused.addAll(plan.refused());
        List<Prior> seen = subject.accounts().stream().flatMap(account -> prior.getOrDefault(account.id(), List.of()).stream()).toList();
        return new Proposal(subject, key, wish, claim.frees(), waiting(proposed(Prior.applied(plan, wish, subject.now().map(PersonNow::memberships).orElse(Map.of()), seen), subject), subject), refused, problems, !seen.isEmpty(),
                subject.accounts().stream().filter(account -> !account.gone()).map(Account::source).filter(source -> !rules.known().contains(source)).collect(Collectors.toSet()));
    }

    /** What comes of the word of another source that only proposes waits, also where that source's own turn has not come yet, or a rejection of it is over. */
    private PersonPlan proposed(PersonPlan plan, Subject subject) {
        Optional<SourceName> proposing = plan.lines().isEmpty() || subject.now().filter(PersonNow::revoked).isPresent() ? Optional.empty() : wishes.proposing(subject.accounts());
        if (proposing.isEmpty()) {
            return plan;
        }
        List<Change> others = planner.plan(subject.now(), wishes.unproposed().of(subject.accounts()).wish()).lines().stream().map(Line::change).toList();
        String why = "the mode of " + proposing.get() + " is propose (portkey.yaml)";
        return new PersonPlan(plan.lines().stream().map(line -> others.stream().anyMatch(other -> asMuch(other, line.change())) || line.always().isPresent() ? line : new Line(line.change(), Optional.of(why), line.within())).toList(), plan.grants(), plan.refused());
    }

    /** Whoever would lose a workspace without the proposal does not keep a role there because that would leave him a lower one. */
    private static boolean asMuch(Change without, Change with) {
        return without.equals(with) || without instanceof Change.Remove && with instanceof Change.Lower && without.place().map(Folded::of).equals(with.place().map(Folded::of));
    }

    private static PersonPlan waiting(PersonPlan plan, Subject subject) {
        return subject.waits().map(plan::waiting).orElse(plan);
    }

    /** @param lock nobody decides otherwise on what is read here, before the deeds are done */
    private Map<UUID, List<Prior>> prior(List<Subject> subjects, boolean lock) {
        Map<UUID, List<Prior>> prior = new HashMap<>();
        List<UUID> keys = subjects.stream().flatMap(subject -> subject.accounts().stream().map(Account::id)).toList();
        if (!keys.isEmpty()) {
            sql.rows("select l.account_id, l.sentence, l.reason, l.status, l.facts, l.class, l.workspace from unnest(?::uuid[]) as his (id) join plan_line l on l.account_id = his.id where l.status in ('held', 'rejected')" + (lock ? " order by l.plan_id, l.n for no key update of l" : ""), (rs, n) ->
                    prior.computeIfAbsent(rs.getObject(1, UUID.class), id -> new ArrayList<>())
                            .add(new Prior(rs.getString(2), rs.getString(3), rs.getString(4).equals("rejected"), rs.getBytes(5), rs.getString(6), Sql.text(rs, "workspace").map(Folded::of))), keys);
        }
        return prior;
    }

    private static boolean losesOwner(PersonPlan plan) {
        return plan.lines().stream().map(Line::change).anyMatch(change -> change instanceof Change.ArchiveUser || change instanceof Change.SetOrgRole);
    }

    private long ownersLeft() {
        if (ownersLeft == UNCOUNTED) {
            ownersLeft = owners();
        }
        return ownersLeft;
    }

    /** Counted under their locks, so that two last owners cannot go side by side. */
    private long owners() {
        if (several) {
            throw new Together.Alone();
        }
        return sql.number("select count(*) from (select id from person where org_role = 'owner' and status = 'active' order by id for no key update) owners");
    }

    /** With {@code create-missing-workspaces} off, a place in a workspace that is not there is refused. */
    private List<Proposal> withoutMissingWorkspaces(List<Proposal> proposals) {
        if (rules.organisation().switches().createMissingWorkspaces()) {
            return proposals;
        }
        Set<String> wanted = new HashSet<>();
        proposals.forEach(p -> p.plan().lines().stream().filter(line -> line.change() instanceof Change.Add).forEach(line -> wanted.add(Folded.of(line.change().place().orElseThrow()))));
        Set<String> there = wanted.isEmpty() ? Set.of()
                : Set.copyOf(sql.rows("select name_folded from workspace where status = 'active' and name_folded = any(?::text[])", (rs, n) -> rs.getString(1), wanted));
        return proposals.stream().map(p -> {
            PersonPlan plan = p.plan().without(line -> line.change() instanceof Change.Add add && !there.contains(Folded.of(add.workspace())),
                    line -> List.of(line.sentence() + ": there is no such workspace, and create-missing-workspaces is off (portkey.yaml)"));
            List<String> refused = new ArrayList<>(p.refused());
            refused.addAll(plan.refused());
            return new Proposal(p.subject(), p.key(), p.wish(), p.frees(), plan, refused, p.problems(), p.seenBefore(), p.away());
        }).toList();
    }
}
