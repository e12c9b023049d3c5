package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Staging.Staged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a reading of the modelled bridge makes of whom it did not see. */
final class ModelAbsence {
    private final Memory memory;
    private final Set<Law> off;

    ModelAbsence(Memory memory, Set<Law> off) {
        this.memory = memory;
        this.off = off;
    }

    boolean unbelievable(ModelPull pull) {
        List<String> held = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && pullsKnow(fact)).map(fact -> fact.externalId().orElseThrow()).toList();
        return Absent.unbelievable(held.size(), pull.seenUsers.size(), (int) held.stream().filter(id -> !pull.seenUsers.contains(id)).count()).isPresent();
    }

    /** Whom a whole reading did not see; or whom a delta has passed over for a newer push, or told a part of while a push is newer than the rest. */
    List<String> asksFor(ModelPull pull, Instant now) {
        if (!pull.idp.traits.pointRead()) {
            return List.of();
        }
        Stream<AccountFact> living = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && fact.externalId().isPresent());
        if (pull.whole) {
            return off.contains(Law.POINT_READ) ? List.of() : living.filter(fact -> pullsKnow(fact) || fact.pulled().isEmpty() && mostlyPulled(pull.source())).map(fact -> fact.externalId().get()).filter(id -> !pull.seenUsers.contains(id)).sorted().toList();
        }
        Stream<AccountFact> all = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.externalId().isPresent());
        return all.filter(fact -> fact.rereadAt().filter(at -> !at.isAfter(now)).isPresent() || fact.pulledAt().isPresent() && (fact.goneAt().isPresent() || fact.pushedAt().isPresent() && fact.pushedAt().get().isAfter(fact.pulledAt().get()))
                && Optional.ofNullable(pull.users.get(fact.externalId().get())).filter(staged -> staged.state().equals("seen")).isPresent()).map(fact -> fact.externalId().get()).sorted().toList();
    }

    /** A page of his was taken in, or one showed him that was older than a push. */
    private static boolean pullsKnow(AccountFact fact) {
        return fact.pulledAt().isPresent() || fact.rereadAt().isPresent();
    }

    private boolean mostlyPulled(SourceName source) {
        List<AccountFact> pushed = memory.accounts.values().stream().filter(fact -> fact.source().equals(source) && fact.goneAt().isEmpty() && fact.pushedAt().isPresent()).toList();
        return pushed.stream().filter(fact -> fact.pulledAt().isPresent()).count() * 2 > pushed.size();
    }

    /** Whether a group was pushed so lately that what this reading found of it was passed over. */
    boolean passedOver(ModelPull pull, Duration lag) {
        return memory.groups.values().stream().anyMatch(group -> group.source().equals(pull.source()) && group.goneAt().isEmpty() && group.pulledAt().isPresent()
                && group.pushedAt().filter(at -> at.isAfter(group.pulledAt().get()) && !at.plus(lag).isBefore(pull.begun)).isPresent());
    }

    /** Who is absent from a whole reading and could not be asked for alone. */
    void missing(ModelPull pull) {
        if (!pull.whole) {
            return;
        }
        String state = off.contains(Law.CANDIDATE) || off.contains(Law.ONLY_WHOLE) && !pull.done() || off.contains(Law.POINT_READ) && pull.idp.traits.pointRead() ? "gone" : "missing";
        memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && pullsKnow(fact)).map(fact -> fact.externalId().orElseThrow())
                .filter(id -> !pull.seenUsers.contains(id) && !pull.users.containsKey(id)).forEach(id -> pull.users.put(id, new Staged(id, state, Optional.empty(), Optional.empty(), Optional.empty(), pull.asked)));
        memory.groups.values().stream().filter(group -> group.source().equals(pull.source()) && group.goneAt().isEmpty() && group.pulledAt().isPresent()).map(group -> group.externalId().orElseThrow())
                .filter(id -> !pull.seenGroups.contains(id)).forEach(id -> pull.groups.put(id, new Staged(id, "missing", Optional.empty(), Optional.empty(), Optional.empty(), pull.asked)));
        if (off.contains(Law.SECOND_ABSENCE)) {
            pull.users.values().removeIf(staged -> staged.state().equals("missing"));
            pull.groups.values().removeIf(staged -> staged.state().equals("missing"));
        }
    }
}
