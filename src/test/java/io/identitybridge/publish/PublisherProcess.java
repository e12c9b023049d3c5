package io.identitybridge.publish;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.identitybridge.files.FileReader;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Reaction;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.PublishStore;
import io.identitybridge.store.TargetState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A publisher in a process of its own, both lanes, until it is killed: the publishing half of a bridge without the rest of it. */
public final class PublisherProcess {
    private PublisherProcess() {
    }

    /** Starts one beside this JVM; what it prints goes to this file. */
    public static Process start(List<String> database, String portkey, String key, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), PublisherProcess.class.getName()));
        command.addAll(database);
        command.addAll(List.of(portkey, key));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    }

    /** @param arguments url, user and password of the database, Portkey's address, its key */
    public static void main(String[] arguments) throws InterruptedException {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(arguments[0]);
        pool.setUsername(arguments[1]);
        pool.setPassword(arguments[2]);
        pool.setMaximumPoolSize(6);
        HikariDataSource source = new HikariDataSource(pool);
        JdbcTemplate jdbc = new JdbcTemplate(source);
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        TargetState state = new TargetState(jdbc, transactions);
        Terms terms = new Terms(quick(FileReader.read(FileReader.texts(Path.of("routes"), Path.of("mappings"))).causes()), "test", Set.of(), true, 100_000, 16, Duration.ofMillis(4_000), Duration.ofMillis(1_000));
        Publisher publisher = new Publisher(new AdminApi(true), http(arguments[3], arguments[4]), PublishStore.outbox(jdbc, transactions), new PublishReads(jdbc), state, UUID.randomUUID().toString(), () -> terms);
        for (boolean leavers : new boolean[] {true, false}) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    try {
                        publisher.converge(leavers);
                        Thread.sleep(20);
                    } catch (RuntimeException e) {
                        e.printStackTrace();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
        }
        Thread.sleep(Duration.ofMinutes(20)); // an orphan ends
        System.exit(1);
    }

    /** The shipped causes with waits of milliseconds in place of minutes. */
    static Causes quick(Causes causes) {
        Map<Cause, Reaction> reactions = new EnumMap<>(Cause.class);
        causes.reactions().forEach((cause, reaction) -> reactions.put(cause, new Reaction(reaction.tries().stream().map(wait -> Duration.ofMillis(20)).toList(), reaction.spread(),
                reaction.schedule().stream().map(wait -> Duration.ofMillis(200)).toList(), reaction.every().map(wait -> Duration.ofMillis(500)), Optional.empty(), reaction.leavers(), reaction.stopsConnection(), reaction.retryWhen(), reaction.counts())));
        return new Causes(causes.rules(), reactions, new io.identitybridge.model.Breaker(200, Duration.ofSeconds(10), Duration.ofMillis(200)), causes.quarantine(), causes.replays());
    }

    static Http http(String portkey, String key) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofMillis(500)).build();
        return ask -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(portkey + ask.path())).timeout(Duration.ofMillis(900)).header("x-portkey-api-key", key).header("Content-Type", "application/json");
            try {
                HttpResponse<String> response = client.send(request.method(ask.method(), ask.body().map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody())).build(), HttpResponse.BodyHandlers.ofString());
                return new Answer(response.statusCode(), response.headers().firstValue("Retry-After").map(seconds -> Duration.ofMillis(50)), response.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        };
    }
}
