package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Dead letters as operators see them. */
@Repository
public class LetterReads {
    private static final String OPEN = "status in ('open', 'retrying')";
    /** By the hash of a name that the letter has, by its key, or by what that key's account is called now. */
    private static final String PERSON = """
            d.id in (with who as (select split_part(w, chr(31), 1) as hash, split_part(w, chr(31), 2) as name from (select ?::text as w) given),
              his as (select a.source, a.external_id, a.id from account a, who where lower(a.user_name) = who.name or lower(a.email) = who.name
                union select a.source, a.external_id, a.id from who join person p on p.email_folded = who.name or p.id::text = who.name join link k on k.person_id = p.id join account a on a.id = k.account_id)
              select l.id from dead_letter l, who where l.names @> array[decode(who.hash, 'hex')] or lower(l.key) = who.name
              union select l.id from his join dead_letter l on l.source = his.source and l.key in (his.external_id, his.id::text) and l.resource in ('user', 'link'))""";

    private static final Listing GROUPS = Listing.of("dead-letter-groups", "(select fingerprint, source, cause, resource, count(*) as n, min(first_at) as first_at,"
            + " max(last_at) as last_at, min(sentence) as sentence, min(id) as id from dead_letter where " + OPEN + " group by fingerprint, source, cause, resource) d")
            .field("fingerprint", "d.fingerprint").field("source", "d.source").field("cause", "d.cause").field("resource", "d.resource").shows("count", "d.n")
            .shows("example", "d.sentence").shows("exampleId", "d.id").shows("firstAt", "d.first_at").shows("lastAt", "d.last_at")
            .searches("d.sentence", "d.fingerprint").by("d.n", "bigint").by("d.id", "bigint").newestFirst();

    private final JdbcTemplate jdbc;
    private final Listing letters;
    private final SealedLetters sealed;

    public LetterReads(JdbcTemplate jdbc, Seals seals, SealedLetters sealed) {
        this.jdbc = jdbc;
        this.sealed = sealed;
        this.letters = Listing.of("dead-letters", "dead_letter d")
                .shows("id", "d.id").field("source", "d.source").field("resource", "d.resource").field("key", "d.key").shows("generation", "d.generation")
                .field("cause", "d.cause").field("step", "d.step").shows("sentence", "d.sentence").field("fingerprint", "d.fingerprint").shows("attempts", "d.attempts")
                .field("status", "d.status").shows("why", "d.why").field("origin", "d.origin").shows("firstAt", "d.first_at").shows("lastAt", "d.last_at")
                .shows("nextAt", "d.next_at").shows("closedAt", "d.closed_at")
                .filter("id", "d.id = ?::bigint", id -> id)
                .filter("person", PERSON, who -> seals.name(who) + Sql.UNIT + Folded.of(who))
                .searches("d.sentence", "d.key").by("d.id", "bigint").newestFirst();
    }

    /** With the names in their sentences, which are stored encrypted: {@code q} looks only at what is stored, {@code person} finds people by a keyed hash. */
    public Page letters(Query query) {
        Page page = letters.read(jdbc, query);
        sealed.tell(page.items());
        return page;
    }

    /** Open letters by fingerprint, the commonest first. */
    public Page groups(Query query) {
        return GROUPS.read(jdbc, query);
    }

    /** One letter with its redacted record; empty for an unknown one. */
    public Optional<Map<String, Object>> letter(long id) {
        Optional<Map<String, Object>> found = letters(new Query(1, Optional.empty(), Optional.empty(), Map.of("id", String.valueOf(id)))).items().stream().findFirst();
        found.ifPresent(letter -> letter.putAll(jdbc.query("select null as record, unknown, set_hash as \"setHash\" from dead_letter where id = ?", Rows::shown, id).getFirst()));
        found.ifPresent(letter -> letter.put("record", sealed.record(id).map(Json::new).orElse(null)));
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
