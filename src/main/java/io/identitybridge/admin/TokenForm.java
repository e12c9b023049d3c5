package io.identitybridge.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets only a form of at most 16 KiB to the token endpoint, and has a fault of the bridge answered in OAuth's words. No answer is kept by a cache. */
final class TokenForm extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int LONGEST = 16 * 1024;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Pragma", "no-cache");
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            refuse(response, HttpStatus.METHOD_NOT_ALLOWED, "a token is asked for by POST");
        } else if (!Optional.ofNullable(request.getContentType()).orElse("").toLowerCase(Locale.ROOT).startsWith(FORM)) {
            refuse(response, HttpStatus.BAD_REQUEST, "the body is " + FORM);
        } else if (request.getContentLengthLong() > LONGEST || !readable(request)) {
            refuse(response, HttpStatus.BAD_REQUEST, "the body is a form of at most " + LONGEST + " bytes");
        } else {
            answered(request, response, chain);
        }
    }

    /** Reads the body; the server stops where it is too long (server.tomcat.max-http-form-post-size) or no form. */
    private static boolean readable(HttpServletRequest request) {
        try {
            request.getParameterMap();
            return true;
        } catch (IllegalStateException malformed) {
            return false;
        }
    }

    private static void answered(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException fault) {
            LOG.error("a token was not given: {}", fault.getClass().getSimpleName(), fault);
            response.setHeader("Retry-After", "5");
            OAuthErrors.answer(response, HttpStatus.SERVICE_UNAVAILABLE, new OAuth2Error(OAuth2ErrorCodes.SERVER_ERROR, "the bridge failed; its operator finds the reason in its log", null));
        }
    }

    private static void refuse(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        OAuthErrors.answer(response, status, new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST, detail, null));
    }
}
