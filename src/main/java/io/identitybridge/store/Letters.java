package io.identitybridge.store;

import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Files dead letters: one open letter a key; a newer state that succeeds supersedes it (DESIGN section 8). */
final class Letters {
    private final Sql sql;

    Letters(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param generation the version of the facts it belongs to
     * @param record     what was mapped, as redacted JSON
     */
    record Letter(String source, Problem problem, long generation, Optional<String> record, String step) {
    }

    /** Opens a letter, or counts one more attempt on the open one of the same key. */
    void open(List<Letter> letters, String origin, String setHash) {
        for (Letter letter : letters) {
            Problem problem = letter.problem();
            sql.run("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, record, origin, set_hash)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?) on conflict (source, resource, key) where status in ('open', 'retrying')"
                            + " do update set attempts = dead_letter.attempts + 1, last_at = now(), generation = excluded.generation, cause = excluded.cause, step = excluded.step,"
                            + " sentence = excluded.sentence, fingerprint = excluded.fingerprint, record = coalesce(excluded.record, dead_letter.record), origin = excluded.origin, set_hash = excluded.set_hash",
                    letter.source(), problem.resource(), problem.key(), letter.generation(), problem.cause().name(), letter.step(), problem.sentence(), problem.fingerprint(),
                    letter.record().orElse(null), origin, setHash);
        }
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
        sql.run("update dead_letter set status = 'superseded', why = 'a later run went through', closed_at = now() where source = ? and resource = 'exchange' and status in ('open', 'retrying')", source.value());
    }

    /** Closes the open letters of these keys: their newer state went through. */
    void supersede(String source, String resource, Collection<String> keys) {
        if (!keys.isEmpty()) {
            sql.run("update dead_letter set status = 'superseded', why = 'a newer state went through', closed_at = now()"
                    + " where source = ? and resource = ? and key = any(?::text[]) and status in ('open', 'retrying')", source, resource, new ArrayList<>(keys));
        }
    }
}
