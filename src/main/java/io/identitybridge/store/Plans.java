package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Held plans as an operator decides on them. */
public final class Plans {
    private final Sql sql;
    private final TransactionTemplate transactions;

    public Plans(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** @param hash of its open lines as they are now: what an approval names */
    public record Open(long id, SourceName source, String status, List<OpenLine> lines, String hash) {
    }

    public record OpenLine(int n, UUID account, String sentence) {
    }

    /** A plan with the lines that still wait; empty if there is none of that number. */
    public Optional<Open> open(long id) {
        List<OpenLine> lines = sql.rows("select n, account_id, sentence from plan_line where plan_id = ? and status = 'held' order by n",
                (rs, n) -> new OpenLine(rs.getInt(1), rs.getObject(2, UUID.class), rs.getString(3)), id);
        return sql.row("select source, status, " + HASH + " from plan p where p.id = ?", (rs, n) -> new Open(id, new SourceName(rs.getString(1)), rs.getString(2), lines, rs.getString(3)), id);
    }

    /** The hash of a plan's open lines, for a query over {@code plan p}. */
    public static final String HASH = "md5(coalesce((select string_agg(l.n || ' ' || l.sentence, chr(10) order by l.n) from plan_line l where l.plan_id = p.id and l.status = 'held'), ''))";

    /** Where two have to approve: notes this one as the first of lines that nobody has approved yet; gives the numbers of those that somebody else had. */
    public List<Integer> second(long id, List<Integer> numbers, String actor, String setHash) {
        return transactions.execute(tx -> {
            List<Integer> ready = sql.rows("select n from plan_line where plan_id = ? and status = 'held' and n = any(?::int[]) and first_by <> ? order by n for update", (rs, n) -> rs.getInt(1), id, numbers, actor);
            int first = sql.run("update plan_line set first_by = ?, first_at = now() where plan_id = ? and status = 'held' and n = any(?::int[]) and first_by is null", actor, id, numbers);
            if (first > 0) {
                sql.run("insert into audit (actor, via, source, origin, set_hash, changes) select ?, 'approve', source, 'plan:' || id, ?, array[?] from plan where id = ?", actor, setHash, "approve plan " + id + ", first of two (" + first + " lines)", id);
            }
            return ready;
        });
    }

    /** Notes who decided what on a plan; it is over once no line waits. */
    public void decided(long id, String status, String actor, String decision) {
        sql.run("update plan set decided_at = now(), decided_by = ?, decision = ?, status = case when exists (select 1 from plan_line l where l.plan_id = plan.id and l.status = 'held') then 'held' else ? end where id = ?",
                actor, decision, status, id);
    }

    /** The numbers of a plan's lines that were done. */
    public List<Integer> applied(long id) {
        return sql.rows("select n from plan_line where plan_id = ? and status = 'applied'", (rs, n) -> rs.getInt(1), id);
    }

    /** Suppresses lines until their facts change; gives the numbers of those that still waited. */
    public List<Integer> reject(long id, List<Integer> numbers, String actor, String reason, String setHash) {
        return transactions.execute(tx -> {
            List<Integer> rejected = sql.rows("update plan_line set status = 'rejected', at = now() where plan_id = ? and status = 'held' and n = any(?::int[]) returning n", (rs, n) -> rs.getInt(1), id, numbers);
            sql.run("insert into audit (actor, via, source, origin, person_id, set_hash, changes) select ?, 'approve', p.source, 'plan:' || p.id, l.person_id, ?, array_agg('rejected: ' || l.sentence order by l.n)"
                    + " from plan p join plan_line l on l.plan_id = p.id and l.n = any(?::int[]) where p.id = ? group by p.id, l.person_id", actor, setHash, rejected, id); // a row a person: he may have to be forgotten
            decided(id, "rejected", actor, reason);
            return rejected;
        });
    }

    /** Accounts of a source that are not gone, or are kept all the same, in stretches. */
    public List<UUID> accounts(SourceName source, Optional<UUID> after, int size) {
        return sql.rows("select id from account where source = ? and (gone_at is null or standing = 'KEPT') and (?::uuid is null or id > ?::uuid) order by id limit ?", (rs, n) -> rs.getObject(1, UUID.class),
                source.value(), after.map(UUID::toString).orElse(null), after.map(UUID::toString).orElse(null), size);
    }

    /** Groups of a source that are not gone, or linger. */
    public List<UUID> groups(SourceName source) {
        return sql.rows("select id from directory_group where source = ? and (gone_at is null or lingers) order by id", (rs, n) -> rs.getObject(1, UUID.class), source.value());
    }
}
