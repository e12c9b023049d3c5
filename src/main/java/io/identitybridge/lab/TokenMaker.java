package io.identitybridge.lab;

/** Makes a bearer token for the lab's own pushes. */
@FunctionalInterface
public interface TokenMaker {
    /** A new token of that source; shown to nobody else. */
    String make(String source);
}
