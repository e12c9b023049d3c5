package io.identitybridge.flow;

import io.identitybridge.scim.Notes;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.store.Allowance;
import io.identitybridge.store.RequestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Notes each SCIM request for operators. It can never fail one. Of those refused unread (429, and what {@link ScimEdge} refuses) it notes 25 a second and
 * address: whoever has no token shall not fill the log.
 */
@Component
class ScimLog {
    private static final Logger LOG = LoggerFactory.getLogger(ScimLog.class);
    private static final int LONGEST = 200;
    private static final int REFUSED_AT_THE_DOOR = 25;
    private final Allowance strangers = Allowance.ofStrangers(REFUSED_AT_THE_DOOR);
    private final RequestLog requests;

    ScimLog(RequestLog requests) {
        this.requests = requests;
    }

    void add(ScimRequest request, ScimOutcome.Answer answer, long nanos) {
        if (answer.status() == 429) {
            unread(request, answer, nanos);
        } else {
            note(request, answer, nanos);
        }
    }

    /** One of which nobody has looked at the token, or that came too fast. */
    void unread(ScimRequest request, ScimOutcome.Answer answer, long nanos) {
        if (strangers.take(Allowance.network(request.remote())).isEmpty()) {
            note(request, answer, nanos);
        }
    }

    private void note(ScimRequest request, ScimOutcome.Answer answer, long nanos) {
        try {
            Notes notes = answer.notes();
            requests.add(new RequestLog.Entry(UUID.fromString(request.id()), Instant.now(), notes.source().orElse("-"), cut(request.method()), cut(request.shown()), cut(notes.said()), notes.resource().map(ScimLog::cut),
                    answer.status(), Duration.ofNanos(nanos).toMillis(), notes.repairs(), notes.body().map(Json::text), Optional.ofNullable(request.headers().get("user-agent")).map(ScimLog::cut)));
        } catch (RuntimeException e) {
            LOG.warn("a request is not in the request log: {}", Bugs.said(e));
        }
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(LONGEST, text.length())).replace("\u0000", "");
    }
}
