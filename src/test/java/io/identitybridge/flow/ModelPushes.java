package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.sim.Idp;
import io.identitybridge.sim.Message;
import io.identitybridge.sim.World;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** SCIM and the directory's part of a push, modelled; what the mapping makes of it is the bridge's own. */
final class ModelPushes {
    private final Memory memory;
    private Active active;
    private final Set<Law> off;
    private final Map<String, UUID> groups = new HashMap<>();

    ModelPushes(Memory memory, Active active, Set<Law> off) {
        this.memory = memory;
        this.active = active;
        this.off = off;
    }

    void rules(Active active) {
        this.active = active;
    }

    /** The accounts that it may change; empty where it is refused. */
    Optional<Collection<UUID>> take(Message message, Instant now) {
        String source = message.source();
        MappedFacts facts = new MappedFacts(active, new SourceName(source), now, misread -> { });
        return switch (message) {
            case Message.UserWhole m -> user(source, m.user(), facts, now);
            case Message.UserActive m -> living(source, m.user()).map(fact -> write(facts.account(fact.pushed(Json.text(with(resource(fact), "active", m.active())), fact.externalId(), now)), now));
            case Message.UserGone m -> living(source, m.user()).map(fact -> off.contains(Law.DELETION) ? List.of(fact.id()) : write(fact.gone(now, Standing.LEFT), now));
            case Message.GroupWhole m -> Optional.of(group(source, m.group(), facts, now));
            case Message.GroupName m -> found(source, m.group()).map(group -> {
                write(facts.group(group.pushed(Json.text(with(resource(group), "displayName", m.name())), group.externalId(), now)));
                return members(group.id());
            });
            case Message.GroupGone m -> found(source, m.group()).map(group -> gone(group, facts, now));
            case Message.Member m -> found(source, m.group()).flatMap(group -> living(source, m.user()).map(fact -> m.in() ? in(group.id(), fact, facts, now) : out(group.id(), fact.id(), now)));
        };
    }

    private void write(GroupFact group) {
        memory.write(group);
    }

    private List<UUID> gone(GroupFact group, MappedFacts facts, Instant now) {
        List<UUID> members = members(group.id());
        write(facts.gone(group, now));
        return members;
    }

    private List<UUID> members(UUID group) {
        return memory.members(group).entrySet().stream().filter(row -> row.getValue().removedAt().isEmpty()).map(Map.Entry::getKey).toList();
    }

    private Optional<AccountFact> living(String source, String id) {
        return memory.account(source, id).filter(fact -> fact.goneAt().isEmpty());
    }

    private Optional<GroupFact> found(String source, String id) {
        return Optional.ofNullable(groups.get(source + id)).map(memory.groups::get).filter(group -> group.goneAt().isEmpty()).or(() -> memory.group(source, id).filter(group -> group.goneAt().isEmpty()));
    }

    private List<UUID> write(AccountFact fact, Instant now) {
        memory.write(fact, now);
        return List.of(fact.id());
    }

    private Optional<Collection<UUID>> user(String source, Idp.User user, MappedFacts facts, Instant now) {
        boolean taken = memory.accounts.values().stream().anyMatch(other -> other.source().value().equals(source) && other.goneAt().isEmpty() && other.pushed().isPresent() && !other.externalId().filter(user.id()::equals).isPresent()
                && other.userName().filter(name -> name.equalsIgnoreCase(user.email())).isPresent());
        if (taken) {
            return Optional.empty();
        }
        Map<String, Object> resource = new LinkedHashMap<>(Map.of("externalId", user.id(), "userName", user.email(), "displayName", user.name(), "active", user.active(), "nickName", World.number(user.human())));
        resource.put("emails", List.of(Map.of("value", user.email(), "type", "work", "primary", true)));
        resource.put("roles", List.of(Map.of("value", user.role())));
        Optional<AccountFact> known = memory.account(source, user.id()).filter(fact -> fact.goneAt().isEmpty() || !off.contains(Law.REVIVE));
        AccountFact before = known.orElseGet(() -> AccountFact.unknown(memory.next(), new SourceName(source), Optional.of(user.id())));
        return Optional.of(write(facts.account(before.pushed(Json.text(resource), Optional.of(user.id()), now)), now));
    }

    /** What a PATCH is computed from: the user as the bridge shows him. */
    private static Map<String, Object> resource(AccountFact fact) {
        Map<String, Object> resource = new LinkedHashMap<>(fact.pushed().map(Json::object).orElse(Map.of()));
        fact.user().ifPresent(user -> {
            resource.put("externalId", fact.externalId().orElse(""));
            resource.put("userName", user.userName());
            resource.put("displayName", user.displayName());
            resource.put("active", user.active());
            resource.put("nickName", user.personKey().orElse(""));
            resource.put("emails", List.of(Map.of("value", user.email(), "type", "work", "primary", true)));
            resource.put("roles", user.roles().stream().map(role -> Map.of("value", role)).toList());
        });
        return resource;
    }

    private static Map<String, Object> resource(GroupFact group) {
        Map<String, Object> resource = new LinkedHashMap<>();
        group.externalId().ifPresent(id -> resource.put("externalId", id));
        group.displayName().ifPresent(name -> resource.put("displayName", name));
        return resource;
    }

    private static Map<String, Object> with(Map<String, Object> resource, String name, Object value) {
        resource.put(name, value);
        return resource;
    }

    private List<UUID> group(String source, Idp.Group pushed, MappedFacts facts, Instant now) {
        boolean names = World.TRAITS.stream().anyMatch(traits -> traits.name().equals(source) && traits.namesGroups());
        Optional<GroupFact> known = found(source, pushed.id()).or(() -> names ? memory.group(source, pushed.id()) : Optional.empty());
        GroupFact before = known.orElseGet(() -> GroupFact.unknown(memory.next(), new SourceName(source), names ? Optional.of(pushed.id()) : Optional.empty()));
        if (!names && known.isEmpty()) {
            groups.put(source + pushed.id(), before.id());
        }
        return members(before, pushed, facts, now);
    }

    private List<UUID> members(GroupFact before, Idp.Group pushed, MappedFacts facts, Instant now) {
        String source = before.source().value();
        Set<UUID> touched = new HashSet<>(members(before.id()));
        Map<String, Object> resource = new LinkedHashMap<>(Map.of("displayName", pushed.name()));
        before.externalId().ifPresent(id -> resource.put("externalId", id));
        write(facts.group(before.pushed(Json.text(resource), before.externalId(), now)));
        List<AccountFact> all = pushed.members().stream().flatMap(id -> living(source, id).stream()).toList();
        List<UUID> ids = all.stream().map(AccountFact::id).toList();
        members(before.id()).stream().filter(account -> !ids.contains(account)).forEach(account -> touched.addAll(out(before.id(), account, now)));
        List<UUID> there = members(before.id());
        all.stream().filter(fact -> !there.contains(fact.id())).forEach(fact -> touched.addAll(in(before.id(), fact, facts, now)));
        return new ArrayList<>(touched);
    }

    private List<UUID> in(UUID group, AccountFact fact, MappedFacts facts, Instant now) {
        memory.members(group).put(fact.id(), new Memory.Member(Optional.of(now), Optional.empty()));
        memory.due.add(fact.id());
        if (off.contains(Law.LISTS_REVIVE_NOBODY) && fact.user().filter(user -> !user.active()).isPresent()) {
            write(facts.account(fact.pushed(Json.text(with(resource(fact), "active", true)), fact.externalId(), now)), now);
        }
        return List.of(fact.id());
    }

    private List<UUID> out(UUID group, UUID account, Instant now) {
        memory.members(group).computeIfPresent(account, (id, row) -> row.removedAt().isPresent() ? row : new Memory.Member(Optional.empty(), Optional.of(now)));
        memory.due.add(account);
        return List.of(account);
    }

    /** Tells what only pushes ever spoke of: deletes what the IdP has no more, and says who is in a group; gives the accounts of each. */
    List<Collection<UUID>> onlyPushed(Idp idp, Instant now) {
        MappedFacts facts = new MappedFacts(active, new SourceName(idp.name()), now, misread -> { });
        List<Collection<UUID>> touched = new ArrayList<>();
        List.copyOf(memory.groups.values()).stream().filter(group -> group.source().value().equals(idp.name()) && group.goneAt().isEmpty() && group.pulledAt().isEmpty() && !memory.shown.contains(group.id()))
                .forEach(group -> touched.add(idp.pushed(group.externalId(), group.displayName()).map(there -> members(group, there, facts, now)).orElseGet(() -> gone(group, facts, now))));
        List<AccountFact> pushed = memory.accounts.values().stream().filter(fact -> fact.source().value().equals(idp.name()) && fact.goneAt().isEmpty() && fact.pushedAt().isPresent()).toList();
        if (!idp.traits.pointRead() || pushed.stream().filter(fact -> fact.pulledAt().isPresent()).count() * 2 <= pushed.size()) {
            List.copyOf(memory.accounts.values()).stream().filter(fact -> fact.source().value().equals(idp.name()) && fact.goneAt().isEmpty() && fact.pulledAt().isEmpty() && !idp.now().users().containsKey(fact.externalId().orElse("")))
                    .forEach(fact -> touched.add(write(fact.gone(now, Standing.LEFT), now)));
        }
        return touched;
    }
}
