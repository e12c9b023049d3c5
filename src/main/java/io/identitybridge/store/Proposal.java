package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Wishes minus deeds for one person.
 *
 * @param key     the lowest of his accounts: names him in held plans even before he exists
 * @param frees   archived people whose e-mail he takes
 * @param plan    what to do; lines that already wait in a held plan wait here too, rejected ones are left out
 * @param seenBefore whether lines of his were held or rejected before
 * @param away   sources of his that have no files now: of what only they keep as it is, nobody can say before they are back whether it is still true
 * @param refused what a bound or the last hop refused, each with its reason
 */
record Proposal(Subject subject, UUID key, Wish wish, List<UUID> frees, PersonPlan plan, List<String> refused, List<Problem> problems, boolean seenBefore, Set<SourceName> away) {
    /** The same with another plan. */
    Proposal with(PersonPlan other) {
        return new Proposal(subject, key, wish, frees, other, refused, problems, seenBefore, away);
    }

    /** Whether such a line is about more than what sources with files say. */
    boolean unsure(Optional<String> workspace, String kind) {
        return !away.isEmpty() && (wish instanceof Wish.AsIs || workspace.isEmpty() || kind.equals(ChangeClass.ARCHIVE.toString()));
    }

    /** Whether he has this workspace, folded, from a source without files. */
    boolean keepsFromAway(Optional<String> workspace) {
        return subject.now().stream().flatMap(now -> workspace.map(now.memberships()::get).stream()).flatMap(held -> held.grants().stream()).anyMatch(grant -> away.contains(grant.source()));
    }

    List<UUID> accounts() {
        return subject.accounts().stream().map(io.identitybridge.model.Account::id).toList();
    }
}
