package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Organisation.SeveralRoles;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.PersonNow.MembershipNow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Wishes minus deeds for one person, in sentences. */
public final class Planner {
    private final Organisation organisation;

    public Planner(Organisation organisation) {
        this.organisation = organisation;
    }

    /** What differs between the person as held ({@code now}, empty if unknown) and as wished. */
    public PersonPlan plan(Optional<PersonNow> now, Wish wish) {
        return switch (wish) {
            case Wish.AsIs ignored -> new PersonPlan(List.of(), Map.of(), List.of());
            case Wish.Leaver leaver -> now.filter(PersonNow::active).filter(PersonNow::owned)
                    .map(person -> leave(person, leaver)).orElseGet(() -> plan(now, new Wish.AsIs()));
            case Wish.Fading fading -> now.filter(PersonNow::active).filter(PersonNow::owned).map(person -> fade(person, fading)).orElseGet(() -> plan(now, new Wish.AsIs()));
            case Wish.Member member -> join(now, member);
        };
    }

    private PersonPlan leave(PersonNow person, Wish.Leaver leaver) {
        List<Line> lines = new ArrayList<>();
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        person.memberships().forEach((folded, held) -> {
            lines.add(new Line(new Change.Remove(person.email(), held.workspace()), leaver.outOfScope(), ChangeClass.ARCHIVE));
            grants.put(folded, List.of());
        });
        lines.add(new Line(new Change.ArchiveUser(person.email()), leaver.outOfScope(), ChangeClass.ARCHIVE));
        return ordered(lines, grants);
    }

    /** Only what is held already, and of that only what still has a reason. */
    private PersonPlan fade(PersonNow person, Wish.Fading fading) {
        Set<String> still = fading.grants().stream().map(Grant::key).collect(Collectors.toSet());
        Map<String, List<Grant>> held = new TreeMap<>();
        person.memberships().forEach((folded, membership) -> held.put(folded, membership.grants().stream().filter(grant -> grant.reason().equals(Grant.MANUAL) || still.contains(grant.key()) || fading.observing().contains(grant.source())).toList()));
        Wish.Member same = new Wish.Member(person.email(), person.userName(), person.displayName(), person.orgRole(), Optional.empty(), held.values().stream().flatMap(List::stream).toList(), Set.of(), Set.of());
        List<Line> lines = new ArrayList<>();
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        held.forEach((folded, reasons) -> membership(same, Optional.of(person.memberships().get(folded)), reasons, lines).ifPresent(after -> grants.put(folded, after)));
        return ordered(lines, grants);
    }

    private PersonPlan join(Optional<PersonNow> now, Wish.Member wish) {
        List<Line> lines = new ArrayList<>();
        now.ifPresentOrElse(person -> attributes(person, wish, lines), () -> {
            lines.add(Line.of(new Change.CreateUser(wish.email())));
            role(wish.email(), OrgRole.MEMBER, wish.orgRole(), lines);
        });
        Map<String, MembershipNow> held = now.map(PersonNow::memberships).orElse(Map.of());
        Map<String, List<Grant>> wanted = wanted(held, wish);
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        wanted.forEach((folded, reasons) -> membership(wish, Optional.ofNullable(held.get(folded)), reasons, lines)
                .ifPresent(after -> grants.put(folded, after)));
        return ordered(lines, grants);
    }

    private void attributes(PersonNow person, Wish.Member wish, List<Line> lines) {
        if (!person.active()) {
            lines.add(Line.of(new Change.ReviveUser(wish.email())));
        }
        if (!person.email().equals(wish.email())) {
            lines.add(Line.of(new Change.RenameUser(person.email(), wish.email())));
        }
        if (!person.userName().equals(wish.userName())) {
            lines.add(Line.of(new Change.UpdateUser(wish.email(), "userName", person.userName(), wish.userName())));
        }
        if (!person.displayName().equals(wish.displayName())) {
            lines.add(Line.of(new Change.UpdateUser(wish.email(), "displayName", person.displayName(), wish.displayName())));
        }
        role(wish.email(), person.orgRole(), wish.orgRole(), lines);
    }

    private static void role(String email, OrgRole from, OrgRole to, List<Line> lines) {
        if (from != to) {
            lines.add(Line.of(new Change.SetOrgRole(email, from, to)));
        }
    }

    /** Every workspace that is held or wished, with its wished reasons: frozen sources and rows made by hand keep theirs. */
    private static Map<String, List<Grant>> wanted(Map<String, MembershipNow> held, Wish.Member wish) {
        Map<String, List<Grant>> wanted = new TreeMap<>();
        held.forEach((folded, membership) -> wanted.put(folded, new ArrayList<>(membership.grants().stream()
                .filter(grant -> wish.frozen().contains(grant.source()) || wish.observing().contains(grant.source()) || grant.reason().equals(Grant.MANUAL)).toList())));
        for (Grant grant : wish.grants().stream().filter(given -> !wish.observing().contains(given.source())).toList()) {
            wanted.computeIfAbsent(Folded.of(grant.workspace()), folded -> new ArrayList<>()).add(grant);
        }
        return wanted;
    }

    /** The line for one workspace, if its role differs, and the reasons after it, if those differ. */
    private Optional<List<Grant>> membership(Wish.Member wish, Optional<MembershipNow> held, List<Grant> reasons, List<Line> lines) {
        if (held.isPresent() && !held.get().owned()) {
            return Optional.empty();
        }
        Optional<Role> role = effective(reasons);
        if (held.isEmpty()) {
            role.ifPresent(to -> lines.add(Line.of(new Change.Add(wish.email(), reasons.getFirst().workspace(), to))));
            return role.map(to -> reasons);
        }
        MembershipNow now = held.get();
        if (reasons.isEmpty() && now.unlinked()) {
            lines.add(Line.of(new Change.Keep(wish.email(), now.workspace(), now.role())));
            return Optional.of(byHand(now));
        }
        Optional<String> always = scope(now, wish);
        if (role.isEmpty()) {
            Optional<String> disagree = reasons.isEmpty() ? always : Optional.of("his groups disagree about the role (several-roles: reject)");
            lines.add(new Line(new Change.Remove(wish.email(), now.workspace()), disagree, ChangeClass.REMOVE));
            return Optional.of(List.of());
        }
        int difference = role.get().compareTo(now.role());
        if (difference > 0) {
            lines.add(Line.of(new Change.Raise(wish.email(), now.workspace(), now.role(), role.get())));
        } else if (difference < 0) {
            lines.add(new Line(new Change.Lower(wish.email(), now.workspace(), now.role(), role.get()), always, ChangeClass.LOWER));
        }
        return difference == 0 && same(now.grants(), reasons) ? Optional.empty() : Optional.of(reasons);
    }

    /** His role as it stands, once for each source that gave it. */
    private static List<Grant> byHand(MembershipNow now) {
        Map<SourceName, Grant> kept = new LinkedHashMap<>();
        now.grants().forEach(grant -> kept.putIfAbsent(grant.source(), new Grant(grant.source(), Grant.MANUAL, now.workspace(), now.role(), grant.rule())));
        return List.copyOf(kept.values());
    }

    /** What a source that no longer admits the person gave is held, never taken at once. */
    private static Optional<String> scope(MembershipNow now, Wish.Member wish) {
        return now.grants().stream().map(Grant::source).filter(wish.scoped()::contains).findFirst()
                .map(source -> source + " no longer admits him");
    }

    private static boolean same(List<Grant> held, List<Grant> wished) {
        return Set.copyOf(held.stream().map(grant -> grant.key() + grant.role()).toList())
                .equals(Set.copyOf(wished.stream().map(grant -> grant.key() + grant.role()).toList()));
    }

    /** The role that several reasons give: the highest unless portkey.yaml says otherwise; {@code reject} gives none on disagreement. */
    Optional<Role> effective(List<Grant> reasons) {
        List<Role> roles = reasons.stream().map(Grant::role).distinct().sorted().toList();
        if (roles.isEmpty() || organisation.severalRoles() == SeveralRoles.REJECT && roles.size() > 1) {
            return Optional.empty();
        }
        return Optional.of(organisation.severalRoles() == SeveralRoles.LOWEST ? roles.getFirst() : roles.getLast());
    }

    private PersonPlan ordered(List<Line> lines, Map<String, List<Grant>> grants) {
        lines.sort(ORDER);
        return new PersonPlan(lines, grants, List.of());
    }

    /** People come and change, then workspaces, then memberships; removals last. Within a kind by sentence. */
    public static final Comparator<Line> ORDER = Comparator.<Line>comparingInt(line -> rank(line.change())).thenComparing(Line::sentence);

    private static int rank(Change change) {
        return switch (change) {
            case Change.CreateUser c -> 0;
            case Change.ReviveUser c -> 1;
            case Change.RenameUser c -> 2;
            case Change.UpdateUser c -> 3;
            case Change.SetOrgRole c -> 4;
            case Change.CreateWorkspace c -> 5;
            case Change.RenameWorkspace c -> 6;
            case Change.Add c -> 7;
            case Change.Keep c -> 8;
            case Change.Raise c -> 9;
            case Change.Lower c -> 10;
            case Change.Remove c -> 11;
            case Change.ArchiveUser c -> 12;
            case Change.ArchiveWorkspace c -> 13;
        };
    }
}
