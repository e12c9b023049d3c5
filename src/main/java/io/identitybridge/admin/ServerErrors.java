package io.identitybridge.admin;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** What the server refuses before any filter is reached (a path it cannot decode, a header that is too long), and what failed behind without an answer, in the form the listener's clients read. */
final class ServerErrors extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final int FIRST_ERROR = 400;
    private final Listeners listeners;

    ServerErrors(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    protected void report(Request request, Response response, Throwable fault) {
        if (response.getStatus() < FIRST_ERROR || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        int status = response.getStatus();
        String detail = status == HttpStatus.INTERNAL_SERVER_ERROR.value() ? "the bridge failed; its operator finds the reason in its log"
                : status == HttpStatus.SERVICE_UNAVAILABLE.value() ? "the bridge is starting or stopping; try again" : "the request is not one that HTTP allows here";
        if (status == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            response.setHeader("Retry-After", "5");
        }
        try {
            if (request.getConnector() == listeners.connector()) {
                Answers.problem(response, status, detail);
            } else {
                Answers.scim(response, status, detail);
            }
            response.finishResponse();
        } catch (IOException gone) {
            LOG.debug("nobody waits any more for an answer {}", status, gone);
        }
    }
}
