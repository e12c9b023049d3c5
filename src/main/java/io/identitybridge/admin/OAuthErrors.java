package io.identitybridge.admin;

import io.identitybridge.store.Allowance;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;

/** What is refused at the token endpoint, as RFC 6749, 5.2 says it. */
final class OAuthErrors {
    private static final OAuth2ErrorHttpMessageConverter FORM = new OAuth2ErrorHttpMessageConverter();

    private OAuthErrors() {
    }

    /** {@code {"error":"invalid_client","error_description":"..."}} */
    static OAuth2AuthenticationException of(String code, String detail) {
        return new OAuth2AuthenticationException(new OAuth2Error(code, detail, null));
    }

    /** More often than a client may ask; 429 with {@code Retry-After}. */
    static final class TooFast extends OAuth2AuthenticationException {
        private final transient Duration wait;

        TooFast(Duration wait) {
            super(new OAuth2Error(OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE, "tokens are asked for too often; one is good for an hour or more", null));
            this.wait = wait;
        }
    }

    /** 401 for who is not known, with the scheme to be known by; 429; else 400. */
    static void answer(HttpServletResponse response, AuthenticationException fault) throws IOException {
        if (!(fault instanceof OAuth2AuthenticationException refused)) {
            throw fault;
        }
        switch (refused) {
            case TooFast fast -> {
                response.setHeader("Retry-After", Allowance.retryAfter(fast.wait));
                answer(response, HttpStatus.TOO_MANY_REQUESTS, fast.getError());
            }
            case OAuth2AuthenticationException unknown when unknown.getError().getErrorCode().equals(OAuth2ErrorCodes.INVALID_CLIENT) -> {
                response.setHeader("WWW-Authenticate", "Basic realm=\"bridge\"");
                answer(response, HttpStatus.UNAUTHORIZED, unknown.getError());
            }
            case OAuth2AuthenticationException other -> answer(response, HttpStatus.BAD_REQUEST, other.getError());
        }
    }

    static void answer(HttpServletResponse response, HttpStatus status, OAuth2Error error) throws IOException {
        ServletServerHttpResponse http = new ServletServerHttpResponse(response);
        http.setStatusCode(status);
        FORM.write(error, null, http);
    }
}
