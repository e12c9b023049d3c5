package io.identitybridge.store;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Letters that are tried again: which may be, what they are about, and what became of them. */
@Repository
public class LetterTries {
    /** The key of a letter {@code d} as an id of ours; null where it is an IdP's. */
    private static final String OURS = "case when d.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then d.key::uuid end";

    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Seals seals;

    public LetterTries(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
        this.seals = seals;
    }

    /** Keys at Portkey are due again where the files may have healed their letters: of these causes, not tried by this set yet. Gives how many. */
    public int publishAgain(Collection<Cause> causes, String setHash) {
        return transactions.execute(tx -> new TargetLetters(sql, seals).retry(causes, setHash));
    }

    /** Keys at Portkey that those of the letters are about are due again, on somebody's word; gives these letters. @param asks whether Portkey is asked what is there first, @param job the replay, if there are many */
    public List<Long> publishAgain(List<Long> letters, String setHash, boolean asks, Optional<Long> job) {
        return transactions.execute(tx -> new TargetLetters(sql, seals).retry(letters, setHash, asks, job));
    }

    /** Those of the letters that are about Portkey. @param about {@code person}, {@code workspace} or both */
    public List<Long> atPortkey(List<Long> letters, String... about) {
        return sql.rows("select id from dead_letter where source = '" + TargetLetters.SOURCE + "' and resource = any(?::text[]) and id = any(?::bigint[]) order by id", (rs, n) -> rs.getLong(1), List.of(about), letters);
    }

    /** An account, and one group of it if it is in any, of whom a letter about Portkey is. */
    public record Published(long letter, SourceName source, UUID account, Optional<UUID> group) {
    }

    /** Whom those of the letters that are about somebody at Portkey are about. */
    public List<Published> people(List<Long> letters) {
        return sql.rows("select d.id, a.source, a.id, m.group_id from dead_letter d join link l on l.person_id = " + OURS + " join account a on a.id = l.account_id left join group_member m on m.account_id = a.id and m.removed_at is null"
                + " where d.source = '" + TargetLetters.SOURCE + "' and d.resource = 'person' and d.id = any(?::bigint[]) order by 1, 3, 4", (rs, n) -> new Published(rs.getLong(1), new SourceName(rs.getString(2)), rs.getObject(3, UUID.class), Sql.uuid(rs, "group_id")), letters);
    }

    /** A workspace that a letter about Portkey is about, and a group that gives it, if one does. @param bound whether it is at Portkey */
    public record Given(long letter, UUID workspace, String name, boolean bound, Optional<SourceName> source, Optional<UUID> group) {
    }

    /** What those of the letters that are about a workspace at Portkey are about. */
    public List<Given> workspaces(List<Long> letters) {
        return sql.rows("with mine as materialized (select d.id, w.id as workspace, w.name, w.name_folded, exists (select 1 from target_workspace t where t.workspace_id = w.id) as bound from dead_letter d join workspace w on w.id = " + OURS
                        + " where d.source = '" + TargetLetters.SOURCE + "' and d.resource = 'workspace' and d.id = any(?::bigint[])),"
                        + " giving as (select distinct m.workspace, g.source, g.id from directory_group g, generate_series(1, cardinality(g.places), 3) i, mine m where (g.gone_at is null or g.lingers) and m.name_folded = lower(normalize(btrim(g.places[i]))))"
                        + " select m.id, m.workspace, m.name, m.bound, g.source, g.id as group_id from mine m left join giving g on g.workspace = m.workspace order by 1, 5, 6",
                (rs, n) -> new Given(rs.getLong(1), rs.getObject(2, UUID.class), rs.getString(3), rs.getBoolean(4), Optional.ofNullable(rs.getString(5)).map(SourceName::new), Sql.uuid(rs, "group_id")), letters);
    }

    /** What Portkey has refused of these letters, each with how many. */
    public Map<String, Long> refused(List<Long> letters) {
        Map<String, Long> refused = new TreeMap<>();
        sql.rows("select regexp_replace(replace(sentence, resource || ' ' || key || ': ', ''), '^(.+): \\1: ', '\\1: ') as why, count(*) from dead_letter where id = any(?::bigint[]) group by 1", (rs, n) -> refused.put(rs.getString(1), rs.getLong(2)), letters);
        return refused;
    }

    /** How many of the letters about Portkey the publisher has not come to yet, and will in a moment. */
    public long waiting(List<Long> letters) {
        return sql.number("select count(*) from dead_letter d where d.id = any(?::bigint[]) and " + TargetLetters.WAITING, letters);
    }

    /**
     * A letter about one record of a source.
     *
     * @param id       of the account or group; empty where nothing of it is stored
     * @param idpId    what the IdP calls it
     * @param generation the version of the facts that the letter belongs to
     * @param original whether nothing newer has come since
     * @param ahead    whether it is about a record that could not even be stored
     * @param gone     whether the IdP has said that it is gone
     * @param firstAt  when the letter was opened
     */
    public record Subject(long letter, SourceName source, String resource, String key, Optional<UUID> id, String idpId, long generation, boolean original, boolean ahead, boolean gone, Instant firstAt) {
    }

    /** Marks these letters as tried, each with its audit row; gives those that may be: by the clock all, by an operator those not replayed {@code most} times, or {@code forced}. */
    public List<Long> tried(List<Long> letters, String actor, boolean counts, int most, boolean forced) {
        return transactions.execute(tx -> {
            if (counts && !forced) {
                sql.run("update dead_letter set needs_human = true where " + Letters.OPEN + " and id = any(?::bigint[]) and replays >= ? and not needs_human", letters, most);
            }
            return sql.rows("with tried as (update dead_letter set attempts = attempts + 1, trying = true, last_at = now(), replays = replays + ?::int, needs_human = false where " + Letters.OPEN + " and id = any(?::bigint[])"
                    + " and (? or replays < ?) returning id, source, sentence, set_hash, attempts, cause),"
                    + " noted as (insert into dead_letter_attempt (letter_id, n, cause, said, origin) select id, attempts, cause, 'tried again', 'replay:' || ? from tried on conflict (letter_id, n) do nothing),"
                    + " forgotten as (delete from dead_letter_attempt a using tried t where a.letter_id = t.id and a.n <= t.attempts - " + Letters.ATTEMPTS + "),"
                    + " audited as (insert into audit (actor, via, source, origin, set_hash, changes) select ?, 'replay', source, 'letter:' || id, set_hash, array['replay letter ' || id || ' (' || sentence || ')'] from tried)"
                    + " select id from tried order by id", (rs, n) -> rs.getLong(1), counts ? 1 : 0, letters, forced || !counts, most, actor, actor);
        });
    }

    /** What those of the letters that are open and about a record of a source are about. */
    public List<Subject> subjects(List<Long> letters) {
        Map<Long, String> addresses = new LetterKeys(sql, seals).addresses(letters);
        RowMapper<Subject> row = (rs, n) -> new Subject(rs.getLong(1), new SourceName(rs.getString(2)), rs.getString(3), rs.getString(4), Sql.uuid(rs, "subject"), Sql.uuid(rs, "subject").isPresent() ? rs.getString(6) : addresses.getOrDefault(rs.getLong(1), rs.getString(6)), rs.getLong(7), rs.getBoolean(8), rs.getBoolean(9), rs.getBoolean(10), rs.getTimestamp(11).toInstant());
        String columns = "select d.id, d.source, d.resource, d.key, s.id as subject, coalesce(s.external_id, d.key), d.generation, coalesce(s.version = d.generation, false), coalesce(s.version < d.generation, true),"
                + " exists (select 1 from %1$s a where a.source = d.source and a.external_id = d.key and a.gone_at is not null) or exists (select 1 from %1$s a where a.id = d.record_id and a.gone_at is not null), d.first_at from dead_letter d"
                + " left join lateral (select a.id, a.external_id, a.version from %1$s a where a.source = d.source and a.external_id = d.key and (a.gone_at is null or d.leaver)"
                + " union select a.id, a.external_id, a.version from %1$s a where a.id = " + OURS + " and a.source = d.source and (a.gone_at is null or d.leaver)"
                + " union select a.id, a.external_id, a.version from %1$s a where a.id = d.record_id and (a.gone_at is null or d.leaver)) s on true"
                + " where d.resource = ? and d." + Letters.OPEN + " and d.source <> '" + TargetLetters.SOURCE + "' and d.id = any(?::bigint[]) order by d.id";
        List<Subject> all = new ArrayList<>(sql.rows(columns.formatted("account"), row, "user", letters));
        all.addAll(sql.rows(columns.formatted("directory_group"), row, "group", letters));
        return all;
    }

    /** By source, of these subjects what is stored. */
    public static Map<SourceName, List<UUID>> stored(Collection<Subject> subjects, String resource) {
        Map<SourceName, List<UUID>> found = new TreeMap<>();
        subjects.stream().filter(subject -> subject.resource().equals(resource)).forEach(subject -> subject.id().ifPresent(id -> found.computeIfAbsent(subject.source(), s -> new ArrayList<>()).add(id)));
        found.replaceAll((source, ids) -> ids.stream().distinct().toList());
        return found;
    }

    /** Sources whose letters about runs that broke are among these. */
    public List<SourceName> brokenRuns(List<Long> letters) {
        return sql.rows("select distinct source from dead_letter where resource = 'exchange' and " + Letters.OPEN + " and id = any(?::bigint[]) order by 1", (rs, n) -> new SourceName(rs.getString(1)), letters);
    }

    /** Closes those of the letters whose person is gone from the IdP since: nothing is done for him any more. Not where that he lost his access is what broke. */
    public int goneSince(List<Long> letters) {
        int closed = sql.run("update dead_letter d set status = 'superseded', why = 'whoever it is about is gone since', closed_at = now(), next_at = null where d." + Letters.OPEN
                + " and d.resource = 'user' and d.id = any(?::bigint[]) and " + his("a.gone_at is not null") + " and not " + his("a.gone_at is null")
                + " and not (d.leaver and " + his("a.gone_at is not null and exists (select 1 from link k join person p on p.id = k.person_id where k.account_id = a.id and p.status = 'active')") + ")", letters);
        LetterCounts.closed("superseded", closed);
        return closed;
    }

    /** That such an account of his is there; each way to it by an index of its own. */
    private static String his(String which) {
        return "(exists (select 1 from account a where a.source = d.source and a.external_id = d.key and " + which + ")"
                + " or exists (select 1 from account a where a.id = coalesce(" + OURS + ", d.record_id) and a.source = d.source and " + which + "))";
    }

    /** Ends the attempt on these letters, but for those about runs, which end with the run that was begun for them; gives how many of them are still open. */
    public long stillOpen(List<Long> letters) {
        sql.run("update dead_letter set trying = false where trying and resource <> 'exchange' and id = any(?::bigint[])", letters);
        return sql.number("select count(*) from dead_letter where " + Letters.OPEN + " and id = any(?::bigint[])", letters);
    }

    /** What stands in the way of the people of these accounts, without touching anything. */
    public List<Problem> obstacles(Collection<UUID> accounts, Rules rules) {
        return transactions.execute(tx -> new Proposals(sql, seals, rules, false).of(accounts, false).stream().flatMap(proposal -> proposal.problems().stream()).toList());
    }
}
