package io.identitybridge.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The sentences about one person, in the audit, in plans, runs and the request log: rewritten when he is forgotten, so that writing them costs nothing more. */
final class Texts {
    /** Where a sentence or a reason may name anybody. */
    private static final String[][] SENTENCES = {
            {"plan_line", "sentence"}, {"plan_line", "reason"}, {"plan", "decision"}, {"run", "message"}, {"run", "accepted"},
            {"target", "mode_why"}, {"person", "revoked_why"}, {"dead_letter", "why"}, {"dead_letter", "sentence"}, {"dead_letter_attempt", "said"},
            {"field_override", "reason"}, {"field_override", "ended_why"}, {"dead_letter", "assigned_to"}, {"replay_job", "q"},
            {"target_finding", "sentence"}, {"target_finding", "todo"}, {"request_log", "path"}, {"request_log", "meaning"}
    };
    private static final String HIS_LINES = "(person_id = ?::uuid or account_id = any(?::uuid[]))";
    private final Sql sql;
    private final String person;
    private final List<UUID> accounts;
    private final List<String> ids;

    Texts(Sql sql, Optional<UUID> person, List<UUID> accounts) {
        this.sql = sql;
        this.person = person.map(UUID::toString).orElse(null);
        this.accounts = accounts;
        this.ids = new ArrayList<>(accounts.stream().map(UUID::toString).toList());
        person.ifPresent(id -> ids.add(id.toString()));
    }

    /** What he was called before, as his rows and lines say. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        sql.rows("select unnest(changes) from audit where person_id = ?::uuid", (rs, n) -> names.addAll(Pseudonym.named(rs.getString(1))), person);
        sql.rows("select sentence from plan_line where " + HIS_LINES, (rs, n) -> names.addAll(Pseudonym.named(rs.getString(1))), person, accounts);
        return names;
    }

    /** Gives how many rows it has changed. {@code elsewhere}: those of his names that are looked for in rows about others, too. */
    int rewrite(Pseudonym pseudonym, Collection<String> elsewhere) {
        Pseudonym other = pseudonym.with(elsewhere);
        Pseudonym address = other.with(elsewhere.stream().filter(name -> name.indexOf('@') > 0).toList());
        int rows = lists("audit", "changes", "person_id = ?::uuid", pseudonym::in, person);
        rows += lists("audit", "changes", "split_part(origin, ':', 2) = any(?::text[])", pseudonym::within, ids); // an operator's word on one of his accounts
        rows += lists("audit", "changes", "person_id is null and workspace_id is null and " + NAMED.formatted("array_to_string(changes, ' ')"), other::within, patterns(other));
        rows += lists("audit", "changes", NAMED.formatted("array_to_string(changes, ' ')"), address::within, patterns(address));
        rows += sql.run("update audit set lost = null where person_id = ?::uuid and lost is not null", person);
        rows += lists("audit", "lost", "lost is not null and " + NAMED.formatted("array_to_string(lost, ' ')"), other::within, patterns(other)); // of an account that was somebody else's then
        rows += texts("plan_line", "sentence", HIS_LINES, pseudonym::in, person, accounts);
        rows += texts("plan_line", "reason", HIS_LINES, pseudonym::within, person, accounts);
        rows += lists("plan", "reasons", NAMED.formatted("array_to_string(reasons, ' ')"), other::within, patterns(other));
        rows += lists("replay_job", "said", NAMED.formatted("array_to_string(said, ' ')"), address::within, patterns(address));
        for (String[] place : SENTENCES) {
            rows += texts(place[0], place[1], NAMED.formatted(place[1]), address::within, patterns(address));
        }
        return rows;
    }

    /** The names anywhere in it; whether as words of their own is looked at here. */
    private static final String NAMED = "lower(%s) like any(?::text[])";

    private static List<String> patterns(Pseudonym pseudonym) {
        return pseudonym.names().stream().map(name -> "%" + name.toLowerCase(Locale.ROOT).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%").toList();
    }

    private int texts(String table, String column, String where, UnaryOperator<String> told, Object... arguments) {
        Columns changed = new Columns(2);
        sql.rows("select ctid::text, " + column + " from " + table + " where " + column + " is not null and " + where + " for update", (rs, n) -> new String[] {rs.getString(1), rs.getString(2)}, arguments).forEach(row -> {
            String now = told.apply(row[1]);
            if (!now.equals(row[1])) {
                changed.add(row[0], now);
            }
        });
        return changed.write(sql, "update " + table + " x set " + column + " = t.text from unnest(?::text[], ?::text[]) as t (at, text) where x.ctid = t.at::tid");
    }

    private int lists(String table, String column, String where, UnaryOperator<String> told, Object... arguments) {
        Columns changed = new Columns(2);
        sql.rows("select ctid::text, " + column + " as texts from " + table + " where " + where + " for update", (rs, n) -> List.of(List.of(rs.getString(1)), Sql.texts(rs, "texts")), arguments).forEach(row -> {
            List<String> now = row.get(1).stream().map(told).toList();
            if (!now.equals(row.get(1))) {
                changed.add(row.get(0).getFirst(), Sql.joined(now));
            }
        });
        return changed.write(sql, "update " + table + " x set " + column + " = string_to_array(t.text, chr(31)) from unnest(?::text[], ?::text[]) as t (at, text) where x.ctid = t.at::tid");
    }
}
