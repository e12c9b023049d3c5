package io.identitybridge.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Waits for the database of {@code spring.datasource.url}, 60 s unless BRIDGE_DATABASE_WAIT says otherwise: it may start beside
 * the bridge. Before the context is made, because a context that waits while it is made cannot be stopped.
 */
final class DatabaseWait implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final String CONNECT_SECONDS = "5";

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Environment settings = event.getEnvironment();
        String url = settings.getProperty("spring.datasource.url", "").strip();
        if (!url.isEmpty()) {
            await(url, settings.getProperty("spring.datasource.username", ""), settings.getProperty("spring.datasource.password", ""),
                    settings.getProperty("bridge.database.wait", Duration.class, LONGEST));
        }
    }

    /** Returns when the database answers; throws {@link DatabaseUnavailable} when it says no, or nothing for so long. */
    static void await(String url, String user, String password, Duration longest) {
        if (!url.startsWith(POSTGRESQL)) {
            throw DatabaseUnavailable.because("SPRING_DATASOURCE_URL is no address of a PostgreSQL", "Write it as jdbc:postgresql://host:5432/database.");
        }
        long begin = System.nanoTime();
        for (boolean told = false; ; told = true) {
            try (Connection connection = DriverManager.getConnection(url, login(user, password))) {
                return;
            } catch (SQLException e) {
                if (!later(e)) {
                    throw DatabaseUnavailable.because("The database at " + address(url) + " says no: " + said(e), "Correct SPRING_DATASOURCE_URL, _USERNAME or _PASSWORD, or make the database and its user.");
                }
                if (System.nanoTime() - begin > longest.toNanos()) {
                    throw DatabaseUnavailable.because("The database at " + address(url) + " has not answered for " + longest.toSeconds() + " s: " + said(e), "Start it, or correct SPRING_DATASOURCE_URL.");
                }
                if (!told) {
                    LOG.warn("waiting for the database at {} for at most {} s: {}", address(url), longest.toSeconds(), said(e));
                }
                pause();
            }
        }
    }

    private static Properties login(String user, String password) {
        Properties login = new Properties();
        login.put("connectTimeout", CONNECT_SECONDS);
        login.put("loginTimeout", CONNECT_SECONDS);
        if (!user.isEmpty()) {
            login.put("user", user);
            login.put("password", password);
        }
        return login;
    }

    /** Whether it may answer later: no connection (class 08), or a server that is starting up or shutting down (57P). */
    private static boolean later(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** Host, port and database: what follows may hold a password. */
    private static String address(String url) {
        return url.substring(POSTGRESQL.length()).replaceFirst("^//", "").replaceFirst("[?;].*", "").replaceFirst("^.*@", "");
    }

    private static String said(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }
}
