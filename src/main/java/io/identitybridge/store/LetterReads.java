package io.identitybridge.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Dead letters as operators see them. */
@Repository
public class LetterReads {
    private static final String OPEN = "status in ('open', 'retrying')";

    private static final Listing LETTERS = Listing.of("dead-letters", "dead_letter d")
            .shows("id", "d.id").field("source", "d.source").field("resource", "d.resource").field("key", "d.key").shows("generation", "d.generation")
            .field("cause", "d.cause").field("step", "d.step").shows("sentence", "d.sentence").field("fingerprint", "d.fingerprint").shows("attempts", "d.attempts")
            .field("status", "d.status").shows("why", "d.why").field("origin", "d.origin").shows("firstAt", "d.first_at").shows("lastAt", "d.last_at")
            .shows("nextAt", "d.next_at").shows("closedAt", "d.closed_at")
            .filter("id", "d.id = ?::bigint", id -> id)
            .searches("d.sentence", "d.key").by("d.id", "bigint").newestFirst();

    private static final Listing GROUPS = Listing.of("dead-letter-groups", "(select fingerprint, source, cause, resource, count(*) as n, min(first_at) as first_at,"
            + " max(last_at) as last_at, min(sentence) as sentence, min(id) as id from dead_letter where " + OPEN + " group by fingerprint, source, cause, resource) d")
            .field("fingerprint", "d.fingerprint").field("source", "d.source").field("cause", "d.cause").field("resource", "d.resource").shows("count", "d.n")
            .shows("example", "d.sentence").shows("exampleId", "d.id").shows("firstAt", "d.first_at").shows("lastAt", "d.last_at")
            .searches("d.sentence", "d.fingerprint").by("d.n", "bigint").by("d.id", "bigint").newestFirst();

    private final JdbcTemplate jdbc;

    public LetterReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public Page letters(Query query) {
        return LETTERS.read(jdbc, query);
    }

    /** Open letters by fingerprint, the commonest first. */
    public Page groups(Query query) {
        return GROUPS.read(jdbc, query);
    }

    /** One letter with its redacted record; empty for an unknown one. */
    public Optional<Map<String, Object>> letter(long id) {
        Optional<Map<String, Object>> found = letters(new Query(1, Optional.empty(), Optional.empty(), Map.of("id", String.valueOf(id)))).items().stream().findFirst();
        found.ifPresent(letter -> letter.putAll(jdbc.query("select record, unknown, set_hash as \"setHash\" from dead_letter where id = ?", Rows::shown, id).getFirst()));
        return found;
    }

    /** The open letters of one cause, oldest first, at most {@code most}. */
    public List<Long> open(String fingerprint, int most) {
        return jdbc.queryForList("select id from dead_letter where fingerprint = ? and " + OPEN + " order by id limit ?", Long.class, fingerprint, most);
    }

    /** Those of the letters that are open. */
    public List<Long> open(List<Long> ids) {
        String list = String.join(",", ids.stream().map(String::valueOf).toList());
        return jdbc.queryForList("select id from dead_letter where id = any(string_to_array(?, ',')::bigint[]) and " + OPEN + " order by id", Long.class, list);
    }
}
