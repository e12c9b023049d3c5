package io.identitybridge.cli;

/** A command that could not do its work, in one sentence for the one who typed it. */
final class CliFault extends RuntimeException {
    private final int exit;

    private CliFault(int exit, String message) {
        super(message, null, false, false);
        this.exit = exit;
    }

    /** Wrong use, or no bridge to ask: exit 2. */
    static CliFault use(String message) {
        return new CliFault(2, message);
    }

    /** The bridge was asked and said no: exit 1. */
    static CliFault refused(String message) {
        return new CliFault(1, message);
    }

    int exit() {
        return exit;
    }
}
