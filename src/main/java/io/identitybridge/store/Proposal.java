package io.identitybridge.store;

import io.identitybridge.model.Problem;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.util.List;
import java.util.UUID;

/**
 * Wishes minus deeds for one person.
 *
 * @param key     the lowest of his accounts: names him in held plans even before he exists
 * @param frees   archived people whose e-mail he takes
 * @param plan    what to do; lines that already wait in a held plan wait here too, rejected ones are left out
 * @param seenBefore whether lines of his were held or rejected before
 * @param refused what a bound or the last hop refused, each with its reason
 */
record Proposal(Subject subject, UUID key, Wish wish, List<UUID> frees, PersonPlan plan, List<String> refused, List<Problem> problems, boolean seenBefore) {
    /** The same with another plan. */
    Proposal with(PersonPlan other) {
        return new Proposal(subject, key, wish, frees, other, refused, problems, seenBefore);
    }

    List<UUID> accounts() {
        return subject.accounts().stream().map(io.identitybridge.model.Account::id).toList();
    }
}
