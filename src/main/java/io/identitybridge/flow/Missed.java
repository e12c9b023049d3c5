package io.identitybridge.flow;

import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.User;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Drift;
import io.identitybridge.store.Drift.Found;
import io.identitybridge.store.Drift.Kind;
import io.identitybridge.store.GroupFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Holds what a pull found against what pushes have told. A value that differs from the last push's, where the IdP's own record never was as that push said,
 * contradicts it; every other difference is one that a push should have told.
 */
final class Missed {
    private static final String ACCOUNT = "account";
    private static final String DELETION = "deletion";
    private static final Map<String, Function<User, String>> ATTRIBUTES = attributes();

    private final Mapping mapping;
    private final boolean users;
    private final boolean groups;
    private final Instant now;

    /** @param users whether users of this source are pushed; likewise groups */
    Missed(Mapping mapping, boolean users, boolean groups, Instant now) {
        this.mapping = mapping;
        this.users = users;
        this.groups = groups;
        this.now = now;
    }

    private static Map<String, Function<User, String>> attributes() {
        Map<String, Function<User, String>> attributes = new LinkedHashMap<>();
        attributes.put("active", user -> String.valueOf(user.active()));
        attributes.put("userName", User::userName);
        attributes.put("email", User::email);
        attributes.put("displayName", User::displayName);
        attributes.put("role", user -> OrgRole.highest(user.roles()).toString());
        return attributes;
    }

    /** What a pull found of one account; a page that is only to be read again has found nothing. */
    List<Found> account(Optional<AccountFact> before, AccountFact after) {
        if (!users || after.pulledAt().equals(before.flatMap(AccountFact::pulledAt)) && after.goneAt().isEmpty()) {
            return List.of();
        }
        if (before.isEmpty()) {
            return after.user().filter(User::active).map(user -> new Found(after.id(), ACCOUNT, Kind.MISSED)).stream().toList();
        }
        if (before.get().pushed().isEmpty()) {
            return List.of();
        }
        if (after.goneAt().isPresent()) {
            return before.get().goneAt().isPresent() ? List.of() : List.of(new Found(after.id(), DELETION, Kind.MISSED));
        }
        List<Found> found = new ArrayList<>();
        before.get().user().ifPresent(was -> after.user().ifPresent(is -> ATTRIBUTES.forEach((name, value) -> {
            if (!value.apply(was).equals(value.apply(is))) {
                found.add(new Found(after.id(), name, kind(before.get(), value, value.apply(is))));
            }
        })));
        return found;
    }

    private Kind kind(AccountFact before, Function<User, String> value, String is) {
        boolean pushIsNewer = before.pushedAt().isPresent() && before.pulledAt().map(at -> at.isBefore(before.pushedAt().get())).orElse(true);
        if (!pushIsNewer) {
            return Kind.MISSED;
        }
        Optional<String> then = before.pulled().flatMap(record -> mapping.user(new Input(before.id().toString(), Optional.of(Json.object(record)), Optional.empty(), false), now).user()).map(value);
        return then.isEmpty() || then.get().equals(is) ? Kind.CONTRADICTED : Kind.MISSED;
    }

    /** What a pull found of one group, its members apart. */
    List<Found> group(Optional<GroupFact> before, GroupFact after) {
        if (!groups || before.isPresent() && before.get().pushed().isEmpty()) {
            return List.of();
        }
        boolean gone = after.goneAt().isPresent() && before.flatMap(GroupFact::goneAt).isEmpty();
        boolean renamed = before.isPresent() && !before.get().displayName().equals(after.displayName());
        return before.isEmpty() && after.kept() || gone || renamed ? List.of(new Found(after.id(), "group", Kind.MISSED)) : List.of();
    }

    /** Whether the last push of the account says by now what was missed. */
    boolean told(Drift.Open open) {
        AccountFact account = open.account();
        if (open.attribute().equals(ACCOUNT)) {
            return true;
        }
        Function<User, String> value = ATTRIBUTES.get(open.attribute());
        Optional<String> pushed = account.pushed().filter(resource -> value != null).flatMap(resource -> mapping.user(new Input(account.id().toString(), Optional.empty(), Optional.of(Json.object(resource)), true), now).user()).map(value);
        Optional<String> pulled = account.pulled().filter(record -> value != null).flatMap(record -> mapping.user(new Input(account.id().toString(), Optional.of(Json.object(record)), Optional.empty(), false), now).user()).map(value);
        return pushed.isPresent() && pushed.equals(pulled);
    }
}
