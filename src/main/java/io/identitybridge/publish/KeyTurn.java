package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Reaction;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.Outbox.End;
import io.identitybridge.store.OutboxKey;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import io.identitybridge.store.TargetStage.Guarded;
import io.identitybridge.store.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One key's turn: asks where there is doubt, does the steps in their order, and says how it ended. */
final class KeyTurn {
    private static final Logger LOG = LoggerFactory.getLogger("publish");
    /** A key waits so long for what must come first, unless that wakes it. */
    private static final Duration LATER = Duration.ofMinutes(5);
    /** What is about to be made is there in a moment, or will not be. */
    private static final Duration SOON = Duration.ofSeconds(2);
    /** After steps that taught something new (a user's id), what is left is worked out again: so often at most. */
    private static final int ROUNDS = 3;
    /** Turns soon after each other, where a call must not be sent again within one. */
    private static final int SHORT_TRIES = 3;

    private final ControlPlane plane;
    private final Terms terms;
    private final Outbox outbox;
    private final PublishReads reads;

    KeyTurn(ControlPlane plane, Terms terms, Outbox outbox, PublishReads reads) {
        this.plane = plane;
        this.terms = terms;
        this.outbox = outbox;
        this.reads = reads;
    }

    /**
     * What became of it.
     *
     * @param stops where the target lets the bridge in no more, why
     * @param fault what a failed call told of the target's health
     * @param asked whether any call went out: else the turn tells nothing of that
     */
    record Result(Outbox.Turn turn, Optional<String> stops, Optional<TargetFault> fault, boolean asked) {
        /** Nobody knows how far it came. */
        static Result back(OutboxKey key) {
            return new Result(new Outbox.Turn(key, List.of(), new End.Back(true)), Optional.empty(), Optional.empty(), false);
        }

        static Result nothing(OutboxKey key) {
            return new Result(new Outbox.Turn(key, List.of(), new End.Done()), Optional.empty(), Optional.empty(), false);
        }
    }

    /** The last owner is never lost to a write: whoever is owner there goes only where another one is known. */
    PersonSteps plan(Wanted.Person wanted, Optional<Seen.Person> seen) {
        Abilities can = plane.abilities();
        boolean lastOwner = can.owners() && seen.filter(known -> known.role() == OrgRole.OWNER && known.active()).flatMap(Seen.Person::userId).filter(id -> reads.otherOwners(id).isEmpty()).isPresent();
        return PersonSteps.of(wanted, seen, can, terms.guarded().get(), lastOwner);
    }

    /** @param planned what was worked out, and written down as intended, with the keys beside it; empty for a key in doubt */
    Result person(OutboxKey key, Wanted.Person wanted, Optional<Seen.Person> seen, Optional<PersonSteps> planned, Calls calls, Instant now) {
        Knowledge known = new Knowledge(wanted, seen, plane.abilities().marks());
        boolean doubt = key.doubt();
        try {
            if (doubt && !(wanted.taken() != Wanted.Taken.NO && seen.isEmpty())) {
                known.learn(plane.find(calls, wanted, known.seen(), known.places()));
            }
            doubt = false;
            Optional<TargetFault> fault = Optional.empty();
            PersonSteps plan = planned.orElseGet(() -> plan(wanted, known.seen()));
            List<Step> before = List.of();
            for (int round = 0; round < ROUNDS && !plan.steps().equals(before) && fault.isEmpty(); round++) { // the same again: nothing was learnt
                if (round > 0 || planned.isEmpty()) {
                    if (!outbox.intend(key, Knowledge.intents(wanted, known.seen(), plan.steps()))) {
                        throw new TargetFault.TooLate(false);
                    }
                }
                before = plan.steps();
                fault = steps(plan.steps(), wanted, known, calls);
                plan = plan(wanted, known.seen());
            }
            plan.findings().forEach(finding -> known.learn(List.of(new Effect.Found(finding))));
            End end = fault.isPresent() ? failed(key, fault.get(), "user", now) : plan.waits().isEmpty() ? new End.Done() : new End.Waits(plan.soon() ? SOON : LATER);
            return result(key, known.effects(), end, fault, calls);
        } catch (TargetFault met) {
            TargetFault fault = doubt ? met.inDoubt() : met;
            return result(key, known.effects(), failed(key, fault, "user", now), Optional.of(fault), calls);
        } catch (TargetFault.TooLate late) {
            return new Result(new Outbox.Turn(key, known.effects(), new End.Back(doubt || late.doubt())), Optional.empty(), Optional.empty(), calls.asked());
        } catch (RuntimeException bug) {
            return bug(key, known.effects(), bug, "user", now, calls);
        }
    }

    Result workspace(OutboxKey key, Calls calls, Instant now) {
        try {
            Optional<Wanted.Workspace> wanted = reads.workspace(key.id());
            if (wanted.filter(some -> !terms.guarded().get().workspaces().contains(Folded.of(some.name()))).isEmpty()) { // nothing is done to one that is protected
                return result(key, List.of(), new End.Done(), Optional.empty(), calls);
            }
            List<Effect> effects = plane.workspace(calls, wanted.get(), reads.placeOf(key.id()), reads.unboundPlaces(wanted.get().name()), terms.creates());
            return result(key, effects, new End.Done(), Optional.empty(), calls);
        } catch (TargetFault fault) {
            return result(key, List.of(), failed(key, fault, "workspace", now), Optional.of(fault), calls);
        } catch (TargetFault.TooLate late) {
            return new Result(new Outbox.Turn(key, List.of(), new End.Back(late.doubt())), Optional.empty(), Optional.empty(), calls.asked());
        } catch (RuntimeException bug) {
            return bug(key, List.of(), bug, "workspace", now, calls);
        }
    }

    /** Goes through the steps; one that is refused holds no other back, and one that gets no answer ends the turn. Gives that fault, else the first refusal. */
    private Optional<TargetFault> steps(List<Step> steps, Wanted.Person wanted, Knowledge known, Calls calls) {
        Optional<TargetFault> first = Optional.empty();
        List<Step> left = new ArrayList<>(steps);
        for (Step step : steps) {
            left.removeFirst();
            Optional<Seen.Person> seen = known.seen(); // before this step: a row that is only about to be is none that he is to be taken out of
            Guarded guarded = terms.guarded().get();
            if (PersonSteps.isGuarded(wanted, seen, guarded.people()) || PersonSteps.isGuarded(step, wanted, guarded.workspaces())) { // since his turn was planned
                known.refused(step);
                continue;
            }
            try {
                known.begins(step);
                known.learn(plane.carryOut(calls, wanted, step, seen.orElseGet(() -> nobody(wanted))));
            } catch (TargetFault fault) {
                if (!fault.doubt()) {
                    known.refused(step);
                }
                if (fault.cause() != Cause.TARGET_POISON) {
                    left.forEach(known::untried);
                    return Optional.of(fault); // what was refused before it is refused again
                }
                first = first.or(() -> Optional.of(fault));
            } catch (TargetFault.TooLate late) {
                if (!late.doubt()) {
                    known.refused(step);
                }
                left.forEach(known::untried);
                throw late;
            }
        }
        return first;
    }

    private static Seen.Person nobody(Wanted.Person wanted) {
        return new Seen.Person(wanted.email(), Optional.empty(), Optional.empty(), Optional.empty(), wanted.role(), true, Seen.Owner.MANAGED, Optional.of(wanted.id()), List.of(), Instant.EPOCH);
    }

    private static Result result(OutboxKey key, List<Effect> effects, End end, Optional<TargetFault> fault, Calls calls) {
        Optional<String> stops = fault.filter(some -> some.cause() == Cause.AUTH).map(TargetFault::getMessage);
        return new Result(new Outbox.Turn(key, effects, end), stops, fault, calls.asked());
    }

    private End failed(OutboxKey key, TargetFault fault, String resource, Instant now) {
        Reaction reaction = terms.causes().reaction(fault.cause());
        if (reaction.stopsConnection() || fault.retryAfter().isPresent()) { // the whole target waits
            return new End.Back(fault.doubt());
        }
        int tries = reaction.shortTry(1, 0).isPresent() && fault.untried() ? SHORT_TRIES : 0;
        if (key.attempts() < tries) {
            return new End.Failed(reaction.shortTry(key.attempts() + 1, ThreadLocalRandom.current().nextDouble()).map(now::plus).or(() -> Optional.of(now)), true, Optional.empty());
        }
        if ((fault.cause() == Cause.DEPENDENCY || fault.cause() == Cause.TARGET_POISON) && key.attempts() == 0 && !key.doubt()) {
            return new End.Failed(Optional.of(now), true, Optional.empty()); // perhaps what was known is old: asked afresh at once, and a letter only if that is refused as well
        }
        int attempts = key.attempts() + 1 - tries;
        Reaction.Next next = reaction.next(attempts, key.leaver(), key.firstFailed().orElse(now), now);
        Optional<Instant> again = switch (next) {
            case Reaction.Next.At at -> Optional.of(at.time());
            case Reaction.Next.Waits waits -> Optional.empty();
            case Reaction.Next.Expired expired -> Optional.empty();
        };
        boolean blip = reaction.counts() && fault.cause() == Cause.TRANSIENT && attempts == 1; // Portkey down for a minute is no letter
        Problem problem = new Problem(fault.cause(), resource, key.id().toString(), fault.call(), fault.getMessage());
        return new End.Failed(again, fault.doubt(), blip ? Optional.empty() : Optional.of(new Outbox.Letter(problem, "publish", next, fault.failure())));
    }

    private Result bug(OutboxKey key, List<Effect> effects, RuntimeException bug, String resource, Instant now, Calls calls) {
        LOG.error("the turn of {} {} broke", key.kind(), key.id(), bug);
        TargetFault fault = new TargetFault(Cause.BUG, "publish", bug.getClass().getSimpleName(), true, Optional.empty());
        return new Result(new Outbox.Turn(key, effects, failed(key, fault, resource, now)), Optional.empty(), Optional.empty(), calls.asked());
    }
}
