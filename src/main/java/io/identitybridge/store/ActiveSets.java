package io.identitybridge.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The active set of files, shared by all bridges; the last ten are kept. */
public final class ActiveSets {
    private static final String ROLLBACK = " (rollback)";

    private final Sql sql;

    public ActiveSets(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** Makes a set the active one, unless it is already. {@code contents}: a JSON object of file names and texts. */
    public void activate(String hash, String contents, String actor) {
        sql.run("insert into active_set (hash, contents, activated_by) select ?, ?::jsonb, ? where ? is distinct from (select hash from active_set order by seq desc limit 1)", hash, contents, actor, hash);
        sql.run("delete from active_set where seq <= (select max(seq) - 10 from active_set)");
    }

    /** The contents of the last other set that was active: of this hash or the beginning of one, where it is given. Empty where none is kept. */
    public Optional<String> earlier(Optional<String> hash) {
        return sql.row("select contents::text from active_set where hash <> (select hash from active_set order by seq desc limit 1) and (?::text is null or starts_with(hash, ?)) order by seq desc limit 1",
                (rs, n) -> rs.getString(1), hash.orElse(null), hash.orElse(null));
    }

    /** This file's text in the last set where it was another one; empty where none is kept. */
    public Optional<String> before(String file, String text) {
        return sql.row("select contents ->> ? from active_set where contents ->> ? is not null and contents ->> ? <> ? order by seq desc limit 1", (rs, n) -> rs.getString(1), file, file, file, text);
    }

    /** Notes that a set is active again on somebody's word, against what lies on the disks. */
    public void rollBack(String hash, String contents, String actor) {
        activate(hash, contents, actor + ROLLBACK);
    }

    /** The hash of the set that was left by a rollback; empty where the active one came from a disk. */
    public Optional<String> rolledBackFrom() {
        List<Map.Entry<String, String>> last = sql.rows("select hash, activated_by from active_set order by seq desc limit 2", (rs, n) -> Map.entry(rs.getString(1), rs.getString(2)));
        return last.size() == 2 && last.getFirst().getValue().endsWith(ROLLBACK) ? Optional.of(last.getLast().getKey()) : Optional.empty();
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
