package io.identitybridge.store;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads and writes whole accounts; every written one is due, unless its deeds follow at once. */
final class Facts {
    private static final String COLUMNS = "id, source, external_id, user_name, mapped_name, email, display_name, active, roles, person_key, standing, out_of_scope, places, problem,"
            + " pulled::text, pulled_hash, pulled_at, pushed::text, pushed_at, missing_since, missing_run, gone_at, reread_at, listed_at, push_off, admitted, version";
    private static final String UPSERT = "insert into account (id, source, external_id, user_name, mapped_name, email, display_name, active, roles, person_key, standing, out_of_scope, places, problem,"
            + " pulled, pulled_hash, pulled_at, pushed, pushed_at, missing_since, missing_run, gone_at, reread_at, listed_at, push_off, admitted)"
            + " select t.id, t.source, t.external_id, t.user_name, t.mapped_name, t.email, t.display_name, t.active, string_to_array(t.roles, chr(31)), t.person_key, t.standing, t.out_of_scope,"
            + " string_to_array(t.places, chr(31)), t.problem, t.pulled, t.pulled_hash, t.pulled_at, t.pushed, t.pushed_at, t.missing_since, t.missing_run, t.gone_at, t.reread_at, t.listed_at, t.push_off, t.admitted"
            + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
            + " ?::jsonb[], ?::bytea[], ?::timestamptz[], ?::jsonb[], ?::timestamptz[], ?::timestamptz[], ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::boolean[], ?::boolean[])"
            + " as t (id, source, external_id, user_name, mapped_name, email, display_name, active, roles, person_key, standing, out_of_scope, places, problem,"
            + " pulled, pulled_hash, pulled_at, pushed, pushed_at, missing_since, missing_run, gone_at, reread_at, listed_at, push_off, admitted)"
            + " on conflict (id) do update set external_id = excluded.external_id, user_name = excluded.user_name, mapped_name = excluded.mapped_name, email = excluded.email,"
            + " display_name = excluded.display_name, active = excluded.active, roles = excluded.roles, person_key = excluded.person_key, standing = excluded.standing,"
            + " out_of_scope = excluded.out_of_scope, places = excluded.places, problem = excluded.problem, pulled = excluded.pulled, pulled_hash = excluded.pulled_hash,"
            + " pulled_at = excluded.pulled_at, pushed = excluded.pushed, pushed_at = excluded.pushed_at, missing_since = excluded.missing_since, missing_run = excluded.missing_run,"
            + " gone_at = excluded.gone_at, reread_at = excluded.reread_at, listed_at = excluded.listed_at, push_off = excluded.push_off, admitted = excluded.admitted, version = account.version + 1,"
            + " changed_at = case when (account.external_id, account.user_name, account.email, account.display_name, account.active, account.roles, account.pushed, account.gone_at, account.listed_at is null)"
            + " is distinct from (excluded.external_id, excluded.user_name, excluded.email, excluded.display_name, excluded.active, excluded.roles, excluded.pushed, excluded.gone_at, excluded.listed_at is null) then now() else account.changed_at end";

    private final Sql sql;

    Facts(Sql sql) {
        this.sql = sql;
    }

    /** The accounts of these IdP ids, locked in the order of their ids; where there is no living one, its last tombstone. */
    Map<String, AccountFact> byExternalId(SourceName source, Collection<String> ids) {
        List<UUID> found = sql.rows("select distinct on (external_id) id from account where source = ? and external_id = any(?::text[]) order by external_id, gone_at desc nulls first",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), ids);
        return byId(found).values().stream().collect(Collectors.toMap(fact -> fact.externalId().orElseThrow(), fact -> fact));
    }

    /** Living accounts that were pushed without the IdP's id, by user name in lower case; a name that two have is left out. */
    Map<String, AccountFact> unanchored(SourceName source, Collection<String> names) {
        List<UUID> found = sql.rows("select (array_agg(id))[1] from account where source = ? and external_id is null and gone_at is null and lower(user_name) = any(?::text[]) group by lower(user_name) having count(*) = 1",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), names);
        return byId(found).values().stream().collect(Collectors.toMap(fact -> fact.userName().orElseThrow().toLowerCase(java.util.Locale.ROOT), fact -> fact));
    }

    /** These accounts, locked in the order of their ids; what only refers to one of them need not wait. */
    Map<UUID, AccountFact> byId(Collection<UUID> ids) {
        return ids.isEmpty() ? Map.of() : sql.rows("select " + COLUMNS + " from account where id = any(?::uuid[]) order by id for no key update", (rs, n) -> row(rs), ids)
                .stream().collect(Collectors.toMap(AccountFact::id, fact -> fact));
    }

    /** These accounts as they are, without a lock. */
    Map<UUID, AccountFact> read(Collection<UUID> ids) {
        return sql.rows("select " + COLUMNS + " from account where id = any(?::uuid[])", (rs, n) -> row(rs), ids).stream().collect(Collectors.toMap(AccountFact::id, fact -> fact));
    }

    /** Those of these accounts that are there and inactive, whoever was deleted left out. */
    List<UUID> inactive(SourceName source, Collection<UUID> ids) {
        return sql.rows("select id from account where source = ? and gone_at is null and not coalesce(active, true) and id = any(?::uuid[]) order by id",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), ids);
    }

    void write(List<AccountFact> facts, Trigger trigger) {
        write(facts, id -> trigger);
    }

    void write(List<AccountFact> facts, Function<UUID, Trigger> trigger) {
        Script script = script(facts);
        due(script, facts.stream().map(AccountFact::id).toList(), trigger);
        script.send();
    }

    /** Likewise where the deeds follow in this transaction: none is marked ({@link Marks}). */
    void writeUnmarked(List<AccountFact> facts) {
        script(facts).send();
    }

    private Script script(List<AccountFact> facts) {
        Columns rows = new Columns(26);
        for (AccountFact f : facts) {
            rows.add(f.id(), f.source(), f.externalId(), f.userName(), f.user().map(User::userName), f.user().map(User::email), f.user().map(User::displayName),
                    f.goneAt().isPresent() || f.standing() == Standing.LEFT ? Optional.of(false) : f.user().map(User::active), Sql.joined(f.user().map(User::roles).orElse(List.of())),
                    f.user().flatMap(User::personKey), f.standing(), f.onOutOfScope(), Sql.joined(Places.flat(f.places())), f.problem(), f.pulled(), f.pulledHash(), f.pulledAt(),
                    f.pushed(), f.pushedAt(), f.missingSince(), f.missingRun(), f.goneAt(), f.rereadAt(), f.listedAt(), f.pushedOff(), f.admitted());
        }
        Script script = new Script(sql);
        rows.write(script, UPSERT);
        List<UUID> gone = facts.stream().filter(fact -> fact.goneAt().isPresent()).map(AccountFact::id).toList();
        if (!gone.isEmpty()) { // whoever comes back is in the groups that say so then
            script.run("update group_member set removed_at = now(), pushed_at = null where account_id = any(?::uuid[]) and removed_at is null", gone);
            script.run("delete from pending_group where account_id = any(?::uuid[])", gone);
            script.run("delete from pending_member p using account a, directory_group g where a.id = any(?::uuid[]) and p.ref = a.external_id and p.pushed and p.since < a.gone_at and g.id = p.group_id and g.source = a.source", gone); // named in the moment in which he came (Groups.joinLate)
        }
        return script;
    }

    /** Whoever has left is not active, whatever else is said of him. */
    static boolean active(AccountFact fact, User user) {
        return user.active() && fact.goneAt().isEmpty() && fact.standing() != Standing.LEFT;
    }

    /** Waits for a convergence that holds the row, so that none clears what it has not seen. */
    void due(Collection<UUID> accounts, Function<UUID, Trigger> trigger) {
        Script script = new Script(sql);
        due(script, accounts, trigger);
        script.send();
    }

    private static void due(Script script, Collection<UUID> accounts, Function<UUID, Trigger> trigger) {
        Columns rows = new Columns(3);
        List<UUID> ended = accounts.stream().filter(id -> trigger.apply(id).ends()).toList();
        accounts.forEach(id -> rows.add(id, trigger.apply(id).cause(), trigger.apply(id).waits()));
        rows.write(script, "with ended as (select unnest(?::uuid[]) as id) insert into due (account_id, source, cause, waits) select a.id, a.source, t.cause, t.waits"
                + " from unnest(?::uuid[], ?::text[], ?::text[]) as t (id, cause, waits) join account a on a.id = t.id order by a.id"
                + " on conflict (account_id) do update set at = now(), waits = case when not exists (select 1 from ended where ended.id = due.account_id) then coalesce(excluded.waits, due.waits) end", ended);
    }

    /** Members who were named before they were known join their groups; whoever was in one, left and is named anew by a push since comes back. Whether any did. */
    boolean joinPending(SourceName source, List<AccountFact> fresh) {
        if (fresh.isEmpty() || sql.number("select count(*) from (select 1 from pending_member limit 1) waiting") == 0) {
            return false;
        }
        List<UUID> ids = fresh.stream().map(AccountFact::id).toList();
        return sql.run("with joined as (delete from pending_member p using account a, directory_group g where a.id = any(?::uuid[]) and g.id = p.group_id and g.source = ?"
                + " and (p.ref = a.external_id or p.ref = a.id::text) returning p.group_id, a.id as account_id, p.pushed, p.since)"
                + " insert into group_member (group_id, account_id, pushed_at) select distinct on (group_id, account_id) group_id, account_id, case when pushed then now() end from joined order by group_id, account_id, pushed desc"
                + " on conflict (group_id, account_id) do update set pushed_at = now(), removed_at = null where group_member.removed_at < (select max(j.since) from joined j where j.group_id = excluded.group_id and j.account_id = excluded.account_id and j.pushed)", ids, source.value()) > 0;
    }

    private static AccountFact row(ResultSet rs) throws SQLException {
        Optional<String> externalId = Sql.text(rs, "external_id");
        Optional<User> user = rs.getString("mapped_name") == null || rs.getString("email") == null ? Optional.empty()
                : Optional.of(new User(externalId, rs.getString("mapped_name"), rs.getString("email"), rs.getString("display_name"), rs.getBoolean("active"),
                        Sql.texts(rs, "roles"), Sql.text(rs, "person_key")));
        return new AccountFact(rs.getObject("id", UUID.class), new SourceName(rs.getString("source")), externalId, Sql.text(rs, "user_name"), user,
                Standing.valueOf(rs.getString("standing")), Standing.valueOf(rs.getString("out_of_scope")), Places.of(Sql.texts(rs, "places")), Sql.text(rs, "problem"),
                Sql.text(rs, "pulled"), Optional.ofNullable(rs.getBytes("pulled_hash")), Sql.instant(rs, "pulled_at"), Sql.text(rs, "pushed"), Sql.instant(rs, "pushed_at"),
                Sql.instant(rs, "missing_since"), Sql.uuid(rs, "missing_run"), Sql.instant(rs, "gone_at"), Sql.instant(rs, "reread_at"), Sql.instant(rs, "listed_at"), rs.getBoolean("push_off"), rs.getBoolean("admitted"), rs.getLong("version"));
    }
}
