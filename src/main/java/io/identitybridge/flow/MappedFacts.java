package io.identitybridge.flow;

import io.identitybridge.files.MappingFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.MappedGroup;
import io.identitybridge.mapping.MappedUser;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.mapping.Redacted;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Misread;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Facts with what the mapping makes of them. */
final class MappedFacts {
    private final Active active;
    private final Mapping mapping;
    private final MappingFile.Deprovision deprovision;
    private final boolean listsRevive;
    private final boolean keepsUnlinked;
    private final Instant now;
    private final Consumer<Misread> misread;

    MappedFacts(Active active, SourceName source, Instant now, Consumer<Misread> misread) {
        this.active = active;
        this.mapping = active.mapping(source).orElseThrow();
        this.deprovision = active.deprovision(source);
        this.listsRevive = active.organisation().switches().groupBasedUserProvisioning();
        this.keepsUnlinked = !active.organisation().switches().proposeOnMappingDelete();
        this.now = now;
        this.misread = misread;
    }

    /**
     * The account as the mapping reads it now; pushed values win over pulled ones that are older. Where {@code group-based-user-provisioning} is on, an
     * account that a list has named since its own record was last heard counts as active; the fact stays when the switch is put off, and says nothing then.
     */
    AccountFact account(AccountFact fact) {
        return account(fact, fact.pushedOff());
    }

    /** The same of one that a complete pull has just read: that may say active, too, where a push has disabled. */
    AccountFact whole(AccountFact fact) {
        return account(fact, false);
    }

    private AccountFact account(AccountFact fact, boolean off) {
        if (fact.goneAt().isPresent()) {
            return fact.standing() == Standing.KEPT ? gone(fact, fact.goneAt().get()) : fact; // who was kept is so as long as the mapping says it
        }
        Optional<Map<String, Object>> pushed = fact.pushed().map(Json::object);
        boolean pushIsNewer = fact.pushedAt().isPresent() && fact.pulledAt().map(at -> at.isBefore(fact.pushedAt().get())).orElse(true);
        String key = fact.externalId().orElse(fact.id().toString());
        Input input = new Input(key, fact.pulled().map(Json::object), pushed, pushIsNewer, listsRevive && fact.listedAt().isPresent(), off, overrides(fact));
        MappedUser made = mapping.user(input, now);
        made.problems().forEach(problem -> misread.accept(misread(problem, fact.version() + 1, mapping.redactUser(input))));
        return fact.mapped(made.user(), made.standing(), made.onOutOfScope(), made.places(), made.problems().stream().findFirst().map(Problem::sentence),
                pushed.map(resource -> resource.get("userName")).map(Object::toString)).off(made.disabled().map(disabled -> disabled && (pushIsNewer || fact.pushedOff())).orElse(fact.pushedOff()));
    }

    private Map<String, String> overrides(AccountFact fact) {
        Map<String, String> values = new HashMap<>();
        active.overrides().of(fact.id()).forEach((field, override) -> values.put(field, override.value()));
        return values;
    }

    private static Misread misread(Problem problem, long generation, Redacted shown) {
        return new Misread(problem.naming(shown.names()), generation, Optional.of(Json.text(shown.record())), shown.unknown());
    }

    /** Gone at the IdP: a leaver, unless the mapping keeps them. */
    AccountFact gone(AccountFact fact, Instant at) {
        return fact.gone(at, deprovision.archiveMissing() ? Standing.LEFT : Standing.KEPT);
    }

    /** Gone at the IdP: its members lose what it gave, its workspaces end with it, or all stays, as the mapping says. */
    GroupFact gone(GroupFact group, Instant at) {
        return group.gone(at, deprovision.groupMissing() == MappingFile.GroupMissing.KEEP, deprovision.groupMissing() == MappingFile.GroupMissing.ARCHIVE_WORKSPACE);
    }

    /** A stored group as the mapping reads it now. What an edited mapping no longer makes it give is unlinked where {@code on-mapping-delete} is {@code keep}. */
    GroupFact again(GroupFact before, boolean edited) {
        GroupFact after = group(before);
        return edited && keepsUnlinked ? after.unlinkedFrom(before) : after;
    }

    /** The group as the mapping reads it now. */
    GroupFact group(GroupFact fact) {
        if (fact.goneAt().isPresent()) {
            return fact.lingers() && deprovision.groupMissing() != MappingFile.GroupMissing.KEEP ? fact.gone(fact.goneAt().get(), false, false) : fact;
        }
        if (fact.pulled().isEmpty() && fact.pushed().isEmpty()) {
            return fact;
        }
        Optional<Map<String, Object>> pushed = fact.pushed().map(Json::object);
        boolean pushIsNewer = fact.pushedAt().isPresent() && fact.pulledAt().map(at -> at.isBefore(fact.pushedAt().get())).orElse(true);
        String key = fact.externalId().orElse(fact.id().toString());
        Input input = new Input(key, fact.pulled().map(Json::object), pushed, pushIsNewer);
        MappedGroup made = mapping.group(input, now);
        made.problems().forEach(problem -> misread.accept(misread(problem, fact.version() + 1, mapping.redactGroup(input))));
        return fact.mapped(made.externalId(), made.displayName(), made.kept(), made.kept() ? made.places() : List.of(), made.problems().stream().findFirst().map(Problem::sentence),
                pushed.map(resource -> resource.get("displayName")).map(Object::toString));
    }
}
