package io.identitybridge.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets that the bridge makes: 256 random bits after a prefix that scanners and people recognise. Only their SHA-256 is ever stored. */
final class Secrets {
    private static final int BYTES = 32;
    private static final int LETTERS = 43; // of 32 bytes in base64url
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {
    }

    static String made(String prefix) {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Whether it has the form of one with this prefix; what has not costs no look at the database. */
    static boolean shaped(String secret, String prefix) {
        return secret.length() == prefix.length() + LETTERS && secret.startsWith(prefix);
    }

    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
