package io.identitybridge.store;

import io.identitybridge.model.Problem;
import io.identitybridge.model.Reaction.Next;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Files dead letters: one open letter a key; a newer state that succeeds supersedes it (DESIGN section 8). */
final class Letters {
    static final String OPEN = "status in ('open', 'retrying')";
    /** So many attempts of a letter are kept. */
    static final int ATTEMPTS = 10;
    /** The step of a letter about a push that was not taken: the state that is stored after it, which has its generation, is a newer word. */
    static final String REFUSED = "scim";
    /** The account or group {@code t} is about, by the address that its IdP has for an id. */
    static final String RECORD = "case t.resource when 'group' then (select g.id from directory_group g where g.source = t.source and g.external_id = t.address order by g.gone_at nulls first limit 1)"
            + " else (select a.id from account a where a.source = t.source and a.external_id = t.address order by a.gone_at nulls first limit 1) end";
    /** That letter {@code d} is about account {@code a} of its source. */
    static final String ABOUT = "(a.external_id = d.key or a.id::text = d.key or a.id = d.record_id)";
    private final Sql sql;
    private final Seals seals;

    Letters(Sql sql, Seals seals) {
        this.sql = sql;
        this.seals = seals;
    }

    /**
     * @param generation the version of the facts it belongs to
     * @param record     what was mapped, as redacted JSON; without it the letter keeps the one it has. It is stored encrypted, and so is the sentence with its names
     * @param unknown    names of fields that were not kept
     * @param leaver     whether somebody's access is to end by it
     */
    record Letter(String source, Problem problem, long generation, Optional<String> record, List<String> unknown, String step, boolean leaver) {
        static Letter of(SourceName source, Misread misread, String step) {
            return new Letter(source.value(), misread.problem(), misread.generation(), misread.record(), misread.unknown(), step, misread.leaver());
        }

        private String subject(Seals seals) {
            return seals.subject(source, problem.resource(), problem.key());
        }

        private String names(Seals seals) {
            return String.join(",", problem.names().stream().filter(name -> !name.isBlank()).map(seals::name).sorted().toList());
        }

        private String key() {
            return source + Sql.UNIT + problem.resource() + Sql.UNIT + problem.key();
        }
    }

    /** Opens letters, or counts one more attempt on the open one of the same key: one statement, and the first problem of a key is its letter. */
    void open(List<Letter> letters, String origin, String setHash) {
        if (letters.isEmpty()) {
            return;
        }
        Map<String, Letter> first = new TreeMap<>(); // in the order of their keys: two writers never wait for each other
        letters.forEach(letter -> first.putIfAbsent(letter.key(), letter));
        Map<String, Seals.Key> keys = seals.keys(first.values().stream().map(letter -> letter.subject(seals)).toList());
        Columns rows = new Columns(16);
        first.values().forEach(letter -> {
            Problem problem = letter.problem();
            Seals.Key key = keys.get(letter.subject(seals));
            String filed = seals.key(problem.key());
            Optional<String> address = Optional.of(problem.key()).filter(id -> !id.equals(filed));
            rows.add(letter.source(), problem.resource(), filed, letter.generation(), problem.cause().name(), letter.step(), problem.nameless(), problem.fingerprint(),
                    Sql.joined(letter.unknown()), letter.subject(seals), key.seal(problem.sentence()), letter.record().map(key::seal), letter.names(seals), letter.leaver(), address, address.map(key::seal));
        });
        List<String> fresh = rows.write(sql, "with opened as (insert into dead_letter (origin, set_hash, source, resource, key, generation, cause, step, sentence, fingerprint, unknown, subject, sealed_sentence, sealed_record, names, leaver, sealed_key, record_id)"
                + " select ?, ?, t.source, t.resource, t.key, t.generation, t.cause, t.step, t.sentence, t.fingerprint, string_to_array(t.unknown, chr(31)),"
                + " decode(t.subject, 'hex'), t.sealed_sentence, t.sealed_record, array(select decode(h, 'hex') from unnest(string_to_array(t.names, ',')) as u (h)), t.leaver, t.sealed_key, case when t.address is not null then " + RECORD + " end"
                + " from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::text[], ?::boolean[], ?::text[], ?::bytea[])"
                + " as t (source, resource, key, generation, cause, step, sentence, fingerprint, unknown, subject, sealed_sentence, sealed_record, names, leaver, address, sealed_key)"
                + " on conflict (source, resource, key) where status in ('open', 'retrying') do update set attempts = dead_letter.attempts + (not dead_letter.trying)::int, trying = false, last_at = now(),"
                + " generation = excluded.generation, cause = excluded.cause, step = excluded.step, sentence = excluded.sentence, fingerprint = excluded.fingerprint,"
                + " subject = excluded.subject, sealed_key = excluded.sealed_key, record_id = coalesce(excluded.record_id, dead_letter.record_id), sealed_sentence = excluded.sealed_sentence, names = case when cardinality(excluded.names) = 0 then dead_letter.names else excluded.names end,"
                + " sealed_record = coalesce(excluded.sealed_record, dead_letter.sealed_record), unknown = case when excluded.sealed_record is null then dead_letter.unknown else excluded.unknown end,"
                + " raised_at = case when dead_letter.fingerprint = excluded.fingerprint then dead_letter.raised_at end," // another cause is news
                + " origin = excluded.origin, set_hash = excluded.set_hash, status = 'open', next_at = null, rests = false, leaver = excluded.leaver or dead_letter.leaver and excluded.generation <= dead_letter.generation and (dead_letter.step <> '" + REFUSED + "' or excluded.step = dead_letter.step), parked = dead_letter.parked + (excluded.generation > dead_letter.generation)::int"
                + " returning id, attempts, cause, fingerprint, origin, xmax = 0 as fresh),"
                + " noted as (insert into dead_letter_attempt (letter_id, n, cause, said, origin) select id, attempts, cause, left(fingerprint, 500), origin from opened on conflict (letter_id, n) do update set cause = excluded.cause, said = excluded.said, at = now()),"
                + " forgotten as (delete from dead_letter_attempt a using opened o where a.letter_id = o.id and a.n <= o.attempts - " + ATTEMPTS + ")"
                + " select case when fresh then cause end from opened", (rs, n) -> rs.getString(1), origin, setHash);
        fresh.stream().filter(Objects::nonNull).forEach(LetterCounts::opened);
    }

    /** When an open letter is tried next by itself; one that has closed meanwhile is not. */
    static void next(Sql sql, long id, Next next) {
        switch (next) {
            case Next.At(Instant time) -> sql.run("update dead_letter set status = 'retrying', next_at = ?::timestamptz where id = ? and " + OPEN, time, id);
            case Next.Waits waits -> sql.run("update dead_letter set status = 'open', next_at = null, rests = true where id = ? and " + OPEN, id);
            case Next.Expired expired -> LetterCounts.closed("expired", sql.run("update dead_letter set status = 'expired', why = 'it was tried for as long as its cause says', closed_at = now(), next_at = null where id = ? and " + OPEN, id));
        }
    }

    /** The number of the open letter about this. */
    long number(SourceName source, Problem problem) {
        return sql.number("select id from dead_letter where source = ? and resource = ? and key = ? and status in ('open', 'retrying')", source.value(), problem.resource(), seals.key(problem.key()));
    }

    /** Closes the letters of those groups that could be read, or are gone: filed under the IdP's id, or under ours before that was known. */
    void readWell(SourceName source, Collection<GroupFact> groups) {
        List<String> keys = new ArrayList<>();
        groups.stream().filter(group -> group.problem().isEmpty() || group.goneAt().isPresent()).forEach(group -> {
            keys.add(group.id().toString());
            group.externalId().ifPresent(keys::add);
        });
        supersede(source.value(), "group", keys);
    }

    /** Closes letters about exchanges of a source that a later run has overtaken. */
    void overtaken(SourceName source) {
        LetterCounts.closed("superseded", sql.run("update dead_letter set status = 'superseded', why = 'a later run went through', closed_at = now() where source = ? and resource = 'exchange' and status in ('open', 'retrying')", source.value()));
    }

    /** Closes the open letters of these keys: their newer state went through. */
    void supersede(String source, String resource, Collection<String> keys) {
        if (!keys.isEmpty()) {
            LetterCounts.closed("superseded", sql.run("update dead_letter set status = 'superseded', why = 'a newer state went through', closed_at = now()"
                    + " where source = ? and resource = ? and key = any(?::text[]) and status in ('open', 'retrying')", source, resource, keys.stream().map(seals::key).toList()));
        }
    }

    /** Closes the open letters of these people, as far as they belong to these versions of their accounts or to older ones: what could not even be stored is newer. */
    private void superseded(Script script, String source, Map<String, Long> versions) {
        Columns rows = new Columns(2);
        versions.forEach((key, version) -> rows.add(seals.key(key), version));
        rows.write(script, closed -> LetterCounts.closed("superseded", closed), "update dead_letter d set status = 'superseded', why = 'a newer state went through', closed_at = now() from (select ?::text as source) s, unnest(?::text[], ?::bigint[]) as t (key, version)"
                + " where d.source = s.source and d.resource = 'user' and d.key = t.key and d.generation <= t.version and d.status in ('open', 'retrying')", source);
    }

    /** Letters for what could not be provisioned, person by person; the letters of everybody else in a chunk are closed. */
    static final class Filing {
        private final List<Letter> open = new ArrayList<>();
        private final Map<String, Map<String, Long>> fine = new TreeMap<>();

        /** What of this person becomes letters. */
        List<Problem> of(Proposal proposal) {
            List<Problem> all = new ArrayList<>();
            for (Subject.Generation generation : proposal.subject().generations()) {
                List<Problem> mine = proposal.problems().stream().filter(problem -> problem.key().equals(generation.key())).toList();
                mine.forEach(problem -> open.add(new Letter(generation.source(), problem, generation.version(), Optional.empty(), List.of(), "plan", leaver(proposal.subject(), generation))));
                if (mine.isEmpty() && !generation.faulty()) {
                    Map<String, Long> versions = fine.computeIfAbsent(generation.source(), source -> new TreeMap<>());
                    List.of(generation.key(), generation.account().toString()).forEach(key -> versions.merge(key, generation.version(), Math::max));
                }
                all.addAll(mine);
            }
            return all;
        }

        /** Whether it is about whom an account may end that is nobody's yet. */
        private static boolean leaver(Subject subject, Subject.Generation generation) {
            return subject.now().isEmpty() && subject.accounts().stream().anyMatch(account -> account.id().equals(generation.account()) && account.standing() == Standing.LEFT);
        }

        void file(Script script, Letters letters, String origin, String setHash) {
            fine.forEach((source, versions) -> letters.superseded(script, source, versions));
            if (!open.isEmpty()) {
                script.send();
                letters.open(open, origin, setHash);
            }
        }
    }
}
