package io.identitybridge.sim;

/** One thing that happens in a world. Numbers choose among what is there at that moment, so that a story stays one when steps are left out. */
sealed interface Step {
    enum Kind { HIRE, SECOND_ACCOUNT, DISABLE, ENABLE, DELETE, COME_BACK, COME_BACK_ANEW, NEW_EMAIL, NEW_NAME, NEW_ROLE, SHARE_EMAIL, OWN_EMAIL, NEW_GROUP, RENAME_GROUP, DELETE_GROUP, JOIN, LEAVE }

    /** Something changes at an IdP, and a push of it is made. */
    record Change(Kind kind, int source, int a, int b, int c) implements Step {
    }

    /** A push arrives, perhaps not the oldest; with {@code keep} it will arrive again. */
    record Deliver(int bridge, int source, int which, boolean keep) implements Step {
    }

    record Lose(int source, int which) implements Step {
    }

    record Wait(int seconds) implements Step {
    }

    record Pull(int bridge, int source, boolean full) implements Step {
    }

    /** The IdP answers so many of the bridge's requests, each as it was so many seconds before it was asked. */
    record Answer(int source, int requests, int stale) implements Step {
    }

    /** The pull is answered to its end. */
    record Finish(int source, int stale) implements Step {
    }

    /** The next request fails: with a status, or cut off. */
    record Fail(int source, int how) implements Step {
    }

    /** The next whole list leaves this user out, though he is there. */
    record Omit(int source, int user) implements Step {
    }

    /** The delta tokens that were given out hold no more. */
    record Expire(int source) implements Step {
    }

    /** The bridge loses its store after so many more of its statements, and starts again when {@link Restart} says so. */
    record Crash(int bridge, int statements) implements Step {
    }

    record Restart(int bridge) implements Step {
    }

    record Sweep(int bridge) implements Step {
    }

    /** An operator lets a source only propose, or apply again. */
    record Propose(int source, boolean only) implements Step {
    }

    /** The clock of an IdP goes wrong by so much more. */
    record Drift(int source, int seconds) implements Step {
    }

    /** Somebody edits the mapping of a source, so that it makes nobody a manager any more, or edits that back. */
    record Edit(int source, boolean without) implements Step {
    }

    /** Somebody writes into portkey.yaml that alpha decides who is active, or takes that out. */
    record Decides(boolean alpha) implements Step {
    }

    /** The files of a source are taken away, or put back. */
    record Take(int source, boolean away) implements Step {
    }

    /** An operator rejects everything that waits. */
    record Reject(int bridge) implements Step {
    }

    /** An operator looks at what waits, and decides later. */
    record Look(int bridge) implements Step {
    }

    /** He approves what he has seen then. */
    record ApproveSeen(int bridge) implements Step {
    }

    /** An operator approves everything that waits. */
    record Approve(int bridge) implements Step {
    }
}
