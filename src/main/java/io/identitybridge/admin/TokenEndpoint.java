package io.identitybridge.admin;

import io.identitybridge.store.Tokens;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContext;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.web.OAuth2ClientAuthenticationFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretPostAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.DelegatingAuthenticationConverter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * {@code POST /oauth2/token}: an access token of one to six hours for a client secret (RFC 6749, 4.4). Two filters of Spring's authorization
 * server, behind each other and nothing else of it: no other endpoint, no page, no session.
 */
final class TokenEndpoint extends OncePerRequestFilter {
    static final String PATH = "/oauth2/token";

    private final AuthorizationServerContext context = context();
    private final Filter client;
    private final Filter token;

    TokenEndpoint(Tokens tokens, Duration life) {
        AccessTokens access = new AccessTokens(tokens);
        AuthenticationManager manager = new ProviderManager(new ClientSecrets(tokens, life, new TokenPace()), new OAuth2ClientCredentialsAuthenticationProvider(access, access));
        AuthenticationFailureHandler refuse = (request, response, fault) -> OAuthErrors.answer(response, fault);
        this.client = client(manager, refuse);
        this.token = token(manager, refuse);
    }

    private static Filter client(AuthenticationManager manager, AuthenticationFailureHandler refuse) {
        OAuth2ClientAuthenticationFilter filter = new OAuth2ClientAuthenticationFilter(manager, request -> true);
        filter.setAuthenticationConverter(new DelegatingAuthenticationConverter(List.of(new ClientSecretBasicAuthenticationConverter(), new ClientSecretPostAuthenticationConverter())));
        filter.setAuthenticationFailureHandler(refuse);
        return filter;
    }

    private static Filter token(AuthenticationManager manager, AuthenticationFailureHandler refuse) {
        OAuth2TokenEndpointFilter filter = new OAuth2TokenEndpointFilter(manager, PATH);
        filter.setAuthenticationConverter(request -> scoped(new OAuth2ClientCredentialsAuthenticationConverter().convert(request)));
        filter.setAuthenticationSuccessHandler((request, response, made) -> answer(response, ((OAuth2AccessTokenAuthenticationToken) made).getAccessToken()));
        filter.setAuthenticationFailureHandler(refuse);
        return filter;
    }

    /** The token with the whole of its life: Spring's own answer has a second less, and Entra wants an hour. */
    private static void answer(HttpServletResponse response, OAuth2AccessToken made) throws IOException {
        OAuth2AccessTokenResponseHttpMessageConverter form = new OAuth2AccessTokenResponseHttpMessageConverter();
        long life = Duration.between(made.getIssuedAt(), made.getExpiresAt()).toSeconds();
        form.setAccessTokenResponseParametersConverter(token -> Map.of("access_token", made.getTokenValue(), "token_type", made.getTokenType().getValue(), "expires_in", life, "scope", String.join(" ", made.getScopes())));
        form.write(OAuth2AccessTokenResponse.withToken(made.getTokenValue()).tokenType(made.getTokenType()).build(), null, new ServletServerHttpResponse(response));
    }

    /** IdPs let people write anything into their field for a scope. */
    private static Authentication scoped(Authentication asked) {
        return asked instanceof OAuth2ClientCredentialsAuthenticationToken credentials
                ? new OAuth2ClientCredentialsAuthenticationToken((Authentication) credentials.getPrincipal(), Set.of(ClientSecrets.SCOPE), credentials.getAdditionalParameters()) : asked;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        try {
            AuthorizationServerContextHolder.setContext(context);
            client.doFilter(request, response, (asked, answer) -> {
                if (SecurityContextHolder.getContext().getAuthentication() == null) {
                    throw OAuthErrors.of(OAuth2ErrorCodes.INVALID_CLIENT, "send the client id and a client secret, by Basic or in the body");
                }
                token.doFilter(asked, answer, (otherwise, none) -> {
                    throw OAuthErrors.of(OAuth2ErrorCodes.INVALID_REQUEST, "the address is " + PATH);
                });
            });
        } finally {
            SecurityContextHolder.clearContext();
            AuthorizationServerContextHolder.resetContext();
        }
    }

    /** No issuer is told to anybody: these tokens say nothing but that they are ours. */
    private static AuthorizationServerContext context() {
        AuthorizationServerSettings settings = AuthorizationServerSettings.builder().tokenEndpoint(PATH).build();
        return new AuthorizationServerContext() {
            @Override
            public String getIssuer() {
                return "bridge";
            }

            @Override
            public AuthorizationServerSettings getAuthorizationServerSettings() {
                return settings;
            }
        };
    }
}
