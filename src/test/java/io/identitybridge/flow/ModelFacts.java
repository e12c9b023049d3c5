package io.identitybridge.flow;

import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Staging.Staged;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes what a pull read into the directory: users and groups by {@link Heard}; members as the store's SQL takes them, modelled. */
final class ModelFacts {
    private final Memory memory;
    private final Set<Law> off;
    private final ModelPull pull;
    private final Instant now;
    private final Duration lagOfMembers;
    private final MappedFacts facts;
    private final Heard heard;
    private boolean fenced;

    ModelFacts(Memory memory, Active active, Set<Law> off, ModelPull pull, Instant now, Duration lag, Duration lagOfMembers) {
        this.memory = memory;
        this.off = off;
        this.pull = pull;
        this.now = now;
        this.lagOfMembers = lagOfMembers;
        this.facts = new MappedFacts(active, pull.source(), now, misread -> { });
        this.heard = new Heard(pull.source(), pull.run, !pull.whole, lag, active.deprovision(pull.source()), now);
    }

    void users() {
        for (Staged staged : pull.users.values()) {
            if (staged.state().equals("gone") && !pull.whole && off.contains(Law.DELETION)) {
                continue;
            }
            Optional<AccountFact> known = memory.account(pull.idp.name(), staged.id());
            heard.user(staged, broken(known, staged), facts).ifPresent(fact -> memory.write(named(fact, known), now));
        }
    }

    /** A new account gets an id in the order of the model. */
    private AccountFact named(AccountFact fact, Optional<AccountFact> known) {
        return known.isPresent() || memory.accounts.containsKey(fact.id()) ? fact : new AccountFact(memory.next(), fact.source(), fact.externalId(), fact.userName(), fact.user(), fact.standing(), fact.onOutOfScope(), fact.places(), fact.problem(),
                fact.pulled(), fact.pulledHash(), fact.pulledAt(), fact.pushed(), fact.pushedAt(), fact.missingSince(), fact.missingRun(), fact.goneAt(), fact.rereadAt(), fact.listedAt(), fact.pushedOff(), fact.admitted(), fact.version());
    }

    /** What is known as a rule that is switched off would have it. */
    private Optional<AccountFact> broken(Optional<AccountFact> known, Staged staged) {
        if (off.contains(Law.TOMBSTONE)) {
            return known.map(fact -> fact.goneAt().isEmpty() ? fact : with(fact, Optional.empty(), fact.goneAt().get().isBefore(staged.askedAt()) ? fact.pushedAt() : Optional.empty(), staged.state().equals("gone") ? fact.goneAt() : Optional.empty()));
        }
        if (off.contains(Law.PUSHED_OFF)) {
            return known.map(fact -> fact.off(false));
        }
        if (off.contains(Law.SEEN_SINCE) && Set.of("absent", "missing").contains(staged.state())) {
            return known.map(fact -> with(fact, Optional.empty(), fact.pushedAt(), fact.goneAt()));
        }
        return known;
    }

    private static AccountFact with(AccountFact f, Optional<Instant> pulledAt, Optional<Instant> pushedAt, Optional<Instant> goneAt) {
        return new AccountFact(f.id(), f.source(), f.externalId(), f.userName(), f.user(), f.standing(), f.onOutOfScope(), f.places(), f.problem(), f.pulled(), f.pulledHash(), pulledAt, f.pushed(), pushedAt,
                f.missingSince(), f.missingRun(), goneAt, f.rereadAt(), f.listedAt(), f.pushedOff(), f.admitted(), f.version());
    }

    static AccountFact letGo(AccountFact f) {
        return new AccountFact(f.id(), f.source(), f.externalId(), f.userName(), f.user(), f.standing(), f.onOutOfScope(), f.places(), f.problem(), f.pulled(), f.pulledHash(), f.pulledAt(), f.pushed(), f.pushedAt(),
                f.missingSince(), f.missingRun(), f.goneAt(), f.rereadAt(), f.listedAt(), f.pushedOff(), false, f.version());
    }

    void groups() {
        for (Staged staged : pull.groups.values()) {
            Optional<GroupFact> known = memory.group(pull.idp.name(), staged.id()).filter(group -> group.goneAt().isEmpty() || !off.contains(Law.GROUP_TOMBSTONE) && heard.stands(group, staged)).or(() -> unanchored(staged)).or(() -> memory.group(pull.idp.name(), staged.id()));
            fenced |= heard.fences(staged, known);
            if (heard.fences(staged, known) && staged.state().equals("seen")) {
                known.ifPresent(group -> memory.shown.add(group.id()));
                if (off.contains(Law.GROUP_SHOWN)) {
                    continue;
                }
            }
            heard.group(staged, known, facts).ifPresent(group -> memory.write(known.isPresent() && memory.groups.containsKey(group.id()) ? group : fresh(group)));
        }
    }

    private GroupFact fresh(GroupFact g) {
        return new GroupFact(memory.next(), g.source(), g.externalId(), g.displayName(), g.kept(), g.places(), g.movedFrom(), g.problem(), g.pulled(), g.pulledHash(), g.pulledMembers(), g.pulledAt(), g.pushed(), g.pushedAt(),
                g.missingSince(), g.missingRun(), g.goneAt(), g.lingers(), g.ends(), g.unlinked(), g.version());
    }

    /** A group whose move has been seen to. */
    static GroupFact settled(GroupFact g) {
        return new GroupFact(g.id(), g.source(), g.externalId(), g.displayName(), g.kept(), g.places(), Optional.empty(), g.problem(), g.pulled(), g.pulledHash(), g.pulledMembers(), g.pulledAt(), g.pushed(), g.pushedAt(),
                g.missingSince(), g.missingRun(), g.goneAt(), g.lingers(), g.ends(), g.unlinked(), g.version());
    }

    /** The one group pushed without the IdP's id that has exactly this name. */
    private Optional<GroupFact> unanchored(Staged staged) {
        if (staged.variables().isEmpty() || off.contains(Law.GROUP_BY_NAME)) {
            return Optional.empty();
        }
        Object record = Json.object(staged.variables().get()).get("record");
        Object name = record instanceof Map<?, ?> fields ? fields.get("name") : null;
        List<GroupFact> found = memory.groups.values().stream().filter(group -> group.source().equals(pull.source()) && group.externalId().isEmpty() && group.goneAt().isEmpty() && group.displayName().filter(n -> n.equals(name)).isPresent()).toList();
        return found.size() == 1 ? Optional.of(found.getFirst().anchored(staged.id())) : Optional.empty();
    }

    void members() {
        for (ModelPull.StagedMember staged : pull.members) {
            member(staged);
        }
        for (String id : pull.wholeGroups) {
            Optional<GroupFact> group = living(id);
            Instant asked = pull.groups.get(id).askedAt();
            Set<String> named = new HashSet<>(pull.members.stream().filter(member -> member.group().equals(id) && !member.removed()).map(ModelPull.StagedMember::member).toList());
            group.ifPresent(g -> {
                Map.copyOf(memory.members(g.id())).forEach((account, row) -> {
                    Optional<Instant> spoken = row.pushedAt().or(row::removedAt);
                    if (!named.contains(memory.accounts.get(account).externalId().orElse("")) && spoken.filter(at -> !asked.isAfter(at.plus(lagOfMembers))).isEmpty()) {
                        memory.members(g.id()).remove(account);
                        memory.due.add(account);
                    }
                });
                memory.pending.computeIfPresent(g.id(), (key, refs) -> {
                    refs.retainAll(named);
                    return refs;
                });
            });
        }
    }

    private void member(ModelPull.StagedMember staged) {
        Optional<GroupFact> group = living(staged.group());
        Optional<AccountFact> account = memory.account(pull.idp.name(), staged.member()).filter(fact -> fact.goneAt().isEmpty());
        if (group.isEmpty()) {
            return;
        }
        if (account.isEmpty()) {
            Set<String> refs = memory.pending.computeIfAbsent(group.get().id(), id -> new HashSet<>());
            if (staged.removed()) {
                refs.remove(staged.member());
            } else {
                refs.add(staged.member());
            }
            return;
        }
        Map<UUID, Memory.Member> rows = memory.members(group.get().id());
        Memory.Member row = rows.get(account.get().id());
        boolean older = row != null && row.pushedAt().or(row::removedAt).filter(at -> !staged.askedAt().isAfter(at.plus(lagOfMembers))).isPresent();
        if (older) {
            fenced |= staged.removed() == row.removedAt().isEmpty();
        } else if (staged.removed()) {
            rows.remove(account.get().id());
            memory.due.add(account.get().id());
        } else {
            rows.put(account.get().id(), new Memory.Member(Optional.empty(), Optional.empty()));
            memory.due.add(account.get().id());
        }
    }

    private Optional<GroupFact> living(String id) {
        return memory.group(pull.idp.name(), id).filter(group -> group.goneAt().isEmpty());
    }

    boolean fenced() {
        return fenced;
    }
}
