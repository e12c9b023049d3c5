package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Problem;
import io.identitybridge.plan.PersonNow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One person to converge: what the facts say of him and what the store holds.
 *
 * @param id       the person's id, new if he is not known yet
 * @param now      empty for somebody new
 * @param accounts his accounts that could be read
 * @param joins    accounts not linked yet, with what links them ({@code email}, {@code person})
 * @param due      the accounts whose change brought him here
 * @param problems why an account could not be linked
 * @param waits    why nothing may be taken away from him before a person has looked
 */
public record Subject(UUID id, Optional<PersonNow> now, List<Account> accounts, Map<UUID, String> joins,
                      List<UUID> due, List<Problem> problems, List<Generation> generations, Optional<String> waits) {

    /** The state of an account that a letter would belong to. */
    public record Generation(UUID account, String source, String key, long version, boolean faulty) {
    }
}
