package io.identitybridge.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets only the admin token's holder to the API, and no body over 2 MiB or of unknown length. */
final class TokenFilter extends OncePerRequestFilter {
    static final int LONGEST_BODY = 2 * 1024 * 1024;
    private static final String SCHEME = "bearer ";

    private final AdminToken token;

    TokenFilter(AdminToken token) {
        this.token = token;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = ListenerFilter.path(request);
        return !(path.equals("/api") || path.startsWith("/api/"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        response.setHeader("Cache-Control", "no-store");
        if (!holder(request.getHeader("Authorization"))) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"bridge\"");
            Answers.problem(response, 401, "send the admin token as 'Authorization: Bearer ...'; it is in " + token.place());
        } else if (request.getHeader("Transfer-Encoding") != null) {
            Answers.problem(response, 411, "send a body with its Content-Length");
        } else if (request.getContentLengthLong() > LONGEST_BODY) {
            Answers.problem(response, 413, "a body has at most " + LONGEST_BODY + " bytes");
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean holder(String header) {
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME) && token.matches(header.substring(SCHEME.length()).strip());
    }
}
