package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What SCIM reads: the users and groups of one source. A constant number of statements, whatever their size. */
public final class ScimReads {
    private static final int SECONDS = 5;
    private final Sql sql;
    /** By the seconds that a statement may take. */
    private final Map<Integer, Sql> bounded;
    private final Together<One, Optional<ScimRow>> ones = new Together<>(2, new Together.Traits<>(one -> List.of(one.table(), one.source()), one -> new Object()), this::one);
    private final Together<Named, List<ScimRow>> names = new Together<>(2, new Together.Traits<>(named -> List.of(named.table(), named.source()), named -> new Object()), this::named);

    public ScimReads(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
        this.bounded = IntStream.rangeClosed(1, SECONDS).boxed().collect(Collectors.toUnmodifiableMap(seconds -> seconds, seconds -> {
            JdbcTemplate limited = new JdbcTemplate(jdbc.getDataSource());
            limited.setQueryTimeout(seconds);
            return new Sql(limited);
        }));
    }

    /**
     * What is asked of a list.
     *
     * @param place  where it goes on; empty: from the beginning
     * @param offset how many are passed over from there
     * @param counts whether all of them are counted, too
     * @param since  when the whole request began to ask, as {@link System#nanoTime} says: all that it asks is over 5 s later
     */
    public record Wish(Optional<Match> match, Sort sort, Optional<Sort.Place> place, long offset, int count, boolean counts, long since) {
        boolean backwards() {
            return place.filter(Sort.Place::backwards).isPresent();
        }
    }

    /** One resource in a list, and its place there. */
    public record Listed(ScimRow row, Sort.Place place) {
    }

    /**
     * One page of a list, in its order; towards the beginning where the page before a place was asked for.
     *
     * @param more  whether there is more in the direction that was read
     * @param total how many there are in all; empty where it was not counted
     */
    public record Page(List<Listed> rows, boolean more, Optional<Long> total) {
    }

    /** One resource in a list of users and groups. */
    public record Mixed(boolean user, Listed listed) {
    }

    /** A page of users and groups, as {@link Page} is of one. */
    public record MixedPage(List<Mixed> rows, boolean more, Optional<Long> total) {
    }

    /** A member of a group; one who is not known yet has no display name. */
    public record Member(String id, Optional<String> display, boolean known) {
    }

    /** A place that is none of this list. */
    public static final class NoPlace extends RuntimeException {
        NoPlace() {
            super("no place of this list", null, false, false);
        }
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

    public Page users(SourceName source, Wish wish) {
        return page(ScimTable.USERS, source, wish);
    }

    public Page groups(SourceName source, Wish wish) {
        return page(ScimTable.GROUPS, source, wish);
    }

    /**
     * Users and groups in one order, as PostgreSQL compares them: each table gives its first ones, and the page is taken from those.
     *
     * @param users  from the beginning on; {@code groups} differs from it in what it matches and is sorted by, and in nothing else
     */
    public MixedPage both(SourceName source, Wish users, Wish groups) {
        SortSql order = new SortSql(ScimTable.USERS, users.sort());
        SortSql other = new SortSql(ScimTable.GROUPS, groups.sort());
        List<Object> arguments = new ArrayList<>();
        String all = "(" + part(ScimTable.USERS, source, users, order, other, arguments) + ") union all (" + part(ScimTable.GROUPS, source, groups, other, order, arguments) + ")";
        arguments.addAll(List.of(users.count() + 1, users.offset()));
        try {
            Optional<Long> total = users.counts() ? Optional.of(total(ScimTable.USERS, source, users) + total(ScimTable.GROUPS, source, groups)) : Optional.empty();
            List<Mixed> rows = users.count() == 0 ? List.of() : placed(users, () -> bounded(users).rows("select * from (" + all + ") x" + order.orderOfBoth() + " limit ? offset ?", (rs, n) -> new Mixed(rs.getBoolean("is_user"), listed(rs)), arguments.toArray()));
            boolean more = rows.size() > users.count();
            return new MixedPage(more ? rows.subList(0, users.count()) : rows, more, total);
        } catch (QueryTimeoutException e) {
            throw new TooSlow();
        }
    }

    /** As many of one table as the page may need of it. */
    private static String part(ScimTable table, SourceName source, Wish wish, SortSql sort, SortSql other, List<Object> arguments) {
        MatchSql condition = new MatchSql(table, source);
        String where = table.living() + wish.match().map(m -> " and " + condition.of(m)).orElse("");
        arguments.add(source.value());
        arguments.addAll(condition.arguments());
        String behind = wish.place().map(place -> sort.behind(place, arguments)).orElse("");
        arguments.add(wish.offset() + wish.count() + 1);
        return table.select() + ", " + (table == ScimTable.USERS) + " as is_user" + sort.sorted(other) + sort.shown() + where + behind + sort.order(false) + " limit ?";
    }

    private long total(ScimTable table, SourceName source, Wish wish) {
        return page(table, source, new Wish(wish.match(), wish.sort(), Optional.empty(), 0, 0, true, wish.since())).total().orElse(0L);
    }

    /** Who has this name (in any case) or this externalId, tombstones of 45 days included as long as nobody living has their externalId; the living first, then who went last. */
    public List<ScimRow> usersNamed(SourceName source, String userName, Optional<String> externalId) {
        return names.ask(new Named(ScimTable.USERS, source, userName, externalId));
    }

    public List<ScimRow> groupsNamed(SourceName source, String displayName, Optional<String> externalId) {
        return names.ask(new Named(ScimTable.GROUPS, source, displayName, externalId));
    }

    /** The living users that these references mean, each by his id here or else by the IdP's, as members; by reference, those that there are. */
    public Map<String, Member> usersMeant(SourceName source, Collection<String> references) {
        Map<String, Member> users = new HashMap<>();
        List<UUID> ids = references.stream().flatMap(reference -> Ids.own(reference).stream()).toList();
        List<String> anchors = references.stream().filter(reference -> Ids.own(reference).isEmpty()).toList();
        sql.rows("select id::text, id, coalesce(display_name, user_name) from account where source = ? and id = any(?::uuid[]) and gone_at is null union all"
                + " select external_id, id, coalesce(display_name, user_name) from account where source = ? and external_id = any(?::text[]) and gone_at is null",
                (rs, n) -> users.put(rs.getString(1), new Member(rs.getString(2), Sql.text(rs, "coalesce"), true)), source.value(), ids, source.value(), anchors);
        return users;
    }

    /** The living groups that these references mean, each by its id or else by a name that no other has; by reference, those that there are. */
    public Map<String, Member> groupsMeant(SourceName source, Collection<String> references) {
        Map<String, Member> groups = new HashMap<>();
        new NamedGroups(sql).meant(source, references).forEach((reference, group) -> groups.put(reference, new Member(group.id().toString(), Optional.of(group.name()), true)));
        return groups;
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

    /** The groups of these users, each as a member is; one that is not known yet by what the client called it. */
    public Map<UUID, List<Member>> groupsOf(Collection<UUID> users) {
        Map<UUID, List<Member>> groups = new HashMap<>();
        if (!users.isEmpty()) {
            sql.rows("select m.account_id, g.id::text as id, g.display_name as display, true as known from group_member m join directory_group g on g.id = m.group_id"
                    + " where m.account_id = any(?::uuid[]) and m.removed_at is null and g.gone_at is null union all"
                    + " select p.account_id, p.ref, null, false from pending_group p where p.account_id = any(?::uuid[]) order by display nulls last, id", (rs, n) ->
                    groups.computeIfAbsent(rs.getObject(1, UUID.class), id -> new ArrayList<>()).add(new Member(rs.getString(2), Sql.text(rs, "display"), rs.getBoolean(4))), users, users);
        }
        return groups;
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
        List<Integer> askers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            for (String spelling : Folded.spellings(asked.get(i).name())) {
                wanted.add(spelling, asked.get(i).externalId());
                askers.add(i);
            }
        }
        String byName = table.select() + ", t.gone_at" + table.namesakes() + " and lower(" + table.nameColumn() + ") = lower(w.name)";
        String bySpelling = askers.size() == asked.size() ? "" : " union " + table.select() + ", t.gone_at" + table.namesakes() + table.spelled("w.name"); // ASCII has one spelling
        String byAnchor = table.select() + ", t.gone_at" + table.namesakes() + " and t.external_id = w.anchor";
        wanted.write(sql, "select x.*, w.n from (select ?::text as source) s, unnest(?::text[], ?::text[]) with ordinality as w (name, anchor, n), lateral (" + byName.replace("?", "s.source") + bySpelling.replace("?", "s.source") + " union " + byAnchor.replace("?", "s.source")
                + ") x order by w.n, gone, gone_at desc, created_at, id", (rs, n) -> found.get(askers.get(rs.getInt("n") - 1)).add(row(rs)), asked.getFirst().source().value());
        return found.stream().<Supplier<List<ScimRow>>>map(rows -> () -> rows.stream().distinct().toList()).toList();
    }

    private Page page(ScimTable table, SourceName source, Wish wish) {
        MatchSql condition = new MatchSql(table, source);
        String where = table.living() + wish.match().map(m -> " and " + condition.of(m)).orElse("");
        List<Object> arguments = new ArrayList<>(List.of(source.value()));
        arguments.addAll(condition.arguments());
        try {
            List<Listed> rows = wish.count() == 0 ? List.of() : rows(table, where, arguments, wish);
            boolean more = rows.size() > wish.count();
            boolean all = !more && wish.place().isEmpty() && (wish.offset() == 0 || !rows.isEmpty()) && wish.count() > 0;
            Optional<Long> total = !wish.counts() ? Optional.empty() : Optional.of(all ? wish.offset() + rows.size() : bounded(wish).number("select count(*)" + where, arguments.toArray()));
            return new Page(more ? rows.subList(0, wish.count()) : rows, more, total);
        } catch (QueryTimeoutException e) {
            throw new TooSlow();
        }
    }

    /** For what is left of the request's time. */
    private Sql bounded(Wish wish) {
        int left = SECONDS - (int) Duration.ofNanos(System.nanoTime() - wish.since()).toSeconds();
        if (left < 1) {
            throw new TooSlow();
        }
        return bounded.get(Math.min(left, SECONDS));
    }

    /** One more than asked for, if there is one. */
    private List<Listed> rows(ScimTable table, String where, List<Object> arguments, Wish wish) {
        SortSql sort = new SortSql(table, wish.sort());
        List<Object> all = new ArrayList<>(arguments);
        String behind = wish.place().map(place -> sort.behind(place, all)).orElse("");
        all.addAll(List.of(wish.count() + 1, wish.offset()));
        return placed(wish, () -> bounded(wish).rows(table.select() + sort.shown() + where + behind + sort.order(wish.backwards()) + " limit ? offset ?", (rs, n) -> listed(rs), all.toArray()));
    }

    private static <T> T placed(Wish wish, Supplier<T> read) {
        try {
            return read.get();
        } catch (DataIntegrityViolationException e) {
            if (wish.place().isPresent()) { // its value is no time or truth at all: nobody got it from here
                throw new NoPlace();
            }
            throw e;
        }
    }

    private static Listed listed(ResultSet rs) throws SQLException {
        return new Listed(row(rs), new Sort.Place(false, Sql.text(rs, "place"), rs.getObject("id", UUID.class)));
    }

    private static ScimRow row(ResultSet rs) throws SQLException {
        return new ScimRow(rs.getObject("id", UUID.class), Sql.text(rs, "external_id"), rs.getString("name") == null ? "" : rs.getString("name"), rs.getString("document"), rs.getLong("version"),
                rs.getTimestamp("created_at").toInstant(), rs.getTimestamp("changed_at").toInstant(), rs.getBoolean("pushed"), rs.getBoolean("gone"), rs.getBoolean("active"), rs.getLong("changes"));
    }
}
