package io.identitybridge.admin;

import io.identitybridge.store.Operators;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets only the admin token's holder and named operators to the API, and no body over 2 MiB or of unknown length. */
final class TokenFilter extends OncePerRequestFilter {
    static final int LONGEST_BODY = 2 * 1024 * 1024;
    private static final String SCHEME = "bearer ";

    private final AdminToken token;
    private final Operators operators;

    TokenFilter(AdminToken token, Operators operators) {
        this.token = token;
        this.operators = operators;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = ListenerFilter.path(request);
        return !(path.equals("/api") || path.startsWith("/api/"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        response.setHeader("Cache-Control", "no-store");
        String secret = secret(request.getHeader("Authorization"));
        if (token.matches(secret)) {
            Operator.FIRST.signs(request);
        } else {
            switch (operators.check(secret)) {
                case Operators.Check.Good good -> new Operator(good.name(), good.roles(), false).signs(request);
                case Operators.Check.Expired expired -> {
                    refuse(response, "the token of operator " + expired.name() + " has expired; the holder of the admin token revokes it and makes another: operator create");
                    return;
                }
                case Operators.Check.Unknown unknown -> {
                    refuse(response, "send the admin token, or an operator's own, as 'Authorization: Bearer ...'; the admin token is in " + token.place());
                    return;
                }
            }
        }
        if (request.getHeader("Transfer-Encoding") != null) {
            Answers.problem(response, 411, "send a body with its Content-Length");
        } else if (request.getContentLengthLong() > LONGEST_BODY) {
            Answers.problem(response, 413, "a body has at most " + LONGEST_BODY + " bytes");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void refuse(HttpServletResponse response, String why) throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"bridge\"");
        Answers.problem(response, 401, why);
    }

    /** Empty, which is nobody's, where the header holds none. */
    private static String secret(String header) {
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME) ? header.substring(SCHEME.length()).strip() : "";
    }
}
