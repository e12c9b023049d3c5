package io.identitybridge.lab;

/** A call that Portkey refuses: the status, and its own code (Admin API) or SCIM's {@code scimType}; "" if neither fits. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "AB01", message);
    }

    static Refusal notFound(String what) {
        return new Refusal(404, "AB08", what + " not found");
    }

    static Refusal forbidden() {
        return new Refusal(403, "AB03", "You do not have enough permissions to execute this request");
    }

    static Refusal conflict(String message) {
        return new Refusal(409, "AB07", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
