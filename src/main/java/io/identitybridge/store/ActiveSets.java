package io.identitybridge.store;

import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The active set of files, shared by all bridges; the last ten are kept. */
public final class ActiveSets {
    private final Sql sql;

    public ActiveSets(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** Makes a set the active one, unless it is already. {@code contents}: a JSON object of file names and texts. */
    public void activate(String hash, String contents, String actor) {
        sql.run("insert into active_set (hash, contents, activated_by) select ?, ?::jsonb, ? where ? is distinct from (select hash from active_set order by seq desc limit 1)", hash, contents, actor, hash);
        sql.run("delete from active_set where seq <= (select max(seq) - 10 from active_set)");
    }

    /** The hash of the active set; empty before the first start. */
    public Optional<String> lastHash() {
        return sql.row("select hash from active_set order by seq desc limit 1", (rs, n) -> rs.getString(1));
    }

    /** The contents of the active set; empty before the first start. */
    public Optional<String> last() {
        return sql.row("select contents::text from active_set order by seq desc limit 1", (rs, n) -> rs.getString(1));
    }
}
