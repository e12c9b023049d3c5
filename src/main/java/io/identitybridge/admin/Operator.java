package io.identitybridge.admin;

/** Who acts through the API: the holder of the admin token. */
final class Operator {
    static final String NAME = "operator";

    private Operator() {
    }
}
