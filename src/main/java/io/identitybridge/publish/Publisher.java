package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.OutboxKey;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Portkey equal to the membership store, key by key. Leavers have a lane of their own, so that nobody who left waits behind those who come.
 * Keys are leased, their states read and their turns settled many at a time; the calls between hold no lock and no transaction.
 */
public final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger("publish");
    private static final Duration LONGEST = Duration.ofSeconds(50);
    /**
     * Ordinary keys are leased and planned so many times ahead of the calls; no more than that, because all of them are in doubt where the bridge dies; and no more than the budget
     * lets through in two seconds, because whoever leaves waits for the turn that his own key is in.
     */
    private static final int AHEAD = 32;
    private static final int MOST_AHEAD = 512;
    private static final int SECONDS_AHEAD = 2;
    /** Turns that have ended are gathered for so long, or until they are a quarter of what is leased ahead: one transaction for many, while the workers have enough left to do. */
    private static final Duration GATHERED = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int PART = 4;
    /** So many keys are tried while too much fails. */
    private static final int TRIAL = 5;
    private static final int NO_TRIAL = 0;

    private final ControlPlane plane;
    private final Http http;
    private final Outbox outbox;
    private final PublishReads reads;
    private final TargetState state;
    private final Supplier<Terms> terms;

    public Publisher(ControlPlane plane, Http http, Outbox outbox, PublishReads reads, TargetState state, Supplier<Terms> terms) {
        this.plane = plane;
        this.http = http;
        this.outbox = outbox;
        this.reads = reads;
        this.state = state;
        this.terms = terms;
    }

    /**
     * Works until nothing is due in this lane, or for 50 seconds; gives how many turns ended. Nothing is sent while the target only is observed, or does not let us in,
     * and while too much fails there only whoever left, and a few keys every five minutes to see whether it is better.
     */
    public int converge(boolean leavers) {
        Terms now = terms.get();
        if (!open(now, leavers)) {
            return 0;
        }
        if (leavers || state.now().quarantined().isEmpty() || isOver(now)) {
            return new Lane(leavers, now, NO_TRIAL).run();
        }
        return state.quarantine().trial() ? trial(now) : 0;
    }

    private boolean isOver(Terms now) {
        Optional<String> better = state.quarantine().isOver(now.causes().quarantine(), now.setHash());
        better.ifPresent(why -> LOG.warn("Portkey is quarantined no longer: {}", why));
        return better.isPresent();
    }

    private int trial(Terms now) {
        Lane lane = new Lane(false, now, TRIAL);
        int tried = lane.run();
        if (lane.well() && state.quarantine().end("a trial of " + tried + " went well", now.setHash())) {
            LOG.warn("Portkey is quarantined no longer: a trial of {} went well", tried);
        }
        return tried;
    }

    private boolean open(Terms now, boolean leavers) {
        TargetState.Now target = state.now();
        if (target.stopped().isPresent() && state.probes()) {
            probe(now);
            target = state.now();
        }
        return target.open(leavers);
    }

    /** One small call, to see whether it lets us in again. */
    private void probe(Terms now) {
        try {
            plane.probe(calls(now, true));
            if (state.resumed()) {
                LOG.warn("Portkey lets the bridge in again: publishing goes on");
            }
        } catch (TargetFault still) {
            LOG.info("Portkey still does not let the bridge in: {}", still.getMessage());
        }
    }

    private Calls calls(Terms now, boolean leavers) {
        return new Calls(http, now.causes(), new Budgeted(state, now, leavers), () -> false);
    }

    /** One run over the keys of a lane. */
    private final class Lane {
        private final boolean leavers;
        private final Terms now;
        private final Calls calls;
        private final int window;
        private final int part;
        private final BlockingQueue<KeyTurn.Result> ended = new LinkedBlockingQueue<>();
        private final long begin = System.nanoTime();
        private final int trial;
        private int working;
        private int all;
        private int well;
        private boolean asked;

        /** @param trial no more than so many keys, whatever is due; {@value #NO_TRIAL}: all */
        Lane(boolean leavers, Terms now, int trial) {
            this.leavers = leavers;
            this.now = now;
            this.trial = trial;
            this.calls = calls(now, leavers);
            this.window = trial > NO_TRIAL ? trial : leavers ? now.sideBySide() : Math.max(now.sideBySide(), Math.min(MOST_AHEAD, Math.min(AHEAD * now.sideBySide(), SECONDS_AHEAD * now.callsPerSecond())));
            this.part = Math.max(1, window / PART);
        }

        /** Whether something was asked of the target, and all went well. */
        boolean well() {
            return asked && well == all;
        }

        /** What breaks ends the run once the turns under way have ended: what they learnt is not lost over it. */
        int run() {
            Optional<RuntimeException> broken = Optional.empty();
            try (ExecutorService workers = Executors.newFixedThreadPool(now.sideBySide(), Thread.ofPlatform().daemon().name(leavers ? "publish-leavers-" : "publish-", 1).factory())) { // a call costs a sixth more on virtual threads
                boolean more = true;
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        if (more && working + part <= window) {
                            more = begin(workers);
                        }
                        if (working == 0) {
                            break;
                        }
                        more = settle() && broken.isEmpty() && trial == NO_TRIAL && System.nanoTime() - begin < LONGEST.toNanos();
                    } catch (RuntimeException broke) {
                        broken = Optional.of(broke);
                        more = false;
                    }
                }
            } // where the bridge ends the turns end with it, and their keys are others' after their lease
            if (broken.isPresent()) {
                throw broken.get();
            }
            return all;
        }

        /** Gives whether there may be more. */
        private boolean begin(ExecutorService workers) {
            long leased = System.nanoTime();
            int room = state.now().cautious() ? working == 0 ? 1 : 0 : window - working;
            List<OutboxKey> keys = room < 1 ? List.of() : outbox.lease(leavers, room, now.lease());
            if (keys.isEmpty()) {
                return working > 0;
            }
            try {
                begin(workers, keys, leased);
            } catch (RuntimeException broken) {
                back(keys.stream().map(KeyTurn.Result::back).toList());
                throw broken;
            }
            return true;
        }

        private void begin(ExecutorService workers, List<OutboxKey> keys, long leased) {
            Instant at = reads.now();
            KeyTurn turn = new KeyTurn(plane, now, outbox, reads);
            Calls until = calls.until(() -> System.nanoTime() - leased > now.lease().minus(now.call().multipliedBy(2)).toNanos() || !http.there() || !state.lately().open(leavers));
            Map<UUID, Wanted.Person> wanted = reads.wanted(keys.stream().filter(key -> key.kind() == OutboxKey.Kind.PERSON).map(OutboxKey::id).toList());
            Map<UUID, Seen.Person> seen = reads.seen(wanted.values());
            List<Effect> intents = new ArrayList<>();
            Map<OutboxKey, Supplier<KeyTurn.Result>> turns = new LinkedHashMap<>();
            for (OutboxKey key : keys) {
                Wanted.Person person = wanted.get(key.id());
                if (key.kind() == OutboxKey.Kind.WORKSPACE) {
                    turns.put(key, () -> turn.workspace(key, until.apart(), at));
                } else if (person == null) {
                    turns.put(key, () -> KeyTurn.Result.nothing(key));
                } else {
                    Optional<Seen.Person> known = Optional.ofNullable(seen.get(key.id()));
                    Optional<PersonSteps> plan = key.doubt() ? Optional.empty() : Optional.of(turn.plan(person, known));
                    plan.ifPresent(steps -> intents.addAll(Knowledge.intents(person, known, steps.steps())));
                    turns.put(key, () -> turn.person(key, person, known, plan, until.apart(), at));
                }
            }
            if (!outbox.intend(keys.getFirst(), intents)) {
                back(keys.stream().map(KeyTurn.Result::back).toList());
                return;
            }
            turns.forEach((key, one) -> workers.submit(() -> turn(key, one)));
            working += keys.size();
        }

        /** Ends in a result whatever happens: the run waits for each. */
        private void turn(OutboxKey key, Supplier<KeyTurn.Result> one) {
            KeyTurn.Result result = KeyTurn.Result.back(key);
            try {
                result = one.get();
                stop(result); // at once: others are about to call
            } catch (Error broken) {
                LOG.error("the turn of {} {} broke", key.kind(), key.id(), broken);
            } finally {
                ended.add(result);
            }
        }

        /** Their keys are in doubt, and not to wait until their lease is over. */
        private void back(List<KeyTurn.Result> results) {
            try {
                outbox.settle(results.stream().map(result -> KeyTurn.Result.back(result.turn().key()).turn()).toList(), reads.now(), now.setHash());
            } catch (RuntimeException too) {
                LOG.warn("{} keys stay leased until {} are over: {}", results.size(), now.lease(), too.toString());
            }
        }

        /** Settles the turns that have ended; gives whether the target goes on being written to. */
        private boolean settle() {
            List<KeyTurn.Result> results = new ArrayList<>();
            try {
                Optional.ofNullable(ended.poll(1, TimeUnit.SECONDS)).ifPresent(results::add);
                for (long first = System.nanoTime(); !leavers && working > now.sideBySide() && results.size() + ended.size() < part && System.nanoTime() - first < GATHERED.toNanos(); ) {
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException ends) {
                Thread.currentThread().interrupt();
            }
            ended.drainTo(results);
            if (results.isEmpty()) {
                return true;
            }
            working -= results.size();
            all += results.size();
            asked |= results.stream().anyMatch(KeyTurn.Result::asked);
            boolean goesOn = health(results);
            well += (int) results.stream().filter(result -> result.turn().end() instanceof Outbox.End.Done).count();
            Instant at = reads.now();
            try {
                outbox.settle(results.stream().map(result -> goesOn ? result.turn() : quiet(result)).toList(), at, now.setHash());
            } catch (RuntimeException broken) {
                back(results);
                throw broken;
            }
            results.forEach(result -> PublishMeters.ended(result.turn().key(), result.turn().end(), at));
            return goesOn;
        }

        /** While the target is down, nobody gets a letter for it: his key stays where it was. */
        private Outbox.Turn quiet(KeyTurn.Result result) {
            boolean outage = result.fault().filter(fault -> fault.cause() == Cause.TRANSIENT || fault.cause() == Cause.AUTH).isPresent();
            return outage ? new Outbox.Turn(result.turn().key(), result.turn().effects(), new Outbox.End.Back(result.fault().orElseThrow().doubt())) : result.turn();
        }

        private void stop(KeyTurn.Result result) {
            result.stops().filter(state::stopped).ifPresent(why -> LOG.error("Portkey does not let the bridge in, so nothing is sent to it: {}. Look at the target's key, its scopes, the subscription, and a proxy between; publishing goes on by itself once it does", why));
        }

        private boolean health(List<KeyTurn.Result> results) {
            int failures = (int) results.stream().flatMap(result -> result.fault().stream()).filter(fault -> now.causes().reaction(fault.cause()).counts() && fault.cause() == Cause.TRANSIENT && fault.retryAfter().isEmpty()).count(); // who asks to wait is well
            boolean anyWell = results.stream().anyMatch(result -> result.asked() && result.fault().isEmpty() && !(result.turn().end() instanceof Outbox.End.Back)); // what was not tried tells nothing
            if (state.went(failures, anyWell, now.causes().breaker())) {
                LOG.warn("Portkey fails again and again: nothing is sent for {} s, then one call tries", now.causes().breaker().open().toSeconds());
            }
            failing(results);
            TargetState.Now after = state.now();
            return http.there() && after.open(leavers) && (leavers || trial > NO_TRIAL || after.openToAll());
        }

        /** What ended well or in a letter counts; what is tried again at once, waits for something or went back does not, nor what nothing was asked for. */
        private void failing(List<KeyTurn.Result> results) {
            List<Outbox.Letter> letters = results.stream().flatMap(result -> result.turn().end() instanceof Outbox.End.Failed failed ? failed.letter().stream() : Stream.empty()).toList();
            long failed = letters.stream().filter(letter -> now.causes().reaction(letter.problem().cause()).counts()).count();
            long done = results.stream().filter(KeyTurn.Result::asked).filter(result -> result.turn().end() instanceof Outbox.End.Done).count();
            state.quarantine().ended(done + failed, failed, now.causes().quarantine(), now.setHash())
                    .ifPresent(why -> LOG.error("Portkey is quarantined: {}. Only leavers go on; every five minutes a few others are tried. 'bridge dead-letters --group' says what fails, 'bridge target resume' lifts it", why));
        }
    }
}
