package io.identitybridge.sim;

import io.identitybridge.sim.Step.Change;
import io.identitybridge.sim.Step.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The steps of a world, from its seed alone. */
final class Script {
    private static final List<Kind> OFTEN = List.of(Kind.HIRE, Kind.HIRE, Kind.SECOND_ACCOUNT, Kind.DISABLE, Kind.DISABLE, Kind.ENABLE, Kind.ENABLE, Kind.DELETE, Kind.DELETE, Kind.COME_BACK, Kind.COME_BACK_ANEW,
            Kind.NEW_EMAIL, Kind.NEW_NAME, Kind.NEW_ROLE, Kind.SHARE_EMAIL, Kind.OWN_EMAIL, Kind.NEW_GROUP, Kind.NEW_GROUP, Kind.NEW_GROUP, Kind.RENAME_GROUP, Kind.RENAME_GROUP, Kind.RENAME_GROUP, Kind.DELETE_GROUP, Kind.JOIN, Kind.JOIN, Kind.JOIN, Kind.LEAVE, Kind.LEAVE, Kind.LEAVE);

    private final Random random;
    private int restart = Integer.MAX_VALUE;
    private final List<Step> steps = new ArrayList<>();

    private Script(long seed) {
        random = new Random(seed);
    }

    /** @param events how much happens after the people of the first day are there and were read */
    static List<Step> of(long seed, int people, int events) {
        Script script = new Script(seed);
        script.founded(people, seed % 4 == 0 ? 1 : 600);
        for (int i = 0; i < events; i++) {
            script.event();
            if (script.steps.size() > script.restart) {
                script.steps.add(new Step.Restart(0));
                script.steps.add(new Step.Restart(1));
                script.restart = Integer.MAX_VALUE;
            }
        }
        script.operators(new Random(seed * 0x9E3779B97F4A7C15L));
        script.rarely(new Random(seed * 0xBF58476D1CE4E5B9L));
        return script.steps;
    }

    /** What people do with the bridge itself, strewn among what happens; of numbers of its own, so that the rest stays as it was. */
    private void operators(Random of) {
        int theme = of.nextInt(8);
        if (theme == 5) {
            steps.addFirst(new Step.Drift(0, of.nextInt(2_400) - 1_200));
        }
        for (int i = 0; i < (theme < 7 ? 6 : 0); i++) {
            int at = steps.size() / 3 + of.nextInt(2 * steps.size() / 3);
            int source = of.nextInt(3);
            int bridge = of.nextInt(2);
            boolean on = of.nextInt(5) > 1;
            switch (theme) {
                case 0 -> steps.add(at, new Step.Edit(source, on));
                case 1 -> steps.add(at, new Step.Decides(on));
                case 2 -> steps.add(at, new Step.Take(source, on));
                case 3 -> steps.add(at, new Step.Reject(bridge));
                case 5 -> steps.add(at, new Step.Drift(0, of.nextInt(80) - 40)); // together less than a run overlaps the one before
                case 6 -> steps.addAll(at, i > 2 ? List.of() : fresh(of, bridge, 2 * of.nextInt(2)));
                default -> steps.addAll(at, i > 1 ? List.of() : overtaken(of, bridge, source));
            }
        }
    }

    /** Somebody is hired and read, and then all pages are as old as they may be. */
    private static List<Step> fresh(Random of, int bridge, int source) {
        return List.of(new Step.Finish(source, 0), new Change(Kind.HIRE, source, of.nextInt(1_000), of.nextInt(1_000), 1), new Step.Pull(bridge, source, true), new Step.Finish(source, 0),
                new Step.Pull(bridge, source, true), new Step.Finish(source, 20 + of.nextInt(100)));
    }

    /** Many leave, an operator looks at what that makes, they come back, and he approves what he has seen. */
    private static List<Step> overtaken(Random of, int bridge, int source) {
        List<Step> all = new ArrayList<>();
        for (Kind kind : List.of(Kind.DISABLE, Kind.ENABLE)) {
            for (int i = 0; i < 6; i++) {
                all.add(new Change(kind, source, of.nextInt(1_000), of.nextInt(1_000), 1));
                all.add(new Step.Deliver(bridge, source, -1, false));
            }
            all.add(kind == Kind.DISABLE ? new Step.Look(bridge) : new Step.ApproveSeen(bridge));
        }
        return all;
    }

    /** What seldom comes about, somewhere in some worlds; of numbers of its own, too. */
    private void rarely(Random of) {
        int theme = of.nextInt(8);
        int at = steps.size() / 3 + of.nextInt(2 * steps.size() / 3);
        int bridge = of.nextInt(2);
        switch (theme) {
            case 0 -> steps.addAll(at, brief(of, bridge, of.nextInt(3)));
            case 1 -> steps.addAll(at, again(of, bridge));
            case 2 -> steps.addAll(at, letGo(of, bridge));
            default -> { }
        }
    }

    /** Some are no longer admitted where guests are not, an operator approves what that makes, and then people leave elsewhere. */
    private static List<Step> letGo(Random of, int bridge) {
        List<Step> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(new Change(Kind.NEW_NAME, 2, i, 0, 0));
            all.add(new Step.Deliver(bridge, 2, -1, false));
        }
        all.add(new Step.Approve(bridge));
        for (int i = 0; i < 6; i++) {
            int source = i % 2;
            all.add(new Change(Kind.DISABLE, source, of.nextInt(1_000), 0, 0));
            all.add(new Step.Deliver(bridge, source, -1, false));
        }
        return all;
    }

    /** A group is new, pushed and shown within the lag, and deleted before it is read again. */
    private static List<Step> brief(Random of, int bridge, int source) {
        return List.of(new Step.Finish(source, 0), new Change(Kind.NEW_GROUP, source, of.nextInt(1_000), of.nextInt(1_000), 0), new Step.Deliver(bridge, source, -1, false),
                new Change(Kind.JOIN, source, -1, of.nextInt(1_000), 1), new Step.Deliver(bridge, source, -1, false), new Step.Pull(bridge, source, true), new Step.Finish(source, of.nextInt(60)),
                new Change(Kind.DELETE_GROUP, source, -1, 0, 0));
    }

    /** A group of an IdP that does not name its groups is deleted and pushed once more, while a reading that has shown it is under way. */
    private static List<Step> again(Random of, int bridge) {
        int group = of.nextInt(1_000);
        return List.of(new Step.Finish(0, 0), new Change(Kind.JOIN, 0, group, of.nextInt(1_000), 0), new Step.Pull(bridge, 0, true), new Step.Answer(0, 2 + of.nextInt(5), 0),
                new Change(Kind.DELETE_GROUP, 0, group, 0, 0), new Step.Deliver(bridge, 0, -1, false), new Step.Deliver(bridge, 0, -1, false), new Step.Finish(0, 0));
    }

    private int any() {
        return random.nextInt(1_000);
    }

    /** @param seconds between the last hiring and the first pull: longer than any lag, so that whoever is read first has been there all the time, or not */
    private void founded(int people, int seconds) {
        for (int i = 0; i < 6; i++) {
            steps.add(new Change(Kind.NEW_GROUP, i, any(), any(), any()));
        }
        for (int i = 0; i < people; i++) {
            steps.add(new Change(i % 4 == 3 ? Kind.SECOND_ACCOUNT : Kind.HIRE, any(), any(), any(), any()));
            steps.add(new Change(Kind.JOIN, any(), any(), any(), any()));
            steps.add(new Change(Kind.JOIN, any(), any(), any(), any()));
        }
        steps.add(new Step.Wait(seconds));
        for (int i = 0; i < 3; i++) {
            steps.add(new Step.Pull(i % 2, i, i == 2));
            steps.add(new Step.Finish(i, 0));
        }
        steps.add(new Step.Approve(0));
        for (int i = 0; i < 8 * people; i++) {
            steps.add(new Step.Lose(i, 0));
        }
    }

    private void event() {
        int source = random.nextInt(3);
        int bridge = random.nextInt(2);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                steps.add(new Change(OFTEN.get(random.nextInt(OFTEN.size())), source, any(), any(), any()));
                if (random.nextInt(3) > 0) {
                    steps.add(new Step.Deliver(bridge, source, -1, false));
                }
            }
            case 8, 9 -> steps.add(new Step.Deliver(bridge, source, random.nextInt(3), random.nextInt(4) == 0));
            case 10 -> steps.add(new Step.Lose(source, random.nextInt(3)));
            case 11, 12, 13 -> steps.add(new Step.Wait(random.nextInt(3) > 0 ? random.nextInt(600) : random.nextInt(40_000)));
            case 14, 15 -> {
                steps.add(new Step.Pull(bridge, source, random.nextInt(4) == 0));
                steps.add(new Step.Answer(source, 1 + random.nextInt(4), stale()));
            }
            case 16, 17 -> steps.add(new Step.Answer(source, 1 + random.nextInt(6), stale()));
            case 18 -> steps.add(new Step.Finish(source, stale()));
            case 19 -> {
                steps.add(new Step.Pull(bridge, source, true));
                steps.add(new Step.Finish(source, stale()));
            }
            case 20 -> steps.add(random.nextInt(3) == 0 ? new Step.Omit(source, any()) : new Step.Fail(source, 1 + random.nextInt(3)));
            case 21 -> steps.add(random.nextInt(4) == 0 ? new Step.Expire(source) : new Step.Sweep(bridge));
            case 22 -> {
                if (random.nextInt(2) == 0) {
                    steps.add(new Step.Crash(bridge, random.nextInt(60)));
                    restart = steps.size() + 3 + random.nextInt(12);
                } else {
                    steps.add(new Step.Restart(bridge));
                }
            }
            default -> {
                int what = random.nextInt(9);
                if (what < 3) {
                    wave(bridge, source);
                } else if (what == 3) {
                    steps.add(new Step.Propose(source, random.nextInt(3) > 0));
                } else {
                    steps.add(new Step.Approve(bridge));
                }
            }
        }
    }

    /** Many of one IdP leave at once, or leave one workspace, or come into a group. */
    private void wave(int bridge, int source) {
        Kind kind = List.of(Kind.DISABLE, Kind.LEAVE, Kind.JOIN).get(random.nextInt(3));
        int group = any();
        for (int i = 0; i < 6; i++) {
            steps.add(new Change(kind, source, kind == Kind.DISABLE ? any() : group, any(), 1));
            steps.add(new Step.Deliver(bridge, source, -1, false));
        }
    }

    private int stale() {
        return random.nextInt(3) == 0 ? random.nextInt(300) : 0;
    }
}
