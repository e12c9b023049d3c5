package io.identitybridge.store;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keeps what PostgreSQL knows of the size of the tables as young as the tables. Each connection plans a statement once, by that; a plan made for an empty
 * table reads all of it, and goes on doing so when there are a hundred thousand rows. Autovacuum looks once a minute: a first load would be over by then.
 */
public final class Statistics {
    /** Changes beyond which a table is another: these, and twice the rows that are known of. */
    private static final int CHANGES = 1_000;
    private final Sql sql;

    public Statistics(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** Has every table looked at that has grown far beyond what is known of it; a table that somebody else looks at is passed over. Gives their names. */
    public List<String> refresh() {
        List<String> grown = sql.rows("select c.oid::regclass::text from pg_class c join pg_stat_user_tables s on s.relid = c.oid where s.schemaname = current_schema() and s.n_mod_since_analyze > ? + 2 * greatest(c.reltuples, 0) order by 1",
                (rs, n) -> rs.getString(1), CHANGES);
        grown.forEach(table -> sql.run("analyze (skip_locked) " + table));
        return grown;
    }
}
