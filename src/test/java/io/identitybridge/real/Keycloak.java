package io.identitybridge.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
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
import java.util.function.Function;
import java.util.stream.Stream;

/** A real Keycloak in development mode, from its distribution under target/keycloak, on loopback; its database is its memory. */
final class Keycloak implements AutoCloseable {
    static final String REALM = "acme";
    private static final Duration START = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private Keycloak(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts it with this realm, and waits until that answers. */
    static Keycloak start(Path folder, Map<String, Object> realm) throws IOException, InterruptedException {
        return start(folder, url -> realm);
    }

    /** Likewise with the realm made for its address, and these features that are off otherwise. */
    static Keycloak start(Path folder, Function<String, Map<String, Object>> realm, String... features) throws IOException, InterruptedException {
        Path home = unpacked(folder);
        Files.createDirectories(home.resolve("data/import"));
        int port = freePort();
        JSON.writeValue(home.resolve("data/import/realm.json").toFile(), realm.apply("http://127.0.0.1:" + port));
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/kc.sh").toString(), "start-dev", "--http-host=127.0.0.1", "--http-port=" + port, "--db=dev-mem", "--cache=local", "--import-realm"));
        if (features.length > 0) {
            command.add("--features=" + String.join(",", features));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx768m", "KC_BOOTSTRAP_ADMIN_USERNAME", "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD", "admin"));
        Path log = folder.resolve("keycloak.log");
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Keycloak keycloak = new Keycloak(process, "http://127.0.0.1:" + port);
        Runtime.getRuntime().addShutdownHook(new Thread(keycloak::end));
        keycloak.ready(log);
        return keycloak;
    }

    String url() {
        return url;
    }

    /** What the Admin API answers below the realm; fails on an error. */
    JsonNode admin(String method, String path, Object body) throws IOException, InterruptedException {
        String form = "grant_type=password&client_id=admin-cli&username=admin&password=admin";
        JsonNode token = JSON.readTree(send(HttpRequest.newBuilder(URI.create(url + "/realms/master/protocol/openid-connect/token")).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))));
        String answer = send(HttpRequest.newBuilder(URI.create(url + "/admin/realms/" + REALM + path)).header("Authorization", "Bearer " + token.get("access_token").asText()).header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
        return JSON.readTree(answer.isEmpty() ? "null" : answer);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.timeout(Duration.ofMinutes(1)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(response.request().method() + " " + response.uri() + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private void ready(Path log) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < START.toNanos() && process.isAlive()) {
            try {
                send(HttpRequest.newBuilder(URI.create(url + "/realms/" + REALM)));
                return;
            } catch (IOException notYet) {
                Thread.sleep(500);
            }
        }
        end();
        throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log));
    }

    private static Path unpacked(Path folder) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(Path.of("target/keycloak"))) {
            Path packed = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
            Process tar = new ProcessBuilder("tar", "xzf", packed.toAbsolutePath().toString(), "-C", folder.toString()).inheritIO().start();
            if (tar.waitFor() != 0) {
                throw new IllegalStateException("tar could not unpack " + packed);
            }
            return folder.resolve(packed.getFileName().toString().replace("-quarkus-dist", "").replace(".tar.gz", ""));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws InterruptedException {
        end();
        process.waitFor(30, TimeUnit.SECONDS);
    }
}
