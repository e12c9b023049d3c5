package io.identitybridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.admin.Listeners;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.quartz.LocalDataSourceJobStore;
import org.springframework.util.FileSystemUtils;

/** A whole bridge on free ports over a real database, asked as its users ask it: over HTTP. */
public final class TestBridge implements AutoCloseable {
    public static final String ADMIN_TOKEN = "a-token-for-tests-of-32-characters";
    public static final String SECRET = "a-secret-for-tests-of-32-characters";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> tokens = new HashMap<>();
    private final List<Path> folders = new ArrayList<>();
    private final String clock;
    public final JdbcTemplate sql;

    private TestBridge(ConfigurableApplicationContext context) {
        this.context = context;
        this.sql = context.getBean(JdbcTemplate.class);
        this.clock = context.getEnvironment().getRequiredProperty("spring.quartz.scheduler-name");
    }

    /** A bridge for all tests of a class, on the shipped files of these sources: {@code @AutoClose static final TestBridge bridge = TestBridge.of("lab")}. */
    public static TestBridge of(String... sources) {
        return of(BridgeFiles.of(sources));
    }

    /** @param files in a folder of their own, which is that of the bridge's data, too, and goes with it */
    public static TestBridge of(BridgeFiles files, String... settings) {
        TestBridge bridge = start(files, files.folder, settings);
        bridge.folders.add(files.folder);
        return bridge;
    }

    /** With a database of its own. */
    public static TestBridge start(BridgeFiles files, Path data, String... settings) {
        return start(TestDatabase.freshAddress(), files, data, settings);
    }

    /** @param settings more, or others than the usual ones, as {@code lab.url=http://...} */
    public static TestBridge start(List<String> database, BridgeFiles files, Path data, String... settings) {
        String name = "test-" + NUMBER.incrementAndGet();
        List<String> arguments = new ArrayList<>(List.of("server.port=0", "bridge.admin.port=0", "bridge.admin.token=" + ADMIN_TOKEN, "bridge.secret=" + SECRET, "bridge.data=" + data,
                "bridge.routes=" + files.routes, "bridge.mappings=" + files.mappings, "spring.datasource.url=" + database.get(0), "spring.datasource.username=" + database.get(1),
                "spring.datasource.password=" + database.get(2), "bridge.servlet=" + name, "camel.main.run-controller=false", "camel.main.jmx-enabled=false", "bridge.welcome=false", "bridge.meters.life=0", "bridge.look.every=300", "bridge.files.watch=false", "bridge.sweep.every=2000", "spring.datasource.hikari.maximum-pool-size=12"));
        for (String setting : settings) {
            arguments.removeIf(other -> other.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
            arguments.add(setting);
        }
        if (arguments.stream().noneMatch(argument -> argument.startsWith("spring.quartz.scheduler-name="))) {
            arguments.add("spring.quartz.scheduler-name=" + name);
        }
        String[] words = arguments.stream().map(argument -> "--" + argument).toArray(String[]::new);
        return new TestBridge(OneStart.bridge(words));
    }

    /** An answer: its body as JSON, missing where there is none. */
    public record Answer(int status, JsonNode body, Map<String, List<String>> headers) {
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public String scimBase(String source) {
        return "http://127.0.0.1:" + context.getBean(Listeners.class).publicPort() + "/scim/v2/" + source;
    }

    public String adminUrl() {
        return context.getBean(Listeners.class).adminUrl();
    }

    /** A bearer token of the source, made once. */
    public String token(String source) {
        return tokens.computeIfAbsent(source, name -> api("POST", "/sources/" + name + "/tokens", "{}").body().get("token").asText());
    }

    /** A SCIM request; {@code path} as {@code /Users?filter=...} with the filter unencoded. */
    public Answer scim(String source, String method, String path, String body) {
        return send(method, scimBase(source) + encoded(path), body, token(source), "application/scim+json");
    }

    public Answer api(String method, String path, String body) {
        return send(method, adminUrl() + "/api" + path, body, ADMIN_TOKEN, "application/json");
    }

    /** The same with another token: a named operator's. */
    public Answer apiAs(String token, String method, String path, String body) {
        return send(method, adminUrl() + "/api" + path, body, token, "application/json");
    }

    /** What the files say now is at work from here on; fails where it is refused. */
    public void activate() {
        Answer answer = api("POST", "/files/activate", "{}");
        if (answer.status() != 200) {
            throw new AssertionError("not activated: " + answer);
        }
    }

    /** What the health endpoint says. */
    public String health() {
        return send("GET", adminUrl() + "/actuator/health", "", ADMIN_TOKEN, "application/json").body().toString();
    }

    /** What Prometheus is told. */
    public String metrics() {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(adminUrl() + "/actuator/prometheus")).header("Authorization", "Bearer " + ADMIN_TOKEN).build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Pulls, and waits for the run's end. */
    public JsonNode pull(String source) {
        return pull(source, "{}");
    }

    /** All of it, also where the source would be asked for changes. */
    public JsonNode pullAll(String source) {
        return pull(source, "{\"full\": true}");
    }

    /** @param how the request's body, as of {@code POST /api/sources/{name}/runs} */
    public JsonNode pull(String source, String how) {
        JsonNode run = run(startPull(source, how));
        for (long begin = System.nanoTime(); List.of("reading", "applying").contains(run.get("status").asText()); run = run(run.get("id").asText())) {
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new IllegalStateException("the run does not end: " + run);
            }
            pause(50);
        }
        return run;
    }

    public String startPull(String source) {
        return startPull(source, "{}");
    }

    private String startPull(String source, String how) {
        Answer answer = api("POST", "/sources/" + source + "/runs", how);
        if (answer.status() >= 300) {
            throw new IllegalStateException("no pull: " + answer);
        }
        return answer.body().get("run").asText();
    }

    /** An hour goes by for all that a source has said of people, groups and members, so that any lag is over. */
    public void lagPasses() {
        for (String table : List.of("account", "directory_group", "group_member", "pending_member")) {
            String times = sql.queryForObject("select string_agg(format('%1$I = %1$I - interval ''1 hour''', column_name), ', ') from information_schema.columns"
                    + " where table_schema = current_schema() and table_name = ? and data_type = 'timestamp with time zone'", String.class, table);
            sql.update("update " + table + " set " + times);
        }
    }

    public JsonNode run(String id) {
        return api("GET", "/runs/" + id, "").body();
    }

    /** Members and their roles: {@code Sales/ada@acme.com=member}, sorted. */
    public List<String> memberships() {
        return sql.queryForList("select w.name || '/' || p.email || '=' || m.role from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id where p.status = 'active' order by 1", String.class);
    }

    public List<String> people(String status) {
        return sql.queryForList("select email from person where status = ? order by 1", String.class, status);
    }

    /** The sentences that wait for a person, sorted. */
    public List<String> held() {
        return sql.queryForList("select sentence from plan_line where status = 'held' order by 1", String.class);
    }

    /** Decides on these lines alone of the plan that the first of them waits in; gives what was said to it. */
    public String decide(String what, String... sentences) {
        long plan = count("select plan_id from plan_line where sentence = ? and status = 'held'", sentences[0]);
        List<Integer> numbers = sql.queryForList("select n from plan_line where plan_id = ? and sentence = any(?)", Integer.class, plan, sentences);
        Answer answer = api("POST", "/plans/" + plan + "/" + what, "{\"only\":" + numbers + "}");
        if (answer.status() != 200) {
            throw new AssertionError("not decided: " + answer);
        }
        return answer.body().toString();
    }

    /** Until a query gives this number; fails where it does not come to that. */
    public void waitFor(String query, long wanted) {
        long found = count(query);
        for (long begin = System.nanoTime(); found != wanted; found = count(query)) {
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new AssertionError(query + " gives " + found + ", and " + wanted + " is waited for");
            }
            pause(50);
        }
    }

    /** Until this request waits for a lock that others hold in this database; fails where it is answered without. */
    public void waitForLock(Future<?> request) {
        TestDatabase.waitForLocks(sql, request, 1);
    }

    public long count(String query, Object... arguments) {
        return sql.queryForObject(query, Long.class, arguments);
    }

    private Answer send(String method, String address, String body, String token, String type) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(60)).header("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            request.header("Content-Type", type);
        }
        try {
            HttpResponse<String> response = http.send(request.method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body().isEmpty() ? "null" : response.body()), response.headers().map());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String path) {
        int query = path.indexOf('?');
        if (query < 0) {
            return path;
        }
        StringBuilder encoded = new StringBuilder(path.substring(0, query + 1));
        for (String part : path.substring(query + 1).split("&")) {
            int is = part.indexOf('=');
            encoded.append(encoded.charAt(encoded.length() - 1) == '?' ? "" : "&").append(is < 0 ? part : part.substring(0, is + 1) + URLEncoder.encode(part.substring(is + 1), StandardCharsets.UTF_8));
        }
        return encoded.toString();
    }

    public static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String user(String externalId, String email, boolean active) {
        return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"externalId\":\"%s\",\"userName\":\"%s\",\"active\":%s,\"emails\":[{\"value\":\"%s\",\"type\":\"work\",\"primary\":true}]}".formatted(externalId, email, active, email);
    }

    /** Pushes somebody new; gives the SCIM id. */
    public String pushed(String source, String externalId, String email) {
        Answer answer = scim(source, "POST", "/Users", user(externalId, email, true));
        if (answer.status() != 201) {
            throw new AssertionError(answer.toString());
        }
        return answer.body().get("id").asText();
    }

    public static String unique() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public void close() {
        context.close();
        context = null; // its test stays until all have run, with seven megabytes of it
        List.of(LocalDataSourceJobStore.TX_DATA_SOURCE_PREFIX, LocalDataSourceJobStore.NON_TX_DATA_SOURCE_PREFIX).forEach(kind -> DBConnectionManager.getInstance().addConnectionProvider(kind + clock, new Closed()));
        for (Path folder : folders) {
            FileSystemUtils.deleteRecursively(folder.toFile());
        }
    }

    /** Quartz keeps for ever what gave a clock its connections, and with it all of its bridge: this takes its place. */
    private record Closed() implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("the bridge of this clock is closed");
        }

        @Override
        public void shutdown() {
        }

        @Override
        public void initialize() {
        }
    }
}
