package io.identitybridge.store;

/** The bridge's own PostgreSQL cannot run here; the message says why and what to do. */
public final class PostgresUnavailable extends RuntimeException {
    private static final String OR_ELSE = " Or set SPRING_DATASOURCE_URL (with _USERNAME and _PASSWORD) to a PostgreSQL of yours.";

    private PostgresUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    static PostgresUnavailable because(String message) {
        return new PostgresUnavailable(message + OR_ELSE, null);
    }

    static PostgresUnavailable because(String message, Throwable cause) {
        return new PostgresUnavailable(message + " (" + cause.getMessage() + ")." + OR_ELSE, cause);
    }

    /** A data directory that another bridge holds: another database would not help. */
    static PostgresUnavailable taken(String message) {
        return new PostgresUnavailable(message, null);
    }
}
