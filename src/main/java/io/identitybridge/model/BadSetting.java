package io.identitybridge.model;

/** A setting that the bridge cannot start with: its name, what it says, and what it is to say. */
public final class BadSetting extends IllegalArgumentException {
    private final String todo;

    /**
     * @param name  as operators set it, {@code BRIDGE_SCIM_RATE}
     * @param value what it says; no secret
     * @param todo  what to set it to
     */
    public BadSetting(String name, String value, String todo) {
        super(name + " is '" + value + "'");
        this.todo = todo;
    }

    public String todo() {
        return todo;
    }
}
