package io.identitybridge.store;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Ends held plans whose time is over, 30 days after they were made. Silence approves nothing: what they held waits on in a new plan, with a new alarm. */
public final class Expiry {
    /** When a plan that is made now is over. */
    static final String END = "now() + interval '30 days'";

    private final Sql sql;
    private final TransactionTemplate transactions;

    public Expiry(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** Ends each such plan in a transaction of its own. Whoever stands in one is due, so that of the new plan only what is still true stays. */
    public void run() {
        sql.rows("select id from plan where status = 'held' and expires_at <= now() order by id", (rs, n) -> rs.getLong(1))
                .forEach(id -> transactions.executeWithoutResult(tx -> end(id)));
    }

    private void end(long id) {
        if (sql.row("select id from plan where id = ? and status = 'held' and expires_at <= now() for update", (rs, n) -> rs.getLong(1), id).isEmpty()) {
            return; // another bridge was first
        }
        List<UUID> held = sql.rows("select account_id from plan_line where plan_id = ? and status = 'held' order by n for update", (rs, n) -> rs.getObject(1, UUID.class), id);
        String decision = held.isEmpty() ? "nothing of it waited any more" : "nobody decided in time; what it held waits in plan " + renewed(id);
        sql.run("insert into due (account_id, source, cause) select a.id, a.source, 'plan:' || ? from account a where a.id = any(?::uuid[]) order by a.id on conflict (account_id) do update set at = now()", id, held);
        sql.run("update plan set status = 'expired', decided_at = now(), decided_by = 'system', decision = ? where id = ?", decision, id);
        sql.run("insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', source, 'plan:' || id, set_hash, array['plan ' || id || ' expired: ' || decision] from plan where id = ?", id);
    }

    /** The number of the plan that goes on with what this one holds. */
    private long renewed(long id) {
        long fresh = sql.number("insert into plan (source, cause, reasons, set_hash, expires_at) select source, cause, reasons, set_hash, " + END + " from plan where id = ? returning id", id);
        sql.run("insert into plan_line (plan_id, n, account_id, person_id, workspace, class, sentence, reason, facts)"
                + " select ?, row_number() over (order by n), account_id, person_id, workspace, class, sentence, reason, facts from plan_line where plan_id = ? and status = 'held'", fresh, id);
        sql.run("update plan_line set status = 'stale', at = now() where plan_id = ? and status = 'held'", id);
        return fresh;
    }
}
