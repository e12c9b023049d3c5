package io.identitybridge.admin;

import io.identitybridge.store.Allowance;
import io.identitybridge.store.Ids;
import io.identitybridge.store.RequestLog;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Notes who asked for a token, and how it ended, beside what the token is then used for: of those refused 25 a second and address. Of the secret it sees nothing. It can never fail a request. */
final class TokenLog extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final String BASIC = "basic ";
    private static final int LONGEST = 200;

    private static final int REFUSED = 25;

    private final Allowance strangers = Allowance.ofStrangers(REFUSED);
    private final RequestLog requests;

    TokenLog(RequestLog requests) {
        this.requests = requests;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        long begin = System.nanoTime();
        chain.doFilter(request, response);
        if (response.getStatus() >= HttpStatus.BAD_REQUEST.value() && strangers.take(Allowance.network(request.getRemoteAddr())).isPresent()) {
            return;
        }
        try {
            note(request, response.getStatus(), Duration.ofNanos(System.nanoTime() - begin));
        } catch (RuntimeException e) {
            LOG.warn("a request for a token is not in the request log: {}", e.getClass().getSimpleName());
        }
    }

    private void note(HttpServletRequest request, int status, Duration took) {
        String client = readable(request).filter(name -> name.matches("[a-z][a-z0-9-]{0,62}")).orElse("-");
        Optional<String> agent = Optional.ofNullable(request.getHeader("User-Agent")).map(TokenLog::text);
        requests.add(new RequestLog.Entry(Ids.next(), Instant.now(), client, text(request.getMethod()), TokenEndpoint.PATH, "token for " + client, Optional.empty(), status, took.toMillis(), List.of(), Optional.empty(), agent));
    }

    private static String text(String said) {
        return said.substring(0, Math.min(LONGEST, said.length()));
    }

    private static Optional<String> readable(HttpServletRequest request) {
        try {
            return client(request);
        } catch (IllegalArgumentException | IllegalStateException malformed) {
            return Optional.empty();
        }
    }

    /** The client's name from the Authorization header, else from the form. */
    private static Optional<String> client(HttpServletRequest request) {
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.ofNullable(request.getParameter("client_id"));
        }
        String shown = new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
        return Optional.of(shown.split(":", 2)[0]);
    }
}
