package io.identitybridge.flow;

import io.identitybridge.TestBridge;

/** Has a bridge look after what was left over now, instead of by the clock. */
public final class LeftOver {
    private LeftOver() {
    }

    public static void sweep(TestBridge bridge) {
        bridge.bean(Sweeper.class).sweep();
    }
}
