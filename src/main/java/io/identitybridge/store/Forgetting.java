package io.identitybridge.store;

import io.identitybridge.model.Controls;
import io.identitybridge.model.Folded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Destroys what is held of somebody who is gone everywhere: the keys of his letters, and his names wherever they stand. What is left of him is a pseudonym,
 * the ids of his accounts until their tombstones go, and of one who is revoked the keyed hash of his e-mail, so that nobody comes in under it.
 */
public final class Forgetting {
    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Seals seals;

    public Forgetting(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
        this.seals = seals;
    }

    /** How the folded address of somebody revoked and forgotten is kept. */
    static String hashed(Seals seals, String email) {
        return "forgotten:" + seals.name(email);
    }

    private record Person(UUID id, String email, boolean active, boolean revoked, List<String> names) {
    }

    private record Held(UUID id, String source, Optional<String> externalId, boolean living, boolean pulled, List<String> names) {
        String said() {
            return source + " " + externalId.orElse(id.toString());
        }
    }

    /**
     * In one transaction; gives what was done in sentences, the last of which say what could not be. {@link Controls.Refused} where he is active, a source
     * still knows him, or his end is not published yet.
     *
     * @param person the one whom {@code who} means, if any: else accounts and letters that are nobody's
     */
    public List<String> forget(String who, Optional<UUID> person, String reason, Origin origin, String setHash) {
        return transactions.execute(tx -> {
            List<Held> accounts = accounts(who, person);
            Optional<Person> known = person.flatMap(this::person);
            check(known, accounts);
            Set<String> names = new LinkedHashSet<>(Stream.concat(known.stream().flatMap(p -> p.names().stream()), accounts.stream().flatMap(a -> a.names().stream())).toList());
            List<UUID> ids = accounts.stream().map(Held::id).toList();
            Texts texts = new Texts(sql, person, ids);
            names.addAll(texts.names());
            if (known.isEmpty()) {
                names.add(who);
            }
            UUID id = person.or(() -> ids.stream().findFirst()).orElseGet(() -> new UUID(0, 0));
            Pseudonym pseudonym = Pseudonym.of(id, names);
            int letters = letters(known, accounts, names, pseudonym);
            int rows = texts.rewrite(pseudonym, unshared(names, person, ids));
            sql.run("update plan_line set status = 'stale', at = now() where status = 'held' and account_id = any(?::uuid[])", ids);
            new HeldPlans(sql).close(ids);
            overrides(person, ids, names);
            tombstones(accounts, names);
            known.ifPresent(one -> pseudonymous(one, pseudonym));
            sql.run("delete from target_gone where email_folded = any(?::text[])", names.stream().map(Folded::of).toList()); // rows of his that were taken, until the next reading
            if (known.isEmpty() && accounts.isEmpty() && letters + rows == 0) {
                return List.of("nothing is held of '" + who + "'");
            }
            sql.run("insert into audit (actor, via, origin, person_id, set_hash, changes) values (?, ?, ?, ?, ?, array[?])", origin.actor(), origin.via(), origin.origin(), person.orElse(null), setHash,
                    "forget " + pseudonym.value() + ": " + pseudonym.within(reason));
            return said(pseudonym, accounts.size(), letters, rows, names);
        });
    }

    private List<String> said(Pseudonym pseudonym, int accounts, int letters, int rows, Set<String> names) {
        List<String> said = new ArrayList<>(List.of("forget " + pseudonym.value() + ": " + accounts + " accounts, " + letters + " letters, " + rows + " rows of the audit, plans and runs"));
        sql.rows("select distinct k.key from active_set s, jsonb_each_text(s.contents) k where exists (select 1 from unnest(?::text[]) n where length(n) > 5 and position(lower(n) in lower(k.value)) > 0) order by 1",
                (rs, n) -> rs.getString(1), names.stream().filter(name -> name.indexOf('@') > 0).toList()).forEach(file -> said.add("not destroyed: " + file + " names him; take it out there, the sets of files before keep it"));
        said.add("not destroyed: backups of the database and logs from before, what his IdP says of him, and his record in Portkey");
        return said;
    }

    /** Those of the person, and tombstones of nobody's with his address; where nobody is meant, those of that name that are nobody's. Under their locks. */
    private List<Held> accounts(String who, Optional<UUID> person) {
        String which = person.isPresent() ? "(a.id in (select account_id from link where person_id = w.id::uuid) or a.gone_at is not null and not exists (select 1 from link l where l.account_id = a.id)"
                + " and exists (select 1 from person p where p.id = w.id::uuid and p.email_folded in (lower(a.email), lower(a.user_name))))"
                : "not exists (select 1 from link l where l.account_id = a.id) and w.id in (lower(a.user_name), lower(a.email), lower(a.external_id), a.id::text)";
        return sql.rows("select a.id, a.source, a.external_id, a.gone_at is null and (a.active is distinct from false or a.pulled is not null) as living, a.pulled is not null as pulled,"
                + " array_remove(array[a.user_name, a.mapped_name, a.email, a.display_name, a.person_key] || coalesce(a.addresses, '{}'), null) as names from account a, (select ?::text as id) w where " + which + " order by a.id for update of a",
                (rs, n) -> new Held(rs.getObject(1, UUID.class), rs.getString(2), Sql.text(rs, "external_id"), rs.getBoolean(4), rs.getBoolean(5), Sql.texts(rs, "names")), person.map(UUID::toString).orElse(Folded.of(who)));
    }

    private Optional<Person> person(UUID id) {
        return sql.row("select email, status = 'active' as active, revoked_at is not null as revoked, array_remove(array[email, user_name, display_name, person_key], null) as names from person where id = ? and forgotten_at is null for update",
                (rs, n) -> new Person(id, rs.getString(1), rs.getBoolean(2), rs.getBoolean(3), Sql.texts(rs, "names")), id);
    }

    private void check(Optional<Person> person, List<Held> accounts) {
        if (person.filter(Person::active).isPresent()) {
            throw new Controls.Refused("he is active: he is forgotten once he is archived and gone at his sources");
        }
        accounts.stream().filter(Held::living).findFirst().ifPresent(living -> {
            throw new Controls.Refused("a source still knows him, account " + living.said() + ": delete him there" + (living.pulled() ? ", and forget him after the next complete pull" : "") + "; else it would only bring back what is destroyed here");
        });
        if (person.isPresent() && sql.number("select count(*) from outbox where kind = 'person' and key = ?", person.get().id()) > 0) {
            throw new Controls.Refused("his end is not published yet: forget him once it is");
        }
        if (person.isPresent() && sql.number("select count(*) from target_person t where (t.person_id = ? or t.person_id is null and t.email_folded = (select p.email_folded from person p where p.id = ?) and not exists (select 1 from person o where o.email_folded = t.email_folded and o.id <> ?))"
                + " and t.active and t.user_id is not null and t.absent_at is null", person.get().id(), person.get().id(), person.get().id()) > 0) {
            throw new Controls.Refused("Portkey has him as a member still, as it was last read: end that first, and read it again");
        }
    }

    /** The letters under the ids of his accounts, and those that have one of his names and are about no living account. Their keys are destroyed, and what they sealed. */
    private int letters(Optional<Person> person, List<Held> accounts, Set<String> names, Pseudonym pseudonym) {
        List<String> subjects = accounts.stream().flatMap(a -> Stream.concat(a.externalId().stream(), Stream.of(a.id().toString())).flatMap(key -> Stream.of(seals.subject(a.source(), "user", key), seals.subject(a.source(), "link", key)))).toList();
        List<String> hashes = names.stream().filter(name -> !name.isBlank()).map(seals::name).toList();
        List<String> found = sql.rows("select distinct encode(d.subject, 'hex') from dead_letter d where d.subject is not null and (d.resource = 'person' and d.key = ? or d.subject = any(select decode(s, 'hex') from unnest(?::text[]) as t (s))"
                + " or d.source <> '" + TargetLetters.SOURCE + "' and d.names && array(select decode(h, 'hex') from unnest(?::text[]) as u (h)) and not exists (select 1 from account a where a.source = d.source and a.gone_at is null and " + Letters.ABOUT + "))",
                (rs, n) -> rs.getString(1), person.map(Person::id).map(UUID::toString).orElse(""), subjects, hashes);
        Set<String> all = new HashSet<>(found);
        all.addAll(subjects);
        sql.run("update person_cipher set key = null, forgotten_at = now() where subject = any(select decode(s, 'hex') from unnest(?::text[]) as t (s))", all);
        List<Long> ids = sql.rows("update dead_letter set sealed_sentence = null, sealed_record = null, sealed_key = null, names = '{}', next_at = null, closed_at = coalesce(closed_at, now()),"
                + " why = case when status in ('open', 'retrying') then 'forgotten' else why end, status = case when status in ('open', 'retrying') then 'discarded' else status end"
                + " where subject = any(select decode(s, 'hex') from unnest(?::text[]) as t (s)) returning id", (rs, n) -> rs.getLong(1), all);
        sql.run("delete from dead_letter_attempt where letter_id = any(?::bigint[])", ids);
        sql.rows("select id, key, sentence, why from dead_letter where id = any(?::bigint[])", (rs, n) -> new String[] {rs.getString(1), rs.getString(2), rs.getString(3), rs.getString(4)}, ids)
                .forEach(row -> sql.run("update dead_letter set key = ?, sentence = ?, why = ? where id = ?::bigint", Seals.hashed(row[1]) ? pseudonym.value() : pseudonym.within(row[1]), pseudonym.within(row[2]), row[3] == null ? null : pseudonym.within(row[3]), row[0]));
        return ids.size();
    }

    /** Names that nobody else goes by now: only those are taken out of what is not about him alone. */
    private List<String> unshared(Set<String> names, Optional<UUID> person, List<UUID> accounts) {
        return sql.rows("select n from unnest(?::text[]) as t (n) where not exists (select 1 from person p where p.id is distinct from ?::uuid and (p.email_folded = lower(n) or lower(p.user_name) = lower(n)))"
                + " and not exists (select 1 from account a where not a.id = any(?::uuid[]) and a.gone_at is null and lower(n) in (lower(a.email), lower(a.user_name)))",
                (rs, n) -> rs.getString(1), names, person.map(UUID::toString).orElse(null), accounts);
    }

    /** Those of his accounts, and of accounts that have gone for long and are nobody's here any more: the audit says which have changed him, and others still say his name. */
    private void overrides(Optional<UUID> person, List<UUID> accounts, Set<String> names) {
        sql.run("delete from field_override o where o.account_id = any(?::uuid[]) or not exists (select 1 from account a where a.id = o.account_id)"
                + " and (lower(o.value) = any(?::text[]) or exists (select 1 from audit u where u.person_id = ?::uuid and u.origin = 'override:' || o.id))",
                accounts, names.stream().map(Folded::of).toList(), person.map(UUID::toString).orElse(null));
    }

    /** What stays of his accounts: whose id is gone, and since when. An id that is a name is kept as its hash. They are nobody's then. */
    private void tombstones(List<Held> accounts, Set<String> names) {
        List<UUID> ids = accounts.stream().map(Held::id).toList();
        sql.run("delete from pending_member where lower(ref) = any(?::text[])", names.stream().map(Folded::of).toList());
        sql.run("delete from link where account_id = any(?::uuid[])", ids);
        sql.run("update account set user_name = null, mapped_name = null, email = null, display_name = null, active = false, roles = '{}', person_key = null, places = '{}', problem = null, pulled = null, pulled_hash = null,"
                + " pushed = null, roles_form = null, standing = 'LEFT', reread_at = null, listed_at = null, push_off = false, gone_at = coalesce(gone_at, now()), version = version + 1, changed_at = now() where id = any(?::uuid[])", ids);
        accounts.forEach(account -> account.externalId().filter(anchor -> anchor.indexOf('@') >= 0 || names.contains(anchor))
                .ifPresent(anchor -> sql.run("update account set external_id = ? where id = ?", hashed(seals, anchor), account.id())));
    }

    private void pseudonymous(Person person, Pseudonym pseudonym) {
        sql.run("delete from target_had where user_id in (select user_id from target_person where person_id = ? union select user_id from target_left where person_id = ?)", person.id(), person.id());
        for (String of : List.of("target_person where person_id", "target_gone where person_id", "target_left where person_id", "target_drift where key_kind = 'person' and key")) {
            sql.run("delete from " + of + " = ?", person.id());
        }
        sql.run("update person set email = ?, email_folded = ?, user_name = ?, display_name = ?, person_key = null, revoked_why = case when revoked_at is not null then '...' end, freed = revoked_at is null,"
                + " version = version + 1, changed_at = now(), forgotten_at = now() where id = ?", pseudonym.value(), person.revoked() ? hashed(seals, person.email()) : pseudonym.value() + ":" + person.id(), pseudonym.value(), pseudonym.value(), person.id());
    }
}
