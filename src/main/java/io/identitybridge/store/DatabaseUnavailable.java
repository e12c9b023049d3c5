package io.identitybridge.store;

/** The database that SPRING_DATASOURCE_URL names cannot be used. */
final class DatabaseUnavailable extends RuntimeException {
    private final String todo;

    private DatabaseUnavailable(String message, String todo) {
        super(message);
        this.todo = todo;
    }

    static DatabaseUnavailable because(String message, String todo) {
        return new DatabaseUnavailable(message, todo);
    }

    /** What to do, in a sentence. */
    String todo() {
        return todo;
    }
}
