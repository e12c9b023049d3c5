package io.identitybridge.flow;

import io.identitybridge.scim.ScimError;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.scim.ScimServer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses before Camel's servlet what it would answer without SCIM's words, or read whole into memory: other methods, forms, compressed bodies. And says 503 where it has no route. */
final class ScimEdge extends OncePerRequestFilter {
    /** Routes change within milliseconds; who waits longer comes again. */
    private static final long PATIENCE_SECONDS = 20;
    private static final String PLAIN = "identity";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Gate gate;
    private final ScimLog log;

    ScimEdge(Gate gate, ScimLog log) {
        this.gate = gate;
        this.log = log;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        String type = Optional.ofNullable(request.getContentType()).orElse("").toLowerCase(Locale.ROOT);
        if (!METHODS.contains(request.getMethod())) {
            refuse(request, response, ScimError.methodNotAllowed("SCIM has no " + request.getMethod().replaceAll("[^A-Za-z]", ""), "GET, HEAD, POST, PUT, PATCH, DELETE"));
        } else if (WITH_BODY.contains(request.getMethod()) && (type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/"))) {
            refuse(request, response, ScimError.invalidSyntax("a body is application/scim+json or application/json, not a form"));
        } else if (!Optional.ofNullable(request.getHeader("Content-Encoding")).orElse(PLAIN).strip().equalsIgnoreCase(PLAIN)) {
            refuse(request, response, ScimError.compressed("a body is sent as it is, not compressed"));
        } else if (!readable(request)) {
            refuse(request, response, ScimError.invalidValue("the query cannot be read: it has a parameter without a name, more than 1,000 of them, or is not encoded as an address is"));
        } else if (gate.enter(PATIENCE_SECONDS)) {
            try {
                chain.doFilter(request, new Answering(request, response));
            } finally {
                gate.leave();
            }
        } else {
            refuse(request, response, ScimError.unavailable("the bridge is changing its routes; try again"));
        }
    }

    /** Sent whole; and while the bridge starts or stops there is no route yet, or any more, and Camel says 404: an IdP would believe that everybody is gone. */
    private final class Answering extends HttpServletResponseWrapper {
        private final HttpServletRequest request;

        Answering(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public void sendError(int status) throws IOException {
            if (status == SC_NOT_FOUND) {
                refuse(request, (HttpServletResponse) getResponse(), ScimError.unavailable("the bridge is starting or stopping; try again"));
            } else {
                super.sendError(status);
            }
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new SentWhole(super.getOutputStream());
        }
    }

    /** Whether the server can read the query at all: Camel asks for its parameters, and would answer 500. */
    private static boolean readable(HttpServletRequest request) {
        try {
            request.getParameterMap();
            return true;
        } catch (IllegalStateException malformed) {
            return false;
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, ScimError error) throws IOException {
        ScimRequest asked = ScimHttp.request(request, InputStream.nullInputStream(), "");
        ScimOutcome.Answer answer = ScimServer.refused(error, asked);
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());
        log.unread(asked, answer, 0);
    }
}
