package io.identitybridge.store;

/** The state a push was computed from has changed meanwhile: the request is read again. */
public final class Conflict extends RuntimeException {
    public Conflict(String what) {
        super(what + " has changed meanwhile", null, false, false);
    }
}
