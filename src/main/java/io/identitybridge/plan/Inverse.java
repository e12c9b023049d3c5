package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What takes back the lines that were done for one person, as far as he still is as they left him. Gathers line by line, the last done first. */
public final class Inverse {
    private final PersonNow now;
    private final Set<String> workspaces;
    private final LastHop lastHop;
    private final Planner planner;
    private final Set<SourceName> others;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, List<Grant>> grants = new LinkedHashMap<>();
    private boolean revived;

    /** Of somebody whom only the plan's own source has. */
    public Inverse(Organisation organisation, LastHop lastHop, PersonNow now, Set<String> workspaces) {
        this(organisation, lastHop, now, workspaces, Set.of());
    }

    /**
     * @param workspaces folded names of those that are there
     * @param others     sources that have him as active, but for the plan's own: what they give is none of what is taken back
     */
    public Inverse(Organisation organisation, LastHop lastHop, PersonNow now, Set<String> workspaces, Set<SourceName> others) {
        this.others = new TreeSet<>(others);
        this.now = now;
        this.workspaces = Set.copyOf(workspaces);
        this.lastHop = lastHop;
        this.planner = new Planner(organisation);
    }

    /**
     * What was there before a line was done.
     *
     * @param role   of the workspace, or of the organisation; empty where there was none or nobody kept it
     * @param grants the reasons in the workspace
     */
    public record Before(Optional<String> role, List<Grant> grants) {
        public Before {
            grants = List.copyOf(grants);
        }
    }

    /** What one line comes to. */
    public sealed interface Answer {
        /** It is taken back by this. */
        record Undone(Change by) implements Answer {
        }

        record Cannot(String why) implements Answer {
        }
    }

    /** Takes one more line back. */
    public Answer of(Change done, Before before) {
        return switch (done) {
            case Change.ArchiveUser archive -> now.active() ? cannot("he is active again already") : now.revoked() ? cannot("he is revoked; lift that first") : revive();
            case Change.CreateUser create -> leave();
            case Change.ReviveUser revive -> leave();
            case Change.RenameUser rename -> now.email().equals(rename.to()) ? undone(new Change.RenameUser(rename.to(), rename.from())) : cannot("he is called otherwise by now");
            case Change.UpdateUser update -> current(update.attribute()).equals(update.to()) ? undone(new Change.UpdateUser(now.email(), update.attribute(), update.to(), update.from())) : cannot("it has changed since");
            case Change.SetOrgRole set -> before.role().flatMap(OrgRole::of).filter(was -> now.orgRole() == set.to()).map(was -> undone(new Change.SetOrgRole(now.email(), set.to(), was)))
                    .orElseGet(() -> cannot("his role has changed since, or the one before was not kept"));
            case Change.Remove remove -> add(remove.workspace(), before);
            case Change.Add add -> gives(add.workspace(), before).or(() -> held(add.workspace()).map(held -> regrant(new Change.Remove(now.email(), held.workspace()), List.of()))).orElseGet(() -> cannot("he is not in it any more"));
            case Change.Lower lower -> role(lower.workspace(), lower.to(), before, was -> new Change.Raise(now.email(), lower.workspace(), lower.to(), was));
            case Change.Raise raise -> gives(raise.workspace(), before).orElseGet(() -> role(raise.workspace(), raise.to(), before, was -> new Change.Lower(now.email(), raise.workspace(), raise.to(), was)));
            case Change.Keep keep -> cannot("it took nothing away and gave nothing");
            case Change.CreateWorkspace create -> cannot("a workspace that was made stays");
            case Change.RenameWorkspace rename -> cannot("the group at the source gives the workspace its name");
            case Change.ArchiveWorkspace archive -> cannot("an archived workspace does not come back; a group that gives it makes a new one");
        };
    }

    /** All that was taken back, in the order it is done. */
    public PersonPlan plan() {
        lines.sort(Planner.ORDER);
        return new PersonPlan(lines, grants, List.of());
    }

    private Answer revive() {
        revived = true;
        return undone(new Change.ReviveUser(now.email()));
    }

    /** Why what is there now is not only what the plan gave. */
    private Optional<Answer> gives(String workspace, Before before) {
        Set<String> there = before.grants().stream().map(Grant::key).collect(Collectors.toSet());
        return held(workspace).stream().flatMap(held -> held.grants().stream()).filter(grant -> others.contains(grant.source()) && !grant.reason().equals(Grant.MANUAL) && !there.contains(grant.key()))
                .map(Grant::source).min(Comparator.naturalOrder()).map(source -> cannot(source + " gives him that workspace as well by now"));
    }

    /** A person is never deleted: whoever was created is archived, with all that he has. */
    private Answer leave() {
        if (!others.isEmpty()) {
            return cannot(others.iterator().next() + " has him as well by now; end him there, or revoke him");
        }
        PersonPlan leaves = planner.plan(Optional.of(now), new Wish.Leaver(Optional.empty(), "undone"));
        if (leaves.lines().isEmpty()) {
            return cannot("he is archived already, or the bridge does not own him");
        }
        lines.removeIf(line -> line.change() instanceof Change.Remove);
        lines.addAll(leaves.lines());
        grants.putAll(leaves.grants());
        return new Answer.Undone(new Change.ArchiveUser(now.email()));
    }

    private Answer add(String workspace, Before before) {
        Optional<Role> role = before.role().flatMap(Role::of);
        if (held(workspace).isPresent()) {
            return cannot("he is in it again already");
        }
        if (role.isEmpty() || before.grants().isEmpty()) {
            return cannot("what he had there was not kept");
        }
        if (!workspaces.contains(Folded.of(workspace))) {
            return cannot("the workspace is not there any more");
        }
        return !now.active() && !revived ? cannot("he stays archived") : regrant(new Change.Add(now.email(), workspace, role.get()), before.grants());
    }

    private Answer role(String workspace, Role left, Before before, java.util.function.Function<Role, Change> back) {
        return held(workspace).filter(held -> held.role() == left).flatMap(held -> before.role().flatMap(Role::of))
                .map(was -> regrant(back.apply(was), before.grants())).orElseGet(() -> cannot("his role there has changed since, or the one before was not kept"));
    }

    private Answer regrant(Change change, List<Grant> reasons) {
        Optional<String> beyond = reasons.stream().flatMap(grant -> lastHop.refusesGrant(now.email(), grant).stream()).findFirst();
        if (beyond.isPresent()) {
            return cannot(beyond.get());
        }
        grants.put(change.place().map(Folded::of).orElseThrow(), reasons);
        return undone(change);
    }

    private Answer undone(Change change) {
        if (lines.stream().noneMatch(line -> line.change().equals(change))) {
            lines.add(Line.of(change));
        }
        return new Answer.Undone(change);
    }

    private static Answer cannot(String why) {
        return new Answer.Cannot(why);
    }

    private Optional<PersonNow.MembershipNow> held(String workspace) {
        return Optional.ofNullable(now.memberships().get(Folded.of(workspace)));
    }

    private String current(String attribute) {
        return attribute.equals("userName") ? now.userName() : now.displayName();
    }
}
