package io.identitybridge.source;

/** A page was answered with a status that is no success. Whoever knows what it means here catches it; otherwise it is its {@link #fault}. */
final class BadStatus extends RuntimeException {
    private final transient Answer answer;
    private final transient SourceUnavailable fault;

    BadStatus(Answer answer, SourceUnavailable fault) {
        super(fault.getMessage(), null, false, false);
        this.answer = answer;
        this.fault = fault;
    }

    int status() {
        return answer.response().status();
    }

    Answer answer() {
        return answer;
    }

    SourceUnavailable fault() {
        return fault;
    }
}
