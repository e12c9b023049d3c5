package io.identitybridge.admin;

import io.identitybridge.store.KeptSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first operator's token: {@code BRIDGE_ADMIN_TOKEN}, else made at the first start and kept owner-only in {@code <data>/admin-token}. */
public final class AdminToken {
    private final byte[] hash;
    private final String place;

    private AdminToken(String value, String place) {
        this.hash = sha256(value);
        this.place = place;
    }

    /** @param given what the setting says; blank where it has no value */
    static AdminToken of(String given, Path data) {
        return given.isBlank() ? kept(data.resolve("admin-token")) : new AdminToken(given.strip(), "BRIDGE_ADMIN_TOKEN");
    }

    /** Compares in constant time. */
    boolean matches(String token) {
        return MessageDigest.isEqual(hash, sha256(token));
    }

    /** Where it is to be found, never what it is: the setting's name or the file. */
    public String place() {
        return place;
    }

    private static AdminToken kept(Path file) {
        return new AdminToken(KeptSecret.in(file, "admin token"), file.toString());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never the value. */
    @Override
    public String toString() {
        return "AdminToken[" + place + "]";
    }
}
