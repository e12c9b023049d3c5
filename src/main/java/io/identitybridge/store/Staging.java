package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Where a run keeps what it read and has not applied yet, and how far it came: unlogged, because a run can be read again. */
public final class Staging {
    /** Of an account: a page was taken in, or one showed it that was older than a push, so that it is to be read again. */
    private static final String PULLS_KNOW = "(pulled_at is not null or reread_at is not null)";

    private final Sql sql;
    private final TransactionTemplate transactions;

    public Staging(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /**
     * One staged record.
     *
     * @param state {@code seen} on a page, {@code whole} where that is all of the record; {@code found} when asked for alone; {@code gone} by the IdP's own word; {@code absent}: asked for alone
     *              and not there; {@code missing}: in no list, and cannot be asked for alone
     */
    public record Staged(String id, String state, Optional<String> variables, Optional<byte[]> hash, Optional<byte[]> members, Instant askedAt) {
    }

    /** What the directory holds of one record, to tell whether a page brings something new. */
    public record Known(byte[] hash, Optional<byte[]> members, boolean lookAgain) {
    }

    /** How far a list was read: page, next and the hashes of all its ids. */
    public record Reached(int page, Optional<String> next, byte[] seen) {
    }

    public Optional<Reached> reached(UUID run, String resource, String scope) {
        List<Reached> pages = sql.rows("select page, next, seen from run_page where run_id = ? and resource = ? and scope = ? order by page",
                (rs, n) -> new Reached(rs.getInt(1), Sql.text(rs, "next"), rs.getBytes(3)), run, resource, scope);
        if (pages.isEmpty()) {
            return Optional.empty();
        }
        int size = pages.stream().mapToInt(page -> page.seen().length).sum();
        java.nio.ByteBuffer seen = java.nio.ByteBuffer.allocate(size);
        pages.forEach(page -> seen.put(page.seen()));
        return Optional.of(new Reached(pages.getLast().page(), pages.getLast().next(), seen.array()));
    }

    /** Begins to stage, or goes on with what is staged of this run already. Each write shows the same hold, and is refused as {@link Lease.Lost} once that is over. */
    public void open(Hold hold) {
        sql.run("insert into stage_run (run_id) values (?) on conflict do nothing", hold.run());
    }

    private void write(Hold hold, Consumer<UUID> work) {
        transactions.executeWithoutResult(tx -> {
            hold.check(sql);
            work.accept(hold.run());
        });
    }

    /** Forgets what this run was told of a list. */
    public void begin(Hold hold, String resource) {
        write(hold, run -> {
            sql.run("delete from run_page where run_id = ? and resource = ?", run, resource);
            sql.run("delete from stage_record where run_id = ? and resource = ?", run, resource);
            if (resource.equals("members")) {
                sql.run("delete from stage_member where run_id = ?", run);
            }
        });
    }

    /** Keeps one page: its changed records and how far it leads, as one. {@code seen}: how many the run has read by now, for whoever looks on. */
    public void page(Hold hold, String resource, Reached reached, Instant askedAt, Collection<Staged> changed, Map<String, Long> seen) {
        write(hold, run -> page(run, resource, "", reached, askedAt, changed, seen));
    }

    private void page(UUID run, String resource, String scope, Reached reached, Instant askedAt, Collection<Staged> changed, Map<String, Long> seen) {
        sql.run("insert into run_page (run_id, resource, scope, page, next, seen, asked_at) values (?, ?, ?, ?, ?, ?, ?::timestamptz) on conflict (run_id, resource, scope, page)"
                + " do update set next = excluded.next, seen = excluded.seen, asked_at = excluded.asked_at", run, resource, scope, reached.page(), reached.next().orElse(null), reached.seen(), askedAt);
        records(run, resource, changed);
        sql.run("update run set pages = pages + 1, seen = ?::jsonb, beat_at = now() where id = ?", Sql.numbers(seen), run);
    }

    /** Keeps that a group's whole list was read, of the digest {@code all}, and as one with it whom of it the directory is to have ({@code members}) and the group's own record where they differ. */
    public void list(Hold hold, String group, byte[] all, Instant askedAt, Collection<String> members, Optional<Staged> changed, Map<String, Long> seen) {
        write(hold, run -> {
            members(run, group, members, false, askedAt);
            records(run, "groups", changed.stream().toList());
            page(run, "members", group, new Reached(1, Optional.empty(), all), askedAt, List.of(), seen);
        });
    }

    /** Keeps one group's list as the IdP wrote it, and that it was read. */
    public void direct(Hold hold, String group, List<String> people, List<String> groups, Instant askedAt) {
        write(hold, run -> sql.run("insert into run_page (run_id, resource, scope, page, seen, asked_at, people, groups) values (?, 'members', ?, 1, '', ?::timestamptz, ?::text[], ?::text[]) on conflict (run_id, resource, scope, page)"
                + " do update set asked_at = excluded.asked_at, people = excluded.people, groups = excluded.groups", run, group, askedAt, people, groups));
    }

    /** The groups in groups of the lists kept. */
    public Map<String, List<String>> nested(UUID run) {
        Map<String, List<String>> nested = new HashMap<>();
        sql.rows("select scope, groups from run_page where run_id = ? and resource = 'members' and cardinality(groups) > 0", (rs, n) -> nested.put(rs.getString(1), Sql.texts(rs, "groups")), run);
        return nested;
    }

    /** Everybody on the lists kept of these groups, and when the first of them was asked for; empty where none was kept. */
    public Optional<Lists> kept(UUID run, Collection<String> groups) {
        return sql.row("select min(asked_at) as asked, (select coalesce(array_agg(distinct p), '{}') from run_page m, unnest(m.people) p where m.run_id = ? and m.resource = 'members' and m.scope = any(?::text[])) as people"
                + " from run_page where run_id = ? and resource = 'members' and scope = any(?::text[]) and people is not null", (rs, n) ->
                new Lists(Sql.texts(rs, "people"), Sql.instant(rs, "asked").orElse(Instant.EPOCH)), run, groups, run, groups).filter(lists -> lists.askedAt().isAfter(Instant.EPOCH));
    }

    /** People of several lists, each once. */
    public record Lists(List<String> people, Instant askedAt) {
    }

    /** The digest of a group's list that this run has staged to its end, and when that was asked for. */
    public Optional<Digest> digest(UUID run, String group) {
        return sql.row("select seen, asked_at from run_page where run_id = ? and resource = 'members' and scope = ? and seen <> ''", (rs, n) -> new Digest(rs.getBytes(1), rs.getTimestamp(2).toInstant()), run, group);
    }

    /** Whether this run has staged somebody of a group. */
    public boolean holdsMembers(UUID run, String group) {
        return sql.row("select 1 from stage_member where run_id = ? and group_id = ? limit 1", (rs, n) -> true, run, group).isPresent();
    }

    /** One list of members, in any order. */
    public record Digest(byte[] bytes, Instant askedAt) {
    }

    /** Whether the directory has this group as one that is there. */
    public boolean holdsGroup(SourceName source, String group) {
        return sql.row("select 1 from directory_group where source = ? and external_id = ? and gone_at is null", (rs, n) -> true, source.value(), group).isPresent();
    }

    /** Keeps records; of one id the last word holds. A group whose members are read after itself is as old as its own page: a push between the two is newer than that. */
    public void records(Hold hold, String resource, Collection<Staged> records) {
        if (!records.isEmpty()) {
            write(hold, run -> records(run, resource, records));
        }
    }

    private void records(UUID run, String resource, Collection<Staged> records) {
        Columns rows = new Columns(6);
        Map<String, Staged> last = new HashMap<>();
        records.forEach(record -> last.put(record.id(), record));
        last.values().forEach(r -> rows.add(r.id(), r.state(), r.variables(), r.hash(), r.members(), r.askedAt()));
        rows.write(sql, "insert into stage_record (run_id, resource, id, state, variables, hash, members, asked_at) select ?, ?, * from unnest(?::text[], ?::text[], ?::jsonb[], ?::bytea[], ?::bytea[], ?::timestamptz[])"
                + " on conflict (run_id, resource, id) do update set state = excluded.state, variables = coalesce(excluded.variables, stage_record.variables), hash = coalesce(excluded.hash, stage_record.hash),"
                + " members = coalesce(excluded.members, stage_record.members),"
                + " asked_at = case when excluded.state in ('seen', 'whole') and excluded.variables is null then least(excluded.asked_at, stage_record.asked_at) else excluded.asked_at end", run, resource);
    }

    /** Keeps that these came into one group and those went out; who is in both is in. */
    public void changes(Hold hold, String group, Collection<String> in, Collection<String> out, Instant askedAt) {
        write(hold, run -> {
            members(run, group, out, true, askedAt);
            members(run, group, in, false, askedAt);
        });
    }

    private void members(UUID run, String group, Collection<String> members, boolean removed, Instant askedAt) {
        for (List<String> part : Sql.chunks(List.copyOf(members), 10_000)) {
            sql.run("insert into stage_member (run_id, group_id, member, removed, asked_at) select ?, ?, m, ?, ?::timestamptz from (select distinct m from unnest(?::text[]) as t (m)) d"
                    + " on conflict (run_id, member, group_id) do update set removed = excluded.removed, asked_at = excluded.asked_at", run, group, removed, askedAt, part);
        }
    }

    /** What the directory holds of these accounts of a source, by their IdP's ids. */
    public Map<String, Known> accounts(SourceName source, Collection<String> ids) {
        Map<String, Known> known = new HashMap<>();
        sql.rows("select external_id, pulled_hash, gone_at is not null or missing_since is not null or reread_at is not null or push_off or greatest(pushed_at, listed_at) > coalesce(pulled_at, '-infinity') as again from account"
                + " where source = ? and external_id = any(?::text[]) and (gone_at is null or pulled_hash is not null) order by gone_at desc nulls last", (rs, n) ->
                known.put(rs.getString(1), new Known(rs.getBytes(2), Optional.empty(), rs.getBoolean(3))), source.value(), ids);
        return known;
    }

    /** What the directory holds of these groups. */
    public Map<String, Known> groups(SourceName source, Collection<String> ids) {
        Map<String, Known> known = new HashMap<>();
        sql.rows("select external_id, pulled_hash, pulled_members, missing_since is not null or pushed_at > coalesce(pulled_at, '-infinity')"
                + " or exists (select 1 from group_member m where m.group_id = directory_group.id and (m.pushed_at is not null or m.removed_at is not null)) as again from directory_group"
                + " where source = ? and external_id = any(?::text[]) and gone_at is null", (rs, n) ->
                known.put(rs.getString(1), new Known(rs.getBytes(2), Optional.ofNullable(rs.getBytes(3)), rs.getBoolean(4))), source.value(), ids);
        return known;
    }

    /** Staged records in the order of their ids, after one. */
    public List<Staged> next(UUID run, String resource, String after, int size) {
        return sql.rows("select id, state, variables::text, hash, members, asked_at from stage_record where run_id = ? and resource = ? and id > ? order by id limit ?",
                (rs, n) -> new Staged(rs.getString(1), rs.getString(2), Sql.text(rs, "variables"), Optional.ofNullable(rs.getBytes(4)), Optional.ofNullable(rs.getBytes(5)), rs.getTimestamp(6).toInstant()),
                run, resource, after, size);
    }

    /**
     * Whether the group holds somebody who is not among these, however he came in: a push stands against a list only until the lag has passed.
     *
     * @param name of a group that no pull has brought yet: it may be one that was pushed without the IdP's id, and so may its people be
     */
    public boolean holdsOthers(SourceName source, String group, Optional<String> name, Collection<String> members) {
        String which = name.isPresent() ? "g.external_id is null and g.display_name = ?" : "g.external_id = ?";
        return sql.row("select 1 from directory_group g join group_member m on m.group_id = g.id join account a on a.id = m.account_id where g.source = ? and " + which + " and g.gone_at is null"
                + " and m.removed_at is null and a.gone_at is null and (a.external_id is null or not a.external_id = any(?::text[])) limit 1", (rs, n) -> true, source.value(), name.orElse(group), members).isPresent();
    }

    /** Living accounts of which such a row of a joined read is stored, by the IdP's ids. {@code row}: a JSON object that the row contains. */
    public List<String> withRow(SourceName source, String joined, String row) {
        return sql.rows("select external_id from account where source = ? and gone_at is null and external_id is not null and pulled -> ? @> jsonb_build_array(?::jsonb) order by external_id", (rs, n) -> rs.getString(1), source.value(), joined, row);
    }

    /** Notes which groups of a joined read this run does not find; gives those that an earlier run did not find either, {@code after} ago or more. */
    public Set<String> vanished(Hold hold, String resource, Collection<String> ids, Duration after) {
        String source = hold.source().value();
        write(hold, run -> {
            sql.run("delete from vanished_group where source = ? and resource = ? and not id = any(?::text[])", source, resource, ids);
            sql.run("insert into vanished_group (source, resource, id, run_id) select ?, ?, id, ? from unnest(?::text[]) as t (id) on conflict do nothing", source, resource, run, ids);
        });
        return new HashSet<>(sql.rows("select id from vanished_group where source = ? and resource = ? and run_id <> ? and since <= now() - make_interval(secs => ?)", (rs, n) -> rs.getString(1), source, resource, hold.run(), (double) after.toSeconds()));
    }

    /** Whom the group holds besides these, by the IdP's ids. */
    public List<String> others(SourceName source, String group, Collection<String> members) {
        return sql.rows("select a.external_id from directory_group g join group_member m on m.group_id = g.id join account a on a.id = m.account_id where g.source = ? and g.external_id = ? and g.gone_at is null"
                + " and m.removed_at is null and a.gone_at is null and a.external_id is not null and not a.external_id = any(?::text[])", (rs, n) -> rs.getString(1), source.value(), group, members);
    }

    /** Those of these groups that hold somebody whom this run has not staged as their member. */
    public Set<String> holdOthers(SourceName source, UUID run, Collection<String> groups) {
        return new HashSet<>(sql.rows("select g.external_id from directory_group g where g.source = ? and g.external_id = any(?::text[]) and g.gone_at is null and exists (select 1 from group_member m join account a on a.id = m.account_id"
                + " where m.group_id = g.id and m.removed_at is null and a.gone_at is null"
                + " and not exists (select 1 from stage_member s where s.run_id = ? and s.group_id = g.external_id and s.member = a.external_id and not s.removed))", (rs, n) -> rs.getString(1), source.value(), groups, run));
    }

    /** Those of these names that groups with members have which were pushed without the IdP's id. */
    public Set<String> unanchored(SourceName source, Collection<String> names) {
        return new HashSet<>(sql.rows("select display_name from directory_group g where source = ? and external_id is null and gone_at is null and display_name = any(?::text[])"
                + " and exists (select 1 from group_member m where m.group_id = g.id and m.removed_at is null)", (rs, n) -> rs.getString(1), source.value(), names));
    }

    /** Those of these whom this run has staged as members of a group. */
    public Set<String> staged(UUID run, String group, Collection<String> members) {
        return new HashSet<>(sql.rows("select member from stage_member where run_id = ? and group_id = ? and member = any(?::text[]) and not removed", (rs, n) -> rs.getString(1), run, group, members));
    }

    /** The group's list of this run is not taken for all of it any more; {@code missing} says so of the group. */
    public void notWhole(Hold hold, Staged missing) {
        write(hold, run -> {
            sql.run("update stage_record set members = null where run_id = ? and resource = 'groups' and id = ?", run, missing.id());
            records(run, "groups", List.of(missing));
        });
    }

    /** IdP ids of living records that pulls know, in stretches: who of them was not seen is absent. */
    public List<String> living(SourceName source, String resource, String after, int size) {
        String known = resource.equals("groups") ? "directory_group where pulled_at is not null" : "account where " + PULLS_KNOW;
        return sql.rows("select external_id from " + known + " and source = ? and gone_at is null and external_id > ? order by external_id limit ?",
                (rs, n) -> rs.getString(1), source.value(), after, size);
    }

    /** When something new was last read of each of these accounts, where that was at some moment or after it; the latest last. */
    public List<Instant> readSince(SourceName source, Collection<String> ids, Instant moment) {
        return sql.rows("select pulled_at from account where source = ? and external_id = any(?::text[]) and gone_at is null and pulled_at >= ?::timestamptz order by pulled_at",
                (rs, n) -> rs.getTimestamp(1).toInstant(), source.value(), ids, moment);
    }

    /**
     * IdP ids of living accounts that only pushes know, the longest unheard of first. None where most of what was pushed was never pulled under the
     * same id: there the two ways may name people differently, and then absence says nothing. And nobody who was pulled under another id than a push has given him since.
     */
    public List<String> onlyPushed(SourceName source, int most) {
        return sql.rows("""
                select external_id from account where source = ? and gone_at is null and external_id is not null and pulled_at is null and reread_at is null and pulled is null
                  and (select count(*) filter (where pulled_at is not null) > count(*) filter (where pulled_at is null) from account where source = ? and gone_at is null and external_id is not null and pushed_at is not null)
                order by pushed_at limit ?""", (rs, n) -> rs.getString(1), source.value(), source.value(), most);
    }

    /** A living record that pulls know, as it was kept. */
    public record Kept(String id, String variables) {
    }

    /** Living records of which this run was told nothing, in stretches. */
    public List<Kept> untold(SourceName source, UUID run, String resource, String after, int size) {
        String table = resource.equals("groups") ? "directory_group" : "account";
        return sql.rows("select external_id, pulled::text from " + table + " t where source = ? and gone_at is null and pulled is not null and external_id > ?"
                + " and not exists (select 1 from stage_record r where r.run_id = ? and r.resource = ? and r.id = t.external_id) order by external_id limit ?",
                (rs, n) -> new Kept(rs.getString(1), rs.getString(2)), source.value(), after, run, resource, size);
    }

    /** IdP ids of accounts that are to be asked for again, also of deleted ones that may be back, the longest waiting first; and of those that this run has told a part of while a push is newer than the rest, or who are deleted. */
    public List<String> fenced(SourceName source, UUID run, int most) {
        return sql.rows("""
                select external_id from account where source = ? and external_id is not null and (reread_at <= now()
                  or (pushed_at > pulled_at or gone_at is not null and pulled_at is not null) and exists (select 1 from stage_record r where r.run_id = ? and r.resource = 'users' and r.id = account.external_id and r.state = 'seen'))
                order by reread_at nulls last limit ?""", (rs, n) -> rs.getString(1), source.value(), run, most);
    }

    /** Those of these ids that pulls know of living records: of what was only pushed, under an id of the pusher's choice, that the IdP has none by it says nothing. */
    public Set<String> pulled(SourceName source, String list, Collection<String> ids) {
        String known = list.equals("groups") ? "directory_group where pulled_at is not null" : "account where " + PULLS_KNOW;
        return new HashSet<>(sql.rows("select external_id from " + known + " and source = ? and external_id = any(?::text[]) and gone_at is null",
                (rs, n) -> rs.getString(1), source.value(), ids));
    }

    /** The version that a record would have next: 1 where nothing of it is stored. */
    public long nextVersion(SourceName source, String resource, String id) {
        return sql.number("select coalesce(max(version), 0) + 1 from " + (resource.equals("group") ? "directory_group" : "account") + " where source = ? and external_id = ?", source.value(), id);
    }

    /** How many living groups pulls know of a source. */
    public long heldGroups(SourceName source) {
        return sql.number("select count(*) from directory_group where source = ? and gone_at is null and pulled_at is not null", source.value());
    }

    /**
     * Whether at least so many memberships are known of groups that pulls have brought, or that this one brings for the first time; those pushed within the lag are not counted, because no list of this run is held against them.
     *
     * @param names of groups of this run that may be ones pushed without the IdP's id
     */
    public boolean holdsMembers(SourceName source, UUID run, Collection<String> names, Duration lag, int least) {
        return sql.number("select count(*) from (select 1 from group_member m join directory_group g on g.id = m.group_id where g.source = ? and g.gone_at is null and (g.pulled_at is not null"
                + " or g.external_id is null and g.display_name = any(?::text[]) or exists (select 1 from stage_record r where r.run_id = ? and r.resource = 'groups' and r.id = g.external_id))"
                + " and m.removed_at is null and (m.pushed_at is null or m.pushed_at < now() - make_interval(secs => ?)) limit ?) few", source.value(), names, run, (double) lag.toSeconds(), least) == least;
    }

    /** How many living accounts pulls know of a source. */
    public long held(SourceName source) {
        return sql.number("select count(*) from account where source = ? and gone_at is null and " + PULLS_KNOW, source.value());
    }

    /** A run that is over needs its staging no more; not one that another bridge has taken over, which may go on with it. */
    public void clear(Hold hold) {
        transactions.executeWithoutResult(tx -> {
            hold.lease().check(sql);
            clear(hold.run());
        });
    }

    /** Of a run that has ended. */
    void clear(UUID run) {
        List.of("stage_run", "run_page", "stage_record", "stage_member").forEach(table -> sql.run("delete from " + table + " where run_id = ?", run));
    }
}
