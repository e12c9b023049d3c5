package io.identitybridge.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret that the bridge makes for itself, 256 random bits, and keeps owner-only in a file of its data directory. */
public final class KeptSecret {
    private KeptSecret() {
    }

    /**
     * What the file says; it is made where it is not there. Throws {@link DataDirectory.Unavailable} where it cannot be read or written.
     *
     * @param what for a message, as {@code admin token}
     */
    public static String in(Path file, String what) {
        try {
            DataDirectory.made(file.toAbsolutePath().getParent());
            make(file);
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                throw new IllegalStateException(file + " is empty: delete it, and the next start makes a new " + what);
            }
            return value;
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
        Path fresh = OwnerOnly.file(file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid()), Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        try { // a hard link appears whole or not at all: two bridges that start at once use one secret
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Files.delete(fresh);
        }
    }
}
