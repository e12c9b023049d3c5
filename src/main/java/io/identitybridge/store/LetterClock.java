package io.identitybridge.store;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Reaction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Letters of sources by the clock: which of them are tried again by themselves, and when; where somebody's access is to end, all of them. Those about Portkey
 * are the publisher's, and of an exchange that was no run nothing is kept that could be tried.
 */
@Repository
public class LetterClock {
    /** Exchanges of routes that read no source have this one. */
    public static final String NO_SOURCE = "bridge";
    private static final String OURS = "status in ('open', 'retrying') and source <> '" + TargetLetters.SOURCE + "' and (resource in ('user', 'group') or resource = 'exchange' and source <> '" + NO_SOURCE + "')";
    private static final int MOST = 500;

    private final Sql sql;

    public LetterClock(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** Gives open letters of causes that are tried again by the clock the time of their next try, or lets them rest, or expire. */
    public void schedule(Causes causes) {
        List<Cause> timed = causes(causes, reaction -> !reaction.schedule().isEmpty() || reaction.every().isPresent());
        sql.rows("select id, cause, attempts, first_at, last_at, leaver from dead_letter where " + OURS + " and next_at is null and (not rests and cause = any(?::text[]) or leaver) order by leaver desc, id limit " + MOST, (rs, n) -> {
            Reaction reaction = causes.reaction(Cause.valueOf(rs.getString(2)));
            return new Due(rs.getLong(1), reaction.next(rs.getInt(3), rs.getBoolean(6), rs.getTimestamp(4).toInstant(), rs.getTimestamp(5).toInstant()));
        }, timed).forEach(due -> Letters.next(sql, due.id(), due.next()));
    }

    private record Due(long id, Reaction.Next next) {
    }

    /** Takes the letters whose time has come, at most 500; each is given once. */
    public List<Long> take() {
        return sql.rows("update dead_letter set next_at = null where id in (select id from dead_letter where " + OURS + " and next_at <= now() order by next_at limit " + MOST
                + " for update skip locked) returning id", (rs, n) -> rs.getLong(1));
    }

    /** Causes with such a reaction. */
    public static List<Cause> causes(Causes causes, Predicate<Reaction> which) {
        return Arrays.stream(Cause.values()).filter(cause -> which.test(causes.reaction(cause))).toList();
    }
}
