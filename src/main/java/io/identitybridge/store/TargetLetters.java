package io.identitybridge.store;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Reaction;
import io.identitybridge.model.Reaction.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Letters about what Portkey does not take: source {@value #SOURCE}, resource {@code person} or {@code workspace}, the bridge's own id as key, the outbox's
 * generation as generation. Each call takes part in the caller's transaction, or has one of its own.
 *
 * <p>One open letter a key. The publisher says {@link #failed} after its short tries and gives the outbox row the time that comes back; {@link #done} once
 * the key has converged, whichever generation that was. A newer generation is tried once whatever the letter waits for.
 */
@Repository
public class TargetLetters {
    /** A name that no source of the files can have: portkey.yaml is the organisation's. */
    public static final String SOURCE = "portkey";
    private static final String OPEN = "source = '" + SOURCE + "' and status in ('open', 'retrying')";

    private final Sql sql;
    private final TransactionTemplate transactions;

    public TargetLetters(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** What the key names. */
    public enum Kind {
        PERSON, WORKSPACE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A key that could not be made equal.
     *
     * @param leaver  whether somebody's access is to end with it
     * @param step    the step that failed, as {@code membership}
     * @param message what is wrong and what to do, in plain words and the same for all keys of one cause: letters are grouped by it
     * @param status  of the answer, where there was one
     * @param code    the answer's error code
     * @param body    what it said; the first 500 characters are kept, without addresses and secrets
     */
    public record Refusal(Kind kind, UUID key, long generation, Cause cause, boolean leaver, String step, String message, Optional<Integer> status, Optional<String> code, String body) {
    }

    /** An open letter as far as the publisher has to know it. */
    public record Standing(long id, long generation, Cause cause, int attempts, Instant firstAt, Optional<Instant> nextAt) {
    }

    /** The open letter of this key. */
    public Optional<Standing> open(Kind kind, UUID key) {
        return sql.row("select id, generation, cause, attempts, first_at, next_at from dead_letter where " + OPEN + " and resource = ? and key = ?", (rs, n) ->
                new Standing(rs.getLong(1), rs.getLong(2), Cause.valueOf(rs.getString(3)), rs.getInt(4), rs.getTimestamp(5).toInstant(), Sql.instant(rs, "next_at")), kind.word(), key.toString());
    }

    /**
     * Opens the key's letter, or counts one more attempt on it, and says when it is tried next by the reaction of its cause.
     *
     * @param setHash the active set that was gone by
     */
    public Next failed(Refusal refusal, Reaction reaction, String setHash) {
        return transactions.execute(tx -> {
            Problem problem = new Problem(refusal.cause(), refusal.kind().word(), refusal.key().toString(), refusal.step(), refusal.message());
            Letters.Letter letter = new Letters.Letter(SOURCE, problem, refusal.generation(), Optional.empty(), List.of(), refusal.step());
            new Letters(sql).open(List.of(letter), "publish", setHash);
            Standing standing = open(refusal.kind(), refusal.key()).orElseThrow();
            sql.run("update dead_letter_attempt set status = ?::int, code = ?, said = ? where letter_id = ? and n = ?", refusal.status().orElse(null), refusal.code().orElse(null),
                    Excerpt.of(refusal.body().isBlank() ? refusal.message() : refusal.body()), standing.id(), standing.attempts());
            Instant now = sql.row("select now()", (rs, n) -> rs.getTimestamp(1).toInstant()).orElseThrow();
            Next next = reaction.next(standing.attempts(), refusal.leaver(), standing.firstAt(), now);
            sql.run("update dead_letter set leaver = ? where id = ?", refusal.leaver(), standing.id());
            Letters.next(sql, standing.id(), next);
            return next;
        });
    }

    /** The key is as it should be, by this generation or a newer one than the letter's: its letter is closed, with all that had parked behind it. */
    public void done(Kind kind, UUID key, long generation) {
        Optional<String> closed = sql.row("update dead_letter set status = case when generation = ? then 'resolved' else 'superseded' end, why = case when generation = ? then 'it went through' else 'a newer state went through' end,"
                + " closed_at = now(), next_at = null where " + OPEN + " and resource = ? and key = ? and generation <= ? returning status", (rs, n) -> rs.getString(1), generation, generation, kind.word(), key.toString(), generation);
        closed.ifPresent(outcome -> LetterCounts.closed(outcome, 1));
    }

    /**
     * After the files have changed: open letters of these causes that were not tried by this set yet are due again, once each.
     *
     * @return how many
     */
    public int retry(Collection<Cause> causes, String setHash) {
        return causes.isEmpty() ? 0 : again("cause = any(?::text[]) and set_hash <> ? and tried_set is distinct from ?", setHash, causes, setHash, setHash);
    }

    /** On an operator's word: the keys of these letters are due again. */
    public int retry(List<Long> letters, String setHash) {
        return again("id = any(?::bigint[])", setHash, letters);
    }

    private int again(String which, String setHash, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = setHash;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return sql.run("with woken as (update dead_letter set tried_set = ?, status = 'retrying', next_at = now() where " + OPEN + " and " + which + " returning resource, key, leaver)"
                + " insert into outbox (kind, key, leaver) select resource, key::uuid, leaver from woken order by resource, key"
                + " on conflict (kind, key) do update set generation = outbox.generation + 1, leaver = outbox.leaver or excluded.leaver, due_at = now()", all);
    }

    /** How much of what went to Portkey failed within the window, for its quarantine; what does not count is left out by the caller. */
    public void count(long events, long failed) {
        new SourceRates(sql).add(SOURCE, events, failed);
    }

    /** Events and failures of Portkey within the window. */
    public SourceRates.Rate rate(Duration window) {
        return new SourceRates(sql).of(SOURCE, window);
    }
}
