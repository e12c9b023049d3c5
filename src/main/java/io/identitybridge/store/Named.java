package io.identitybridge.store;

import io.identitybridge.model.Controls;
import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Finds the people and accounts that an operator names. */
@Repository
public class Named {
    private final Sql sql;

    public Named(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    private record Known(UUID id, String email, boolean byAccount, boolean freed, boolean active) {
    }

    /** The one who goes by this e-mail, user name or id: whose it is now before whose it was, the living before the archived. Refused where several living, or else several archived, go by that user name, as two sources may give it. */
    public Optional<UUID> person(String who) {
        String folded = Folded.of(who);
        List<Known> known = sql.rows("""
                select p.id, p.email, f.rank = 2, p.freed, p.status = 'active' from person p join (
                  select id, 1 as rank from person where email_folded = ? or id::text = ?
                  union all select distinct l.person_id, 2 from account a join link l on l.account_id = a.id where lower(a.user_name) = ? or lower(a.email) = ?) f on f.id = p.id
                order by f.rank, p.freed, p.status, p.changed_at desc limit 10""", (rs, n) -> new Known(rs.getObject(1, UUID.class), rs.getString(2), rs.getBoolean(3), rs.getBoolean(4), rs.getBoolean(5)), folded, folded, folded, folded);
        List<Known> same = known.stream().filter(one -> known.getFirst().byAccount() && !one.freed() && one.active() == known.getFirst().active()).toList();
        if (same.size() > 1) {
            throw new Controls.Refused("'" + who + "' is the name of several people: " + same.stream().map(Known::email).sorted().collect(Collectors.joining(", ")) + "; say the e-mail of one");
        }
        return known.stream().findFirst().map(Known::id);
    }

    /**
     * An account by what its IdP and we call it.
     *
     * @param name   what an operator knows it by
     * @param email  as mapped; empty while no record of it could be read
     * @param person whose it is; nobody's before it is somebody's place
     */
    public record Account(UUID id, SourceName source, String name, Optional<String> email, Optional<UUID> person) {
    }

    /** The living accounts that go by this e-mail, user name, IdP's id or our id, the oldest first. */
    public List<Account> accounts(String who) {
        String folded = Folded.of(who);
        return sql.rows("select a.id, a.source, a.source || ' ' || coalesce(a.external_id, a.id::text), a.email, l.person_id from account a left join link l on l.account_id = a.id"
                + " where a.gone_at is null and (lower(a.email) = ? or lower(a.user_name) = ? or a.external_id = ? or a.id = any(?::uuid[])) order by a.created_at, a.id",
                (rs, n) -> new Account(rs.getObject(1, UUID.class), new SourceName(rs.getString(2)), rs.getString(3), Sql.text(rs, "email"), Sql.uuid(rs, "person_id")), folded, folded, who, Ids.of(who).stream().toList());
    }

    /** The living account of the source by the IdP's id, ours, or its user name. */
    public Optional<UUID> account(SourceName source, String id) {
        return sql.row("select id from account where source = ? and gone_at is null and (external_id = ? or id::text = lower(?) or lower(user_name) = lower(?)) order by (external_id = ?) desc nulls last, (id::text = lower(?)) desc limit 1",
                (rs, n) -> rs.getObject(1, UUID.class), source.value(), id, id, id, id, id);
    }

    /** The accounts of these people by source, those that are gone, too. */
    public Map<SourceName, List<UUID>> accounts(Collection<UUID> people) {
        Map<SourceName, List<UUID>> accounts = new TreeMap<>();
        sql.rows("select source, account_id from link where person_id = any(?::uuid[]) order by account_id",
                (rs, n) -> accounts.computeIfAbsent(new SourceName(rs.getString(1)), source -> new ArrayList<>()).add(rs.getObject(2, UUID.class)), people);
        return accounts;
    }
}
