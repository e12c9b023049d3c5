package io.identitybridge.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only the bridge's user may open; the rights are there from the first moment. */
final class OwnerOnly {
    static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnerOnly() {}

    /** Makes the directory and what is missing above it; one that exists keeps its rights. */
    static Path directory(Path path) throws IOException {
        return Files.createDirectories(path, DIRECTORY).toRealPath();
    }

    static Path file(Path path, String text) throws IOException {
        Files.deleteIfExists(path);
        Files.createFile(path, FILE);
        return Files.writeString(path, text);
    }
}
