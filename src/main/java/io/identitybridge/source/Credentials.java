package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Auth;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** What makes the source let a request in: always a header, never a part of the address. */
interface Credentials {
    Map<String, String> headers();

    /** After a 401 to those headers: whether there are others now. */
    default boolean renewed(Map<String, String> refused) {
        return false;
    }

    /** The credentials that stay as they are. */
    static Credentials fixed(Auth auth, Settings settings, Faults faults) {
        Map<String, String> headers = switch (auth) {
            case Auth.None none -> Map.of();
            case Auth.Header header -> Map.of(settings.fill(header.name()), settings.fill(header.value()));
            case Auth.Bearer bearer -> Map.of("Authorization", "Bearer " + settings.fill(bearer.value()));
            case Auth.Basic basic -> Map.of("Authorization", "Basic " + base64(settings.fill(basic.user()) + ":" + settings.fill(basic.password())));
            case Auth.ClientCredentials client -> throw new IllegalArgumentException("a token does not stay as it is");
            case Auth.JwtBearer bearer -> throw new IllegalArgumentException("a token does not stay as it is");
            case Auth.FirstOf ways -> throw new IllegalArgumentException("a way is chosen before");
        };
        headers.forEach((name, value) -> {
            if (value.chars().anyMatch(c -> c < 32 || c == 127)) {
                throw faults.of("auth: the header " + name + " would hold a line end or another control character; look at the setting it comes from");
            }
        });
        return () -> headers;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
