package io.identitybridge.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/** Statements over whole columns: one round trip for a chunk, however many rows. */
final class Sql {
    /** Parts lists inside one text column on the way to PostgreSQL; no name holds it. */
    static final char UNIT = '\u001f';

    private final JdbcTemplate jdbc;

    Sql(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Runs a statement whose arguments are values or arrays; gives the rows it touched. */
    int run(String sql, Object... arguments) {
        Integer touched = jdbc.execute(sql, (PreparedStatement statement) -> {
            bind(statement, arguments);
            return statement.executeUpdate();
        });
        return touched == null ? 0 : touched;
    }

    /** What is done with a statement that was executed. */
    interface Executed {
        void take(PreparedStatement done) throws SQLException;
    }

    /** Executes a statement, or several with a semicolon between them; the first answer is at hand then. */
    void execute(String sql, Object[] arguments, Executed executed) {
        jdbc.execute(sql, (PreparedStatement statement) -> {
            bind(statement, arguments);
            statement.execute();
            executed.take(statement);
            return null;
        });
    }

    <T> List<T> rows(String sql, RowMapper<T> row, Object... arguments) {
        return jdbc.query(sql, statement -> bind(statement, arguments), row);
    }

    <T> Optional<T> row(String sql, RowMapper<T> row, Object... arguments) {
        return rows(sql, row, arguments).stream().findFirst();
    }

    long number(String sql, Object... arguments) {
        return row(sql, (rs, n) -> rs.getLong(1), arguments).orElse(0L);
    }

    private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            Object value = arguments[i];
            if (value instanceof Instant instant) {
                statement.setObject(i + 1, instant.toString());
            } else if (value instanceof Collection<?> column) {
                statement.setArray(i + 1, statement.getConnection().createArrayOf("text", texts(column)));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    private static Object[] texts(Collection<?> column) {
        Object[] texts = new Object[column.size()];
        int i = 0;
        for (Object value : column) {
            texts[i++] = text(value instanceof Optional<?> optional ? optional.orElse(null) : value);
        }
        return texts;
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> null;
            case byte[] bytes -> "\\x" + java.util.HexFormat.of().formatHex(bytes);
            default -> value.toString();
        };
    }

    static String joined(List<String> parts) {
        return String.join(String.valueOf(UNIT), parts.stream().map(part -> part.replace(UNIT, ' ')).toList());
    }

    /** What {@link #joined} has joined, as PostgreSQL parts it. */
    static List<String> parted(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(String.valueOf(UNIT), -1));
    }

    static List<String> texts(ResultSet rs, String column) throws SQLException {
        java.sql.Array array = rs.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    static Optional<Instant> instant(ResultSet rs, String column) throws SQLException {
        java.sql.Timestamp at = rs.getTimestamp(column);
        return Optional.ofNullable(at).map(java.sql.Timestamp::toInstant);
    }

    static Optional<UUID> uuid(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getObject(column, UUID.class));
    }

    static Optional<String> text(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getString(column));
    }

    /** Splits into chunks of at most {@code size}. */
    static <T> List<List<T>> chunks(List<T> all, int size) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }

    /** {@code {"users": 200}} as JSON; the names are plain words. */
    static String numbers(Map<String, Long> values) {
        StringBuilder json = new StringBuilder("{");
        values.forEach((name, value) -> json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":").append(value));
        return json.append('}').toString();
    }
}
