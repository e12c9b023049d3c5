package io.identitybridge.source;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.identitybridge.files.SourceFile.Assertion;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Signs assertions (RFC 7523, section 3), each good for 5 minutes and with an id of its own. */
final class Signed {
    private static final Duration GOOD_FOR = Duration.ofMinutes(5);
    /** For servers whose clock is a little behind. */
    private static final Duration EARLIER = Duration.ofSeconds(30);

    private final JWSHeader header;
    private final JWSSigner signer;
    private final Function<Instant, JWTClaimsSet> claims;
    private final Clock clock;
    private final Faults faults;

    private Signed(JWSHeader header, JWSSigner signer, Function<Instant, JWTClaimsSet> claims, Clock clock, Faults faults) {
        this.header = header;
        this.signer = signer;
        this.claims = claims;
        this.clock = clock;
        this.faults = faults;
    }

    /** @param client who signs and for whom, where the assertion names neither */
    static Signed of(Assertion assertion, Settings settings, URI tokenUrl, Optional<String> client, Map<String, String> more, Clock clock, Faults faults) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(assertion.algorithm());
        SigningKey key = SigningKey.of(settings.fill(assertion.key()), faults);
        String issuer = assertion.issuer().map(settings::fill).or(() -> client).or(key::account)
            .orElseThrow(() -> faults.of("auth: an assertion needs an issuer, and the key is no service account file; add issuer under assertion"));
        Optional<String> subject = assertion.subject().map(settings::fill).or(() -> client);
        String audience = assertion.audience().map(settings::fill).orElse(tokenUrl.toString());
        JWSHeader header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT)
            .keyID(assertion.keyId().map(settings::fill).or(key::id).orElse(null)).x509CertSHA256Thumbprint(key.thumbprint().orElse(null)).build();
        return new Signed(header, key.signer(algorithm, faults), now -> {
            JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(issuer).audience(audience).jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now.minus(EARLIER))).notBeforeTime(Date.from(now.minus(EARLIER))).expirationTime(Date.from(now.plus(GOOD_FOR)));
            subject.ifPresent(claims::subject);
            more.forEach(claims::claim);
            return claims.build();
        }, clock, faults);
    }

    String token() {
        try {
            SignedJWT token = new SignedJWT(header, claims.apply(clock.instant()));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException unsigned) {
            throw SigningKey.unfit(header.getAlgorithm(), faults);
        }
    }
}
