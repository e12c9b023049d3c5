package io.identitybridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.identitybridge.OneStart;
import io.identitybridge.TestBridge;
import io.identitybridge.deadletter.DeadLetters;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Reasoning;
import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AdminReads;
import io.identitybridge.store.Alarms;
import io.identitybridge.store.Explanations;
import io.identitybridge.store.Figures;
import io.identitybridge.store.LetterDesk;
import io.identitybridge.store.LetterReads;
import io.identitybridge.store.Operators;
import io.identitybridge.store.Overrides;
import io.identitybridge.store.Past;
import io.identitybridge.store.PlanReads;
import io.identitybridge.store.ReplayJobs;
import io.identitybridge.store.RequestLog;
import io.identitybridge.store.SealBeans;
import io.identitybridge.store.SealedLetters;
import io.identitybridge.store.Seals;
import io.identitybridge.store.TargetReads;
import io.identitybridge.store.TestDatabase;
import io.identitybridge.store.TokenDesk;
import io.identitybridge.store.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The control plane on free ports and a database of its own, without routes; {@link RecordingControls} stands for the flow. */
public final class AdminServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final RecordingControls controls = new RecordingControls();
    public final List<Situation.Part> parts = new ArrayList<>();
    public final java.util.Map<SourceName, java.time.Duration> intervals = new java.util.TreeMap<>();
    public final List<FileFault> faults = new ArrayList<>();
    public final Path data;
    public final JdbcTemplate sql;
    public final Listeners listeners;
    public final Seals seals;
    final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    /** No {@code @Configuration}: the bridge's own scan must not find it. */
    @EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
    @ComponentScan(basePackageClasses = {AdminBeans.class, DeadLetters.class})
    @Import({AdminReads.class, PlanReads.class, TargetReads.class, LetterReads.class, LetterDesk.class, ReplayJobs.class, Overrides.class, SealBeans.class, SealedLetters.class, Tokens.class, TokenDesk.class, Alarms.class, Figures.class, Explanations.class, Past.class, RequestLog.class, Operators.class})
    static final class ControlPlane {
    }

    private final class Here implements Situation {
        @Override
        public SortedSet<SourceName> sources() {
            return new TreeSet<>(List.of(new SourceName("okta"), new SourceName("lab")));
        }

        @Override
        public List<Part> parts() {
            return parts;
        }

        @Override
        public java.util.Map<SourceName, java.time.Duration> intervals() {
            return intervals;
        }

        @Override
        public List<FileFault> faults() {
            return faults;
        }

        @Override
        public java.util.Set<String> waiting() {
            return java.util.Set.of();
        }
    }

    public record Answer(int status, String type, String text, HttpResponse<String> response) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new IllegalStateException(text, e);
            }
        }
    }

    /** No accounts are read here. */
    private record Unreasoned() implements Reasoning {
        @Override
        public Reasons of(UUID person) {
            return new Reasons(List.of(), List.of(), "several-roles: highest (portkey.yaml)");
        }

        @Override
        public Optional<String> then(String set, SourceName source, String field, boolean push) {
            return Optional.empty();
        }
    }

    private AdminServer(Path data, Consumer<GenericApplicationContext> more) {
        this.data = data;
        List<String> database = TestDatabase.freshAddress();
        context = OneStart.of(() -> new SpringApplicationBuilder(ControlPlane.class)
                .initializers((GenericApplicationContext beans) -> {
                    beans.registerBean(RecordingControls.class, () -> controls);
                    beans.registerBean(Reasoning.class, Unreasoned::new);
                    beans.registerBean(Situation.class, Here::new);
                    more.accept(beans);
                })
                .run("--spring.datasource.url=" + database.get(0), "--spring.datasource.username=" + database.get(1), "--spring.datasource.password=" + database.get(2),
                        "--server.port=0", "--bridge.meters.life=0", "--bridge.secret=" + TestBridge.SECRET, "--bridge.admin.port=0", "--bridge.data=" + data,
                        "--spring.autoconfigure.exclude=org.apache.camel.spring.boot.CamelAutoConfiguration,org.springframework.boot.quartz.autoconfigure.QuartzAutoConfiguration"));
        sql = new JdbcTemplate(context.getBean(HikariDataSource.class));
        listeners = context.getBean(Listeners.class);
        seals = context.getBean(Seals.class);
    }

    /** With {@link SomePeople} in its store. */
    public static AdminServer withSomePeople(Path data) {
        AdminServer server = start(data);
        SomePeople.write(server.sql, server.seals);
        return server;
    }

    public static AdminServer start(Path data) {
        return start(data, beans -> { });
    }

    /** @param more beans of the test's own */
    public static AdminServer start(Path data, Consumer<GenericApplicationContext> more) {
        return new AdminServer(data, more);
    }

    public String token() {
        try {
            return Files.readString(data.resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path) {
        return send("GET", listeners.adminPort(), path, "", token());
    }

    public Answer post(String path, String body) {
        return send("POST", listeners.adminPort(), path, body, token());
    }

    public Answer send(String method, int port, String path, String body, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""), response.body(), response);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
