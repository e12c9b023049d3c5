package io.identitybridge.store;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Quoted;
import io.identitybridge.model.Reaction.Next;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Letters about what Portkey does not take: source {@value #SOURCE}, resource {@code person} or {@code workspace}, the bridge's own id as key, the outbox's
 * generation as generation. Every call takes part in the caller's transaction.
 */
final class TargetLetters {
    /** A name that no IdP's source can have: {@code mappings/portkey.yaml} is the organisation's. */
    static final String SOURCE = "portkey";
    /** Characters of an answer, and of its code, that a letter keeps. */
    private static final int SAID = 500;
    private static final int CODE = 40;
    /** What is shorter stands in many a word. */
    private static final int SHORTEST_LOCAL = 3;
    private static final String OPEN = "source = '" + SOURCE + "' and status in ('open', 'retrying')";
    /** The key of a letter {@code d} as an outbox key. */
    private static final String KEY = "case when d.resource in ('person', 'workspace') then d.key::uuid end";
    /** Open letters {@code d} whose keys the publisher is about to try, or to try again within moments; none while nothing is written to Portkey. */
    static final String WAITING = "d.source = '" + SOURCE + "' and d.status in ('open', 'retrying') and exists (select 1 from outbox o where o.kind = d.resource and o.key = " + KEY
            + " and not o.blocked and (o.leased_by is not null or o.due_at <= now() + interval '30 seconds')) and exists (select 1 from target where mode = 'apply' and stopped_at is null)";

    private final Sql sql;
    private final Letters letters;

    TargetLetters(Sql sql, Seals seals) {
        this.sql = sql;
        this.letters = new Letters(sql, seals);
    }

    /**
     * A key that could not be made equal.
     *
     * @param problem what is wrong, the same for all keys of one cause; its resource and key are not looked at
     * @param next    when it is tried next
     * @param failure what Portkey answered, where it did: the first 500 characters are kept, without addresses and secrets
     */
    record Refusal(OutboxKey key, Problem problem, String step, Next next, Optional<Failure> failure) {
    }

    /** Opens the letters of these keys, or counts one more attempt on them, each with what it was told. */
    void failed(Collection<Refusal> refusals, String setHash) {
        Map<UUID, Set<String>> names = names(refusals);
        letters.open(refusals.stream().map(refusal -> {
            Problem problem = refusal.problem();
            Problem ours = new Problem(problem.cause(), refusal.key().kind().toString(), refusal.key().id().toString(), problem.where(), problem.message(), names.getOrDefault(refusal.key().id(), Set.of()));
            return new Letters.Letter(SOURCE, ours, refusal.key().generation(), Optional.empty(), List.of(), refusal.step(), refusal.key().leaver());
        }).toList(), "publish", setHash);
        for (Refusal refusal : refusals) {
            OutboxKey key = refusal.key();
            long id = sql.number("update dead_letter set leaver = ? and not exists (select 1 from person p where p.id::text = key and p.status = 'active') where " + OPEN + " and resource = ? and key = ? returning id", key.leaver(), key.kind().toString(), key.id().toString()); // who came back is no leaver, whatever his letter was about before
            refusal.failure().ifPresent(failure -> sql.run("update dead_letter_attempt a set status = ?::int, code = ?, said = ? from dead_letter d where d.id = ? and a.letter_id = d.id and a.n = d.attempts",
                    failure.status().orElse(null), failure.code().map(code -> Quoted.text(code, Set.of(), CODE)).orElse(null), Quoted.text(failure.body(), words(names.getOrDefault(key.id(), Set.of())), SAID), id));
            Letters.next(sql, id, refusal.next());
        }
    }

    /** What the people of these keys are called, their addresses as far as the @ as well: it is left out of what Portkey said of them, and finds their letters. */
    private Map<UUID, Set<String>> names(Collection<Refusal> refusals) {
        Map<UUID, Set<String>> names = new HashMap<>();
        List<UUID> people = refusals.stream().map(Refusal::key).filter(key -> key.kind() == OutboxKey.Kind.PERSON).map(OutboxKey::id).toList();
        if (!people.isEmpty()) {
            sql.rows("select id, email, user_name, display_name from person where id = any(?::uuid[])", (rs, n) -> names.put(rs.getObject(1, UUID.class), Stream.of(rs.getString(2), rs.getString(3), rs.getString(4)).flatMap(TargetLetters::called).filter(name -> !name.isBlank()).collect(Collectors.toSet())), people);
        }
        return names;
    }

    private static Stream<String> called(String name) {
        String local = name.substring(0, Math.max(0, name.indexOf('@')));
        return local.length() < SHORTEST_LOCAL ? Stream.of(name) : Stream.of(name, local);
    }

    /** With each word of them, as a given and a family name are sent alone. */
    private static Set<String> words(Set<String> names) {
        return names.stream().flatMap(name -> Stream.concat(Stream.of(name), Stream.of(name.split("[^\\p{L}\\p{M}\\p{N}'\u2019]+")).filter(word -> word.length() > 1))).collect(Collectors.toSet());
    }

    /** These keys are as they should be, by these generations: their letters are closed, with all that had parked behind them. */
    void done(Collection<OutboxKey> keys) {
        Columns rows = new Columns(3);
        keys.forEach(key -> rows.add(key.kind(), key.id(), key.generation()));
        Map<String, Integer> closed = new HashMap<>();
        rows.write(sql, "update dead_letter d set status = case when d.generation = t.generation then 'resolved' else 'superseded' end, why = case when d.generation = t.generation then 'it went through' else 'a newer state went through' end,"
                + " closed_at = now(), next_at = null from unnest(?::text[], ?::text[], ?::bigint[]) as t (kind, key, generation) where " + OPEN.replace("source", "d.source").replace("status", "d.status")
                + " and d.resource = t.kind and d.key = t.key and d.generation <= t.generation returning d.status", (rs, n) -> rs.getString(1)).forEach(outcome -> closed.merge(outcome, 1, Integer::sum));
        closed.forEach(LetterCounts::closed);
    }

    /**
     * After the files have changed: open letters of these causes that were not tried by this set yet are due again, once each.
     *
     * @return how many
     */
    int retry(Collection<Cause> causes, String setHash) {
        return causes.isEmpty() ? 0 : again("d.cause = any(?::text[]) and d.set_hash <> ? and d.tried_set is distinct from ?", setHash, causes, setHash, setHash).size();
    }

    /**
     * On somebody's word: the keys of these letters are due again.
     *
     * @param asks whether Portkey is asked what is there before anything is written: each person by himself; a workspace waits for a whole reading that begins after this
     * @param job  the replay, if they are many
     * @return which of the letters
     */
    List<Long> retry(List<Long> ids, String setHash, boolean asks, Optional<Long> job) {
        List<Long> due = again("d.id = any(?::bigint[])", setHash, ids);
        job.ifPresent(replay -> sql.run("update dead_letter set replay = ? where id = any(?::bigint[])", replay, due));
        sql.run("update outbox o set doubt = o.doubt or ? and o.kind = 'person', reads_first = case when ? and o.kind = 'workspace' then now() end from dead_letter d where d.id = any(?::bigint[]) and d.resource in ('person', 'workspace') and o.kind = d.resource and o.key = " + KEY, asks, asks, due);
        if (asks) {
            sql.run("update target set read_wanted = true where exists (select 1 from dead_letter d where d.id = any(?::bigint[]) and d.resource = 'workspace')", due);
        }
        return due;
    }

    private List<Long> again(String which, String setHash, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(setHash));
        all.addAll(List.of(arguments));
        // Locked in the order in which turns are settled. A letter that is about the newest state stays so: a replay is no newer one.
        sql.rows("select o.key from outbox o join dead_letter d on o.kind = d.resource and o.key = " + KEY + " where d." + OPEN.replace("status", "d.status") + " and " + which + " order by o.kind, o.key for update of o", (rs, n) -> rs.getString(1), arguments);
        List<Long> newest = sql.rows("select d.id from dead_letter d where d." + OPEN.replace("status", "d.status") + " and " + which + " and not exists (select 1 from outbox o where o.kind = d.resource and o.key = " + KEY + " and o.generation > d.generation)",
                (rs, n) -> rs.getLong(1), arguments);
        Map<String, Set<UUID>> keys = new HashMap<>();
        Set<UUID> leavers = new HashSet<>();
        List<Long> woken = sql.rows("update dead_letter d set tried_set = ?, status = 'retrying', next_at = now() where d." + OPEN.replace("status", "d.status") + " and " + which + " and d.resource in ('person', 'workspace') returning d.resource, d.key, d.leaver, d.id", (rs, n) -> {
            UUID key = UUID.fromString(rs.getString(2));
            if (rs.getBoolean(3)) {
                leavers.add(key);
            }
            keys.computeIfAbsent(rs.getString(1), kind -> new HashSet<>()).add(key);
            return rs.getLong(4);
        }, all.toArray());
        keys.forEach((kind, some) -> Outbox.wants(sql, kind, some, leavers));
        sql.run("update dead_letter d set generation = o.generation from outbox o where d.id = any(?::bigint[]) and d.resource in ('person', 'workspace') and o.kind = d.resource and o.key = " + KEY, newest);
        return woken;
    }
}
