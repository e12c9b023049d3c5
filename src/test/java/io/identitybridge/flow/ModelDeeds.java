package io.identitybridge.flow;

import io.identitybridge.model.Account;
import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import io.identitybridge.model.Sentences;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.LastHop;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.Linker;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonNow.MembershipNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Totals;
import io.identitybridge.plan.Wish;
import io.identitybridge.plan.Wishes;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
import java.util.stream.Collectors;

/** From due accounts to memberships by the bridge's own rules: Linker, Wishes, Planner, LastHop, Guard, Split; what the store's SQL does stands here once more. */
final class ModelDeeds {
    private static final Map<Law, ChangeClass> LIMITS = Map.of(Law.LIMIT_ARCHIVE, ChangeClass.ARCHIVE, Law.LIMIT_REMOVE, ChangeClass.REMOVE, Law.LIMIT_LOWER, ChangeClass.LOWER, Law.LIMIT_RAISE, ChangeClass.RAISE, Law.LIMIT_CREATE, ChangeClass.CREATE);

    private final Memory memory;
    private Organisation organisation;
    private final Set<Law> off;
    private long ownersLeft;

    ModelDeeds(Memory memory, Organisation organisation, Set<Law> off) {
        this.memory = memory;
        this.off = off;
        rules(organisation);
    }

    /** From now on these hold. */
    void rules(Organisation organisation) {
        this.organisation = without(organisation, off);
    }

    /** The organisation without the limits and bounds that are switched off. */
    private static Organisation without(Organisation o, Set<Law> off) {
        Map<SourceName, Organisation.SourceRule> sources = off.contains(Law.MAY_GRANT) ? Map.of() : o.sources();
        Map<ChangeClass, Organisation.Limit> limits = new EnumMap<>(o.limits().byClass());
        LIMITS.forEach((law, kind) -> {
            if (off.contains(law)) {
                limits.remove(kind);
            }
        });
        Organisation.Guarded guarded = new Organisation.Guarded(off.contains(Law.PROTECTED_PEOPLE) ? List.of() : o.guarded().people(), off.contains(Law.PROTECTED_WORKSPACES) ? List.of() : o.guarded().workspaces());
        return new Organisation(o.name(), o.target(), off.contains(Law.DOMAINS) ? Map.of() : o.domains(), o.pattern(), off.contains(Law.HIGHEST_ROLE) ? Organisation.SeveralRoles.LOWEST : o.severalRoles(),
                off.contains(Law.AUTHORITY) ? List.of() : o.authority(), sources, guarded, off.contains(Law.DEFAULT_WORKSPACE) ? Optional.empty() : o.defaultWorkspace(), new Organisation.Limits(limits, off.contains(Law.SHRINKS) ? 1 : o.limits().shrinks()), o.switches(), o.publishing());
    }

    /** One person on his way. */
    private static final class Subject {
        final UUID id;
        final Set<UUID> accounts = new java.util.TreeSet<>();
        final Set<UUID> joins = new HashSet<>();
        boolean unclear;

        Subject(UUID id) {
            this.id = id;
        }
    }

    private record Proposal(Subject subject, UUID key, Optional<PersonNow> now, Wish wish, List<UUID> frees, PersonPlan plan) {
    }

    /** Converges these accounts of a source; {@code allowed} is what an operator approved, empty where the guard judges. */
    void converge(SourceName source, Collection<UUID> accounts, Optional<Set<ApprovedPlan.Allowed>> allowed, Instant at) {
        List<UUID> due = accounts.stream().filter(memory.due::contains).sorted().toList();
        if (!off.contains(Law.SAME_WORKSPACE)) {
            new ModelRenames(memory, organisation).take(source, proposes(source), at);
        }
        Map<String, UUID> claimed = new HashMap<>();
        ownersLeft = memory.people.values().stream().filter(person -> person.now().active() && person.now().orgRole() == OrgRole.OWNER).count();
        List<Proposal> proposals = subjects(due).stream().map(subject -> propose(subject, claimed, at)).toList();
        Totals totals = new Totals();
        proposals.forEach(proposal -> totals.add(proposal.plan()));
        Guard guard = new Guard(organisation.limits().of(source, LocalDate.ofInstant(at, ZoneOffset.UTC)));
        ApprovedPlan approved = allowed.map(lines -> Guard.approved(source, "approve", lines))
                .orElseGet(() -> guard.approve(source, "sim", guard.judge(totals, held(source, totals, at), proposes(source) ? Organisation.Mode.PROPOSE : organisation.rule(source).mode())));
        Totals counted = new Totals();
        proposals.forEach(proposal -> write(proposal, approved, counted, at));
        counted.byClass().forEach((kind, n) -> memory.tallies.add(new Memory.Tally(at, source.value(), kind.toString(), "", n.intValue())));
        counted.leaving().forEach((workspace, n) -> memory.tallies.add(new Memory.Tally(at, source.value(), "leave", workspace, n.intValue())));
        due.forEach(memory.due::remove);
        due.forEach(memory.edited::remove);
    }

    private Held held(SourceName source, Totals totals, Instant at) {
        Map<ChangeClass, Long> spent = new EnumMap<>(ChangeClass.class);
        totals.byClass().keySet().forEach(kind -> spent.put(kind, tally(source, kind.toString(), "", at)));
        Map<String, Long> sizes = new HashMap<>();
        Map<String, Long> left = new HashMap<>();
        totals.leaving().keySet().forEach(workspace -> {
            sizes.put(workspace, memory.people.values().stream().filter(person -> person.now().active() && person.now().memberships().containsKey(workspace)).count());
            left.put(workspace, tally(source, "leave", workspace, at));
        });
        return new Held(() -> memory.links.entrySet().stream().filter(link -> memory.accounts.get(link.getKey()).source().equals(source) && memory.people.get(link.getValue()).now().active()).map(Map.Entry::getValue).distinct().count(),
                () -> memory.people.values().stream().flatMap(person -> person.now().memberships().values().stream()).filter(m -> m.grants().stream().anyMatch(grant -> grant.source().equals(source))).count(), spent, sizes, left);
    }

    private long tally(SourceName source, String kind, String workspace, Instant at) {
        return off.contains(Law.ROLLING) ? 0 : memory.tallies.stream().filter(tally -> tally.at().isAfter(at.minus(Duration.ofHours(24))) && (kind.equals("leave") || tally.source().equals(source.value())) && tally.kind().equals(kind) && tally.workspace().equals(workspace)).mapToLong(Memory.Tally::n).sum();
    }

    private Collection<Subject> subjects(List<UUID> due) {
        Linker linker = new Linker(organisation);
        Map<UUID, Subject> subjects = new LinkedHashMap<>();
        List<Linker.Candidate> fresh = new ArrayList<>();
        for (UUID id : due) {
            AccountFact fact = memory.accounts.get(id);
            Optional<UUID> person = Optional.ofNullable(memory.links.get(id));
            boolean seeks = person.isEmpty() && fact.user().isPresent() && fact.goneAt().isEmpty() && (fact.standing() == Standing.IN || fact.standing() == Standing.IN_IF_PLACED);
            if (person.isPresent()) {
                subjects.computeIfAbsent(person.get(), Subject::new).accounts.add(id);
            } else if (!seeks) {
                leaver(linker, fact, subjects);
            } else {
                switch (linker.decide(fact.source(), fact.externalId().orElse(id.toString()), fact.user().get(), candidates(fact, fresh))) {
                    case Linker.Decision.Join join -> joined(subjects.computeIfAbsent(join.person(), Subject::new), id);
                    case Linker.Decision.Newcomer newcomer -> {
                        Subject subject = joined(new Subject(memory.next()), id);
                        subjects.put(subject.id, subject);
                        Linker.Candidate known = new Linker.Candidate(subject.id, fact.user().get().email(), key(fact), true, false, Set.of(fact.source()));
                        memory.accounts.values().stream().filter(his -> leavesNobody(linker, his) && !proposes(his.source()) && linker.leaver(his.source(), "", his.user().get(), List.of(known)).filter(Linker.Decision.Join.class::isInstance).isPresent())
                                .forEach(his -> joined(subject, his.id()));
                        fresh.add(known);
                    }
                    case Linker.Decision.Unclear unclear -> {
                        Subject alone = joined(new Subject(memory.next()), id);
                        alone.unclear = true;
                        subjects.put(alone.id, alone);
                    }
                }
            }
        }
        subjects.values().forEach(subject -> memory.links.forEach((account, person) -> {
            if (person.equals(subject.id)) {
                subject.accounts.add(account);
            }
        }));
        return subjects.values();
    }

    /** Whom an inactive account of a source that decides may end, if anybody. */
    private void leaver(Linker linker, AccountFact fact, Map<UUID, Subject> subjects) {
        memory.told.remove(fact.id());
        Optional<Linker.Decision> decision = leavesNobody(linker, fact) ? linker.leaver(fact.source(), fact.externalId().orElse(""), fact.user().get(), candidates(fact, List.of())) : Optional.empty();
        if (decision.orElse(null) instanceof Linker.Decision.Join join) {
            joined(subjects.computeIfAbsent(join.person(), Subject::new), fact.id());
            return;
        }
        decision.ifPresent(unclear -> memory.told.add(fact.id()));
        Subject alone = new Subject(memory.next());
        alone.accounts.add(fact.id());
        subjects.put(alone.id, alone);
    }

    private boolean leavesNobody(Linker linker, AccountFact fact) {
        return linker.decides(fact.source()) && !memory.links.containsKey(fact.id()) && fact.user().isPresent() && fact.problem().isEmpty() && fact.goneAt().isEmpty() && fact.standing() == Standing.LEFT;
    }

    private static Subject joined(Subject subject, UUID account) {
        subject.accounts.add(account);
        subject.joins.add(account);
        return subject;
    }

    private Optional<String> key(AccountFact fact) {
        return off.contains(Law.LINK_BY_NUMBER) ? Optional.empty() : fact.user().flatMap(user -> user.personKey());
    }

    private List<Linker.Candidate> candidates(AccountFact fact, List<Linker.Candidate> fresh) {
        List<Linker.Candidate> all = new ArrayList<>();
        String email = Folded.of(fact.user().orElseThrow().email());
        Optional<String> key = key(fact);
        memory.people.values().forEach(person -> {
            boolean mail = !person.freed() && Folded.of(person.now().email()).equals(email) && !off.contains(Law.LINK_BY_EMAIL);
            boolean number = key.isPresent() && key.equals(person.key());
            if (mail || number) {
                List<AccountFact> his = memory.links.entrySet().stream().filter(link -> link.getValue().equals(person.id())).map(link -> memory.accounts.get(link.getKey())).toList();
                boolean gone = his.stream().noneMatch(other -> other.goneAt().isEmpty());
                Set<SourceName> sources = his.stream().filter(other -> gone || other.goneAt().isEmpty()).map(AccountFact::source).collect(Collectors.toSet());
                boolean active = person.now().active() || off.contains(Law.FREED_EMAIL);
                all.add(new Linker.Candidate(person.id(), person.now().email(), off.contains(Law.LINK_BY_NUMBER) ? Optional.empty() : person.key(), active, false, off.contains(Law.NO_GUESS) || off.contains(Law.FREED_EMAIL) && !person.now().active() ? Set.of() : sources));
            }
        });
        fresh.stream().filter(candidate -> !off.contains(Law.LINK_BY_EMAIL) && Folded.of(candidate.email()).equals(email) || key.isPresent() && key.equals(candidate.personKey()))
                .map(candidate -> off.contains(Law.NO_GUESS) ? new Linker.Candidate(candidate.person(), candidate.email(), candidate.personKey(), true, false, Set.of()) : candidate).forEach(all::add);
        return all;
    }

    private Proposal propose(Subject subject, Map<String, UUID> claimed, Instant at) {
        Optional<Memory.Person> person = Optional.ofNullable(memory.people.get(subject.id));
        Optional<PersonNow> now = person.map(Memory.Person::now);
        List<Account> accounts = subject.accounts.stream().map(memory.accounts::get).filter(fact -> fact.user().isPresent())
                .map(fact -> new Account(fact.id(), fact.source(), fact.user().get(), fact.standing(), fact.onOutOfScope(), fact.goneAt().isPresent(), !off.contains(Law.NOT_LET_GO) && (fact.admitted() || off.contains(Law.LET_GO)), memory.grants(fact.id()))).toList();
        List<Account> all = accounts;
        if (off.contains(Law.ANY_ACCOUNT) && accounts.stream().anyMatch(account -> account.standing() == Standing.LEFT)) {
            accounts = accounts.stream().filter(account -> account.standing() == Standing.LEFT).toList();
        }
        Wish wish = subject.unclear ? new Wish.AsIs() : new Wishes(organisation).of(accounts).wish();
        if (off.contains(Law.LOWEST_ORG_ROLE) && wish instanceof Wish.Member m) {
            OrgRole highest = accounts.stream().filter(account -> account.standing() == Standing.IN).flatMap(account -> account.user().roles().stream()).flatMap(role -> OrgRole.of(role).stream()).max(OrgRole::compareTo).orElse(m.orgRole());
            wish = new Wish.Member(m.email(), m.userName(), m.displayName(), highest, m.personKey(), m.grants(), m.frozen(), m.scoped());
        }
        List<UUID> frees = new ArrayList<>();
        if (wish instanceof Wish.Member member) {
            wish = claim(subject, now, member, claimed, frees);
        }
        PersonPlan wanted = new Planner(organisation).plan(now, wish);
        boolean owner = now.filter(n -> n.active() && n.orgRole() == OrgRole.OWNER).isPresent() && losesOwner(wanted) && !off.contains(Law.LAST_OWNER);
        PersonPlan plan = new LastHop(organisation, LocalDate.ofInstant(at, ZoneOffset.UTC)).check(wanted, now, owner ? ownersLeft : Long.MAX_VALUE);
        ownersLeft -= owner && losesOwner(plan) ? 1 : 0;
        if (off.contains(Law.ADMIT)) {
            plan = new PersonPlan(plan.lines().stream().map(line -> new Line(line.change(), Optional.empty(), line.within())).toList(), plan.grants(), plan.refused());
        }
        if (off.contains(Law.RENAME)) {
            plan = plan.without(line -> line.change() instanceof Change.RenameUser, line -> List.of());
        }
        List<Waiting> waiting = subject.accounts.stream().flatMap(account -> memory.waiting.getOrDefault(account, List.of()).stream()).toList();
        UUID key = new Wishes(organisation).speaking(accounts).stream().map(Account::id).min(UUID::compareTo).or(() -> all.stream().map(Account::id).min(UUID::compareTo)).orElse(subject.accounts.iterator().next());
        List<Waiting> rejected = subject.accounts.stream().flatMap(account -> memory.rejected.getOrDefault(account, List.of()).stream()).toList();
        PersonPlan left = Waiting.applied(plan, wish, now.map(PersonNow::memberships).orElse(Map.of()), waiting, off.contains(Law.REJECTED) ? List.of() : rejected);
        Optional<String> edited = subject.accounts.stream().flatMap(account -> Optional.ofNullable(memory.edited.get(account)).stream()).findFirst().filter(why -> !off.contains(Law.EDITED));
        return new Proposal(subject, key, now, wish, frees, flapping(subject, now, edited.map(left::waiting).orElse(left), at));
    }

    /** What goes again within a day of its going and coming waits, unless every group that gave it is gone altogether. */
    private PersonPlan flapping(Subject subject, Optional<PersonNow> now, PersonPlan plan, Instant at) {
        if (off.contains(Law.FLAPPING)) {
            return plan;
        }
        List<Line> lines = plan.lines().stream().map(line -> line.change() instanceof Change.Remove remove && line.within() == ChangeClass.REMOVE && line.always().isEmpty()
                && flaps(subject, now.orElseThrow().memberships().get(Folded.of(remove.workspace())), at) ? new Line(remove, Optional.of("it went and came again"), line.within()) : line).toList();
        return new PersonPlan(lines, plan.grants(), plan.refused());
    }

    private boolean flaps(Subject subject, MembershipNow held, Instant at) {
        boolean again = Optional.ofNullable(memory.left.get(subject.id + Folded.of(held.workspace()))).filter(left -> left.at().isAfter(at.minus(Duration.ofHours(24)))).isPresent();
        return again && !held.grants().stream().allMatch(grant -> memory.groups.values().stream().anyMatch(group -> grant.reason().equals("group:" + group.id()) && group.goneAt().isPresent()));
    }

    private void went(UUID person, String folded, Instant at) {
        memory.left.merge(person + folded, new Memory.Left(at, 1), (before, now) -> new Memory.Left(at, before.at().isAfter(at.minus(Duration.ofHours(24))) ? before.times() + 1 : 1));
    }

    private boolean proposes(SourceName source) {
        return memory.proposing.contains(source.value()) && !off.contains(Law.PROPOSE) || organisation.rule(source).mode() != Organisation.Mode.APPLY;
    }

    private static boolean losesOwner(PersonPlan plan) {
        return plan.lines().stream().map(Line::change).anyMatch(change -> change instanceof Change.ArchiveUser || change instanceof Change.SetOrgRole);
    }

    /** One address is one person's: an archived holder gives it up, a living one keeps it. */
    private Wish claim(Subject subject, Optional<PersonNow> now, Wish.Member member, Map<String, UUID> claimed, List<UUID> frees) {
        String email = Folded.of(member.email());
        if (now.filter(PersonNow::active).filter(person -> Folded.of(person.email()).equals(email)).isPresent()) {
            return member;
        }
        Optional<Memory.Person> holder = memory.people.values().stream().filter(person -> !person.freed() && Folded.of(person.now().email()).equals(email) && !person.id().equals(subject.id)).findFirst();
        boolean first = claimed.putIfAbsent(email, subject.id) == null;
        if (first && holder.filter(person -> person.now().active()).isEmpty()) {
            holder.map(Memory.Person::id).ifPresent(frees::add);
            return member;
        }
        return now.filter(PersonNow::active).<Wish>map(person -> member.called(person.email())).orElseGet(Wish.AsIs::new);
    }

    private void write(Proposal proposal, ApprovedPlan approved, Totals counted, Instant at) {
        Subject subject = proposal.subject();
        Split split = Split.of(proposal.plan(), approved.name(subject.accounts).orElse(proposal.key()), approved);
        split.now().forEach(counted::add);
        Set<SourceName> away = subject.accounts.stream().map(memory.accounts::get).filter(fact -> fact.goneAt().isEmpty() && memory.away.contains(fact.source().value())).map(AccountFact::source).collect(Collectors.toSet());
        List<Waiting> waits = new ArrayList<>(split.waits().entrySet().stream().map(wait -> Waiting.of(wait.getKey(), wait.getValue(), proposal.wish())).toList());
        subject.accounts.stream().flatMap(account -> Optional.ofNullable(memory.waiting.remove(account)).stream()).flatMap(List::stream)
                .filter(before -> unsure(proposal, away, before) && waits.stream().noneMatch(wait -> wait.sentence().equals(before.sentence())) && split.now().stream().noneMatch(line -> line.sentence().equals(before.sentence()))).forEach(waits::add);
        if (!waits.isEmpty()) {
            memory.waiting.put(proposal.key(), List.copyOf(waits));
        }
        boolean created = split.now().stream().anyMatch(line -> line.change() instanceof Change.CreateUser);
        if (proposal.now().isEmpty() && !created) {
            return;
        }
        proposal.frees().stream().map(memory.people::get).filter(person -> !person.now().active())
                .filter(person -> created || split.now().stream().anyMatch(line -> line.change() instanceof Change.ReviveUser || line.change() instanceof Change.RenameUser))
                .forEach(person -> memory.people.put(person.id(), new Memory.Person(person.id(), person.now(), person.key(), true)));
        subject.joins.forEach(account -> memory.links.put(account, subject.id));
        PersonNow before = proposal.now().orElseGet(() -> {
            Wish.Member wish = (Wish.Member) proposal.wish();
            return new PersonNow(wish.email(), wish.userName(), wish.displayName(), OrgRole.MEMBER, true, true, Map.of());
        });
        split.now().stream().filter(line -> line.change() instanceof Change.Remove && line.within() == ChangeClass.REMOVE).forEach(line -> went(subject.id, Folded.of(line.change().place().orElseThrow()), at));
        List<AccountFact> out = subject.accounts.stream().map(memory.accounts::get).filter(fact -> fact.standing() == Standing.OUT_OF_SCOPE).toList();
        Set<SourceName> letGo = proposal.wish().letGo(before, split, out.stream().map(AccountFact::source).collect(Collectors.toSet()));
        out.stream().filter(fact -> letGo.contains(fact.source())).forEach(fact -> memory.accounts.put(fact.id(), ModelFacts.letGo(fact)));
        PersonNow after = after(before, split);
        Optional<String> key = Optional.ofNullable(memory.people.get(subject.id)).flatMap(Memory.Person::key).or(() -> proposal.wish() instanceof Wish.Member m && created ? m.personKey() : Optional.empty());
        boolean freed = Optional.ofNullable(memory.people.get(subject.id)).filter(Memory.Person::freed).isPresent() && !after.active();
        memory.people.put(subject.id, new Memory.Person(subject.id, after, key, freed));
    }

    /** What waits is about more than what sources with files say. */
    private static boolean unsure(Proposal proposal, Set<SourceName> away, Waiting line) {
        return !away.isEmpty() && (proposal.wish() instanceof Wish.AsIs || line.workspace().isEmpty() || line.kind().equals(ChangeClass.ARCHIVE.toString())
                || proposal.now().stream().flatMap(now -> line.workspace().map(now.memberships()::get).stream()).flatMap(held -> held.grants().stream()).anyMatch(grant -> away.contains(grant.source())));
    }

    private PersonNow after(PersonNow before, Split split) {
        String email = before.email();
        String userName = before.userName();
        String displayName = before.displayName();
        OrgRole role = before.orgRole();
        boolean active = before.active();
        Map<String, MembershipNow> memberships = new LinkedHashMap<>(before.memberships());
        for (Line line : split.now()) {
            switch (line.change()) {
                case Change.RenameUser rename -> email = rename.to();
                case Change.UpdateUser update when update.attribute().equals("userName") -> userName = update.to();
                case Change.UpdateUser update -> displayName = update.to();
                case Change.SetOrgRole set -> role = set.to();
                case Change.ArchiveUser archive -> active = false;
                case Change.ReviveUser revive -> active = true;
                case Change.Add add -> place(memberships, add.workspace(), add.role());
                case Change.Raise raise -> place(memberships, raise.workspace(), raise.to());
                case Change.Lower lower -> place(memberships, lower.workspace(), lower.to());
                case Change.Remove remove -> memberships.remove(Folded.of(remove.workspace()));
                default -> { } // of workspaces
            }
        }
        split.grants().forEach((folded, reasons) -> memberships.computeIfPresent(folded, (f, m) -> new MembershipNow(m.workspace(), m.role(), true, reasons)));
        return new PersonNow(email, userName, displayName, role, active, true, memberships);
    }

    /** Does what was approved at some time, true or not. */
    void force(ApprovedPlan.Allowed line) {
        Optional.ofNullable(memory.links.get(line.account())).map(memory.people::get).ifPresent(person -> Sentences.read(line.sentence())
                .filter(change -> change instanceof Change.ArchiveUser || change instanceof Change.Remove).ifPresent(change -> {
                    Split split = new Split(List.of(Line.of(change)), Map.of(), Map.of());
                    memory.people.put(person.id(), new Memory.Person(person.id(), after(person.now(), split), person.key(), person.freed()));
                }));
    }

    private void place(Map<String, MembershipNow> memberships, String workspace, Role role) {
        String folded = Folded.of(workspace);
        memory.workspaces.computeIfAbsent(folded, name -> new Memory.Workspace(memory.next(), workspace));
        List<Grant> reasons = Optional.ofNullable(memberships.get(folded)).map(MembershipNow::grants).orElse(List.of());
        memberships.put(folded, new MembershipNow(memory.workspaces.get(folded).name(), role, true, reasons));
    }
}
