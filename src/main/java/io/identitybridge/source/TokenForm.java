package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Assertion;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.ClientProof;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a token is asked for with: a form of which an assertion is signed anew each time, because a token endpoint takes none twice. */
final class TokenForm {
    private static final String CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final URI url;
    private final Optional<String> authorization;
    private final Supplier<Map<String, String>> fields;

    private TokenForm(URI url, Supplier<Map<String, String>> fields) {
        this(url, Optional.empty(), fields);
    }

    private TokenForm(URI url, Optional<String> authorization, Supplier<Map<String, String>> fields) {
        this.url = url;
        this.authorization = authorization;
        this.fields = fields;
    }

    static TokenForm of(Auth.ClientCredentials auth, Settings settings, Addresses addresses, Clock clock, Faults faults) {
        URI url = addresses.absolute(settings.fill(auth.tokenUrl()), "token-url");
        String client = settings.fill(auth.clientId());
        Map<String, String> fixed = new LinkedHashMap<>();
        fixed.put("grant_type", "client_credentials");
        boolean basic = auth.proof() instanceof ClientProof.Secret secret && secret.basic();
        if (!basic) {
            fixed.put("client_id", client);
        }
        auth.audience().ifPresent(audience -> fixed.put("audience", settings.fill(audience)));
        Optional<String> scope = auth.scope().map(settings::fill);
        return switch (auth.proof()) {
            case ClientProof.Secret secret -> {
                String value = settings.fill(secret.value());
                if (!basic) {
                    fixed.put("client_secret", value);
                }
                scope.ifPresent(asked -> fixed.put("scope", asked));
                yield new TokenForm(url, basic ? Optional.of(basic(client, value)) : Optional.empty(), () -> fixed);
            }
            case Assertion assertion -> {
                scope.ifPresent(value -> fixed.put("scope", value));
                fixed.put("client_assertion_type", CLIENT_ASSERTION);
                Signed signed = Signed.of(assertion, settings, url, Optional.of(client), Map.of(), clock, faults);
                yield new TokenForm(url, () -> with(fixed, "client_assertion", signed.token()));
            }
        };
    }

    static TokenForm of(Auth.JwtBearer auth, Settings settings, Addresses addresses, Clock clock, Faults faults) {
        URI url = addresses.absolute(settings.fill(auth.tokenUrl()), "token-url");
        Map<String, String> claims = auth.scope().map(scope -> Map.of("scope", settings.fill(scope))).orElse(Map.of());
        Signed signed = Signed.of(auth.assertion(), settings, url, Optional.empty(), claims, clock, faults);
        return new TokenForm(url, () -> with(Map.of("grant_type", JWT_BEARER), "assertion", signed.token()));
    }

    URI url() {
        return url;
    }

    Request request() {
        String body = fields.get().entrySet().stream().map(field -> field.getKey() + "=" + Addresses.encode(field.getValue(), "")).collect(Collectors.joining("&"));
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Accept", "application/json"));
        authorization.ifPresent(value -> headers.put("Authorization", value));
        return new Request(url, "POST", headers, Optional.of(Request.Body.form(body)));
    }

    /** Both parts are form-encoded before they are joined (RFC 6749, section 2.3.1). */
    private static String basic(String client, String secret) {
        String both = Addresses.encode(client, "") + ":" + Addresses.encode(secret, "");
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return more;
    }
}
