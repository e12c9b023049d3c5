package io.identitybridge.source;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * A private key as it is handed out: PEM, a JWK (RFC 7517), or the file of a Google service account.
 *
 * @param id         what the provider calls it
 * @param thumbprint SHA-256 of the certificate that lay beside it
 * @param account    the service account it belongs to
 */
record SigningKey(PrivateKey key, Optional<String> id, Optional<Base64URL> thumbprint, Optional<String> account) {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";

    /** Fails without a word of the key. */
    static SigningKey of(String text, Faults faults) {
        try {
            String key = text.strip();
            return key.startsWith("{") ? json(key) : pem(key);
        } catch (Exception unreadable) {
            // The libraries' words may hold a part of the key.
            throw faults.of("auth: the key cannot be read; it is a private key as PEM or JWK, or Google's service account file, whole: look at the setting it comes from");
        }
    }

    JWSSigner signer(JWSAlgorithm algorithm, Faults faults) {
        try {
            boolean curve = key instanceof ECPrivateKey;
            if (curve != JWSAlgorithm.Family.EC.contains(algorithm)) {
                throw unfit(algorithm, faults);
            }
            return key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
        } catch (JOSEException | IllegalArgumentException unfit) {
            throw unfit(algorithm, faults);
        }
    }

    static SourceUnavailable unfit(JWSAlgorithm algorithm, Faults faults) {
        return faults.of("auth: the key cannot sign " + algorithm + "; that needs " + (JWSAlgorithm.Family.EC.contains(algorithm) ? "a key of its curve" : "an RSA key of 2048 bits or more")
            + ": look at algorithm under assertion");
    }

    @Override
    public String toString() {
        return "signing key";
    }

    private static SigningKey json(String text) throws Exception {
        Map<?, ?> json = (Map<?, ?>) Json.parse(text.getBytes(StandardCharsets.UTF_8));
        if (json.get("private_key") instanceof String pem) {
            return new SigningKey(pem(pem).key(), Json.text(json.get("private_key_id")), Optional.empty(), Json.text(json.get("client_email")));
        }
        return jwk(JWK.parse(text));
    }

    private static SigningKey jwk(JWK jwk) throws ParseException, JOSEException {
        if (!jwk.isPrivate() || !(jwk instanceof AsymmetricJWK pair)) {
            throw new ParseException("no private key", 0);
        }
        return new SigningKey(pair.toPrivateKey(), Optional.ofNullable(jwk.getKeyID()), Optional.ofNullable(jwk.getX509CertSHA256Thumbprint()), Optional.empty());
    }

    /** Environment files keep a text of several lines as one, with {@code \\n} in it. */
    private static SigningKey pem(String text) throws GeneralSecurityException {
        String lines = text.replace("\\r", "").replace("\\n", "\n");
        PemContent pem = PemContent.of(lines);
        Optional<Base64URL> thumbprint = lines.contains(CERTIFICATE) ? Optional.of(thumbprint(pem.getCertificates().getFirst())) : Optional.empty();
        return new SigningKey(pem.getPrivateKey(), Optional.empty(), thumbprint, Optional.empty());
    }

    private static Base64URL thumbprint(X509Certificate certificate) throws GeneralSecurityException {
        return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }
}
