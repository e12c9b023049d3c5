package io.identitybridge.source;

/** A list holds another number of records than the source says. People may have come or gone in mid-reading, so it is read once more before it is refused. */
final class Mismatch extends RuntimeException {
    private final transient SourceUnavailable fault;

    Mismatch(SourceUnavailable fault) {
        super(fault.getMessage(), null, false, false);
        this.fault = fault;
    }

    SourceUnavailable fault() {
        return fault;
    }
}
