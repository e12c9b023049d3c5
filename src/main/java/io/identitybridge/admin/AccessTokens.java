package io.identitybridge.admin;

import io.identitybridge.store.Tokens;
import java.time.Instant;
import java.util.UUID;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;

/**
 * Access tokens are made by the store, which keeps their hash before anybody hears of them; every bridge on it takes them.
 * What refuses here belongs to Spring's endpoints of looking up and ending tokens, of which {@link TokenEndpoint} has none.
 */
final class AccessTokens implements OAuth2TokenGenerator<OAuth2AccessToken>, OAuth2AuthorizationService {
    private final Tokens tokens;

    AccessTokens(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public OAuth2AccessToken generate(OAuth2TokenContext context) {
        Tokens.Access made = tokens.exchange(UUID.fromString(context.getRegisteredClient().getId()), context.getRegisteredClient().getTokenSettings().getAccessTokenTimeToLive())
                .orElseThrow(() -> OAuthErrors.of(OAuth2ErrorCodes.INVALID_CLIENT, "this client secret has ended"));
        Instant now = Instant.now();
        return new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, made.secret(), now, now.plus(made.life()), context.getAuthorizedScopes());
    }

    /** Nothing more is to be kept. */
    @Override
    public void save(OAuth2Authorization authorization) {
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        throw new UnsupportedOperationException("a token is ended at the API");
    }

    @Override
    public OAuth2Authorization findById(String id) {
        throw new UnsupportedOperationException("nothing is kept but hashes");
    }

    @Override
    public OAuth2Authorization findByToken(String token, OAuth2TokenType type) {
        throw new UnsupportedOperationException("tokens are checked at SCIM's door");
    }
}
