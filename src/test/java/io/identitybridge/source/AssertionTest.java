package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.identitybridge.files.SourceFile.Assertion;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.source.IdpServer.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens for which the bridge signs an assertion (RFC 7523), as Okta, Entra and Google take them. */
class AssertionTest extends OverHttp {
    private static final KeyPair RSA = TestKeys.rsa();
    private String key;

    @Override
    Settings settings() {
        return new Settings(Map.of("url", idp.url(), "token", key), Set.of("token"));
    }

    @Test
    void a_client_proves_itself_by_a_key_of_its_own() throws Exception {
        key = TestKeys.pem(RSA.getPrivate());
        Map<String, String> form = asked(client("RS256", Optional.of("k-7")));
        assertThat(form).containsEntry("grant_type", "client_credentials").containsEntry("client_id", "bridge").containsEntry("scope", "okta.users.read")
            .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer").doesNotContainKey("client_secret");
        SignedJWT token = SignedJWT.parse(form.get("client_assertion"));
        assertThat(token.verify(new RSASSAVerifier((RSAPublicKey) RSA.getPublic()))).isTrue();
        assertThat(token.getHeader().getKeyID()).isEqualTo("k-7");
        JWTClaimsSet claims = token.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("bridge");
        assertThat(claims.getSubject()).isEqualTo("bridge");
        assertThat(claims.getAudience()).containsExactly(idp.url() + "/token");
        assertThat(claims.getExpirationTime()).isEqualTo(Date.from(clock.instant().plusSeconds(300)));
        assertThat(claims.getIssueTime()).as("a server whose clock is a little behind takes it, too").isBefore(Date.from(clock.instant()));
    }

    @Test
    void a_certificate_beside_the_key_is_named_by_its_thumbprint(@TempDir Path folder) throws Exception {
        KeyStore.PrivateKeyEntry entry = TestKeys.certified(folder);
        X509Certificate certificate = (X509Certificate) entry.getCertificate();
        key = TestKeys.pem(entry.getPrivateKey()) + TestKeys.pem(certificate);
        SignedJWT token = SignedJWT.parse(asked(client("PS256", Optional.empty())).get("client_assertion"));
        assertThat(token.getHeader().getX509CertSHA256Thumbprint()).isEqualTo(Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("PS256");
        assertThat(token.verify(new RSASSAVerifier((RSAPublicKey) certificate.getPublicKey()))).isTrue();
    }

    @Test
    void a_service_account_asks_for_an_administrator() throws Exception {
        key = TestKeys.serviceAccount(RSA.getPrivate(), "bridge@acme.iam.gserviceaccount.com");
        Map<String, String> form = asked(new Auth.JwtBearer("${url}/token", new Assertion("${token}", Optional.empty(), "RS256", Optional.of("https://oauth2.googleapis.com/token"),
            Optional.empty(), Optional.of("admin@acme.example")), Optional.of("a.readonly b.readonly")));
        assertThat(form).containsOnlyKeys("grant_type", "assertion").containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        SignedJWT token = SignedJWT.parse(form.get("assertion"));
        assertThat(token.verify(new RSASSAVerifier((RSAPublicKey) RSA.getPublic()))).isTrue();
        assertThat(token.getHeader().getKeyID()).isEqualTo("k-1");
        assertThat(token.getJWTClaimsSet().getClaims()).containsEntry("iss", "bridge@acme.iam.gserviceaccount.com").containsEntry("sub", "admin@acme.example")
            .containsEntry("scope", "a.readonly b.readonly");
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("https://oauth2.googleapis.com/token");
    }

    @Test
    void a_key_may_come_as_a_json_web_key_on_one_line_or_on_an_elliptic_curve() throws Exception {
        key = new RSAKey.Builder((RSAPublicKey) RSA.getPublic()).privateKey(RSA.getPrivate()).keyID("from-the-key").build().toJSONString();
        assertThat(SignedJWT.parse(asked(client("RS256", Optional.empty())).get("client_assertion")).getHeader().getKeyID()).isEqualTo("from-the-key");
        key = TestKeys.pem(RSA.getPrivate()).replace("\n", "\\n");
        assertThat(SignedJWT.parse(asked(client("RS512", Optional.empty())).get("client_assertion")).verify(new RSASSAVerifier((RSAPublicKey) RSA.getPublic()))).isTrue();
        KeyPair curve = TestKeys.curve();
        key = TestKeys.pem(curve.getPrivate());
        assertThat(SignedJWT.parse(asked(client("ES256", Optional.empty())).get("client_assertion")).verify(new ECDSAVerifier((ECPublicKey) curve.getPublic()))).isTrue();
    }

    @Test
    void each_try_has_an_assertion_of_its_own() throws Exception {
        key = TestKeys.pem(RSA.getPrivate());
        idp.on("/token", Reply.of(503, ""), Reply.json("{\"access_token\":\"one\"}")).on("/users", "[]");
        read(given(client("RS256", Optional.empty())));
        assertThat(idp.seen().stream().filter(seen -> seen.address().equals("/token")).map(seen -> id(seen.body())).distinct()).hasSize(2);
    }

    @Test
    void a_key_that_cannot_be_read_is_told_without_a_word_of_it() {
        for (String unreadable : new String[] {"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----", "{\"kty\":\"RSA\",\"d\":\"c2VjcmV0\"}", "c2VjcmV0", "{\"private_key\":\"c2VjcmV0\"}"}) {
            key = unreadable;
            assertThat(refusal(() -> read(given(client("RS256", Optional.empty()))))).doesNotContain("c2VjcmV0")
                .isEqualTo("auth: the key cannot be read; it is a private key as PEM or JWK, or Google's service account file, whole: look at the setting it comes from");
        }
    }

    @Test
    void a_key_that_does_not_fit_the_algorithm_is_told() {
        key = TestKeys.pem(TestKeys.curve().getPrivate());
        assertThat(refusal(() -> read(given(client("PS256", Optional.empty()))))).startsWith("auth: the key cannot sign PS256; that needs an RSA key");
    }

    @Test
    void a_refused_assertion_says_what_to_look_at() {
        key = TestKeys.pem(RSA.getPrivate());
        idp.on("/token", Reply.of(400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}"));
        assertThat(refusal(() -> read(given(client("RS256", Optional.empty()))))).isEqualTo("token: HTTP 400 (invalid_grant) from " + idp.url()
            + "/token; the credentials are refused: look at the source's secret settings, and at scope and assertion in the source file");
    }

    private static Auth client(String algorithm, Optional<String> keyId) {
        return new Auth.ClientCredentials("${url}/token", "bridge", new Assertion("${token}", keyId, algorithm, Optional.empty(), Optional.empty(), Optional.empty()), Optional.of("okta.users.read"));
    }

    private static Given given(Auth auth) {
        Given given = new Given().read("users");
        given.auth = auth;
        return given;
    }

    private Map<String, String> asked(Auth auth) {
        idp.on("/token", "{\"access_token\":\"one\",\"expires_in\":3599}").on("/users", "[]");
        read(given(auth));
        assertThat(idp.seen().getLast().header("Authorization")).isEqualTo("Bearer one");
        return form(idp.seen().get(idp.seen().size() - 2).body());
    }

    private static String id(String body) {
        try {
            return SignedJWT.parse(form(body).get("client_assertion")).getJWTClaimsSet().getJWTID();
        } catch (java.text.ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String field : body.split("&")) {
            String[] parts = field.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }
}
