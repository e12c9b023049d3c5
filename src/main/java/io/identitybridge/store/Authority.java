package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Accounts that are nobody's, and whose turn comes by what a chunk of people becomes, where sources decide by {@code authority}: an inactive one of theirs, once
 * somebody is there of whom it may be; and one that lets in whom such a source had as inactive, once it says so no more.
 */
final class Authority {
    private static final String DUE = "insert into due (account_id, source, cause) select a.id, a.source, 'authority' from account a where a.gone_at is null and not exists (select 1 from link l where l.account_id = a.id) and ";
    private final List<SourceName> deciding;
    private final Set<String> emails = new TreeSet<>();
    private final Set<String> keys = new TreeSet<>();
    private final Set<String> free = new TreeSet<>();

    Authority(List<SourceName> deciding) {
        this.deciding = deciding;
    }

    /** Somebody is active under this address, who was not before. */
    void came(String email, Optional<String> key) {
        emails.add(Folded.of(email));
        key.ifPresent(keys::add);
    }

    /** What a deciding source says of these accounts, as far as it is more than that somebody who was nobody is inactive. */
    void saw(Subject subject) {
        subject.accounts().stream().filter(account -> deciding.contains(account.source()) && subject.due().contains(account.id()) && (subject.now().isEmpty() || subject.joins().containsKey(account.id())))
                .filter(account -> account.gone() || account.standing() != Standing.LEFT).map(Account::user).flatMap(user -> user.personKey().stream()).forEach(free::add);
    }

    void wake(Script script) {
        if (deciding.isEmpty()) {
            return;
        }
        if (!emails.isEmpty()) {
            script.run(DUE + "a.source = any(?::text[]) and a.standing = 'LEFT' and a.problem is null and (lower(a.email) = any(?::text[]) or a.person_key = any(?::text[])) order by a.id on conflict do nothing",
                    new ArrayList<>(deciding.stream().map(SourceName::value).toList()), new ArrayList<>(emails), new ArrayList<>(keys));
        }
        if (!free.isEmpty()) {
            script.run(DUE + "a.standing in ('IN', 'IN_IF_PLACED') and a.person_key = any(?::text[]) order by a.id on conflict do nothing", new ArrayList<>(free));
        }
    }
}
