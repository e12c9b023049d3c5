package io.identitybridge.sim;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.flow.LeftOver;
import io.identitybridge.model.Controls;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two whole bridges over one real PostgreSQL, pushed to by SCIM over HTTP, pulling from the world's IdPs over HTTP. */
final class RealBridges implements Bridges, AutoCloseable {
    private static final List<String> SOURCES = List.of("alpha", "beta", "gamma");
    private final IdpServers servers = new IdpServers();
    private final Store store;
    private final List<Wire> wires = new ArrayList<>();
    private final List<TestBridge> bridges = new ArrayList<>();
    private final Scim scim;
    private final Map<String, UUID> runs = new HashMap<>();
    private final Map<String, String> omitted = new HashMap<>();
    private final Map<String, Integer> valid = new HashMap<>();
    private final List<String> omittedOnce = new ArrayList<>();
    private final Set<String> shortened = new HashSet<>();
    private Duration ahead = Duration.ZERO;
    /** What the store knows of it. */
    private Duration told = Duration.ZERO;

    RealBridges(Path folder) throws IOException {
        List<String> database = TestDatabase.freshAddress();
        String url = database.get(0);
        int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
        store = new Store(new DriverManagerDataSource(url, database.get(1), database.get(2)) {
            private java.sql.Connection only;

            @Override
            public java.sql.Connection getConnection() throws java.sql.SQLException {
                only = only == null ? new org.springframework.jdbc.datasource.SingleConnectionDataSource(super.getConnection(), true).getConnection() : only;
                return only;
            }
        }, url.replaceAll(".*/(\\w+).*", "$1"));
        BridgeFiles files = files(folder);
        for (int i = 0; i < 2; i++) {
            Wire wire = new Wire(port);
            wires.add(wire);
            List<String> settings = new ArrayList<>(List.of("spring.datasource.hikari.connection-timeout=250", "bridge.sweep.every=3600000", "bridge.look.every=3600000", "spring.datasource.hikari.maximum-pool-size=8"));
            for (String source : SOURCES) {
                settings.add(source + ".url=" + servers.base(i, source));
                settings.add(source + ".token=none");
            }
            bridges.add(TestBridge.start(List.of(url.replace(":" + port + "/", ":" + wire.port() + "/"), database.get(1), database.get(2)), files, Files.createDirectories(folder.resolve("data" + i)), settings.toArray(String[]::new)));
        }
        bridges.forEach(bridge -> SOURCES.forEach(bridge::token));
        scim = new Scim(store, bridges);
    }

    private static BridgeFiles files(Path folder) throws IOException {
        BridgeFiles files = BridgeFiles.of(folder);
        Path own = Path.of("src/test/resources/sim");
        for (String source : SOURCES) {
            Files.copy(own.resolve("routes/" + source + ".source.yaml"), files.routes.resolve(source + ".source.yaml"));
            Files.copy(own.resolve("mappings/" + source + ".yaml"), files.mappings.resolve(source + ".yaml"));
        }
        Files.writeString(files.mappings.resolve("portkey.yaml"), Files.readString(own.resolve("mappings/portkey.yaml")));
        return files;
    }

    @Override
    public void begin() {
        restart(0);
        restart(1);
        for (String source : SOURCES) {
            for (long begin = System.nanoTime(); (!servers.waiting(source).isEmpty() || reading(0, source) || reading(1, source)) && System.nanoTime() - begin < 5_000_000_000L; TestBridge.pause(2)) {
                servers.waiting(source).forEach(servers::cut);
            }
        }
        store.empty();
        ahead = Duration.ZERO;
        told = Duration.ZERO;
        runs.clear();
        omitted.clear();
        omittedOnce.clear();
        shortened.clear();
        valid.clear();
        scim.begin();
    }

    @Override
    public Instant now() {
        return Instant.now().plus(ahead);
    }

    @Override
    public void pass(Duration time) {
        ahead = ahead.plus(time);
    }

    /** Whether this bridge is there to be asked; if so, by the world's time. */
    private boolean there(int bridge) {
        boolean there = !wires.get(bridge).broken();
        if (there && !told.equals(ahead)) {
            store.ahead(ahead);
            told = ahead;
        }
        return there;
    }

    @Override
    public Delivery deliver(int bridge, Message message) {
        return there(bridge) ? scim.deliver(bridge, message) : Delivery.FAILED;
    }

    @Override
    public boolean pull(int bridge, Idp source, boolean full) {
        if (!there(bridge)) {
            return false;
        }
        try {
            UUID run = bridges.get(bridge).bean(Controls.class).pull(new SourceName(source.name()), full, "sim");
            runs.put(bridge + source.name(), run);
            settled(bridge, source.name());
            return true;
        } catch (Controls.Refused | DataAccessException | org.springframework.transaction.TransactionException no) {
            return false;
        }
    }

    @Override
    public boolean pulling(Idp source) {
        return !servers.waiting(source.name()).isEmpty();
    }

    @Override
    public Optional<Ended> answer(Idp source, How how) {
        IdpServers.Asked asked = servers.waiting(source.name()).getFirst();
        there(asked.bridge());
        if (how.fault() == 2) {
            servers.cut(asked);
        } else {
            Optional<String> omit = Optional.ofNullable(omitted.get(source.name()));
            Optional<String> unlisted = omit.filter(user -> shortened.add(source.name() + " " + asked.path() + " " + asked.query().get("after"))); // a list of members is short once
            servers.answer(asked, how.fault() > 0 ? new Pages.Answer(how.fault() == 1 ? 500 : 403, Map.of())
                    : Pages.of(source, servers.base(asked.bridge(), source.name()), asked.path(), asked.query(), how.sequence(), omit, unlisted, valid.getOrDefault(source.name(), 0)));
        }
        return settled(asked.bridge(), source.name());
    }

    /** Waits until the bridge asks for more or the run has ended. */
    private Optional<Ended> settled(int bridge, String source) {
        int idle = 0;
        for (long begin = System.nanoTime(); ; TestBridge.pause(1)) {
            if (servers.waiting(source).stream().anyMatch(asked -> asked.bridge() == bridge)) {
                return Optional.empty();
            }
            idle = reading(bridge, source) ? 0 : idle + 1;
            if (idle > 0) {
                Optional<Ended> ended = ended(bridge, source, idle > (wires.get(bridge).broken() ? 60 : 3_000));
                if (ended.isPresent()) {
                    return ended;
                }
            }
            if (System.nanoTime() - begin > 60_000_000_000L) {
                throw new IllegalStateException("the pull of " + source + " by bridge " + bridge + " neither asks nor ends: " + store.rows("select * from run order by started_at"));
            }
        }
    }

    private Optional<Ended> ended(int bridge, String source, boolean given) {
        Map<String, Object> run = store.rows("select status, complete, started_at from run where id = ?", runs.get(bridge + source)).stream().findFirst().orElse(Map.of("status", "failed", "complete", false));
        String status = (String) run.get("status");
        if (List.of("reading", "applying").contains(status) && !given) {
            return Optional.empty();
        }
        omitted.remove(source);
        boolean well = List.of("done", "held").contains(status);
        return Optional.of(new Ended(well, well && (Boolean) run.get("complete") ? Optional.of(((java.sql.Timestamp) run.get("started_at")).toInstant()) : Optional.empty()));
    }

    /** Whether this bridge is at a pull of the source. */
    private boolean reading(int bridge, String source) {
        return bridges.get(bridge).bean(CamelContext.class).getInflightRepository().browse("pull-now").stream()
                .anyMatch(inflight -> source.equals(inflight.getExchange().getMessage().getHeader("source")));
    }

    @Override
    public void omit(Idp source, String user) {
        if (!omittedOnce.contains(source.name())) {
            omitted.put(source.name(), user);
            omittedOnce.add(source.name());
        }
    }

    @Override
    public void omitNobody() {
        omitted.clear();
    }

    @Override
    public void expire(Idp source) {
        valid.put(source.name(), source.sequence() + 1);
    }

    @Override
    public void crash(int bridge, int statements) {
        wires.get(bridge).breakAfter(statements);
    }

    @Override
    public void restart(int bridge) {
        boolean broken = wires.get(bridge).broken();
        wires.get(bridge).mend();
        for (int tries = 0; broken && !hasStore(bridge) && tries < 100; tries++) {
            TestBridge.pause(20);
        }
    }

    private boolean hasStore(int bridge) {
        try {
            return bridges.get(bridge).count("select 1") == 1;
        } catch (DataAccessException e) {
            return false;
        }
    }

    @Override
    public void sweep(int bridge) {
        if (there(bridge)) {
            LeftOver.sweep(bridges.get(bridge));
        }
    }

    @Override
    public boolean proposes(Idp source, boolean only) {
        return false;
    }

    @Override
    public int approve(int bridge) {
        int lines = 0;
        if (!there(bridge)) {
            return lines;
        }
        for (Map<String, Object> plan : store.rows("select id from plan where status = 'held' order by id")) {
            try {
                lines += bridges.get(bridge).bean(Controls.class).approve((Long) plan.get("id"), List.of(), Optional.empty(), "operator").size();
            } catch (Controls.Refused | DataAccessException | org.springframework.transaction.TransactionException no) {
                // it waits no longer, or the bridge is away
            }
        }
        return lines;
    }

    @Override
    public void tellAgain(int bridge, Idp source) {
        there(bridge);
        scim.tellAgain(bridge, source);
    }

    @Override
    public View view() {
        return store.view();
    }

    @Override
    public List<String> faults() {
        return store.rows("select sentence from dead_letter where status = 'open' and cause = 'BUG'").stream().map(row -> (String) row.get("sentence")).toList();
    }

    @Override
    public void close() throws IOException {
        wires.forEach(Wire::mend);
        for (String source : SOURCES) {
            servers.waiting(source).forEach(servers::cut);
        }
        bridges.forEach(TestBridge::close);
        servers.close();
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
