package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Sentences;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** A person as the audit says he was: its sentences told again up to one moment. It is kept 400 days; of what was before that only its outcome is known. */
@Repository
public class Past {
    private final JdbcTemplate jdbc;

    public Past(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** One row of the audit. */
    record Entry(Instant at, String actor, String via, String origin, String setHash, List<String> changes) {
    }

    /** Who decided something, and when. */
    private record Decided(Object value, Entry by) {
        Map<String, Object> shown(String name, String what) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put(name, what);
            shown.put("value", value);
            shown.put("at", by.at().toString());
            shown.put("actor", by.actor());
            shown.put("via", by.via());
            shown.put("origin", by.origin());
            shown.put("setHash", by.setHash());
            return shown;
        }
    }

    /** The person at that moment: {@code fields}, {@code roles}, and {@code knownSince}, the first of him in the audit. */
    public Map<String, Object> of(UUID person, Instant at) {
        List<Entry> entries = jdbc.query("""
                select at, actor, via, origin, set_hash, changes from audit where at <= ?::timestamptz and (person_id = ?
                  or workspace_id is not null and exists (select 1 from unnest(changes) c where starts_with(c, 'rename workspace '))) order by id""",
                (rs, n) -> entry(rs), at.toString(), person);
        Map<String, Object> told = told(entries);
        told.put("knownSince", jdbc.query("select min(at) as first from audit where person_id = ?", Rows::shown, person).getFirst().get("first"));
        return told;
    }

    /** Who had this address at that moment, by what the audit knows of names; of several the one named last. Empty where nobody had it, as far as the audit reaches. */
    public Optional<UUID> holder(String address, Instant at) {
        String folded = Folded.of(address);
        return jdbc.queryForList("""
                select person_id from audit where person_id is not null and exists (select 1 from unnest(changes) c where lower(c) = 'create user ' || ?
                  or starts_with(c, 'rename user ') and (right(lower(c), length(?) + 4) = ' to ' || ? or starts_with(lower(c), 'rename user ' || ? || ' to ')))
                group by person_id order by max(id) desc limit 100""", UUID.class, folded, folded, folded, folded).stream().filter(person -> address(person, at).filter(folded::equals).isPresent()).findFirst();
    }

    /** The person's address then: what the last sentence before made it, else what the first one after changed. */
    private Optional<String> address(UUID person, Instant at) {
        Optional<String> address = Optional.empty();
        for (Entry entry : jdbc.query("select at, actor, via, origin, set_hash, changes from audit where person_id = ? order by id", (rs, n) -> entry(rs), person)) {
            for (Change change : entry.changes().stream().flatMap(sentence -> Sentences.read(sentence).stream()).toList()) {
                boolean before = !entry.at().isAfter(at);
                if (before && change instanceof Change.CreateUser create) {
                    address = Optional.of(Folded.of(create.email()));
                } else if (change instanceof Change.RenameUser rename && (before || address.isEmpty())) {
                    address = Optional.of(Folded.of(before ? rename.to() : rename.from()));
                } else if (!before && change instanceof Change.CreateUser && address.isEmpty()) {
                    return Optional.empty(); // there was nobody yet
                }
            }
        }
        return address;
    }

    private static Entry entry(ResultSet rs) throws SQLException {
        return new Entry(rs.getTimestamp("at").toInstant(), rs.getString("actor"), rs.getString("via"), rs.getString("origin"), rs.getString("set_hash"), Sql.texts(rs, "changes"));
    }

    /** Tells the sentences again, oldest first. */
    static Map<String, Object> told(List<Entry> entries) {
        Map<String, Decided> fields = new LinkedHashMap<>();
        Map<String, Decided> roles = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        entries.forEach(entry -> entry.changes().stream().flatMap(sentence -> Sentences.read(sentence).stream()).forEach(change -> tell(change, entry, fields, roles, names)));
        Map<String, Object> told = new LinkedHashMap<>();
        List<Map<String, Object>> shown = new ArrayList<>();
        fields.forEach((field, decided) -> shown.add(decided.shown("field", field)));
        told.put("fields", shown);
        List<Map<String, Object>> places = new ArrayList<>();
        roles.forEach((folded, decided) -> places.add(decided.shown("workspace", names.get(folded))));
        told.put("roles", places);
        return told;
    }

    private static void tell(Change change, Entry entry, Map<String, Decided> fields, Map<String, Decided> roles, Map<String, String> names) {
        switch (change) {
            case Change.CreateUser create -> {
                fields.put("email", new Decided(create.email(), entry));
                fields.put("status", new Decided("active", entry));
                fields.put("role", new Decided("member", entry));
            }
            case Change.ReviveUser revive -> fields.put("status", new Decided("active", entry));
            case Change.ArchiveUser archive -> fields.put("status", new Decided("archived", entry));
            case Change.RenameUser rename -> fields.put("email", new Decided(rename.to(), entry));
            case Change.UpdateUser update -> fields.put(update.attribute(), new Decided(update.to(), entry));
            case Change.SetOrgRole set -> fields.put("role", new Decided(set.to().toString(), entry));
            case Change.Add add -> place(add.workspace(), add.role(), entry, roles, names);
            case Change.Raise raise -> place(raise.workspace(), raise.to(), entry, roles, names);
            case Change.Lower lower -> place(lower.workspace(), lower.to(), entry, roles, names);
            case Change.Keep keep -> place(keep.workspace(), keep.role(), entry, roles, names);
            case Change.Remove remove -> roles.remove(Folded.of(remove.workspace()));
            case Change.RenameWorkspace rename -> Optional.ofNullable(roles.remove(Folded.of(rename.from()))).ifPresent(held -> {
                roles.put(Folded.of(rename.to()), held);
                names.put(Folded.of(rename.to()), rename.to());
            });
            case Change.CreateWorkspace create -> { } // nobody is in it for that
            case Change.ArchiveWorkspace archive -> { } // nobody was in it any more
        }
    }

    private static void place(String workspace, Object role, Entry entry, Map<String, Decided> roles, Map<String, String> names) {
        roles.put(Folded.of(workspace), new Decided(role.toString(), entry));
        names.put(Folded.of(workspace), workspace);
    }
}
