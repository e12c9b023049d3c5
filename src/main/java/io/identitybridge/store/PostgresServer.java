package io.identitybridge.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running PostgreSQL. Its parent is a shell that holds a pipe from the bridge: when the pipe ends, because the
 * bridge stops the server or because the bridge died in any way, the shell stops the server in the fast manner.
 */
final class PostgresServer {
    private static final Logger LOG = LoggerFactory.getLogger("postgres");
    private static final int LINES_KEPT = 20;
    private static final long STOP_SECONDS = 60;

    /** The watcher reads nothing until the pipe ends; the shell around it lives exactly as long as the server. */
    private static final String WATCHDOG = """
            exec 3<&0 </dev/null
            "$@" 3<&- &
            server=$!
            echo "$server"
            ( trap '' HUP INT TERM; read -r _ <&3; kill -INT "$server" ) &
            watcher=$!
            exec 3<&-
            wait "$server"; code=$?
            kill -9 "$watcher"
            exit "$code"
            """;

    private final PostgresCluster cluster;
    private final Process shell;
    private final long pid;
    private final Deque<String> lines = new ArrayDeque<>();

    private PostgresServer(PostgresCluster cluster, Process shell, long pid) {
        this.cluster = cluster;
        this.shell = shell;
        this.pid = pid;
    }

    static PostgresServer launch(PostgresCluster cluster, int port, Durability durability) throws IOException {
        List<String> words = new ArrayList<>(ownSession());
        words.addAll(List.of("sh", "-c", WATCHDOG, "sh"));
        words.addAll(cluster.rights().command(cluster.programs().resolve("bin/postgres").toString(), "-D", cluster.directory().toString()));
        ServerSettings.of(port, durability).forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
        Process shell = Command.builder(words).start();
        BufferedReader output = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        String pid = output.readLine();
        if (pid == null) {
            throw new IOException("the shell that should start PostgreSQL ended: " + String.join(" ", words.subList(0, 2)));
        }
        PostgresServer server = new PostgresServer(cluster, shell, Long.parseLong(pid.strip()));
        Thread.ofPlatform().daemon().name("postgres-log").start(() -> server.keepLog(output));
        return server;
    }

    /** Waits until the server takes connections, through a recovery of any length; fails when it ends instead. */
    void awaitReady() throws IOException, InterruptedException {
        while (!ready()) {
            if (shell.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("PostgreSQL ended at its start: " + lastLines());
            }
        }
    }

    int awaitEnd() throws InterruptedException {
        return shell.waitFor();
    }

    /** Stops in the fast manner: open transactions are rolled back, everything committed is on the disk. */
    void stop() throws IOException {
        shell.getOutputStream().close();
        try {
            shell.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("PostgreSQL (process {}) is still stopping after {} s", pid, STOP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    long pid() {
        return pid;
    }

    String lastLines() {
        synchronized (lines) {
            return lines.isEmpty() ? "it wrote nothing" : String.join(" | ", lines);
        }
    }

    /** A signal from the terminal is for the bridge, which stops the server when its own work is done. */
    private static List<String> ownSession() throws IOException {
        return Command.run(List.of("sh", "-c", "command -v setsid")).worked() ? List.of("setsid") : List.of();
    }

    /** The eighth line of the pid file says so; a file left by an earlier server has another number in its first. */
    private boolean ready() throws IOException {
        Path file = cluster.directory().resolve("postmaster.pid");
        try {
            List<String> said = Files.readAllLines(file);
            return said.size() >= 8 && said.get(0).strip().equals(String.valueOf(pid)) && said.get(7).strip().equals("ready");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void keepLog(BufferedReader output) {
        try (output) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                keep(line);
            }
        } catch (IOException e) {
            LOG.debug("the server's log ended", e);
        }
    }

    private void keep(String line) {
        synchronized (lines) {
            if (lines.size() == LINES_KEPT) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
        if (line.startsWith("PANIC")) {
            LOG.error(line);
        } else {
            LOG.debug(line);
        }
    }
}
