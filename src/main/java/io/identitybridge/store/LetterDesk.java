package io.identitybridge.store;

import java.util.List;
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
}
