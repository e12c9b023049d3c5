package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What SCIM reads: the users and groups of one source. A constant number of statements, whatever their size. */
public final class ScimReads {
    private static final int SECONDS = 5;
    private static final String TOMBSTONES = " and (t.gone_at is null or t.gone_at > now() - interval '45 days')";
    private final Sql sql;
    private final Sql bounded;
    private final Together<One, Optional<ScimRow>> ones = new Together<>(2, new Together.Traits<>(one -> List.of(one.table(), one.source()), one -> new Object()), this::one);
    private final Together<Named, List<ScimRow>> names = new Together<>(2, new Together.Traits<>(named -> List.of(named.table(), named.source()), named -> new Object()), this::named);

    public ScimReads(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
        JdbcTemplate limited = new JdbcTemplate(jdbc.getDataSource());
        limited.setQueryTimeout(SECONDS);
        this.bounded = new Sql(limited);
    }

    /** One page of a list, in the order of creation, and how many there are in all. */
    public record Page(List<ScimRow> rows, long total) {
    }

    /** A member of a group; one who is not known yet has no display name. */
    public record Member(String id, Optional<String> display, boolean known) {
    }

    /** A list took longer than the database may spend on one request. */
    public static final class TooSlow extends RuntimeException {
        TooSlow() {
            super("took longer than " + SECONDS + " s", null, false, false);
        }
    }

    public Optional<ScimRow> user(SourceName source, UUID id) {
        return ones.ask(new One(ScimTable.USERS, source, id));
    }

    public Optional<ScimRow> group(SourceName source, UUID id) {
        return ones.ask(new One(ScimTable.GROUPS, source, id));
    }

    public Page users(SourceName source, Optional<Match> match, long offset, int count) {
        return page(ScimTable.USERS, source, match, offset, count);
    }

    public Page groups(SourceName source, Optional<Match> match, long offset, int count) {
        return page(ScimTable.GROUPS, source, match, offset, count);
    }

    /** Who has this name (in any case) or this externalId, tombstones of 45 days included; the living first, then who went last. */
    public List<ScimRow> usersNamed(SourceName source, String userName, Optional<String> externalId) {
        return names.ask(new Named(ScimTable.USERS, source, userName, externalId));
    }

    public List<ScimRow> groupsNamed(SourceName source, String displayName, Optional<String> externalId) {
        return names.ask(new Named(ScimTable.GROUPS, source, displayName, externalId));
    }

    /** The members of these groups, in the order they came; deleted ones are none. */
    public Map<UUID, List<Member>> members(Collection<UUID> groups) {
        Map<UUID, List<Member>> members = new HashMap<>();
        if (!groups.isEmpty()) {
            sql.rows("select m.group_id, m.account_id::text as id, coalesce(x.display_name, x.user_name) as display, true as known from group_member m join account x on x.id = m.account_id"
                    + " where m.group_id = any(?::uuid[]) and m.removed_at is null and x.gone_at is null union all"
                    + " select p.group_id, p.ref, null, false from pending_member p where p.group_id = any(?::uuid[]) and p.pushed order by id", (rs, n) ->
                    members.computeIfAbsent(rs.getObject(1, UUID.class), id -> new ArrayList<>()).add(new Member(rs.getString(2), Sql.text(rs, "display"), rs.getBoolean(4))), groups, groups);
        }
        return members;
    }

    /** How many members each of these groups has, pending ones aside. */
    public Map<UUID, Long> sizes(Collection<UUID> groups) {
        Map<UUID, Long> sizes = new HashMap<>();
        sql.rows("select group_id, count(*) from group_member where group_id = any(?::uuid[]) and removed_at is null group by group_id", (rs, n) ->
                sizes.put(rs.getObject(1, UUID.class), rs.getLong(2)), groups);
        return sizes;
    }

    private record One(ScimTable table, SourceName source, UUID id) {
    }

    private List<Supplier<Optional<ScimRow>>> one(List<One> asked) {
        ScimTable table = asked.getFirst().table();
        Map<UUID, ScimRow> found = new HashMap<>();
        sql.rows(table.select() + table.living() + " and t.id = any(?::uuid[])", (rs, n) -> found.put(rs.getObject("id", UUID.class), row(rs)), asked.getFirst().source().value(), asked.stream().map(One::id).toList());
        return asked.stream().<Supplier<Optional<ScimRow>>>map(one -> () -> Optional.ofNullable(found.get(one.id()))).toList();
    }

    private record Named(ScimTable table, SourceName source, String name, Optional<String> externalId) {
    }

    private List<Supplier<List<ScimRow>>> named(List<Named> asked) {
        ScimTable table = asked.getFirst().table();
        List<List<ScimRow>> found = asked.stream().<List<ScimRow>>map(named -> new ArrayList<>()).toList();
        Columns wanted = new Columns(2);
        asked.forEach(named -> wanted.add(named.name(), named.externalId()));
        String byName = table.select() + ", t.gone_at" + table.from() + TOMBSTONES + " and lower(" + table.nameColumn() + ") = lower(w.name)";
        String byAnchor = table.select() + ", t.gone_at" + table.from() + TOMBSTONES + " and t.external_id = w.anchor";
        wanted.write(sql, "select x.*, w.n from (select ?::text as source) s, unnest(?::text[], ?::text[]) with ordinality as w (name, anchor, n), lateral (" + byName.replace("?", "s.source") + " union " + byAnchor.replace("?", "s.source")
                + ") x order by w.n, gone, gone_at desc, created_at, id", (rs, n) -> found.get(rs.getInt("n") - 1).add(row(rs)), asked.getFirst().source().value());
        return found.stream().<Supplier<List<ScimRow>>>map(rows -> () -> rows).toList();
    }

    private Page page(ScimTable table, SourceName source, Optional<Match> match, long offset, int count) {
        MatchSql condition = new MatchSql(table);
        String where = table.living() + match.map(m -> " and " + condition.of(m)).orElse("");
        List<Object> arguments = new ArrayList<>(List.of(source.value()));
        arguments.addAll(condition.arguments());
        try {
            List<ScimRow> rows = count == 0 ? List.of() : bounded.rows(table.select() + where + " order by t.created_at, t.id limit ? offset ?", (rs, n) -> row(rs), with(arguments, count, offset));
            boolean all = rows.size() < count && (offset == 0 || !rows.isEmpty());
            return new Page(rows, all ? offset + rows.size() : bounded.number("select count(*)" + where, arguments.toArray()));
        } catch (QueryTimeoutException e) {
            throw new TooSlow();
        }
    }

    private static Object[] with(List<Object> arguments, Object... more) {
        List<Object> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all.toArray();
    }

    private static ScimRow row(ResultSet rs) throws SQLException {
        return new ScimRow(rs.getObject("id", UUID.class), Sql.text(rs, "external_id"), rs.getString("name") == null ? "" : rs.getString("name"), rs.getString("document"), rs.getLong("version"),
                rs.getTimestamp("created_at").toInstant(), rs.getTimestamp("changed_at").toInstant(), rs.getBoolean("pushed"), rs.getBoolean("gone"), rs.getBoolean("active"));
    }
}
