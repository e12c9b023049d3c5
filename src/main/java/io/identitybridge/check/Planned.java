package io.identitybridge.check;

import io.identitybridge.model.Account;
import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.LastHop;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Totals;
import io.identitybridge.plan.Verdict;
import io.identitybridge.plan.Wished;
import io.identitybridge.plan.Wishes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The plans of a test's people, judged together: the planner, the last hop and the guard as they are at work. */
final class Planned {
    private final Organisation organisation;
    private final Before before;
    private final SourceName source;
    private final LastHop lastHop;
    private final Map<UUID, PersonPlan> plans = new LinkedHashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Planned(Organisation organisation, Before before, SourceName source, Instant now) {
        this.organisation = organisation;
        this.before = before;
        this.source = source;
        this.lastHop = new LastHop(organisation, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    void person(String id, Account account) {
        Wished wished = new Wishes(organisation).of(List.of(account));
        refused.addAll(wished.refused());
        problems.addAll(wished.problems());
        Optional<PersonNow> person = before.email(id).or(() -> Optional.of(account.user().email()).filter(before.users()::containsKey)).map(email -> now(email, account));
        PersonPlan plan = lastHop.check(new Planner(organisation).plan(person, wished.wish()), person, Long.MAX_VALUE);
        refused.addAll(plan.refused());
        plans.put(account.id(), plan);
    }

    /** As held before; a test says nothing of names, so they are as they come. */
    private PersonNow now(String email, Account account) {
        Map<String, PersonNow.MembershipNow> memberships = new LinkedHashMap<>();
        before.members().forEach((workspace, people) -> Optional.ofNullable(people.get(email)).ifPresent(role ->
                memberships.put(Folded.of(workspace), new PersonNow.MembershipNow(workspace, role, true, reasons(workspace, role, account)))));
        return new PersonNow(email, account.user().userName(), account.user().displayName(), OrgRole.MEMBER, true, true, memberships);
    }

    private List<Grant> reasons(String workspace, Role role, Account account) {
        List<Grant> same = account.grants().stream().filter(grant -> Folded.of(grant.workspace()).equals(Folded.of(workspace)) && grant.role() == role).toList();
        return same.isEmpty() ? List.of(new Grant(source, "before", workspace, role, "before")) : same;
    }

    Outcome outcome(List<Place> fresh, Organisation.Limits limits, List<Problem> more, List<Problem> hints, Set<String> met) {
        Totals totals = new Totals();
        plans.values().forEach(totals::add);
        Verdict verdict = new Guard(limits).judge(totals, held(totals), Organisation.Mode.APPLY);
        List<Line> done = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        plans.forEach((person, plan) -> plan.lines().forEach(line -> verdict.holds(person, line).ifPresentOrElse(reasons::add, () -> done.add(line))));
        workspaces(fresh, done);
        done.sort(Planner.ORDER);
        List<Problem> all = new ArrayList<>(more);
        all.addAll(problems);
        List<Problem> told = new ArrayList<>(hints);
        told.addAll(problems);
        return new Outcome(done.stream().map(Line::sentence).toList(), reasons.stream().distinct().toList(), refused, all, told, met);
    }

    private Held held(Totals totals) {
        Map<String, Long> sizes = new HashMap<>();
        before.members().forEach((workspace, people) -> sizes.put(Folded.of(workspace), (long) people.size()));
        long memberships = before.members().values().stream().mapToLong(Map::size).sum();
        return new Held(() -> before.users().size(), () -> memberships, Map.of(), sizes, Map.of());
    }

    /** What groups give exists before anybody is in it, as far as the source may give it. */
    private void workspaces(List<Place> fresh, List<Line> done) {
        Map<String, String> wanted = new TreeMap<>();
        fresh.stream().map(Place::workspace).filter(name -> lastHop.refusesWorkspace(source, name).isEmpty()).forEach(name -> wanted.putIfAbsent(Folded.of(name), name));
        done.forEach(line -> {
            if (line.change() instanceof Change.Add add) {
                wanted.putIfAbsent(Folded.of(add.workspace()), add.workspace());
            }
        });
        before.members().keySet().forEach(name -> wanted.remove(Folded.of(name)));
        if (organisation.switches().createMissingWorkspaces()) {
            wanted.values().forEach(name -> done.add(new Line(new Change.CreateWorkspace(name), Optional.empty(), io.identitybridge.model.ChangeClass.FREE)));
        }
    }
}
