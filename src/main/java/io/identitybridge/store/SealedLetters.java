package io.identitybridge.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Puts into letters what is stored encrypted: the names in their sentences, and what was mapped. */
@Repository
public class SealedLetters {
    private final Sql sql;
    private final Seals seals;

    public SealedLetters(JdbcTemplate jdbc, Seals seals) {
        this.sql = new Sql(jdbc);
        this.seals = seals;
    }

    private record Sealed(long id, String subject, byte[] sentence, byte[] record, String forgotten) {
    }

    /** Puts the whole {@code sentence} into each of these, which have their {@code id}; one whose key was destroyed keeps its own, and says {@code forgotten} with the day. */
    public void tell(List<Map<String, Object>> letters) {
        Map<Long, Map<String, Object>> byId = new LinkedHashMap<>();
        letters.forEach(letter -> byId.put(((Number) letter.get("id")).longValue(), letter));
        if (letters.isEmpty()) {
            return;
        }
        List<Sealed> sealed = sealed(byId.keySet().stream().toList());
        Map<String, Seals.Key> keys = seals.known(sealed.stream().map(Sealed::subject).collect(Collectors.toSet()));
        sealed.forEach(one -> {
            Map<String, Object> letter = byId.get(one.id());
            Optional<String> told = Optional.ofNullable(keys.get(one.subject())).filter(key -> one.sentence() != null).flatMap(key -> key.open(one.sentence()));
            told.ifPresent(sentence -> letter.put("sentence", sentence));
            if (told.isEmpty() && one.forgotten() != null) {
                letter.put("forgotten", one.forgotten());
                letter.put("sentence", letter.get("sentence") + " (forgotten on " + one.forgotten() + ")");
            }
        });
    }

    /** What was mapped, as redacted JSON; empty where there is none, or its key was destroyed. */
    public Optional<String> record(long id) {
        return sealed(List.of(id)).stream().filter(one -> one.record() != null).findFirst()
                .flatMap(one -> Optional.ofNullable(seals.known(List.of(one.subject())).get(one.subject())).flatMap(key -> key.open(one.record())));
    }

    /** What was mapped of these letters, by their numbers; those of which nothing is kept, or whose key was destroyed, are not in it. */
    public Map<Long, String> records(List<Long> ids) {
        List<Sealed> sealed = sealed(ids).stream().filter(one -> one.record() != null).toList();
        Map<String, Seals.Key> keys = seals.known(sealed.stream().map(Sealed::subject).collect(Collectors.toSet()));
        Map<Long, String> records = new LinkedHashMap<>();
        sealed.forEach(one -> Optional.ofNullable(keys.get(one.subject())).flatMap(key -> key.open(one.record())).ifPresent(record -> records.put(one.id(), record)));
        return records;
    }

    private List<Sealed> sealed(List<Long> ids) {
        return sql.rows("select d.id, encode(d.subject, 'hex'), d.sealed_sentence, d.sealed_record, to_char(c.forgotten_at at time zone 'UTC', 'YYYY-MM-DD') from dead_letter d"
                + " left join person_cipher c on c.subject = d.subject where d.id = any(?::bigint[]) and d.subject is not null",
                (rs, n) -> new Sealed(rs.getLong(1), rs.getString(2), rs.getBytes(3), rs.getBytes(4), rs.getString(5)), ids);
    }
}
