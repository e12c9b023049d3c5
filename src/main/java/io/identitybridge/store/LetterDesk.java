package io.identitybridge.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Closes letters on an operator's word. In one statement with their audit rows, so that neither is without the other. */
@Repository
public class LetterDesk {
    private final JdbcTemplate jdbc;

    public LetterDesk(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Discards those of the letters that are open; gives their ids. The wanted state stays: a newer one may open a letter again. */
    public List<Long> discard(List<Long> ids, String actor, String reason) {
        String list = String.join(",", ids.stream().map(String::valueOf).toList());
        List<Long> discarded = jdbc.queryForList("""
                with closed as (
                  update dead_letter set status = 'discarded', why = ?, closed_at = now(), next_at = null
                  where id = any(string_to_array(?, ',')::bigint[]) and status in ('open', 'retrying') returning id, source, sentence, set_hash
                ), noted as (
                  insert into audit (actor, via, source, origin, set_hash, changes)
                  select ?, 'operator', source, 'letter:' || id, set_hash, array['discard letter ' || id || ' (' || sentence || '): ' || ?] from closed
                )
                select id from closed order by id""", Long.class, reason, list, actor, reason);
        LetterCounts.closed("discarded", discarded.size());
        return discarded;
    }

    /** Says whose those of the letters are that are open, or nobody's; gives their ids. */
    public List<Long> assign(List<Long> ids, Optional<String> to, String actor) {
        return changed("assigned_to = ?", to.orElse(null), ids, actor, to.map(who -> "assign letter %s to " + who).orElse("letter %s is nobody's now"));
    }

    /** Puts those of the letters that are open aside until a time, or takes them up again; they are tried all the same. Gives their ids. */
    public List<Long> snooze(List<Long> ids, Optional<Instant> until, String actor) {
        return changed("snoozed_until = ?::timestamptz", until.map(Instant::toString).orElse(null), ids, actor, until.map(time -> "snooze letter %s until " + time).orElse("letter %s is snoozed no longer"));
    }

    private List<Long> changed(String change, String value, List<Long> ids, String actor, String noted) {
        String list = String.join(",", ids.stream().map(String::valueOf).toList());
        return jdbc.queryForList("with changed as (update dead_letter set " + change + " where id = any(string_to_array(?, ',')::bigint[]) and status in ('open', 'retrying') returning id, source, set_hash),"
                + " noted as (insert into audit (actor, via, source, origin, set_hash, changes) select ?, 'operator', source, 'letter:' || id, set_hash, array[replace(?, '%s', id::text)] from changed)"
                + " select id from changed order by id", Long.class, value, list, actor, noted);
    }
}
