package io.identitybridge.bench;

import io.identitybridge.bench.ScimLoad.Calls;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The measure of it all: one table of people with the two indexes that reads need, a prepared statement, one commit or one select a call. */
final class PlainLoops {
    static final String TABLES = """
            create table people (id uuid primary key, user_name text not null, active boolean not null, document jsonb not null);
            create unique index people_name on people (lower(user_name));
            create table members (team uuid, person uuid, primary key (team, person))""";

    private PlainLoops() {
    }

    static Calls insert(int connection) throws SQLException {
        PreparedStatement statement = prepare("insert into people (id, user_name, active, document) values (?, ?, true, ?::jsonb)");
        return n -> {
            statement.setObject(1, UUID.randomUUID());
            statement.setString(2, "new." + n);
            statement.setString(3, ScimBench.user("new" + n, "new." + n));
            statement.executeUpdate();
        };
    }

    static Calls update(int connection) throws SQLException {
        PreparedStatement statement = prepare("update people set active = not active where id = ?");
        return n -> {
            statement.setObject(1, id(n));
            statement.executeUpdate();
        };
    }

    static Calls byId(int connection) throws SQLException {
        PreparedStatement statement = prepare("select id, user_name, active, document::text from people where id = ?");
        return n -> {
            statement.setObject(1, id(n));
            one(statement);
        };
    }

    static Calls byName(int connection) throws SQLException {
        PreparedStatement statement = prepare("select id, user_name, active, document::text from people where lower(user_name) = lower(?)");
        return n -> {
            statement.setString(1, ScimBench.name((int) (n * 7_919 % ScimBench.PEOPLE)));
            one(statement);
        };
    }

    static Calls insert100(int connection) throws SQLException {
        PreparedStatement statement = prepare("insert into members (team, person) values (?, ?)");
        return n -> {
            UUID team = new UUID(connection, n);
            for (int i = 0; i < 100; i++) {
                statement.setObject(1, team);
                statement.setObject(2, id(n * 100 + i));
                statement.addBatch();
            }
            statement.executeBatch();
            statement.getConnection().commit();
        };
    }

    private static UUID id(long n) {
        return new UUID(0, n * 7_919 % ScimBench.PEOPLE);
    }

    private static void one(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            if (!rows.next() || rows.getString(4).isEmpty()) {
                throw new IllegalStateException("nobody");
            }
        }
    }

    private static PreparedStatement prepare(String sql) throws SQLException {
        Connection connection = ScimLoad.connection("loop");
        connection.setAutoCommit(!sql.contains("members"));
        return connection.prepareStatement(sql);
    }
}
