package io.identitybridge.store;

/** A list was asked for in a way that makes no sense; the message says what would. */
public final class BadQuery extends RuntimeException {
    public BadQuery(String message) {
        super(message, null, false, false);
    }
}
