package io.identitybridge.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.util.PGobject;

/** A row as it is shown outside: labels as names, times in UTC, JSON as it is. */
final class Rows {
    private Rows() {
    }

    static Map<String, Object> shown(ResultSet rs, int number) throws SQLException {
        ResultSetMetaData meta = rs.getMetaData();
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            row.put(meta.getColumnLabel(i), value(rs.getObject(i)));
        }
        return row;
    }

    private static Object value(Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Timestamp at -> at.toInstant().toString();
            case UUID id -> id.toString();
            case Array array -> List.of((Object[]) array.getArray());
            case PGobject object -> new Json(object.getValue());
            default -> value;
        };
    }
}
