package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Finds the people and accounts that an operator names. */
@Repository
public class Named {
    private final Sql sql;

    public Named(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
    }

    /** The one who goes by this e-mail, user name or id: whose it is now before whose it was, the living before the archived. */
    public Optional<UUID> person(String who) {
        String folded = Folded.of(who);
        return sql.row("""
                select p.id from person p join (
                  select id, 1 as rank from person where email_folded = ? or id::text = ?
                  union all select l.person_id, 2 from account a join link l on l.account_id = a.id where lower(a.user_name) = ? or lower(a.email) = ?) f on f.id = p.id
                order by f.rank, p.freed, p.status, p.changed_at desc limit 1""", (rs, n) -> rs.getObject(1, UUID.class), folded, folded, folded, folded);
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
