package io.identitybridge.publish;

import java.time.Duration;
import java.util.Optional;

/** What Portkey answered. @param retryAfter the wait it asks for */
public record Answer(int status, Optional<Duration> retryAfter, String body) {
    boolean ok() {
        return status >= 200 && status < 300;
    }

    /** Whether it is a page for a browser: that is no word of Portkey's, but of what stands before it. */
    boolean isPage() {
        return body.stripLeading().startsWith("<");
    }
}
