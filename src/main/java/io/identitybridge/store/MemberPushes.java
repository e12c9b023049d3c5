package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Members pushed into and out of groups that keep their name, those that come at the same time in one transaction: as many statements as for one. */
final class MemberPushes {
    private static final String SAID = "with source as (select ?::text as name), said as (select * from unnest(?::uuid[], ?::uuid[]) as t (group_id, account_id)) ";
    private final Sql sql;
    private final Groups groups;
    private final SourceName source;
    private final Columns out = new Columns(2);
    private final Columns outRefs = new Columns(3);
    private final Columns in = new Columns(2);
    private final List<Named> named = new ArrayList<>();
    private final Set<List<Object>> said = new HashSet<>();
    private final Map<UUID, Trigger> triggers = new HashMap<>();
    private boolean several;

    MemberPushes(Sql sql, Groups groups, SourceName source) {
        this.sql = sql;
        this.groups = groups;
        this.source = source;
    }

    /** One group's change of members. */
    record Push(UUID id, Ledger.Changing<GroupFact, Ledger.GroupChange> change, List<String> add, List<String> remove, SourceName source, Trigger trigger) {
    }

    /** Whom a push names as coming in. */
    private record Named(UUID group, String ref, Optional<UUID> id) {
    }

    /** None of these accounts is marked so far. */
    Marks marks() {
        return Marks.none(sql, triggers, Map.of());
    }

    /** Gives each push the accounts whose wishes may differ. */
    List<Supplier<List<UUID>>> store(List<Push> pushes, Instant now) {
        several = pushes.size() > 1;
        Map<UUID, GroupFact> known = groups.byId(pushes.stream().map(Push::id).distinct().toList(), false);
        List<Supplier<List<UUID>>> answers = new ArrayList<>();
        Set<List<UUID>> changed = new HashSet<>();
        for (Push push : pushes) {
            answers.add(one(push, Optional.ofNullable(known.get(push.id())), now, changed));
        }
        write(changed);
        return answers;
    }

    private Supplier<List<UUID>> one(Push push, Optional<GroupFact> known, Instant now, Set<List<UUID>> changed) {
        try {
            push.change().of(known, now);
        } catch (RuntimeException refused) {
            return () -> {
                throw refused;
            };
        }
        Set<List<UUID>> mine = new HashSet<>();
        push.remove().forEach(ref -> {
            Optional<UUID> id = member(push, ref, mine);
            id.ifPresent(account -> out.add(push.id(), account));
            outRefs.add(push.id(), ref, Ids.of(ref));
        });
        push.add().forEach(ref -> {
            Optional<UUID> id = member(push, ref, mine);
            id.ifPresent(account -> in.add(push.id(), account));
            named.add(new Named(push.id(), ref, Ids.of(ref)));
        });
        return () -> mine.stream().filter(changed::contains).map(List::getLast).toList();
    }

    /** The account that a reference can mean, once for each push; two pushes that speak of one member go one after the other. */
    private Optional<UUID> member(Push push, String ref, Set<List<UUID>> mine) {
        Optional<UUID> id = Ids.of(ref).filter(account -> !mine.contains(List.of(push.id(), account)));
        if (Ids.of(ref).isEmpty() || id.isPresent()) {
            if (!said.add(List.of(push.id(), id.<Object>map(account -> account).orElse(ref))) && several) {
                throw new Together.Alone();
            }
            id.ifPresent(account -> {
                mine.add(List.of(push.id(), account));
                triggers.putIfAbsent(account, push.trigger());
            });
        }
        return id;
    }

    /** Out before in. Who is not known yet is kept until he is; who goes stays as a row, marked, so that an older page cannot bring him back. */
    private void write(Set<List<UUID>> changed) {
        outRefs.write(sql, Groups.NO_LONGER_AWAITED);
        out.write(sql, SAID + "update group_member m set removed_at = now(), pushed_at = null from (select o.group_id, o.account_id from group_member o join said t on t.group_id = o.group_id and t.account_id = o.account_id"
                + " where o.removed_at is null order by o.account_id, o.group_id for update of o) t where m.group_id = t.group_id and m.account_id = t.account_id and m.removed_at is null returning m.group_id, m.account_id", (rs, n) -> changed.add(pair(rs)), source.value());
        Set<List<UUID>> joined = new HashSet<>();
        in.write(sql, SAID + "insert into group_member as m (group_id, account_id, pushed_at) select t.group_id, a.id, now() from said t join account a on a.id = t.account_id where a.source = (select name from source) and a.gone_at is null order by a.id, t.group_id"
                + " on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null returning m.group_id, m.account_id", (rs, n) -> joined.add(pair(rs)), source.value());
        changed.addAll(joined);
        Columns unknown = new Columns(3);
        named.stream().filter(one -> one.id().filter(id -> joined.contains(List.of(one.group(), id))).isEmpty()).forEach(one -> unknown.add(one.group(), one.ref(), one.id()));
        unknown.write(sql, "insert into pending_member (group_id, ref, pushed) select t.group_id, t.ref, true from (select ?::text as name) s, unnest(?::uuid[], ?::text[], ?::uuid[]) as t (group_id, ref, id)"
                + " where not exists (select 1 from account a where a.id = t.id and a.source = s.name and a.gone_at is null) order by 1, 2 on conflict do nothing", source.value());
    }

    private static List<UUID> pair(ResultSet rs) throws SQLException {
        return List.of(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class));
    }
}
