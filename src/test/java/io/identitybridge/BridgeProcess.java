package io.identitybridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bridge as an operator runs it: a process of its own with its own PostgreSQL under a data directory. */
public final class BridgeProcess implements AutoCloseable {
    public static final String ADMIN_TOKEN = "a-token-for-tests-of-32-characters";
    private static final Pattern ADMIN = Pattern.compile("admin\\s+(http://\\S+)/api");
    private static final Pattern SCIM = Pattern.compile("SCIM\\s+(http://\\S+)/scim");
    private static final Duration START = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private BridgeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param environment more settings, as LAB_URL */
    public static BridgeProcess start(BridgeFiles files, Path data, Path log, Map<String, String> environment, String... javaOptions) {
        return begin(builder(files, data, environment, javaOptions).redirectErrorStream(true).redirectOutput(log.toFile()), log);
    }

    /** As a script starts it, {@code serve --json}: what it prints goes to a file of its own. */
    public static BridgeProcess json(BridgeFiles files, Path data, Path log, Path out, Map<String, String> environment) {
        ProcessBuilder builder = builder(files, data, environment).redirectError(log.toFile()).redirectOutput(out.toFile());
        builder.command().add("--json");
        return begin(builder, log);
    }

    private static ProcessBuilder builder(BridgeFiles files, Path data, Map<String, String> environment, String... javaOptions) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(javaOptions)); // a class path among them is the one that counts
        command.addAll(List.of("io.identitybridge.Bridge", "serve"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("SERVER_PORT", "0", "BRIDGE_ADMIN_PORT", "0", "BRIDGE_ADMIN_TOKEN", ADMIN_TOKEN, "BRIDGE_DATA", data.toString(),
                "BRIDGE_ROUTES", files.routes.toString(), "BRIDGE_MAPPINGS", files.mappings.toString()));
        builder.environment().putAll(environment);
        return builder;
    }

    private static BridgeProcess begin(ProcessBuilder builder, Path log) {
        try {
            return new BridgeProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The admin address, once the block that ends a start is there. */
    public String admin() {
        return address(ADMIN);
    }

    public long pid() {
        return process.pid();
    }

    /** The public address, likewise. */
    public String scim() {
        return address(SCIM);
    }

    private String address(Pattern wanted) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < START.toNanos() && process.isAlive()) {
            Matcher address = wanted.matcher(log());
            if (address.find()) {
                return address.group(1);
            }
            pause();
        }
        throw new IllegalStateException("the bridge did not start:\n" + log());
    }

    /** Waits until the log says this. */
    public void says(String text) {
        for (long begin = System.nanoTime(); !log().contains(text); pause()) {
            if (!process.isAlive() || System.nanoTime() - begin > START.toNanos()) {
                throw new IllegalStateException("it did not say '" + text + "':\n" + log());
            }
        }
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    public String get(String path) {
        return send(HttpRequest.newBuilder(URI.create(admin() + path)).GET());
    }

    public String post(String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(admin() + path)).POST(HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", "application/json"));
    }

    private String send(HttpRequest.Builder request) {
        try {
            return http.send(request.header("Authorization", "Bearer " + ADMIN_TOKEN).build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code kill -9}: nothing of the bridge gets a word in. */
    public void kill() {
        process.destroyForcibly();
        ended();
    }

    /** Asks it to end, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        ended();
    }

    private void ended() {
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the bridge did not end:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
