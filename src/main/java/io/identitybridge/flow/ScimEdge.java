package io.identitybridge.flow;

import io.identitybridge.scim.ScimError;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.Notes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses before Camel's servlet what it would answer without SCIM's words, or read whole into memory: other methods, and forms. And says 503 where it has no route. */
final class ScimEdge extends OncePerRequestFilter {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        String type = Optional.ofNullable(request.getContentType()).orElse("").toLowerCase(Locale.ROOT);
        if (!METHODS.contains(request.getMethod())) {
            refuse(response, ScimError.methodNotAllowed("SCIM has no " + request.getMethod().replaceAll("[^A-Z]", ""), "GET, HEAD, POST, PUT, PATCH, DELETE"));
        } else if (WITH_BODY.contains(request.getMethod()) && (type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/"))) {
            refuse(response, ScimError.invalidSyntax("a body is application/scim+json or application/json, not a form"));
        } else if (!plain(request)) {
            refuse(response, ScimError.unsupported("a body is sent as it is, without Content-Encoding"));
        } else if (!readable(request)) {
            refuse(response, ScimError.invalidValue("the query is not encoded as an address is"));
        } else {
            chain.doFilter(request, new NeverGone(response));
        }
    }

    /** While the bridge starts or stops there is no route yet, or any more, and Camel says 404: an IdP would believe that everybody is gone. */
    private static final class NeverGone extends HttpServletResponseWrapper {
        NeverGone(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendError(int status) throws IOException {
            if (status == SC_NOT_FOUND) {
                refuse((HttpServletResponse) getResponse(), ScimError.unavailable("the bridge is starting or stopping; try again"));
            } else {
                super.sendError(status);
            }
        }
    }

    /** Camel would take a compressed body apart by itself, and fail where it is none. */
    private static boolean plain(HttpServletRequest request) {
        String encoding = Optional.ofNullable(request.getHeader("Content-Encoding")).orElse("").strip();
        return encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
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

    private static void refuse(HttpServletResponse response, ScimError error) throws IOException {
        ScimOutcome.Answer answer = error.answer(Notes.NONE);
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());
    }
}
