package io.identitybridge.store;

/** Whether a commit outlives a power failure: {@code FULL}, except in tests of other things. */
enum Durability {
    FULL("on"),
    NONE("off");

    private final String setting;

    Durability(String setting) {
        this.setting = setting;
    }

    String setting() {
        return setting;
    }
}
