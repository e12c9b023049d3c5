package io.identitybridge.scim;

/** A filter or a path that does not follow the grammar. */
final class Malformed extends RuntimeException {
    Malformed(String message) {
        super(message, null, false, false);
    }
}
