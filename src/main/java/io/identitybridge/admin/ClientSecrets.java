package io.identitybridge.admin;

import io.identitybridge.store.TokenCheck;
import io.identitybridge.store.Tokens;
import java.time.Duration;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Knows a client by its source's name and one of the living client secrets of that source. */
final class ClientSecrets implements AuthenticationProvider {
    /** The one scope there is; what else a client asks for, it does not get (RFC 6749, 3.3). */
    static final String SCOPE = "scim";

    private final Tokens tokens;
    private final Duration life;
    private final TokenPace pace;

    /** @param life of the access tokens */
    ClientSecrets(Tokens tokens, Duration life, TokenPace pace) {
        this.tokens = tokens;
        this.life = life;
        this.pace = pace;
    }

    /** The client, registered under the id of the secret that it came with. */
    @Override
    public Authentication authenticate(Authentication asked) {
        OAuth2ClientAuthenticationToken client = (OAuth2ClientAuthenticationToken) asked;
        String id = client.getPrincipal().toString();
        String secret = Optional.ofNullable(client.getCredentials()).map(Object::toString).orElse("");
        return switch (tokens.checkClient(id, secret)) {
            case TokenCheck.Good good -> {
                pace.known(id);
                yield new OAuth2ClientAuthenticationToken(registered(good, client), client.getClientAuthenticationMethod(), null);
            }
            case TokenCheck.Expired over -> throw refused(id, asked, "this client secret has expired");
            case TokenCheck.Unknown none -> throw refused(id, asked, "this client secret is none of this client's, or was revoked; the client id is the source's name");
            case TokenCheck.ClientSecret other -> throw new IllegalStateException("not an answer to a client");
        };
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private OAuth2AuthenticationException refused(String id, Authentication asked, String why) {
        pace.unknown(id, ((WebAuthenticationDetails) asked.getDetails()).getRemoteAddress());
        return OAuthErrors.of(OAuth2ErrorCodes.INVALID_CLIENT, why);
    }

    private RegisteredClient registered(TokenCheck.Good good, OAuth2ClientAuthenticationToken client) {
        return RegisteredClient.withId(good.token().toString()).clientId(good.source().value()).scope(SCOPE)
                .clientAuthenticationMethod(client.getClientAuthenticationMethod()).authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenSettings(TokenSettings.builder().accessTokenFormat(OAuth2TokenFormat.REFERENCE).accessTokenTimeToLive(life).build()).build();
    }
}
