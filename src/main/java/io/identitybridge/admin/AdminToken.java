package io.identitybridge.admin;

import io.identitybridge.store.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The one token of operators: {@code BRIDGE_ADMIN_TOKEN}, else made at the first start and kept owner-only in {@code <data>/admin-token}. */
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
        try {
            DataDirectory.made(file.toAbsolutePath().getParent());
            make(file);
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                throw new IllegalStateException(file + " is empty: delete it, and the next start makes a new admin token");
            }
            return new AdminToken(value, file.toString());
        } catch (IOException e) {
            throw DataDirectory.unavailable(file, e);
        }
    }

    /** Leaves a file that is there as it is. */
    private static void make(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Path fresh = file.resolveSibling("admin-token." + ProcessHandle.current().pid());
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        try { // a hard link appears whole or not at all: two bridges that start at once use one token
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Files.delete(fresh);
        }
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
