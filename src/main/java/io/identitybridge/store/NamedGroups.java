package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The groups that a user's own resource names, by SCIM id or by name; one that is not known yet waits until it is. */
final class NamedGroups {
    /** Whether a name that waits ({@code p}) means a group ({@code g}): by its id, or by its name in any case, composed or decomposed (RFC 7644, 5). */
    private static final String MEANS = "lower(p.ref) = any(g.id::text || array[lower(g.display_name), lower(normalize(g.display_name)), lower(normalize(g.display_name, nfd))]) and g.gone_at is null";
    /** Names that wait although their group is there; one that several groups have stays open. Found from the groups on: there are fewer of them than of names that may wait. */
    private static final String LATE = "(with n as materialized (select g.id, g.source, p.account_id, p.ref from directory_group g join pending_group p on " + MEANS
            + " where p.since > now() - interval '1 hour' and exists (select 1 from pending_group where since > now() - interval '1 hour'))"
            + " select n.account_id, n.ref, (array_agg(n.id))[1] as group_id from n join account a on a.id = n.account_id and a.source = n.source group by n.account_id, n.ref having count(*) = 1)";

    private final Sql sql;

    NamedGroups(Sql sql) {
        this.sql = sql;
    }

    /** What the names of one user's groups come to. */
    record Found(Set<UUID> groups, List<String> unknown) {
    }

    record Group(UUID id, String name) {
    }

    /** Those that are there, as they may be named. */
    private record Known(Map<UUID, Group> ids, Map<String, List<Group>> names) {
        Known(List<Group> groups) {
            this(groups.stream().collect(Collectors.toMap(Group::id, group -> group)), groups.stream().collect(Collectors.groupingBy(group -> folded(group.name()))));
        }

        /** By id, else the one of this name in any case and spelling, else the one of exactly this name. A name that several have is not guessed at. */
        Optional<Group> one(String reference) {
            List<Group> named = names.getOrDefault(folded(reference), List.of());
            return Ids.of(reference).map(ids::get).or(() -> Stream.of(named, named.stream().filter(group -> group.name().equals(reference)).toList()).filter(several -> several.size() == 1).map(List::getFirst).findFirst());
        }

        private static String folded(String name) {
            return Normalizer.normalize(name, Normalizer.Form.NFC).codePoints().map(Character::toUpperCase).map(Character::toLowerCase).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        }
    }

    /** Finds and locks them, shared. */
    Found find(SourceName source, Collection<String> references) {
        Known known = known(source, references, " for share");
        Set<UUID> groups = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        references.forEach(reference -> known.one(reference).ifPresentOrElse(group -> groups.add(group.id()), () -> unknown.add(reference)));
        return new Found(groups, unknown);
    }

    /** Likewise those that are known, without a lock. */
    Map<String, Group> meant(SourceName source, Collection<String> references) {
        Known known = known(source, references, "");
        Map<String, Group> meant = new HashMap<>();
        references.forEach(reference -> known.one(reference).ifPresent(group -> meant.put(reference, group)));
        return meant;
    }

    private Known known(SourceName source, Collection<String> references, String lock) {
        List<String> names = references.stream().flatMap(reference -> Folded.spellings(reference).stream()).distinct().toList();
        return new Known(sql.rows("select id, coalesce(display_name, '') from directory_group where source = ? and gone_at is null and (id = any(?::uuid[]) or lower(display_name) = any(array(select lower(n) from unnest(?::text[]) n))) order by id" + lock,
                (rs, n) -> new Group(rs.getObject(1, UUID.class), rs.getString(2)), source.value(), Groups.ids(references), names));
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
        return joined("g.id", "directory_group g, account a where g.id = any(?::uuid[]) and a.id = p.account_id and a.source = g.source and " + MEANS, groups, trigger);
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
