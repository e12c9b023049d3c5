package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Memberships that come and go: one that went and came again within 24 hours (as often as portkey.yaml lets it, by default once) is not taken again
 * before somebody has looked at what at the source keeps changing its mind. A group that is gone takes its members out all the same. What an archive takes along is never held for that.
 */
final class Flapping {
    private static final String GROUP = "group:";
    static final String WHY = "it went and came again within 24 hours; see what at the source changes its mind";
    private final Sql sql;
    private final int most;

    /** @param most how often it may go and come again before its next removal waits */
    Flapping(Sql sql, int most) {
        this.sql = sql;
        this.most = most;
    }

    /** The proposals with such removals waiting. Asks the store only where somebody would leave a workspace. */
    List<Proposal> held(List<Proposal> proposals) {
        List<UUID> leaving = proposals.stream().filter(p -> p.plan().lines().stream().anyMatch(Flapping::takes)).map(p -> p.subject().id()).toList();
        if (leaving.isEmpty()) {
            return proposals;
        }
        Set<String> again = new HashSet<>(sql.rows("select l.person_id || ' ' || w.name_folded from left_membership l join workspace w on w.id = l.workspace_id"
                + " where l.person_id = any(?::uuid[]) and l.at > now() - interval '24 hours' and l.times >= ?", (rs, n) -> rs.getString(1), leaving, most));
        if (again.isEmpty()) {
            return proposals;
        }
        Set<String> gone = gone(proposals);
        return proposals.stream().map(p -> p.with(waiting(p, again, gone))).toList();
    }

    /** Reasons whose group is gone altogether: that is no change of mind about somebody in it. */
    private Set<String> gone(List<Proposal> proposals) {
        List<UUID> groups = proposals.stream().flatMap(p -> p.subject().now().stream()).flatMap(now -> now.memberships().values().stream()).flatMap(held -> held.grants().stream())
                .filter(grant -> grant.reason().startsWith(GROUP)).flatMap(grant -> Ids.of(grant.reason().substring(GROUP.length())).stream()).distinct().toList();
        return new HashSet<>(sql.rows("select id from directory_group where gone_at is not null and id = any(?::uuid[])", (rs, n) -> GROUP + rs.getString(1), groups));
    }

    private static PersonPlan waiting(Proposal proposal, Set<String> again, Set<String> gone) {
        PersonPlan plan = proposal.plan();
        List<Line> lines = plan.lines().stream().map(line -> takes(line) && line.always().isEmpty() && flaps(proposal, line.change().place().map(Folded::of).orElseThrow(), again, gone)
                ? new Line(line.change(), Optional.of(WHY), line.within()) : line).toList();
        return new PersonPlan(lines, plan.grants(), plan.refused());
    }

    private static boolean flaps(Proposal proposal, String folded, Set<String> again, Set<String> gone) {
        boolean groupsStay = proposal.subject().now().map(now -> now.memberships().get(folded)).filter(held -> held.grants().stream().allMatch(grant -> gone.contains(grant.reason()))).isEmpty();
        return groupsStay && again.contains(proposal.subject().id() + " " + folded);
    }

    private static boolean takes(Line line) {
        return line.change() instanceof Change.Remove && line.within() == ChangeClass.REMOVE;
    }
}
