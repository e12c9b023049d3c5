package io.identitybridge.store;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Lets owners of the organisation at Portkey go one after the other, so that two bridges cannot let the last two go side by side. */
public final class TargetOwners {
    private final Sql sql;
    private final TransactionTemplate transactions;

    public TargetOwners(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /**
     * Whether he may be owner no more: another is known to be one and stays. From then on he counts for none himself, before Portkey is told;
     * where that fails, what is learnt afterwards sets it right.
     */
    public boolean letsGo(String userId) {
        return Boolean.TRUE.equals(transactions.execute(tx -> {
            sql.rows("select id from target for update", (rs, n) -> rs.getInt(1));
            return sql.run("update target_person p set org_role = 'member' where p.user_id = ? and exists (select 1 from target_person o where o.org_role = 'owner' and o.active and o.absent_at is null and o.user_id <> p.user_id)", userId) > 0;
        }));
    }
}
