package io.identitybridge.flow;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a receiver knows that a webhook is the bridge's, whole and of now: {@code t=1764000000,v1=HMAC-SHA256 over "1764000000." and the body, in hex} (RFC 2104). */
final class Signature {
    static final String HEADER = "X-Bridge-Signature";

    private Signature() {
    }

    static String of(String secret, Instant now, byte[] body) {
        long seconds = now.getEpochSecond();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }
}
