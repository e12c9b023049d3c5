package io.identitybridge.sim;

import io.identitybridge.sim.Bridges.Delivery;
import io.identitybridge.sim.Bridges.Ended;
import io.identitybridge.sim.Bridges.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays a script to two bridges, and lets the judge look after every step. */
final class Play {
    private final Bridges bridges;
    private final World world;
    private final Judge judge;
    private final Instant begin;
    private final List<String> story = new ArrayList<>();
    private final Map<String, Instant> wholeSince = new HashMap<>();

    private Play(Bridges bridges) {
        this.bridges = bridges;
        bridges.begin();
        begin = bridges.now();
        world = new World(begin);
        judge = new Judge(world, bridges.view());
    }

    /** How a world went: empty where all was well, else what was wrong and the story that led to it. */
    static Optional<Failure> of(Bridges bridges, List<Step> steps) {
        Play play = new Play(bridges);
        try {
            for (Step step : steps) {
                play.step(step);
            }
            play.quiet();
            return Optional.empty();
        } catch (Judge.Wrong wrong) {
            return Optional.of(new Failure(wrong.getMessage(), List.copyOf(play.story)));
        }
    }

    record Failure(String wrong, List<String> story) {
    }

    private void tell(String sentence) {
        Duration since = Duration.between(begin, bridges.now());
        story.add("%3dd %02d:%02d:%02d  %s".formatted(since.toDays(), since.toHoursPart(), since.toMinutesPart(), since.toSecondsPart(), sentence));
    }

    private void step(Step step) {
        bridges.pass(Duration.ofSeconds(1));
        switch (step) {
            case Step.Change change -> world.change(change, bridges.now()).ifPresent(this::tell);
            case Step.Deliver deliver -> deliver(deliver);
            case Step.Lose lose -> lose(lose);
            case Step.Wait wait -> {
                bridges.pass(Duration.ofSeconds(wait.seconds()));
                tell(wait.seconds() + " seconds pass");
            }
            case Step.Pull pull -> pull(pull.bridge(), world.idp(pull.source()), pull.full());
            case Step.Answer answer -> answer(world.idp(answer.source()), answer.requests(), answer.stale());
            case Step.Finish finish -> answer(world.idp(finish.source()), 500, finish.stale());
            case Step.Fail fail -> fail(world.idp(fail.source()), fail.how());
            case Step.Omit omit -> omit(world.idp(omit.source()), omit.user());
            case Step.Expire expire -> {
                bridges.expire(world.idp(expire.source()));
                tell(world.idp(expire.source()).name() + "'s delta tokens expire");
            }
            case Step.Crash crash -> {
                bridges.crash(crash.bridge(), crash.statements());
                tell("bridge " + crash.bridge() + " dies within " + crash.statements() + " statements");
            }
            case Step.Restart restart -> {
                bridges.restart(restart.bridge());
                tell("bridge " + restart.bridge() + " is there again");
            }
            case Step.Sweep sweep -> {
                bridges.sweep(sweep.bridge());
                tell("bridge " + sweep.bridge() + " looks after what was left over");
                look(false, Optional.empty());
            }
            case Step.Propose propose -> propose(world.idp(propose.source()), propose.only());
            case Step.Drift drift -> {
                world.idp(drift.source()).drifts(Duration.ofSeconds(drift.seconds()));
                tell(world.idp(drift.source()).name() + "'s clock is " + world.idp(drift.source()).clock().toSeconds() + " seconds ahead");
            }
            case Step.Edit edit -> edit(world.idp(edit.source()), edit.without());
            case Step.Decides decides -> {
                if (bridges.alphaDecides(decides.alpha())) {
                    world.alphaDecides(decides.alpha());
                    judge.rulesChanged();
                    tell(decides.alpha() ? "portkey.yaml says that alpha decides" : "portkey.yaml does not say any more that alpha decides");
                    look(false, Optional.empty());
                }
            }
            case Step.Take take -> take(world.idp(take.source()), take.away());
            case Step.Reject reject -> {
                View waiting = bridges.view();
                int lines = bridges.reject(reject.bridge());
                if (lines > 0) {
                    judge.rejects(waiting);
                    tell("an operator rejects " + lines + " lines");
                }
                look(false, Optional.empty());
            }
            case Step.Look look -> {
                bridges.look();
                tell("an operator looks at what waits");
            }
            case Step.ApproveSeen approve -> {
                int lines = bridges.approveSeen(approve.bridge());
                if (lines > 0) {
                    tell("an operator approves " + lines + " lines that he had seen");
                }
                approved();
            }
            case Step.Approve approve -> {
                int lines = bridges.approve(approve.bridge());
                if (lines > 0) {
                    tell("an operator approves " + lines + " lines");
                }
                approved();
            }
        }
    }

    private void look(boolean stale, Optional<String> source) {
        judge.saw(bridges.view(), bridges.now(), stale, false, false, source, false);
    }

    private void approved() {
        judge.saw(bridges.view(), bridges.now(), false, false, false, Optional.empty(), true);
    }

    private void edit(Idp idp, boolean without) {
        if (bridges.edits(idp, without)) {
            world.edited(idp, without, bridges.now());
            judge.rulesChanged();
            if (without) {
                judge.edited(idp);
            }
            tell("the mapping of " + idp.name() + " makes " + (without ? "nobody a manager any more" : "people managers again"));
            look(false, Optional.empty());
        }
    }

    private void take(Idp idp, boolean away) {
        if (bridges.takes(idp, away)) {
            tell("the files of " + idp.name() + " are " + (away ? "taken away" : "put back"));
            look(false, Optional.empty());
        }
    }

    private void propose(Idp idp, boolean only) {
        if (bridges.proposes(idp, only)) {
            judge.proposes(idp, only);
            tell(idp.name() + (only ? " only proposes from now on" : " applies again"));
        }
    }

    private void deliver(Step.Deliver deliver) {
        Idp idp = world.idp(deliver.source());
        List<Message> mail = world.mail.get(idp.name());
        if (mail.isEmpty()) {
            return;
        }
        int at = deliver.which() < 0 ? mail.size() - 1 : deliver.which() % mail.size();
        Message message = deliver.keep() ? mail.get(at) : mail.remove(at);
        boolean stale = message.contradicts(idp.now());
        if (stale) {
            judge.stale(idp.name(), bridges.now());
        }
        Delivery delivery = bridges.deliver(deliver.bridge(), message);
        tell(idp.name() + " pushes to bridge " + deliver.bridge() + ": " + message.tell() + (stale ? " (late)" : "") + (deliver.keep() ? " (and will again)" : "") + (delivery == Delivery.TAKEN ? "" : " - " + delivery));
        if (delivery == Delivery.FAILED && !deliver.keep()) {
            mail.add(Math.min(at, mail.size()), message);
        }
        judge.saw(bridges.view(), bridges.now(), stale, true, message instanceof Message.UserWhole || message instanceof Message.UserActive, Optional.of(idp.name()), false);
        if (delivery == Delivery.TAKEN) {
            judge.told(message);
        } else {
            judge.tried(message);
        }
    }

    private void lose(Step.Lose lose) {
        List<Message> mail = world.mail.get(world.idp(lose.source()).name());
        if (!mail.isEmpty()) {
            tell(world.idp(lose.source()).name() + "'s push is lost: " + mail.remove(lose.which() % mail.size()).tell());
        }
    }

    private void pull(int bridge, Idp idp, boolean full) {
        if (bridges.pull(bridge, idp, full)) {
            tell("bridge " + bridge + " begins to read " + (full ? "all of " : "") + idp.name());
        }
    }

    private void answer(Idp idp, int requests, int stale) {
        for (int i = 0; i < requests && bridges.pulling(idp); i++) {
            ended(idp, bridges.answer(idp, new How(shown(idp, stale), 0)));
        }
    }

    /** As it is, or as it was so long ago, within the lag. */
    private int shown(Idp idp, int stale) {
        return stale == 0 ? idp.sequence() : idp.sequence(bridges.now().minusSeconds(Math.min(stale, idp.traits.lag().toSeconds() - 2)));
    }

    private void ended(Idp idp, Optional<Ended> ended) {
        if (ended.isPresent()) {
            tell("the pull of " + idp.name() + " has ended" + (ended.get().well() ? ended.get().begun().isPresent() ? " well, and was complete" : " well" : " and failed"));
            judge.ends(Optional.of(idp.name()).filter(name -> !ended.get().well() || ended.get().begun().isPresent())); // a bridge that dies while it takes in a complete reading may have taken him in
            look(false, Optional.of(idp.name()));
            ended.get().begun().ifPresent(begun -> {
                wholeSince.put(idp.name(), begun);
                world.read(idp.name(), begun);
                judge.read(idp, begun, bridges.now());
            });
        }
    }

    private void fail(Idp idp, int how) {
        if (bridges.pulling(idp)) {
            tell(idp.name() + " fails to answer");
            ended(idp, bridges.answer(idp, new How(idp.sequence(), how)));
        }
    }

    private void omit(Idp idp, int which) {
        List<String> users = List.copyOf(idp.now().users().keySet());
        if (!users.isEmpty()) {
            bridges.omit(idp, users.get(which % users.size()));
            judge.leftOut(idp, users.get(which % users.size()));
            tell("the next list of " + idp.name() + " leaves out " + users.get(which % users.size()));
        }
    }

    /** Everything arrives at its end; one complete pull of each, and a second after the longest {@code after}. */
    private void quiet() {
        tell("the world goes quiet");
        bridges.omitNobody();
        world.settle(bridges.now()).forEach(this::tell);
        for (int bridge = 0; bridge < 2; bridge++) {
            bridges.restart(bridge);
        }
        for (Idp idp : world.idps) {
            propose(idp, false);
            take(idp, false);
            answer(idp, 500, 0);
            bridges.tellAgain(0, idp);
            look(true, Optional.empty()); // before another source reads: this counts against nobody's limits
        }
        changes(world.idp("alpha"));
        changes(world.idp("gamma"));
        read();
        judge.quiet(bridges.view(), true);
        bridges.pass(Duration.ofHours(25));
        read();
        judge.quiet(bridges.view(), false);
    }

    /** Two readings of what has changed, further apart than the lag, tell all that no push has contradicted. */
    private void changes(Idp idp) {
        boolean well = true;
        for (int i = 0; i < 2; i++) {
            bridges.pass(Duration.ofMinutes(6));
            pull(i, idp, false);
            well = bridges.pulling(idp);
            answer(idp, 500, 0);
        }
        if (well) {
            judge.told(idp);
        }
    }

    /** Until one complete pull of each, begun now, has ended well; then what is left over is looked after, and what waits is approved. */
    private void read() {
        bridges.pass(Duration.ofMinutes(6));
        for (Idp idp : world.idps) {
            Instant from = bridges.now();
            for (int tries = 0; tries < 4 && !wholeSince.getOrDefault(idp.name(), Instant.EPOCH).isAfter(from); tries++) {
                bridges.pass(Duration.ofSeconds(1));
                pull(tries % 2, idp, true);
                answer(idp, 500, 0);
            }
        }
        for (int round = 0; round < 4; round++) {
            bridges.pass(Duration.ofSeconds(61));
            bridges.sweep(round % 2);
            look(false, Optional.empty());
            if (bridges.approve(round % 2) > 0) {
                tell("an operator approves");
            }
            approved();
        }
    }
}
