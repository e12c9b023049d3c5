package io.identitybridge.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.springframework.jdbc.core.RowMapper;

/**
 * Statements that need nothing of each other's answers: they go to the server together, one round trip for all, and are done there in their order.
 */
final class Script {
    /** More values than that might fill the connection both ways at once; then each statement goes by itself. */
    private static final int MOST = 5_000;
    private final Sql sql;
    private final List<Statement> statements = new ArrayList<>();

    Script(Sql sql) {
        this.sql = sql;
    }

    /** What is done with the answer to a statement. */
    private interface Answer {
        void take(PreparedStatement done) throws SQLException;
    }

    private record Statement(String text, List<Object> arguments, Answer answer) {
        int size() {
            return arguments.stream().mapToInt(argument -> argument instanceof Collection<?> column ? column.size() : 1).sum();
        }
    }

    Script run(String text, Object... arguments) {
        return run(touched -> { }, text, arguments);
    }

    /** @param touched hears how many rows it was */
    Script run(IntConsumer touched, String text, Object... arguments) {
        statements.add(new Statement(text, Arrays.asList(arguments), done -> touched.accept(done.getUpdateCount())));
        return this;
    }

    /** Gives the rows once the script was sent. */
    <T> Supplier<List<T>> rows(String text, RowMapper<T> row, Object... arguments) {
        List<T> found = new ArrayList<>();
        statements.add(new Statement(text, Arrays.asList(arguments), done -> {
            try (ResultSet rows = done.getResultSet()) {
                while (rows.next()) {
                    found.add(row.mapRow(rows, found.size()));
                }
            }
        }));
        return () -> found;
    }

    /** Sends what was gathered since the last time, if anything. */
    void send() {
        if (statements.stream().mapToInt(Statement::size).sum() > MOST) {
            statements.forEach(statement -> send(List.of(statement)));
        } else if (!statements.isEmpty()) {
            send(statements);
        }
        statements.clear();
    }

    private void send(List<Statement> all) {
        sql.execute(String.join("; ", all.stream().map(Statement::text).toList()), all.stream().flatMap(statement -> statement.arguments().stream()).toArray(), done -> {
            for (Statement statement : all) {
                statement.answer().take(done);
                done.getMoreResults();
            }
        });
    }
}
