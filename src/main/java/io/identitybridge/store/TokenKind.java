package io.identitybridge.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a secret of a source is good for. */
public enum TokenKind {
    /** For SCIM, as long as it lives. */
    BEARER("bearer", "pib_"),
    /** For access tokens, at the token endpoint only. */
    CLIENT_SECRET("client-secret", "pibs_"),
    /** For SCIM, some hours; made for a client secret, and ended with it. */
    ACCESS("access", "piba_");

    private final String word;
    private final String prefix;

    TokenKind(String word, String prefix) {
        this.word = word;
        this.prefix = prefix;
    }

    /** As the store and the API call it. */
    public String word() {
        return word;
    }

    /** How each secret of this kind begins, so that secret scanners and people recognise one. */
    public String prefix() {
        return prefix;
    }

    static TokenKind of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst().orElseThrow(() -> new IllegalArgumentException("no kind of token: " + word));
    }

    /** One that operators make: not an access token. */
    public static Optional<TokenKind> made(String word) {
        return List.of(BEARER, CLIENT_SECRET).stream().filter(kind -> kind.word.equals(word)).findFirst();
    }
}
