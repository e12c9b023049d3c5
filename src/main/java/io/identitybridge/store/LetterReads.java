package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Dead letters as operators see them. */
@Repository
public class LetterReads {
    private static final List<String> STATUSES = List.of("open", "retrying", "resolved", "superseded", "discarded", "expired");
    /** By the hash of a name that the letter has, by its key, or by what that key's account is called now. */
    private static final String PERSON = """
            d.id in (with who as (select split_part(w, chr(31), 1) as hash, split_part(w, chr(31), 2) as name, split_part(w, chr(31), 3) as filed from (select ?::text as w) given),
              his as (select a.source, a.external_id, a.id from account a, who where lower(a.user_name) = who.name or lower(a.email) = who.name
                union select a.source, a.external_id, a.id from who join person p on p.email_folded = who.name or p.id::text = who.name join link k on k.person_id = p.id join account a on a.id = k.account_id)
              select l.id from dead_letter l, who where l.names @> array[decode(who.hash, 'hex')] or lower(l.key) = who.name or l.key = who.filed
              union select l.id from his join dead_letter l on l.source = his.source and (l.key in (his.external_id, his.id::text) or l.record_id = his.id) and l.resource in ('user', 'link'))""";

    private static final Listing GROUPS = Listing.of("dead-letter-groups", "(select fingerprint, source, cause, resource, count(*) as n, min(first_at) as first_at,"
            + " max(last_at) as last_at, min(sentence) as sentence, min(id) as id from dead_letter where " + Letters.OPEN + " group by fingerprint, source, cause, resource) d")
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
                .shows("id", "d.id").field("source", "d.source").field("resource", "d.resource").shows("key", "d.key").filter("key", "d.key = ?", seals::key).shows("generation", "d.generation")
                .field("cause", "d.cause").field("step", "d.step").shows("sentence", "d.sentence").field("fingerprint", "d.fingerprint").shows("attempts", "d.attempts")
                .shows("status", "d.status").filter("status", "d.status = any(string_to_array(?, ','))", LetterReads::statuses)
                .shows("why", "d.why").field("origin", "d.origin").shows("firstAt", "d.first_at").shows("lastAt", "d.last_at").shows("nextAt", "d.next_at").shows("closedAt", "d.closed_at")
                .shows("parked", "d.parked").shows("leaver", "d.leaver").shows("replays", "d.replays").shows("needsHuman", "d.needs_human").filter("needsHuman", "d.needs_human = ?::boolean", yes -> yes)
                .field("assignedTo", "d.assigned_to").shows("snoozedUntil", "d.snoozed_until").filter("snoozed", "(coalesce(d.snoozed_until, '-infinity') > now()) = ?::boolean", yes -> yes)
                .filter("olderThan", "d.first_at <= now() - make_interval(secs => ?::float8)", age -> String.valueOf(Age.of(age).toSeconds()))
                .filter("id", "d.id = ?::bigint", id -> id)
                .filter("person", PERSON, who -> seals.name(who) + Sql.UNIT + Folded.of(who) + Sql.UNIT + seals.key(who))
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
        found.ifPresent(letter -> letter.put("tries", jdbc.query("select n, at, cause, status, code, said, origin from dead_letter_attempt where letter_id = ? order by n", Rows::shown, id)));
        found.ifPresent(letter -> letter.put("overrides", new Overrides(jdbc).ofLetter(id)));
        return found;
    }

    /** Letters as they may be given to somebody else: no key, no sentence (neither why somebody closed one), of the record only the names of its fields. Keys that are the same look the same within one answer. */
    public Page export(Query query) {
        Page page = letters(query);
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        page.items().forEach(letter -> {
            letter.put("key", hashed(salt, String.valueOf(letter.get("key"))));
            letter.put("sentence", letter.get("fingerprint"));
            letter.put("fields", sealed.record(((Number) letter.get("id")).longValue()).map(this::fields).orElse(List.of()));
            letter.remove("assignedTo");
            letter.remove("why");
        });
        return page;
    }

    private List<String> fields(String record) {
        return jdbc.queryForList("select k from (select ?::jsonb as record) r, jsonb_object_keys(case jsonb_typeof(record) when 'object' then record else '{}' end) k order by k", String.class, record);
    }

    private static String hashed(byte[] salt, String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The open letters of one cause, oldest first, at most {@code most}. */
    public List<Long> open(String fingerprint, int most) {
        return jdbc.queryForList("select id from dead_letter where fingerprint = ? and " + Letters.OPEN + " order by id limit ?", Long.class, fingerprint, most);
    }

    /** Those of the letters that are open. */
    public List<Long> open(List<Long> ids) {
        String list = String.join(",", ids.stream().map(String::valueOf).toList());
        return jdbc.queryForList("select id from dead_letter where id = any(string_to_array(?, ',')::bigint[]) and " + Letters.OPEN + " order by id", Long.class, list);
    }

    /** One or several; open are those, too, that are tried again by themselves. */
    private static String statuses(String asked) {
        List.of(asked.split(",", -1)).forEach(status -> Listing.among("status", status, STATUSES));
        return asked.equals("open") ? "open,retrying" : asked;
    }
}
