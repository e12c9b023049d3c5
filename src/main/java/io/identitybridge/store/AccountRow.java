package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Grant;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** One account as the directory holds it, with the person it is linked to. */
record AccountRow(UUID id, SourceName source, Optional<String> externalId, Optional<User> user, Standing standing, Standing onOutOfScope,
                  List<io.identitybridge.model.Place> places, boolean admitted, boolean faulty, boolean gone, long version, Optional<UUID> person, Optional<String> waits) {

    private static final String COLUMNS = "select a.id, a.source, a.external_id, a.mapped_name, a.email, a.display_name, a.active, a.roles, a.person_key, a.standing, a.out_of_scope,"
            + " a.places, a.admitted, a.problem is not null as faulty, a.gone_at is not null as gone, a.version, l.person_id, d.waits"
            + " from account a left join link l on l.account_id = a.id left join due d on d.account_id = a.id where ";

    static List<AccountRow> read(Sql sql, String where, Collection<?> argument) {
        return sql.rows(COLUMNS + where + " order by a.id", (rs, n) -> of(rs), argument);
    }

    /** Likewise, in a script. */
    static Supplier<List<AccountRow>> read(Script script, String where, Collection<?> argument) {
        return script.rows(COLUMNS + where + " order by a.id", (rs, n) -> of(rs), argument);
    }

    /** Those of these sources that are inactive and nobody's, and have one of these person keys. */
    static List<AccountRow> leavers(Sql sql, Collection<String> sources, Collection<String> keys) {
        return sql.rows(COLUMNS + "a.source = any(?::text[]) and a.person_key = any(?::text[]) and a.gone_at is null and a.standing = 'LEFT' and a.problem is null and l.person_id is null order by a.id", (rs, n) -> of(rs), sources, keys);
    }

    /** One that was written just now for the first time, as it would be read. */
    static AccountRow fresh(AccountFact fact) {
        Optional<User> user = fact.user().map(u -> new User(fact.externalId(), u.userName(), u.email(), u.displayName(), Facts.active(fact, u), Sql.parted(Sql.joined(u.roles())), u.personKey()));
        return new AccountRow(fact.id(), fact.source(), fact.externalId(), user, fact.standing(), fact.onOutOfScope(), Places.of(Sql.parted(Sql.joined(Places.flat(fact.places())))), fact.admitted(),
                fact.problem().isPresent(), fact.goneAt().isPresent(), 1, Optional.empty(), Optional.empty());
    }

    private static AccountRow of(ResultSet rs) throws SQLException {
        Optional<String> externalId = Sql.text(rs, "external_id");
        Optional<User> user = rs.getString("mapped_name") == null || rs.getString("email") == null ? Optional.empty()
                : Optional.of(new User(externalId, rs.getString("mapped_name"), rs.getString("email"), rs.getString("display_name"), rs.getBoolean("active"),
                        Sql.texts(rs, "roles"), Sql.text(rs, "person_key")));
        return new AccountRow(rs.getObject("id", UUID.class), new SourceName(rs.getString("source")), externalId, user, Standing.valueOf(rs.getString("standing")),
                Standing.valueOf(rs.getString("out_of_scope")), Places.of(Sql.texts(rs, "places")), rs.getBoolean("admitted"), rs.getBoolean("faulty"), rs.getBoolean("gone"),
                rs.getLong("version"), Sql.uuid(rs, "person_id"), Sql.text(rs, "waits"));
    }

    /** Whether this account, not linked yet, would bring somebody. */
    boolean seeksPerson() {
        return person.isEmpty() && !faulty && user.isPresent() && !gone && standing.admits();
    }

    /** Whether it has nobody yet, and is held for inactive: where its source decides, it may end somebody. */
    boolean leavesNobody() {
        return person.isEmpty() && !faulty && user.isPresent() && !gone && standing == Standing.LEFT;
    }

    /** What letters about it are filed under. */
    String key() {
        return externalId.orElse(id.toString());
    }

    Subject.Generation generation() {
        return new Subject.Generation(id, source.value(), key(), version, faulty);
    }

    /** As the wishes see it; empty when no record of it could ever be read. Without files its source is frozen, but for who is gone already; one whose record is faulty brings nobody new. */
    Optional<Account> account(Set<SourceName> known, List<Grant> fromGroups) {
        List<Grant> grants = new ArrayList<>(fromGroups);
        places.forEach(place -> grants.add(new Grant(source, "rule:" + place.rule(), place.workspace(), place.role(), place.rule())));
        Standing now = gone || known.contains(source) && !(faulty && person.isEmpty()) ? standing : Standing.KEPT;
        return user.map(u -> new Account(id, source, u, now, onOutOfScope, gone, admitted, grants));
    }
}
