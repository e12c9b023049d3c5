package io.identitybridge.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Ends a server that an earlier bridge left on the cluster. Only for the holder of the data directory's lock. */
final class LeftBehind {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private LeftBehind() {}

    static void stop(Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        OptionalLong pid = pid(file);
        if (pid.isEmpty()) {
            return;
        }
        if (!serves(pid.getAsLong(), cluster)) {
            Files.deleteIfExists(file); // its number may belong to another program by now, and PostgreSQL would wait for that one
            return;
        }
        Command.run(List.of("sh", "-c", "kill -INT " + pid.getAsLong()));
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (serves(pid.getAsLong(), cluster)) {
            if (System.nanoTime() > until) {
                throw PostgresUnavailable.because("A PostgreSQL (process " + pid.getAsLong() + ") left on " + cluster + " does not stop; end it by hand.");
            }
            pause();
        }
    }

    private static OptionalLong pid(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return OptionalLong.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(lines.getFirst().strip()));
    }

    /** A pid alone proves nothing: the process must be a postgres of this very directory. A zombie has no command line. */
    private static boolean serves(long pid, Path cluster) throws IOException {
        Path commandLine = Path.of("/proc/" + pid + "/cmdline");
        try {
            List<String> words = List.of(Files.readString(commandLine, StandardCharsets.ISO_8859_1).split("\0"));
            return words.getFirst().endsWith("postgres") && words.contains(cluster.toString());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) { // it ended while it was read
            if (ProcessHandle.of(pid).isEmpty()) {
                return false;
            }
            throw e;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an earlier server was stopping", e);
        }
    }
}
