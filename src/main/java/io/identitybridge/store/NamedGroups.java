package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The groups that a user's own resource names, by SCIM id or by name; one that is not known yet waits until it is. */
final class NamedGroups {
    /** Names that wait although their group is there; one that several groups have stays open. */
    private static final String LATE = "(select p.account_id, p.ref, (array_agg(g.id))[1] as group_id from directory_group g join pending_group p on lower(p.ref) = lower(g.display_name) join account a on a.id = p.account_id and a.source = g.source"
            + " where g.gone_at is null and p.since > now() - interval '1 hour' group by p.account_id, p.ref having count(*) = 1"
            + " union select p.account_id, p.ref, g.id from directory_group g join pending_group p on lower(p.ref) = g.id::text join account a on a.id = p.account_id and a.source = g.source"
            + " where g.gone_at is null and p.since > now() - interval '1 hour')";

    private final Sql sql;

    NamedGroups(Sql sql) {
        this.sql = sql;
    }

    /** What the names of one user's groups come to. */
    record Found(Set<UUID> groups, List<String> unknown) {
    }

    record Group(UUID id, String name) {
    }

    /** Finds and locks them, shared: by id, else the one of this name in any case, else the one of exactly this name. A name that several have is not guessed at. */
    Found find(SourceName source, Collection<String> references) {
        List<Group> known = known(source, references, " for share");
        Set<UUID> groups = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        references.forEach(reference -> one(known, reference).ifPresentOrElse(group -> groups.add(group.id()), () -> unknown.add(reference)));
        return new Found(groups, unknown);
    }

    /** Likewise those that are known, without a lock. */
    Map<String, Group> meant(SourceName source, Collection<String> references) {
        List<Group> known = known(source, references, "");
        Map<String, Group> meant = new HashMap<>();
        references.forEach(reference -> one(known, reference).ifPresent(group -> meant.put(reference, group)));
        return meant;
    }

    private List<Group> known(SourceName source, Collection<String> references, String lock) {
        return sql.rows("select id, coalesce(display_name, '') from directory_group where source = ? and gone_at is null and (id = any(?::uuid[]) or lower(display_name) = any(?::text[])) order by id" + lock,
                (rs, n) -> new Group(rs.getObject(1, UUID.class), rs.getString(2)), source.value(), Groups.ids(references), references.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    private static Optional<Group> one(List<Group> known, String reference) {
        Optional<Group> byId = known.stream().filter(group -> group.id().toString().equalsIgnoreCase(reference)).findFirst();
        return byId.or(() -> Stream.of(known.stream().filter(group -> group.name().equalsIgnoreCase(reference)).toList(), known.stream().filter(group -> group.name().equals(reference)).toList())
                .filter(named -> named.size() == 1).map(List::getFirst).findFirst());
    }

    /** He is in exactly these; a group that is gone and lingers keeps him. */
    void set(UUID account, Found found) {
        Set<String> before = named(account);
        sql.run("update group_member m set removed_at = now(), pushed_at = null from directory_group g where m.account_id = ? and m.removed_at is null and g.id = m.group_id and g.gone_at is null and not g.id = any(?::uuid[])",
                account, found.groups());
        sql.run("insert into group_member (group_id, account_id, pushed_at) select g, ?, now() from unnest(?::uuid[]) as t (g) order by g on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null",
                account, found.groups());
        sql.run("delete from pending_group where account_id = ?", account);
        sql.run("insert into pending_group (account_id, ref) select ?, r from unnest(?::text[]) as t (r) on conflict do nothing", account, found.unknown());
        if (!named(account).equals(before)) {
            sql.run("update account set changed_at = now() where id = ?", account);
        }
    }

    private Set<String> named(UUID account) {
        return new HashSet<>(sql.rows("select group_id::text from group_member where account_id = ? and removed_at is null union all select ref from pending_group where account_id = ?", (rs, n) -> rs.getString(1), account, account));
    }

    /**
     * Groups that came, or got their name, at the very moment in which a user named them, when neither saw the other: of the last hour. The users are locked first, since what
     * they say of their groups meanwhile is the newer word; they are due. Gives how many are in one now.
     */
    int joinLate() {
        List<UUID> late = sql.rows("select id from account where gone_at is null and id in (select account_id from " + LATE + " l) order by id for no key update", (rs, n) -> rs.getObject(1, UUID.class));
        return late.isEmpty() ? 0 : joined("l.group_id", LATE + " l where p.account_id = any(?::uuid[]) and l.account_id = p.account_id and l.ref = p.ref", late, Trigger.of("late")).size();
    }

    /** Groups that are known now, under their locks: whoever named them before is in them, and due. Gives those accounts. */
    List<UUID> join(Collection<UUID> groups, Trigger trigger) {
        if (groups.isEmpty() || sql.number("select count(*) from (select 1 from pending_group limit 1) waiting") == 0) {
            return List.of();
        }
        return joined("g.id", "directory_group g, account a where g.id = any(?::uuid[]) and g.gone_at is null and a.id = p.account_id and a.source = g.source and (p.ref = g.id::text or lower(p.ref) = lower(g.display_name))", groups, trigger);
    }

    private List<UUID> joined(String group, String which, Collection<UUID> argument, Trigger trigger) {
        List<UUID> joined = sql.rows("with named as (delete from pending_group p using " + which + " returning " + group + " as group_id, p.account_id)"
                + " insert into group_member (group_id, account_id, pushed_at) select distinct group_id, account_id, now() from named"
                + " on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null returning account_id", (rs, n) -> rs.getObject(1, UUID.class), argument);
        sql.run("update account set version = version + 1, changed_at = now() where id = any(?::uuid[])", joined); // he shows another group
        new Facts(sql).due(joined, id -> trigger);
        return joined;
    }
}
