package io.identitybridge.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory {@code BRIDGE_DATA}, which the bridge's secrets and its own PostgreSQL lie in. */
public final class DataDirectory {
    private DataDirectory() {
    }

    /** It cannot be made or written; the message says why. */
    public static final class Unavailable extends RuntimeException {
        Unavailable(String message) {
            super(message);
        }
    }

    /** Makes it, readable by its owner only, where it is not there. Throws {@link Unavailable} where nothing can be written in it. */
    public static Path made(Path data) {
        try {
            Path directory = OwnerOnly.directory(data);
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString());
            }
            return directory;
        } catch (IOException e) {
            throw unavailable(data, e);
        }
    }

    /** For what lies in it and cannot be read or written. */
    public static Unavailable unavailable(Path path, IOException why) {
        return new Unavailable(path + " cannot be written: " + said(why));
    }

    /** In words: many of these exceptions have only a path for a message. */
    private static String said(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException there -> there.getFile() + " is no directory";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getClass().getSimpleName() + ", " + e.getMessage();
        };
    }
}
