package io.identitybridge.flow;

import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.User;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Staging.Staged;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Joins a pulled record to what was pushed without the IdP's id: a user by user name in any case, a group once by its exact name
 * (DESIGN section 6; Okta pushes groups without an externalId).
 */
final class Correlation {
    private static final Set<String> GONE = Set.of("gone", "absent");
    private final Ledger ledger;
    private final SourceName source;
    private final Mapping mapping;
    private final Instant now;

    Correlation(Ledger ledger, SourceName source, Mapping mapping, Instant now) {
        this.ledger = ledger;
        this.source = source;
        this.mapping = mapping;
        this.now = now;
    }

    /** The known accounts by id, and beside them those that a new id is joined to. */
    Map<String, AccountFact> accounts(List<Staged> chunk, Map<String, AccountFact> known) {
        return joined(chunk, known, input -> mapping.user(input, now).user().map(User::userName).map(name -> name.toLowerCase(Locale.ROOT)),
                names -> ledger.unanchoredAccounts(source, names), AccountFact::anchored, (fact, staged) -> true);
    }

    /** Likewise of groups, whose tombstones are revived by nothing: one that was deleted and pushed again is joined again, unless it {@code stands} for the page. */
    Map<String, GroupFact> groups(List<Staged> chunk, Map<String, GroupFact> known, BiPredicate<GroupFact, Staged> stands) {
        return joined(chunk, known, input -> mapping.group(input, now).displayName(), names -> ledger.unanchoredGroups(source, names), GroupFact::anchored, stands);
    }

    private static <T> Map<String, T> joined(List<Staged> chunk, Map<String, T> known, Function<Input, Optional<String>> name, Function<Collection<String>, Map<String, T>> find, BiFunction<T, String, T> anchor, BiPredicate<T, Staged> stands) {
        Map<String, String> ids = new HashMap<>();
        for (Staged staged : chunk) {
            if (!GONE.contains(staged.state()) && staged.variables().isPresent() && !(known.containsKey(staged.id()) && stands.test(known.get(staged.id()), staged))) {
                name.apply(new Input(staged.id(), staged.variables().map(Json::object), Optional.empty(), false)).ifPresent(found -> ids.putIfAbsent(found, staged.id()));
            }
        }
        if (ids.isEmpty()) {
            return known;
        }
        Map<String, T> all = new HashMap<>(known);
        find.apply(ids.keySet()).forEach((found, fact) -> all.put(ids.get(found), anchor.apply(fact, ids.get(found))));
        return all;
    }
}
