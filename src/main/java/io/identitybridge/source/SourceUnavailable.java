package io.identitybridge.source;

import io.identitybridge.model.SourceName;

/** One run has failed, after every retry: a run result and an alarm, and nobody was removed. The message holds no secret. */
public final class SourceUnavailable extends RuntimeException {
    private final transient SourceName source;

    public SourceUnavailable(SourceName source, String message) {
        super(message, null, false, true);
        this.source = source;
    }

    public SourceName source() {
        return source;
    }
}
