package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Spelling;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** A person as the audit says he was: its sentences told again up to one moment. It is kept 400 days; of what was before that only its outcome is known. */
@Repository
public class Past {
    private static final List<String> FIELDS = List.of("email", "userName", "displayName", "status", "role");

    private final JdbcTemplate jdbc;

    public Past(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The person at that moment: {@code fields}, {@code roles}, {@code notHeld}, what the audit cannot say of it, and {@code knownSince}, the first of him in the audit. */
    public Map<String, Object> of(UUID person, Instant at) {
        Map<String, Decided> fields = new LinkedHashMap<>();
        Map<String, Decided> roles = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        entries("""
                at <= ?::timestamptz and (person_id = ? or workspace_id is not null and exists (select 1 from unnest(changes) c where starts_with(c, 'rename workspace ')))""", at.toString(), person)
                .forEach(entry -> entry.told().forEach(change -> tell(change, entry, fields, roles, names)));
        boolean made = fields.containsKey("made");
        Optional<Audited> by = Optional.ofNullable(fields.remove("made")).flatMap(Decided::by);
        unchanged(person, at).forEach((field, value) -> fields.putIfAbsent(field, new Decided(value, by, List.of(), Optional.empty())));
        Map<String, String> groups = groups(roles.values());
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("fields", FIELDS.stream().filter(fields::containsKey).map(field -> fields.get(field).field(field)).toList());
        told.put("roles", roles.entrySet().stream().map(role -> role.getValue().role(names.get(role.getKey()), groups)).toList());
        told.put("notHeld", notHeld(!fields.isEmpty(), made, roles.values().stream().allMatch(role -> !role.reasons().isEmpty())));
        told.put("knownSince", jdbc.query("select min(at) as first from audit where person_id = ?", Rows::shown, person).getFirst().get("first"));
        return told;
    }

    /** What the groups of these reasons are called now, by reason; one that is forgotten has no name. */
    private Map<String, String> groups(Collection<Decided> roles) {
        Map<String, String> names = new HashMap<>();
        String[] ids = roles.stream().flatMap(role -> role.reasons().stream()).map(Decided.Reason::reason).filter(reason -> reason.startsWith("group:")).map(reason -> reason.substring("group:".length())).distinct().toArray(String[]::new);
        jdbc.query("select 'group:' || id, display_name from directory_group where id = any(?::uuid[])", rs -> {
            names.put(rs.getString(1), rs.getString(2));
        }, (Object) ids);
        return names;
    }

    /** What he already was and nothing before that moment changed: as the first change after it found it, else as it still is. Empty where he was not there yet. */
    private Map<String, String> unchanged(UUID person, Instant at) {
        Map<String, String> then = new LinkedHashMap<>();
        entries("person_id = ? and at > ?::timestamptz", person, at.toString()).forEach(entry -> entry.told().forEach(change -> found(change, then)));
        jdbc.query("select email, user_name, display_name, org_role, status from person where id = ? and created_at <= ?::timestamptz", rs -> {
            then.putIfAbsent("email", rs.getString("email"));
            then.putIfAbsent("userName", rs.getString("user_name"));
            then.putIfAbsent("displayName", rs.getString("display_name"));
            then.putIfAbsent("role", rs.getString("org_role"));
            then.putIfAbsent("status", rs.getString("status"));
            then.put("there", "");
        }, person, at.toString());
        boolean there = then.remove("there") != null;
        then.values().removeIf(String::isEmpty);
        return there ? then : Map.of();
    }

    /** What a change found; an organisation role's sentence does not say. */
    private static void found(Change change, Map<String, String> then) {
        switch (change) {
            case Change.UpdateUser update -> then.putIfAbsent(update.attribute(), update.from());
            case Change.RenameUser rename -> then.putIfAbsent("email", rename.from());
            case Change.ArchiveUser archive -> then.putIfAbsent("status", "active");
            case Change.ReviveUser revive -> then.putIfAbsent("status", "archived");
            case Change.SetOrgRole set -> then.putIfAbsent("role", "");
            default -> { }
        }
    }

    private static List<String> notHeld(boolean there, boolean made, boolean reasons) {
        List<String> lacks = new ArrayList<>();
        if (there) {
            lacks.add("what was said of a field after it was decided and changed nothing; and its file and line, where the set of files of then is kept no more ('files' lists the last ten)");
        }
        if (there && !reasons) {
            lacks.add("the reasons of roles without one: they were given by hand, or before reasons were kept");
        }
        if (there && !made) {
            lacks.add("how he came: he was adopted, or it is longer ago than the audit reaches; what has no time was so before and at that moment");
        }
        return lacks;
    }

    /** Who had this address at that moment, by what the audit knows of names; of several the one named last. Empty where nobody had it, as far as the audit reaches. */
    public Optional<UUID> holder(String address, Instant at) {
        String folded = Folded.of(address);
        String word = Spelling.word(folded).toLowerCase(Locale.ROOT);
        return jdbc.queryForList("""
                select person_id from audit where person_id is not null and exists (select 1 from unnest(changes) c where lower(c) = 'create user ' || ?
                  or starts_with(c, 'rename user ') and (right(lower(c), length(?) + 4) = ' to ' || ? or starts_with(lower(c), 'rename user ' || ? || ' to ')))
                group by person_id order by max(id) desc limit 100""", UUID.class, word, word, word, word).stream().filter(person -> address(person, at).filter(folded::equals).isPresent()).findFirst();
    }

    /** The person's address then: what the last sentence before made it, else what the first one after changed. */
    private Optional<String> address(UUID person, Instant at) {
        Optional<String> address = Optional.empty();
        for (Audited entry : entries("person_id = ?", person)) {
            for (Change change : entry.told().toList()) {
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

    private static Audited entry(ResultSet rs) throws SQLException {
        return new Audited(rs.getTimestamp("at").toInstant(), rs.getString("actor"), rs.getString("via"), rs.getString("source"), rs.getString("origin"), rs.getString("set_hash"), Sql.texts(rs, "changes"), Sql.texts(rs, "grants"), Sql.texts(rs, "lost"));
    }

    /** The rows of the audit that a condition holds for, oldest first. */
    private List<Audited> entries(String where, Object... arguments) {
        return jdbc.query("select at, actor, via, source, origin, set_hash, changes, grants, lost from audit where " + where + " order by id", (rs, n) -> entry(rs), arguments);
    }

    private static void tell(Change change, Audited entry, Map<String, Decided> fields, Map<String, Decided> roles, Map<String, String> names) {
        switch (change) {
            case Change.CreateUser create -> {
                fields.put("made", new Decided("", entry));
                fields.put("email", new Decided(create.email(), entry));
                fields.put("status", new Decided("active", entry));
                fields.put("role", new Decided("member", entry));
            }
            case Change.ReviveUser revive -> fields.put("status", new Decided("active", entry));
            case Change.ArchiveUser archive -> fields.put("status", new Decided("archived", entry));
            case Change.RenameUser rename -> fields.put("email", new Decided(rename.to(), entry, rename.from()));
            case Change.UpdateUser update -> fields.put(update.attribute(), new Decided(update.to(), entry, update.from()));
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

    private static void place(String workspace, Object role, Audited entry, Map<String, Decided> roles, Map<String, String> names) {
        roles.put(Folded.of(workspace), new Decided(role.toString(), Optional.of(entry), entry.reasons(Folded.of(workspace)), Optional.empty()));
        names.put(Folded.of(workspace), workspace);
    }
}
