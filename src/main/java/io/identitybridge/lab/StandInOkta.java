package io.identitybridge.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A stand-in for Okta's users and groups API on loopback: its paging, its headers, its errors, and faults on request. */
public final class StandInOkta implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1_000;

    static { // else each answer of several packets waits 40 ms for the client's acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Company company;
    private final String token;
    private final Faults faults = new Faults(EnumSet.of(Faults.Kind.STATUS_503, Faults.Kind.CUT, Faults.Kind.SHORT, Faults.Kind.REPEATED, Faults.Kind.SLOW, Faults.Kind.EMPTY));
    private final HttpServer server;
    private final AtomicLong calls = new AtomicLong();

    /**
     * @param port    0 takes a free one
     * @param filters what listens in at its talk
     */
    public StandInOkta(Company company, String token, int port, Filter... filters) throws IOException {
        this.company = company;
        this.token = token;
        this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle).getFilters().addAll(List.of(filters));
        server.start();
    }

    /** Runs alone: port, people, groups, memberships a person. */
    public static void main(String[] args) throws IOException {
        StandInOkta okta = new StandInOkta(Company.of(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])), "lab", Integer.parseInt(args[0]));
        System.out.println("listening " + okta.server.getAddress().getPort());
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Company company() {
        return company;
    }

    public Faults faults() {
        return faults;
    }

    /** How many calls came. */
    public long calls() {
        return calls.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            calls.incrementAndGet();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/lab/faults")) {
                FaultsEndpoint.answer(exchange, faults);
            } else if (!("SSWS " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                error(exchange, 401, "E0000011", "Invalid token provided");
            } else {
                request(exchange, path.replaceFirst("^/api/v1", ""));
            }
        }
    }

    private void request(HttpExchange exchange, String path) throws IOException {
        try {
            answer(exchange, path, Call.query(exchange.getRequestURI().getRawQuery()));
        } catch (IllegalArgumentException e) {
            error(exchange, 400, "E0000001", "Api validation failed: a limit or page that is no number, or a cursor of another server");
        }
    }

    private void answer(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        int limit = Math.clamp(Integer.parseInt(query.getOrDefault("limit", "200")), 1, MOST);
        Cursor cursor = Cursor.of(query.get("after"));
        String after = cursor.after();
        String[] parts = path.split("/");
        if (path.equals("/users")) {
            page(exchange, path, cursor.page(), limit, company.people(after, limit + 1).stream().map(person -> Map.entry(person.id(), user(person))).toList());
        } else if (path.equals("/groups")) {
            page(exchange, path, cursor.page(), limit, company.groups(after, limit + 1).stream().map(group -> Map.entry(group.getKey(), group(group))).toList());
        } else if (parts.length == 4 && parts[1].equals("groups") && parts[3].equals("users") && company.members(parts[2], after, 0).isPresent()) {
            page(exchange, path, cursor.page(), limit, company.members(parts[2], after, limit + 1).orElseThrow().stream().map(person -> Map.entry(person.id(), user(person))).toList());
        } else {
            one(exchange, path, parts);
        }
    }

    /** One user or group by its id; a fault of this path makes it wait, or fail. */
    private void one(HttpExchange exchange, String path, String[] parts) throws IOException {
        Optional<Faults.Fault> fault = faults.meet(exchange.getRequestMethod(), path, 1);
        slow(fault);
        if (fault.filter(met -> met.kind() == Faults.Kind.STATUS_503).isPresent()) {
            error(exchange, 503, "E0000139", "Service unavailable");
        } else if (parts.length == 3 && parts[1].equals("users") && company.person(parts[2]).isPresent()) {
            send(exchange, 200, JSON.writeValueAsBytes(user(company.person(parts[2]).get())));
        } else if (parts.length == 3 && parts[1].equals("groups") && company.group(parts[2]).isPresent()) {
            send(exchange, 200, JSON.writeValueAsBytes(group(company.group(parts[2]).get())));
        } else {
            error(exchange, 404, "E0000007", "Not found: Resource not found: " + path);
        }
    }

    /** Where a list goes on: after this id, with this page; opaque to clients, as Okta's are. */
    private record Cursor(int page, String after) {
        static Cursor of(String text) {
            if (text == null) {
                return new Cursor(1, "");
            }
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(":", 2);
            return new Cursor(Integer.parseInt(parts[0]), parts[parts.length - 1]);
        }

        String text() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((page + ":" + after).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void page(HttpExchange exchange, String path, int number, int limit, List<? extends Map.Entry<String, ? extends Object>> found) throws IOException {
        Optional<Faults.Fault> fault = faults.meet(exchange.getRequestMethod(), path, number);
        Faults.Kind kind = fault.map(Faults.Fault::kind).orElse(null);
        boolean more = found.size() > limit && kind != Faults.Kind.EMPTY;
        List<? extends Map.Entry<String, ? extends Object>> items = kind == Faults.Kind.EMPTY ? List.of() : found.subList(0, Math.min(limit, found.size()));
        String self = url() + "/api/v1" + path + "?limit=" + limit;
        exchange.getResponseHeaders().add("Link", "<" + self + ">; rel=\"self\"");
        if (more) {
            String last = items.getLast().getKey();
            String next = kind == Faults.Kind.REPEATED ? exchange.getRequestURI().toString().replaceFirst("^/", url() + "/")
                    : self + "&after=" + new Cursor(number + 1, last).text();
            exchange.getResponseHeaders().add("Link", "<" + next + ">; rel=\"next\"");
        }
        byte[] body = JSON.writeValueAsBytes((kind == Faults.Kind.SHORT ? items.subList(0, items.size() / 2) : items).stream().map(Map.Entry::getValue).toList());
        if (kind == Faults.Kind.STATUS_503) {
            error(exchange, 503, "E0000139", "Service unavailable");
        } else if (kind == Faults.Kind.CUT) {
            cut(exchange, body);
        } else {
            slow(fault);
            send(exchange, 200, body);
        }
    }

    private static void slow(Optional<Faults.Fault> fault) {
        try {
            Thread.sleep(fault.filter(f -> f.kind() == Faults.Kind.SLOW).map(Faults.Fault::millis).orElse(0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cut(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        OutputStream out = exchange.getResponseBody();
        out.write(body, 0, body.length / 2);
        out.flush();
        throw new IOException("cut on request");
    }

    private static Map<String, Object> user(Company.Person person) {
        return Map.of("id", person.id(), "status", person.status(), "created", "2026-01-05T08:00:00.000Z", "lastUpdated", person.changed().toString(),
                "profile", Map.of("login", person.email(), "email", person.email(), "firstName", person.firstName(), "lastName", person.lastName(), "department", person.department()));
    }

    private static Map<String, Object> group(Map.Entry<String, String> group) {
        return Map.of("id", group.getKey(), "type", "OKTA_GROUP", "profile", Map.of("name", group.getValue()));
    }

    private static void error(HttpExchange exchange, int status, String code, String summary) throws IOException {
        send(exchange, status, JSON.writeValueAsBytes(Map.of("errorCode", code, "errorSummary", summary, "errorLink", code, "errorId", "oae-lab", "errorCauses", List.of())));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Rate-Limit-Limit", "600");
        exchange.getResponseHeaders().set("X-Rate-Limit-Remaining", "598");
        exchange.getResponseHeaders().set("X-Rate-Limit-Reset", String.valueOf(Instant.now().getEpochSecond() + 60));
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
