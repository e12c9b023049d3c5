package io.identitybridge.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The largest generation of the outbox that this bridge has seen, in its data directory. A database that knows less was restored from a backup: what Portkey
 * holds is newer than what it says.
 */
public final class HighWater {
    private static final Logger LOG = LoggerFactory.getLogger("publish");
    private static final String NAME = "outbox-generation";

    private final Path file;
    private String kept = "";

    public HighWater(Path data) {
        this.file = data.resolve(NAME);
    }

    /** Whether this database has forgotten what this bridge has seen of it. @param database its name, another one says nothing */
    public boolean above(String database, long generation) {
        return read().filter(line -> line.length == 2 && line[0].equals(database)).map(line -> Long.parseLong(line[1]) > generation).orElse(false);
    }

    /** Keeps it; where that fails, a restore is not noticed by this bridge, and the log says so. */
    public synchronized void keep(String database, long generation) {
        if ((database + generation).equals(kept)) {
            return;
        }
        try {
            OwnerOnly.directory(file.getParent());
            Path next = Files.writeString(file.resolveSibling(NAME + ".next"), database + " " + generation + "\n", StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            kept = database + generation;
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so that a restored database would not be noticed: {}", file, e.getClass().getSimpleName());
        }
    }

    private Optional<String[]> read() {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip().split(" ")).filter(line -> line.length == 2 && line[1].matches("\\d{1,18}")) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
