package io.identitybridge.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Okta with the people, groups and edge cases of src/test/resources/okta: small pages, opaque cursors, filters by time, apps, tokens for signed assertions, and faults by address. */
public final class SampleOkta implements AutoCloseable {
    public static final String APP = "0oa1ptk000000000A0g7";
    public static final String ENGINEERING = "00g1eng000000000A0g7";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TERM = Pattern.compile("(\\w+) (eq|gt) \"([^\"]*)\"");

    public final Map<String, ObjectNode> users = new LinkedHashMap<>();
    public final Map<String, ObjectNode> groups = new LinkedHashMap<>();
    public final Map<String, List<String>> members = new LinkedHashMap<>();
    public final Map<String, ObjectNode> assigned = new LinkedHashMap<>();
    public final Map<String, ObjectNode> assignedGroups = new LinkedHashMap<>();
    /** What happens next at an address (path and a part of the query), once. */
    public final Map<String, Fault> faults = new ConcurrentHashMap<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** What an assertion must be signed for. */
    public volatile Optional<RSAPublicKey> client = Optional.empty();

    private final HttpServer server;
    private final int most;
    private volatile String origin;

    /** What goes wrong. */
    public enum Fault { BUSY, EXPIRED, SHORT, REPEATED, FORBIDDEN }

    /** @param most records a page, whatever is asked for */
    public SampleOkta(HttpServer server, int most, Filter... filters) {
        this.server = server;
        this.most = most;
        this.origin = "http://127.0.0.1:" + server.getAddress().getPort();
        for (String page : List.of("users_page1", "users_page2", "users_page3_last", "users_search_lastUpdated")) {
            sample(page).forEach(user -> users.putIfAbsent(user.get("id").asText(), (ObjectNode) user));
        }
        for (String page : List.of("groups_page1", "groups_page2_last")) {
            sample(page).forEach(group -> groups.put(group.get("id").asText(), (ObjectNode) group));
        }
        groups.keySet().forEach(group -> members.put(group, new ArrayList<>()));
        for (String page : List.of("group_members_page1", "group_members_page2_last")) {
            sample(page).forEach(member -> members.get(ENGINEERING).add(member.get("id").asText()));
        }
        sample("app_users_page1").forEach(user -> assigned.put(user.get("id").asText(), (ObjectNode) user));
        sample("app_groups_page1").forEach(group -> assignedGroups.put(group.get("id").asText(), (ObjectNode) group));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle).getFilters().addAll(List.of(filters));
        server.start();
    }

    public static SampleOkta start(int most, Filter... filters) throws IOException {
        return new SampleOkta(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), most, filters);
    }

    public String url() {
        return origin;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** What its links begin with, where clients know it by another name. */
    public SampleOkta knownAs(String name) {
        origin = name;
        return this;
    }

    /** Something about a user or a group changes now. */
    public void change(ObjectNode record, String time) {
        record.put(time, Instant.now().toString());
    }

    public static ArrayNode sample(String name) {
        try (InputStream in = SampleOkta.class.getResourceAsStream("/okta/" + name + ".json")) {
            return (ArrayNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestURI().getPath().equals("/oauth2/v1/token")) {
                token(exchange);
            } else if (!authorization.equals("SSWS secret") && !authorization.equals("Bearer by-assertion")) {
                error(exchange, 401, "E0000011", "Invalid token provided");
            } else {
                answer(exchange, exchange.getRequestURI().getPath().replaceFirst("^/api/v1", ""), query(exchange));
            }
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = pairs(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        try {
            SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
            boolean good = assertion.verify(new RSASSAVerifier(client.orElseThrow())) && assertion.getJWTClaimsSet().getAudience().contains(origin + "/oauth2/v1/token");
            send(exchange, good ? 200 : 401, good ? "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"by-assertion\",\"scope\":\"" + form.get("scope") + "\"}" : "{\"error\":\"invalid_client\"}");
        } catch (ParseException | JOSEException e) {
            send(exchange, 401, "{\"error\":\"invalid_client\"}");
        }
    }

    private synchronized void answer(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        String[] parts = path.split("/");
        Predicate<ObjectNode> filter = filter(query.get("filter"));
        String app = "/apps/" + APP;
        if (path.equals("/users")) {
            list(exchange, query, users.values().stream().filter(filter).filter(user -> query.containsKey("filter") || !user.get("status").asText().equals("DEPROVISIONED")).toList());
        } else if (path.equals("/groups")) {
            list(exchange, query, groups.values().stream().filter(filter).toList());
        } else if (path.matches("/groups/[^/]+/users") && groups.containsKey(parts[2])) {
            list(exchange, query, members.get(parts[2]).stream().map(users::get).toList());
        } else if (path.equals(app + "/users")) {
            list(exchange, query, assigned.values().stream().map(user -> expanded(user, query, "user", users)).toList());
        } else if (path.equals(app + "/groups")) {
            list(exchange, query, assignedGroups.values().stream().map(group -> expanded(group, query, "group", groups)).toList());
        } else if (path.matches("/users/[^/]+") && users.containsKey(parts[2])) {
            send(exchange, 200, users.get(parts[2]).toString());
        } else if (path.matches(app + "/users/[^/]+") && assigned.containsKey(parts[4])) {
            send(exchange, 200, expanded(assigned.get(parts[4]), query, "user", users).toString());
        } else {
            error(exchange, 404, "E0000007", "Not found: Resource not found: " + path);
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query, List<ObjectNode> all) throws IOException {
        String address = exchange.getRequestURI().toString();
        Optional<String> key = faults.keySet().stream().filter(address::contains).findFirst();
        Optional<Fault> fault = key.map(faults::remove);
        if (fault.filter(Fault.BUSY::equals).isPresent()) {
            exchange.getResponseHeaders().set("X-Rate-Limit-Remaining", "0");
            send(exchange, 429, text("error_429"));
            return;
        }
        if (fault.filter(Fault.FORBIDDEN::equals).isPresent()) {
            send(exchange, 403, text("error_403"));
            return;
        }
        if (fault.filter(Fault.EXPIRED::equals).isPresent()) {
            error(exchange, 400, "E0000001", "Api validation failed: after");
            return;
        }
        int from = query.containsKey("after") ? Integer.parseInt(query.get("after").substring("opaque-".length())) : 0;
        int to = Math.min(all.size(), from + Math.min(most, Integer.parseInt(query.getOrDefault("limit", "200"))));
        String rest = query.entrySet().stream().filter(pair -> !pair.getKey().equals("after")).map(pair -> pair.getKey() + "=" + java.net.URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        String list = origin + exchange.getRequestURI().getPath() + "?" + rest;
        exchange.getResponseHeaders().add("Link", "<" + list + ">; rel=\"self\"");
        if (to < all.size()) {
            exchange.getResponseHeaders().add("Link", "<" + list + "&after=opaque-" + (fault.filter(Fault.REPEATED::equals).isPresent() ? from : to) + ">; rel=\"next\"");
        }
        List<ObjectNode> page = all.subList(from, fault.filter(Fault.SHORT::equals).isPresent() ? from : to);
        send(exchange, 200, page.toString());
    }

    private static ObjectNode expanded(ObjectNode record, Map<String, String> query, String what, Map<String, ObjectNode> known) {
        ObjectNode copy = record.deepCopy();
        if (what.equals(query.get("expand"))) {
            copy.putObject("_embedded").set(what, known.get(record.get("id").asText()));
        }
        return copy;
    }

    /** Terms joined by {@code and} and {@code or}, as far as the bridge writes them: all equalities, and one of the times. */
    private static Predicate<ObjectNode> filter(String text) {
        List<Predicate<ObjectNode>> equal = new ArrayList<>();
        List<Predicate<ObjectNode>> later = new ArrayList<>();
        Matcher term = TERM.matcher(text == null ? "" : text);
        while (term.find()) {
            String name = term.group(1);
            String value = term.group(3);
            (term.group(2).equals("eq") ? equal : later).add(term.group(2).equals("eq") ? record -> record.path(name).asText().equals(value)
                : record -> Instant.parse(record.path(name).asText()).isAfter(Instant.parse(value)));
        }
        return record -> equal.stream().allMatch(one -> one.test(record)) && (later.isEmpty() || later.stream().anyMatch(one -> one.test(record)));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = SampleOkta.class.getResourceAsStream("/okta/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void error(HttpExchange exchange, int status, String code, String summary) throws IOException {
        send(exchange, status, JSON.writeValueAsString(Map.of("errorCode", code, "errorSummary", summary, "errorLink", code, "errorId", "oaeX9", "errorCauses", List.of())));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Rate-Limit-Limit", "600");
        exchange.getResponseHeaders().putIfAbsent("X-Rate-Limit-Remaining", List.of("597"));
        exchange.getResponseHeaders().set("X-Rate-Limit-Reset", String.valueOf(Instant.now().getEpochSecond() + 1));
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        return pairs(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int is = pair.indexOf('=');
            if (is > 0) {
                pairs.put(URLDecoder.decode(pair.substring(0, is), StandardCharsets.UTF_8), URLDecoder.decode(pair.substring(is + 1), StandardCharsets.UTF_8));
            }
        }
        return pairs;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
