package io.identitybridge.store;

import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The active set of files, shared by all bridges; the last ten that differ are kept, each once. */
public final class ActiveSets {
    private final Sql sql;

    public ActiveSets(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** Makes a set of the disk the active one, unless it is already. {@code contents}: a JSON object of file names and texts. */
    public void activate(String hash, String contents, String actor) {
        put(hash, contents, actor, null);
        sql.run("update active_set set disk = null where hash = ? and disk is not null", hash);
    }

    private void put(String hash, String contents, String actor, String disk) {
        sql.run("insert into active_set (hash, contents, activated_by, disk) select ?, ?::jsonb, ?, ? where ? is distinct from (select hash from active_set order by seq desc limit 1)", hash, contents, actor, disk, hash);
        sql.run("delete from active_set s where exists (select 1 from active_set later where later.hash = s.hash and later.seq > s.seq)");
        sql.run("delete from active_set where seq not in (select seq from active_set order by seq desc limit 10)");
    }

    /** The contents of the last other set that was active: of this hash or the beginning of one, where it is given. Empty where none is kept. */
    public Optional<String> earlier(Optional<String> hash) {
        return sql.row("select contents::text from active_set where hash <> (select hash from active_set order by seq desc limit 1) and (?::text is null or starts_with(hash, ?)) order by seq desc limit 1",
                (rs, n) -> rs.getString(1), hash.orElse(null), hash.orElse(null));
    }

    /** The contents of the set of this hash; empty where it is kept no more. */
    public Optional<String> of(String hash) {
        return sql.row("select contents::text from active_set where hash = ? order by seq desc limit 1", (rs, n) -> rs.getString(1), hash);
    }

    /** This file's text in the last set where it was another one; empty where none is kept. */
    public Optional<String> before(String file, String text) {
        return sql.row("select contents ->> ? from active_set where contents ->> ? is not null and contents ->> ? <> ? order by seq desc limit 1", (rs, n) -> rs.getString(1), file, file, file, text);
    }

    /** This file's text in the set that was active at a moment; empty where that set is not kept. */
    public Optional<String> at(String file, Instant then) {
        return sql.row("select contents ->> ? from active_set where activated_at <= ?::timestamptz and contents ->> ? is not null order by seq desc limit 1", (rs, n) -> rs.getString(1), file, then, file);
    }

    /** Notes that a set is active again on somebody's word, against what lies on the disk: the set of that hash. */
    public void rollBack(String hash, String contents, String actor, String disk) {
        put(hash, contents, actor + " (rollback)", disk.equals(hash) ? null : disk);
    }

    /** The hash of what lay on the disk when the active set was rolled back to; empty where the active one is what a disk held. */
    public Optional<String> rolledBackFrom() {
        return sql.rows("select disk from active_set order by seq desc limit 1", (rs, n) -> Optional.ofNullable(rs.getString(1))).stream().flatMap(Optional::stream).findFirst();
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
