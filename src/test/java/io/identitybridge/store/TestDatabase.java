package io.identitybridge.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Databases for tests: {@link #fresh()} gives a new one with the schema, in some 30 ms. One real PostgreSQL a JVM,
 * under target/, without durability, kept between runs; it ends with the JVM.
 */
public final class TestDatabase {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String MINE = "t" + ProcessHandle.current().pid() + "_";

    private TestDatabase() {}

    /** A pool of at most 16 connections on a new database with all migrations applied. */
    public static DataSource fresh() {
        String name = MINE + NUMBER.incrementAndGet();
        synchronized (TestDatabase.class) { // a template can be copied once at a time
            JdbcClient.create(Server.ADMIN).sql("create database " + name + " template " + Server.TEMPLATE).update();
        }
        return pool(name, 16);
    }

    /** Where a fresh database is, for a program or a Spring context that opens its own pool: url, user, password. */
    public static List<String> freshAddress() {
        HikariDataSource made = (HikariDataSource) fresh();
        made.close();
        return List.of(made.getJdbcUrl(), made.getUsername(), made.getPassword());
    }

    /** Until so many requests wait for locks in this database; fails where this one is answered without. Also within a transaction, which else sees who waited when it first looked. */
    public static void waitForLocks(JdbcTemplate sql, Future<?> request, int wanted) {
        long waiting = 0;
        while (waiting < wanted) { // each request has an end
            sql.queryForList("select pg_stat_clear_snapshot()");
            waiting = sql.queryForObject("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", Long.class);
            if (waiting < wanted && request.isDone()) {
                throw new AssertionError("it waits for nobody");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static HikariDataSource pool(String database, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Server.POSTGRES.url(database));
        config.setUsername(Server.POSTGRES.user());
        config.setPassword(Server.POSTGRES.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setIdleTimeout(10_000);
        return new HikariDataSource(config);
    }

    /** Started with the first database that is asked for. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();
        static final DataSource ADMIN = pool("postgres", 2);
        static final String TEMPLATE = template();

        private static EmbeddedPostgres start() {
            EmbeddedPostgres started = startIn(Path.of("target"));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            try (Connection admin = DriverManager.getConnection(started.url("postgres"), started.user(), started.password()); Statement statement = admin.createStatement()) {
                statement.execute("set scram_iterations = 1"); // else the password's hash is a tenth of all that the tests take, a hundred bridges with a dozen connections each
                statement.execute("alter role " + started.user() + " password '" + started.password() + "'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return started;
        }

        /** A second test run in the same checkout gets its own directory. */
        private static EmbeddedPostgres startIn(Path target) {
            try {
                return EmbeddedPostgres.start(target.resolve("test-postgres"), Durability.NONE);
            } catch (PostgresUnavailable e) {
                if (!e.getMessage().contains("in use")) {
                    throw e;
                }
                return EmbeddedPostgres.start(target.resolve("test-postgres-" + ProcessHandle.current().pid()), Durability.NONE);
            }
        }

        /** Migrated once for each content of the migrations; databases of earlier runs are dropped. */
        private static String template() {
            JdbcClient admin = JdbcClient.create(ADMIN);
            String name = "template_" + migrationsHash();
            List<String> others = admin.sql("select datname from pg_database where datname ~ '^(t\\d+_|template_)' and datname <> ?")
                    .param(name).query(String.class).list();
            others.forEach(other -> admin.sql("drop database " + other + " with (force)").update());
            if (admin.sql("select count(*) from pg_database where datname = ?").param(name).query(Integer.class).single() == 0) {
                admin.sql("create database making_template").update();
                try (HikariDataSource making = pool("making_template", 2)) {
                    Flyway.configure().dataSource(making).locations("classpath:db/migration").load().migrate();
                }
                admin.sql("alter database making_template rename to " + name).update();
            }
            return name;
        }

        private static String migrationsHash() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/*.sql");
                for (Resource file : Stream.of(files).sorted((a, b) -> a.getFilename().compareTo(b.getFilename())).toList()) {
                    digest.update(file.getFilename().getBytes(StandardCharsets.UTF_8));
                    try (InputStream in = file.getInputStream()) {
                        digest.update(in.readAllBytes());
                    }
                }
                return HexFormat.of().formatHex(digest.digest(), 0, 8);
            } catch (IOException | NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
