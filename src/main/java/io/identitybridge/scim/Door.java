package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.TokenCheck;
import io.identitybridge.store.Tokens;

/** Lets in who shows a living bearer or access token of the source in the path (RFC 6750), as often as the rate allows. */
final class Door {
    private static final String BEARER = "bearer ";
    private final Tokens tokens;
    private final ScimRate rate;

    Door(Tokens tokens, ScimRate rate) {
        this.tokens = tokens;
        this.rate = rate;
    }

    /** No or a wrong token: 401. A token of another source, or an unknown source: 403. Too often: 429. */
    SourceName open(ScimRequest request, String wanted) {
        String header = request.header("authorization").orElse("");
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            rate.stranger(request);
            throw ScimError.unauthorized(header.isEmpty() ? "a bearer token of this source is needed" : "the Authorization header is to be: Bearer <token>");
        }
        return switch (tokens.check(header.substring(BEARER.length()).strip())) {
            case TokenCheck.Unknown none -> throw bad(request, "this token is none of ours, or was revoked");
            case TokenCheck.ClientSecret secret -> throw bad(request, "this is a client secret: it is good for an access token at /oauth2/token");
            case TokenCheck.Expired over -> throw bad(request, "this token has expired");
            case TokenCheck.Good good -> known(good.source(), wanted);
        };
    }

    private SourceName known(SourceName source, String wanted) {
        rate.known(source);
        if (!source.value().equals(wanted)) {
            throw ScimError.forbidden("this token is not for the source in the address");
        }
        return source;
    }

    private ScimError bad(ScimRequest request, String why) {
        rate.stranger(request);
        return ScimError.invalidToken(why);
    }
}
