package io.identitybridge.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes what is kept for a time only (SAFETY 5.6), in chunks of 5,000 rows and at most 200 chunks of each kind a round: closed letters 7 days with their keys, removed
 * group members 7, tombstones 45 with what hangs on them, runs and closed plans 90, audit 400 and with it overrides and findings that are over, tallies 2. The request log sees to itself.
 */
public final class Retention {
    private static final int CHUNK = 5_000;
    private static final int MOST_CHUNKS = 200;

    /** Gone for long, nothing of it waits, nobody is still active who only it could archive, and nobody archived has another account that could bring him back once nothing says here that he left. */
    private static final String ACCOUNTS = "select a.id from account a where a.gone_at < now() - interval '45 days' and not exists (select 1 from due d where d.account_id = a.id)"
            + " and not exists (select 1 from plan_line l where l.account_id = a.id and l.status in ('held', 'approved'))"
            + " and not exists (select 1 from link k join person p on p.id = k.person_id where k.account_id = a.id and p.status = 'active'"
            + " and not exists (select 1 from link o join account b on b.id = o.account_id where o.person_id = p.id and b.gone_at is null))"
            + " and not exists (select 1 from link k join person p on p.id = k.person_id and p.status = 'archived' join link o on o.person_id = p.id join account b on b.id = o.account_id and b.gone_at is null where k.account_id = a.id) order by a.id limit ? for update of a skip locked";

    /** What was rejected is the person's: another account of his goes on with it. */
    private static final String LINES_STAY = "with gone as (select unnest(?::uuid[]) as id), heirs as (select distinct on (g.id) g.id, o.account_id from gone g join link k on k.account_id = g.id join link o on o.person_id = k.person_id"
            + " join account b on b.id = o.account_id where o.account_id not in (select id from gone) order by g.id, b.gone_at is not null, o.account_id)"
            + " update plan_line l set account_id = h.account_id from heirs h where l.account_id = h.id and l.status = 'rejected'";

    private static final String GROUPS = "select g.id from directory_group g where g.gone_at < now() - interval '45 days' and not exists (select 1 from grants r where r.reason = 'group:' || g.id)"
            + " order by g.id limit ? for update of g skip locked";

    private static final String MEMBERS = "with aged as (select distinct group_id from group_member where removed_at < now() - interval '7 days' limit ?),"
            + " locked as (select g.id from directory_group g where g.id in (select group_id from aged) order by g.id for no key update skip locked),"
            + " anew as (update directory_group g set pulled_members = null from locked l where g.id = l.id and g.pulled_members is not null returning 1),"
            + " gone as (delete from group_member m using locked l where m.group_id = l.id and m.removed_at < now() - interval '7 days' returning 1) select count(*) from gone";

    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Staging staging;
    private final Runs runs;

    public Retention(JdbcTemplate jdbc, TransactionTemplate transactions, Staging staging, Runs runs) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
        this.staging = staging;
        this.runs = runs;
    }

    /** One round; gives how many rows of each kind went, kinds without one left out. */
    public Map<String, Integer> run() {
        Map<String, Integer> gone = new TreeMap<>();
        runs.endLost();
        runs.stale().forEach(staging::clear);
        purge(gone, "dead_letter", "status not in ('open', 'retrying') and closed_at < now() - interval '7 days'");
        purge(gone, "replay_job", "ended_at < now() - interval '90 days'");
        purge(gone, "source_rate", "minute < now() - interval '2 days'");
        for (String staged : List.of("stage_record.asked_at", "stage_run.begun_at")) {
            String table = staged.substring(0, staged.indexOf('.'));
            purge(gone, table, staged + " < now() - interval '1 day' and not exists (select 1 from run r where r.id = " + table + ".run_id)"); // a bridge died in the middle of a letter's re-read
        }
        purge(gone, "letter_raise", "sent_at < now() - interval '7 days'");
        keys(gone);
        members(gone);
        purge(gone, "tally", "at < now() - interval '2 days'");
        purge(gone, "left_membership", "at < now() - interval '2 days'");
        purge(gone, "drift", "day < (now() - interval '400 days')::date");
        purge(gone, "push_told", "day < (now() - interval '400 days')::date");
        purge(gone, "push_missed", "at < now() - interval '90 days'");
        purge(gone, "audit", "at < now() - interval '400 days'");
        purge(gone, "field_override", "coalesce(ended_at, until) < now() - interval '400 days'"); // its value may be a name: it goes with the audit row that says whose word it was
        purge(gone, "target_had", "not exists (select 1 from target_person p where p.user_id = target_had.user_id) and not exists (select 1 from target_left l where l.user_id = target_had.user_id)");
        purge(gone, "target_finding", "closed_at < now() - interval '400 days'");
        purge(gone, "run", "ended_at < now() - interval '90 days' and exists (select 1 from run n where n.source = run.source and n.started_at > run.started_at)");
        String closed = "select id from plan where status <> 'held' and coalesce(decided_at, created_at) < now() - interval '90 days'";
        purge(gone, "plan_line", "status not in ('held', 'rejected') and plan_id in (" + closed + ")"); // a rejection lasts until its facts change
        purge(gone, "plan", "id in (" + closed + ") and not exists (select 1 from plan_line l where l.plan_id = plan.id)");
        tombstones(gone, "account", ACCOUNTS, LINES_STAY, "delete from link where account_id = any(?::uuid[])", "delete from unlinked where account_id = any(?::uuid[])", "delete from group_member where account_id = any(?::uuid[])",
                "delete from plan_line where account_id = any(?::uuid[]) and status = 'rejected'", "delete from account where id = any(?::uuid[])");
        tombstones(gone, "directory_group", GROUPS, "delete from pending_member where group_id = any(?::uuid[])", "delete from group_member where group_id = any(?::uuid[])", "delete from group_change where group_id = any(?::uuid[])",
                "delete from directory_group where id = any(?::uuid[])");
        return gone;
    }

    /** Keys of letters that are gone, the marks of destroyed ones as well; none that somebody is about to seal a new one with. */
    private void keys(Map<String, Integer> gone) {
        int last = CHUNK;
        for (int chunk = 0; chunk < MOST_CHUNKS && last == CHUNK; chunk++) {
            last = sql.run("delete from person_cipher where subject = any(array(select c.subject from person_cipher c where coalesce(c.forgotten_at, c.made_at) < now() - interval '7 days'"
                    + " and not exists (select 1 from dead_letter d where d.subject = c.subject) limit ? for update skip locked))", CHUNK);
            count(gone, "person_cipher", last);
        }
    }

    /** Whom nobody remembers to have been in a group any more, its list has to bring anew: it may never have changed. Groups are locked first, as everywhere. */
    private void members(Map<String, Integer> gone) {
        int last = 1;
        for (int chunk = 0; chunk < MOST_CHUNKS && last > 0; chunk++) {
            last = (int) sql.number(MEMBERS, CHUNK);
            count(gone, "group_member", last);
        }
    }

    private void purge(Map<String, Integer> gone, String table, String where) {
        int last = CHUNK;
        for (int chunk = 0; chunk < MOST_CHUNKS && last == CHUNK; chunk++) {
            last = sql.run("delete from " + table + " where ctid = any(array(select ctid from " + table + " where " + where + " limit ?))", CHUNK);
            count(gone, table, last);
        }
    }

    /** Takes so many tombstones, and first what points to them, in one transaction a chunk. */
    private void tombstones(Map<String, Integer> gone, String kind, String which, String... deletes) {
        int last = CHUNK;
        for (int chunk = 0; chunk < MOST_CHUNKS && last == CHUNK; chunk++) {
            last = transactions.execute(tx -> {
                List<UUID> ids = sql.rows(which, (rs, n) -> rs.getObject(1, UUID.class), CHUNK);
                if (!ids.isEmpty()) {
                    List.of(deletes).forEach(delete -> sql.run(delete, ids));
                }
                return ids.size();
            });
            count(gone, kind, last);
        }
    }

    private static void count(Map<String, Integer> gone, String kind, int rows) {
        if (rows > 0) {
            gone.merge(kind, rows, Integer::sum);
        }
    }
}
