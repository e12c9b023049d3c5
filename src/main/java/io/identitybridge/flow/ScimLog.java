package io.identitybridge.flow;

import io.identitybridge.scim.Notes;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.store.RequestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Notes each SCIM request for operators. It can never fail one. */
@Component
class ScimLog {
    private static final Logger LOG = LoggerFactory.getLogger(ScimLog.class);
    private static final int LONGEST = 200;
    private static final Pattern OTHER_ID = Pattern.compile("/(Users|Groups)/(?![0-9a-fA-F-]{36}$|\\.search$).+$");
    private final RequestLog requests;

    ScimLog(RequestLog requests) {
        this.requests = requests;
    }

    void add(ScimRequest request, ScimOutcome.Answer answer, long nanos) {
        try {
            Notes notes = answer.notes();
            requests.add(new RequestLog.Entry(UUID.fromString(request.id()), Instant.now(), notes.source().orElse("-"), request.method(), path(request), cut(notes.said()), notes.resource().map(ScimLog::cut),
                    answer.status(), Duration.ofNanos(nanos).toMillis(), notes.repairs(), notes.body().map(Json::text), Optional.ofNullable(request.headers().get("user-agent")).map(ScimLog::cut)));
        } catch (RuntimeException e) {
            LOG.warn("a request is not in the request log: {}", Bugs.said(e));
        }
    }

    /** Whoever asks for a person by something else than an id may have put his address there. */
    private static String path(ScimRequest request) {
        return cut(OTHER_ID.matcher(request.path()).replaceFirst("/$1/***"));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(LONGEST, text.length())).replace("\u0000", "");
    }
}
