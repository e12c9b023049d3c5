package io.identitybridge.lab;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A stand-in for a Portkey control plane on loopback: the Admin API and Portkey's own SCIM endpoint over one state, with the quirks that are known of them and faults on request.
 * It begins with an owner, {@code owner@acme.com}, and the default workspace, {@code Shared Team Workspace}.
 */
public final class StandInPortkey implements AutoCloseable {
    /** The organisation's id: the audit log wants it. */
    public static final String ORGANISATION = "70726b79-0000-4000-8000-00000000ac3e";
    /** An Admin key with every scope, until one is taken from it. */
    public static final String ADMIN_KEY = "lab-admin-key";
    /** SCIM's bearer token. */
    public static final String SCIM_TOKEN = "lab-scim-token";
    /** Who is there from the beginning. */
    public static final String OWNER = "owner@acme.com";
    /** Where everybody may be, and what nobody may delete. */
    public static final String DEFAULT_WORKSPACE = "Shared Team Workspace";
    private static final String SCIM = "/v2/scim/";

    static { // else each answer of several packets waits 40 ms for the client's acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String base;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PortkeyStore store = new PortkeyStore();
    private final PortkeyByHand byHand = new PortkeyByHand(store);
    private final AdminApi admin = new AdminApi(store.log(), ORGANISATION);
    private final PortkeyWire wire = new PortkeyWire();
    private final PortkeyLab lab = new PortkeyLab(store, byHand, wire.faults);
    private volatile Set<String> scopes = AdminApi.SCOPES;
    private volatile String token = SCIM_TOKEN;
    private volatile String key = ADMIN_KEY;
    private volatile Set<String> domains = Set.of("acme.com", "example.com");

    /**
     * @param port    0 takes a free one
     * @param base    what stands before the Admin API's paths: "/v1" at Portkey, "" at a self-hosted control plane
     * @param filters what listens in at its talk
     */
    public StandInPortkey(int port, String base, Filter... filters) throws IOException {
        this.base = base;
        store.byHand("begin", writes -> writes.found(DEFAULT_WORKSPACE, "", Map.of(), true));
        byHand.person(OWNER, "Olivia", "Owner", "owner");
        this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 1_024);
        server.setExecutor(threads);
        server.createContext("/", this::handle).getFilters().addAll(List.of(filters));
        server.start();
    }

    /** Runs alone, for trying by hand: port, what stands before the Admin API's paths ("" or /v1), and, if wanted, how many people and workspaces were made by hand. */
    public static void main(String[] args) throws IOException {
        StandInPortkey portkey = new StandInPortkey(Integer.parseInt(args[0]), args.length > 1 ? args[1] : "/v1");
        if (args.length > 3) {
            portkey.byHand().organisation(Integer.parseInt(args[2]), Integer.parseInt(args[3]), 1);
        }
        System.out.println("listening " + portkey.adminUrl() + " " + portkey.scimUrl());
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The Admin API's base URL. */
    public String adminUrl() {
        return url() + base;
    }

    /** The SCIM base URL of this organisation; that of any other is answered 403. */
    public String scimUrl() {
        return url() + SCIM + ORGANISATION;
    }

    public Faults faults() {
        return wire.faults;
    }

    /** Everything that it holds now, as a copy. */
    public PortkeyState state() {
        return store.copy();
    }

    /** Every write, in the order of its effect. */
    public PortkeyLog log() {
        return store.log();
    }

    /** What happens past both APIs. */
    public PortkeyByHand byHand() {
        return byHand;
    }

    public void quirk(PortkeyQuirk quirk, boolean on) {
        store.quirk(quirk, on);
    }

    /** After each write from now on, so many reads, or the reads of so many milliseconds, are answered as if it had not been; 0 and 0 end that. */
    public void stale(int reads, int millis) {
        store.lag(new PortkeyStore.Lag(reads, millis));
    }

    /** Takes scopes from the Admin key, as {@code organisation_users.list}; all that are not named it has. */
    public void withoutScopes(String... taken) {
        Set<String> left = new HashSet<>(AdminApi.SCOPES);
        if (!left.containsAll(Set.of(taken))) {
            throw new IllegalArgumentException("scopes are " + AdminApi.SCOPES);
        }
        left.removeAll(Set.of(taken));
        scopes = left;
    }

    /** Makes another token for SCIM, of which there is one: whoever has the one before is answered 401 from then on. */
    public String newScimToken() {
        token = "lab-scim-token-" + UUID.randomUUID();
        return token;
    }

    /** Somebody deletes the Admin key: 401 from then on. */
    public void withoutAdminKey() {
        key = "none-" + UUID.randomUUID();
    }

    /** Whose people SCIM takes; {@code .acme.com} is acme.com and all below it. At first acme.com and example.com. */
    public void verifiedDomains(String... verified) {
        domains = Set.of(verified);
    }

    /** With so many active people and pending invites nobody more is taken (402); at first there is no end. */
    public void seats(int most) {
        store.seats(most);
    }

    /** So many calls a second are heard, the others are answered 429 with Retry-After 1; 0, the default, is no limit. */
    public void rate(int callsPerSecond) {
        wire.rate(callsPerSecond);
    }

    /** How many calls came, to either API. */
    public long calls() {
        return wire.calls.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/lab/")) {
                lab.answer(exchange, path);
            } else if (path.startsWith(SCIM)) {
                scim(exchange, path.substring(SCIM.length()));
            } else {
                Call call = Call.of(exchange, path.startsWith(base + "/") ? path.substring(base.length()) : "/no" + path);
                boolean knownKey = key.equals(exchange.getRequestHeaders().getFirst("x-portkey-api-key"));
                wire.meet(exchange, call, Voice.ADMIN, lag -> answer(call, Voice.ADMIN, lag,
                        knownKey ? Optional.empty() : Optional.of(new Refusal(401, "AB05", "Unauthorized access")), writes -> admin.answer(call, scopes, writes)));
            }
        }
    }

    private void scim(HttpExchange exchange, String path) throws IOException {
        int slash = path.indexOf('/');
        Call call = Call.of(exchange, slash < 0 ? "/" : path.substring(slash));
        Optional<Refusal> stranger = !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization")) ? Optional.of(new Refusal(401, "", "invalid token"))
                : !path.startsWith(ORGANISATION) ? Optional.of(new Refusal(403, "", "this token is not of this SCIM URL")) : Optional.empty();
        wire.meet(exchange, call, Voice.SCIM, lag -> answer(call, Voice.SCIM, lag, stranger, writes -> ScimApi.answer(call, domains, writes)));
    }

    private Answer answer(Call call, Voice voice, PortkeyStore.Lag lag, Optional<Refusal> stranger, Function<PortkeyWrites, Answer> what) {
        if (stranger.isPresent()) {
            return voice.refusal(stranger.get());
        }
        try {
            return call.isRead() ? store.read(what) : store.write(call, lag, what);
        } catch (Refusal e) {
            return voice.refusal(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
