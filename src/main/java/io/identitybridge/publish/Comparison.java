package io.identitybridge.publish;

import io.identitybridge.model.Change;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import io.identitybridge.store.TargetDrift;
import io.identitybridge.store.TargetDrift.Kind;
import io.identitybridge.store.TargetDrift.Line;
import io.identitybridge.store.TargetStage.Guarded;
import io.identitybridge.store.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Compares everybody with what is known of him at Portkey, by the same steps that would make it equal. Whoever matches and is not adopted yet is compared
 * as if he were: with all that he was given by hand kept.
 */
final class Comparison {
    private static final int STRETCH = 2_000;

    private final PublishReads reads;
    private final TargetDrift drift;
    private final Outbox outbox;
    private final Abilities can;
    private final Guarded guarded;
    private final Creates creates;
    private final boolean applies;

    Comparison(PublishReads reads, TargetDrift drift, Outbox outbox, Abilities can, Guarded guarded, Creates creates, boolean applies) {
        this.reads = reads;
        this.drift = drift;
        this.outbox = outbox;
        this.can = can;
        this.guarded = guarded;
        this.creates = creates;
        this.applies = applies;
    }

    /** @param counts what differs is put right, so that the same difference again did not help */
    void run(boolean counts) {
        Instant at = reads.now();
        long matching = 0;
        List<String> owners = can.owners() ? reads.otherOwners("") : List.of();
        Optional<UUID> after = Optional.empty();
        while (true) {
            List<UUID> people = drift.people(after, STRETCH);
            if (people.isEmpty()) {
                break;
            }
            Map<UUID, Wanted.Person> wanted = reads.wanted(people);
            Map<UUID, Seen.Person> seen = reads.seen(wanted.values());
            List<Line> lines = new ArrayList<>();
            List<Effect> found = new ArrayList<>();
            for (Wanted.Person person : wanted.values()) {
                int before = lines.size();
                Optional<Seen.Person> there = Optional.ofNullable(seen.get(person.id()));
                boolean lastOwner = there.filter(known -> known.role() == OrgRole.OWNER && known.active()).flatMap(Seen.Person::userId).filter(id -> can.owners() && owners.stream().allMatch(id::equals)).isPresent();
                lines(person, there, lastOwner, lines, found);
                matching += lines.size() == before ? 1 : 0;
            }
            drift.write(at, counts, lines);
            outbox.found(found);
            after = Optional.of(people.getLast());
        }
        drift.finish(at, matching, counts, can.renames(), creates, guarded.workspaces());
    }

    private void lines(Wanted.Person person, Optional<Seen.Person> seen, boolean lastOwner, List<Line> lines, List<Effect> found) {
        Wanted.Person wanted = person.settled();
        boolean adopts = seen.filter(there -> there.owner() == Seen.Owner.UNMANAGED && there.member().isPresent() && there.userId().isPresent()).isPresent();
        PersonSteps steps = adopts ? PersonSteps.of(Adopted.wanted(wanted, seen.get()), seen.map(there -> Adopted.seen(there, wanted)), can, guarded, false) : PersonSteps.of(wanted, seen, can, guarded, lastOwner);
        steps.steps().forEach(step -> lines.add(line(wanted, seen, step, adopts)));
        steps.waits().forEach(what -> lines.add(new Line(wanted.id(), "waits " + what, Kind.WAITS, wanted.email() + " waits " + what, adopts, false, creates != Creates.NONE && what.startsWith(PersonSteps.FOR_WORKSPACE) && seen.flatMap(Seen.Person::userId).isPresent() ? 1 : 0, 0, false)));
        if (!adopts) {
            steps.findings().forEach(finding -> found.add(new Effect.Found(finding)));
        } else if (applies && !wanted.active()) { // who is not adopted keeps his access: told for as long as that is so
            PersonSteps.of(wanted, seen, can, guarded, lastOwner).findings().forEach(finding -> found.add(new Effect.Found(finding)));
        }
    }

    private Line line(Wanted.Person wanted, Optional<Seen.Person> seen, Step step, boolean adopts) {
        String email = wanted.email();
        int rows = seen.map(person -> person.rows().size()).orElse(0);
        return switch (step) {
            case Step.Come come when !can.invites() -> new Line(wanted.id(), "user", Kind.MISSING, new Change.CreateUser(email).sentence(), adopts, false, (int) wanted.memberships().stream().filter(membership -> membership.place().filter(Seen.Place::active).isPresent()).count(), 0, false);
            case Step.Come come -> new Line(wanted.id(), "user", Kind.MISSING, "invite " + email, adopts, true, (int) wanted.memberships().stream().filter(membership -> membership.place().map(Seen.Place::active).orElse(creates != Creates.NONE)).count(), 0, false);
            case Step.Revive revive -> new Line(wanted.id(), "user", Kind.MISSING, new Change.ReviveUser(email).sentence(), adopts, false, 0, 0, false);
            case Step.Leave leave when can.archives() -> new Line(wanted.id(), "user", Kind.EXTRA, new Change.ArchiveUser(email).sentence(), adopts, false, 0, 0, true);
            case Step.Leave leave -> new Line(wanted.id(), "user", Kind.EXTRA, "remove " + email + " from Portkey, who has left", adopts, false, 0, rows, true);
            case Step.CancelInvite cancel -> new Line(wanted.id(), "invite", wanted.active() ? Kind.DIFFERENT : Kind.EXTRA, "cancel the invite of " + email, adopts, false, 0, 0, !wanted.active());
            case Step.Remove remove -> new Line(wanted.id(), "place " + remove.from().id(), Kind.EXTRA, new Change.Remove(email, remove.from().name()).sentence(), adopts, false, 0, 1, !wanted.active());
            case Step.SetRole set -> new Line(wanted.id(), "role", Kind.DIFFERENT, new Change.SetOrgRole(email, OrgRole.MEMBER, set.role()).sentence(), adopts, false, 0, 0, false);
            case Step.SetProfile profile -> new Line(wanted.id(), "profile", Kind.DIFFERENT, "update user " + email + ": names or address", adopts, false, 0, 0, false);
            case Step.Add add -> new Line(wanted.id(), "place " + add.to().id(), Kind.MISSING, new Change.Add(email, add.to().name(), add.role()).sentence(), adopts, false, 1, 0, false);
            case Step.ChangeRole change -> new Line(wanted.id(), "place " + change.in().id(), Kind.DIFFERENT, changed(email, change.in().name(), change.from(), change.to()), adopts, false, 0, 0, false);
        };
    }

    private static String changed(String email, String place, Role from, Role to) {
        return (to.compareTo(from) > 0 ? new Change.Raise(email, place, from, to) : new Change.Lower(email, place, from, to)).sentence();
    }
}
