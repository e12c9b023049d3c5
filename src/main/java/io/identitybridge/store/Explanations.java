package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Why one person has what he has, or has not: his accounts, his roles with every grant, and what stands in the way. */
@Repository
public class Explanations {
    private final JdbcTemplate jdbc;
    private final SealedLetters sealed;

    public Explanations(JdbcTemplate jdbc, SealedLetters sealed) {
        this.jdbc = jdbc;
        this.sealed = sealed;
    }

    /**
     * Empty where neither a person nor an account has this e-mail or user name.
     *
     * @param who an e-mail address or a user name, in any case
     */
    public Optional<Map<String, Object>> of(String who) {
        String folded = Folded.of(who);
        Optional<UUID> person = person(folded);
        List<Map<String, Object>> accounts = accounts(folded, person);
        if (person.isEmpty() && accounts.isEmpty()) {
            return Optional.empty();
        }
        String ids = String.join(",", accounts.stream().map(account -> (String) account.get("id")).toList());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("person", person.map(this::shown).orElse(null));
        all.put("accounts", accounts);
        all.put("roles", person.map(this::roles).orElse(List.of()));
        all.put("letters", letters(ids));
        all.put("held", held(ids, person));
        all.put("due", !rows("select 1 from due where account_id = any(string_to_array(?, ',')::uuid[])", ids).isEmpty());
        all.put("changes", person.map(id -> rows("select at, actor, via, source, origin, changes from audit where person_id = ? order by at desc, id desc limit 10", id)).orElse(List.of()));
        return Optional.of(all);
    }

    /** The last decision on a field of this person, as the audit has it; empty where it has none. */
    public Optional<Map<String, Object>> decided(UUID person, String field) {
        String[] begins = switch (field) {
            case "email" -> new String[] {"create user ", "rename user ", "create user "};
            case "active" -> new String[] {"create user ", "archive user ", "revive user "};
            case "role" -> new String[] {"create user ", "make ", "make "};
            default -> new String[] {"create user ", "update user ", "update user "};
        };
        String inside = field.equals("displayName") || field.equals("userName") ? ": " + field + " " : "";
        return rows("select at, actor, via, origin, set_hash as \"setHash\" from audit where person_id = ? and exists (select 1 from unnest(changes) c where starts_with(c, ?)"
                + " or (starts_with(c, ?) or starts_with(c, ?)) and position(? in c) > 0) order by at desc, id desc limit 1", person, begins[0], begins[1], begins[2], inside).stream().findFirst();
    }

    /** The living holder of the e-mail first; else whom an account of that user name or e-mail is linked to. */
    private Optional<UUID> person(String folded) {
        return jdbc.queryForList("""
                select id from (
                  select id, 1 as rank, freed, changed_at from person where email_folded = ?
                  union all
                  select p.id, 2, p.freed, p.changed_at from account a join link l on l.account_id = a.id join person p on p.id = l.person_id
                  where lower(a.user_name) = ? or lower(a.email) = ?) found
                order by rank, freed, changed_at desc limit 1""", UUID.class, folded, folded, folded).stream().findFirst();
    }

    /** A person as he is now: who he is, not what he has. */
    public Map<String, Object> shown(UUID person) {
        return rows("select id, email, user_name as \"userName\", display_name as \"displayName\", org_role as role, status, owner,"
                + " created_at as \"createdAt\", archived_at as \"archivedAt\", revoked_at as \"revokedAt\", revoked_by as \"revokedBy\", revoked_why as \"revokedWhy\" from person where id = ?", person).getFirst();
    }

    private List<Map<String, Object>> accounts(String folded, Optional<UUID> person) {
        return rows("""
                select a.id, a.source, a.external_id as "externalId", a.user_name as "userName", a.email, a.active, a.roles, a.standing, a.problem,
                  a.pulled_at as "pulledAt", a.pushed_at as "pushedAt", a.missing_since as "missingSince", a.gone_at as "goneAt", a.reread_at as "rereadAt", a.listed_at as "listedAt", a.push_off as "pushedOff", l.linked_by as "linkedBy"
                from account a left join link l on l.account_id = a.id
                where l.person_id = ? or (l.person_id is null and (lower(a.email) = ? or lower(a.user_name) = ?))
                order by a.source, a.created_at""", person.orElse(null), folded, folded);
    }

    private List<Map<String, Object>> roles(UUID person) {
        List<Map<String, Object>> roles = rows("""
                select w.id as "workspaceId", w.name as workspace, m.role, m.owner, m.since, o.origin, o.via, o.at as "decidedAt"
                from membership m join workspace w on w.id = m.workspace_id
                left join lateral (select a.origin, a.via, a.at from audit a where a.person_id = m.person_id and exists (
                    select 1 from unnest(a.changes) c where position(' to ' || w.name || ' as ' in c) > 0 or position(' in ' || w.name || ' from ' in c) > 0)
                  order by a.at desc, a.id desc limit 1) o on true
                where m.person_id = ? order by w.name_folded""", person);
        roles.forEach(role -> role.put("grants", rows("select " + AdminReads.GRANT + " from grants g where g.person_id = ? and g.workspace_id = ?::uuid order by g.source, g.reason",
                person, role.get("workspaceId"))));
        return roles;
    }

    private List<Map<String, Object>> letters(String accounts) {
        List<Map<String, Object>> letters = rows("""
                select d.id, d.source, d.cause, d.step, d.sentence, d.attempts, d.status, d.origin, d.first_at as "firstAt", d.last_at as "lastAt"
                from dead_letter d join account a on a.source = d.source and (a.external_id = d.key or a.id::text = d.key or a.id = d.record_id)
                where a.id = any(string_to_array(?, ',')::uuid[]) and d.resource in ('user', 'link') and d.status in ('open', 'retrying') order by d.id""", accounts);
        sealed.tell(letters);
        return letters;
    }

    private List<Map<String, Object>> held(String accounts, Optional<UUID> person) {
        return rows("select plan_id as plan, n, class, sentence, reason, at from plan_line"
                + " where (account_id = any(string_to_array(?, ',')::uuid[]) or person_id = ?) and status = 'held' order by plan_id, n", accounts, person.orElse(null));
    }

    private List<Map<String, Object>> rows(String sql, Object... arguments) {
        return jdbc.query(sql, Rows::shown, arguments);
    }
}
