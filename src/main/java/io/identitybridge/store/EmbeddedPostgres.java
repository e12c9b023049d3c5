package io.identitybridge.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of the bridge's own under its data directory: durable, on loopback only, with its own password.
 * One bridge owns the directory; a server that ends unexpectedly is started again, and none outlives the bridge.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "bridge";
    private static final int TRIES = 6;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final DataLock lock;
    private final PostgresCluster cluster;
    private final Durability durability;
    private int port;
    private PostgresServer server;
    private boolean closed;

    private EmbeddedPostgres(DataLock lock, PostgresCluster cluster, Durability durability) {
        this.lock = lock;
        this.cluster = cluster;
        this.durability = durability;
    }

    /** Starts the server of this data directory, which is made if missing, with full durability. */
    public static EmbeddedPostgres start(Path data) {
        return start(data, Durability.FULL);
    }

    static EmbeddedPostgres start(Path data, Durability durability) {
        try {
            Path directory = DataDirectory.made(data);
            DataLock lock = DataLock.take(directory);
            try {
                LeftBehind.stop(directory.resolve("postgres"));
                EmbeddedPostgres postgres = new EmbeddedPostgres(lock, PostgresCluster.open(directory, durability), durability);
                postgres.begin();
                return postgres;
            } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw PostgresUnavailable.because("The bridge's own PostgreSQL under " + data + " did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PostgresUnavailable.because("The start of PostgreSQL was interrupted", e);
        }
    }

    /** Where the bridge's database is; batches of inserts travel as one statement. */
    public String url() {
        return url(DATABASE);
    }

    public String user() {
        return PostgresCluster.USER;
    }

    public String password() {
        return cluster.password();
    }

    /** Stops the server and gives the data directory free. Close the pool first. */
    @Override
    public void close() {
        try {
            PostgresServer last;
            synchronized (this) {
                closed = true;
                last = server;
            }
            last.stop();
            lock.close();
        } catch (IOException e) {
            LOG.warn("PostgreSQL was not stopped cleanly", e);
        }
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?reWriteBatchedInserts=true";
    }

    synchronized long pid() {
        return server.pid();
    }

    private void begin() throws IOException, SQLException, InterruptedException {
        try {
            launchOnFreePort();
            prepare();
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            if (server != null) {
                server.stop();
            }
            throw e;
        }
        Thread.ofPlatform().daemon().name("postgres-watch").start(this::watch);
    }

    /** The port may be taken by the time it is used, and the last workers of a dead server may still be ending. */
    private void launchOnFreePort() throws IOException, InterruptedException {
        for (int left = TRIES; ; left--) {
            port = freePort();
            try {
                launch().awaitReady();
                return;
            } catch (IOException e) {
                if (left == 1) {
                    throw e;
                }
                Thread.sleep(100L << (TRIES - left));
            }
        }
    }

    private synchronized PostgresServer launch() throws IOException {
        if (closed) {
            throw new IOException("the bridge is stopping");
        }
        server = PostgresServer.launch(cluster, port, durability);
        return server;
    }

    private void prepare() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"), user(), password());
                Statement statement = connection.createStatement()) {
            for (String name : ServerSettings.durable()) {
                if (!durability.setting().equals(one(statement, "show " + name))) {
                    throw new SQLException(name + " is not " + durability.setting() + ": a commit could be lost");
                }
            }
            if (one(statement, "select count(*) from pg_database where datname = '" + DATABASE + "'").equals("0")) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    private static String one(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void watch() {
        Duration pause = Duration.ofMillis(100);
        try {
            while (true) {
                int code = server.awaitEnd();
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                }
                LOG.warn("PostgreSQL ended unexpectedly (exit {}) and is started again; its last lines: {}", code, server.lastLines());
                pause = again() ? Duration.ofMillis(100) : longer(pause);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the same port, which the pool knows. */
    private boolean again() throws InterruptedException {
        try {
            LeftBehind.stop(cluster.directory());
            launch().awaitReady();
            LOG.info("PostgreSQL is back (process {})", pid());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("PostgreSQL did not start again; the next try follows", e);
            return false;
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
