package io.identitybridge.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.springframework.jdbc.core.RowMapper;

/** Rows gathered column by column, for one statement over {@code unnest}. */
final class Columns {
    private final List<List<Object>> columns = new ArrayList<>();

    Columns(int width) {
        for (int i = 0; i < width; i++) {
            columns.add(new ArrayList<>());
        }
    }

    void add(Object... row) {
        if (row.length != columns.size()) {
            throw new IllegalArgumentException(row.length + " values for " + columns.size() + " columns");
        }
        for (int i = 0; i < row.length; i++) {
            columns.get(i).add(row[i]);
        }
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        return columns.getFirst().size();
    }

    /** Runs the statement once with every column as an array, after the leading values; not at all without rows. */
    int write(Sql sql, String statement, Object... leading) {
        return isEmpty() ? 0 : sql.run(statement, arguments(leading));
    }

    /** Likewise, for a statement that gives rows back. */
    <T> List<T> write(Sql sql, String statement, RowMapper<T> row, Object... leading) {
        return isEmpty() ? List.of() : sql.rows(statement, row, arguments(leading));
    }

    /** Likewise, in a script. */
    void write(Script script, String statement, Object... leading) {
        write(script, touched -> { }, statement, leading);
    }

    /** @param touched hears how many rows it was */
    void write(Script script, IntConsumer touched, String statement, Object... leading) {
        if (!isEmpty()) {
            script.run(touched, statement, arguments(leading));
        }
    }

    private Object[] arguments(Object... leading) {
        List<Object> arguments = new ArrayList<>(Arrays.asList(leading));
        arguments.addAll(columns);
        return arguments.toArray();
    }
}
