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
    private Optional<Mark> kept = Optional.empty();

    public HighWater(Path data) {
        this.file = data.resolve(NAME);
    }

    private record Mark(String database, long generation) {
    }

    /** Whether this database has forgotten what this bridge has seen of it. @param database its name, another one says nothing */
    public synchronized boolean above(String database, long generation) {
        return kept.or(this::read).filter(mark -> mark.database().equals(database) && mark.generation() > generation).isPresent();
    }

    /** Keeps it; where that fails, a restore is not noticed by this bridge, and the log says so. */
    public synchronized void keep(String database, long generation) {
        Mark mark = new Mark(database, generation);
        if (kept.filter(mark::equals).isPresent()) {
            return;
        }
        try {
            OwnerOnly.directory(file.getParent());
            Path next = Files.writeString(file.resolveSibling(NAME + ".next"), database + " " + generation + "\n", StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            kept = Optional.of(mark);
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so that a restored database would not be noticed: {}", file, e.getClass().getSimpleName());
        }
    }

    private Optional<Mark> read() {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip().split(" ")).filter(line -> line.length == 2 && line[1].matches("\\d{1,18}")).map(line -> new Mark(line[0], Long.parseLong(line[1]))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
