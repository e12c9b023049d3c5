package io.identitybridge.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What differs between what should be at Portkey and what the last reading showed, one line each. */
public final class TargetDrift {
    /** After so many readings that showed the same difference although it was put right each time, somebody is told. */
    private static final int ROUNDS = 3;

    private final Sql sql;
    private final TransactionTemplate transactions;

    public TargetDrift(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    public enum Kind {
        MISSING, EXTRA, DIFFERENT, WAITS;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One difference of a person.
     *
     * @param part   what of him it is about: one line of each
     * @param adopts it is one only once he is adopted
     * @param mails  putting it right sends an invite
     * @param joins  workspaces that he joins by it, @param leaves that he leaves
     */
    public record Line(UUID person, String part, Kind kind, String sentence, boolean adopts, boolean mails, int joins, int leaves, boolean leaver) {
    }

    /** Everybody who should be at Portkey, or who is known to be there, in stretches. */
    public List<UUID> people(Optional<UUID> after, int most) {
        return sql.rows("select p.id from person p where (?::uuid is null or p.id > ?::uuid) and (p.status = 'active' or exists (select 1 from target_person t where t.person_id = p.id)) order by p.id limit ?",
                (rs, n) -> rs.getObject(1, UUID.class), after.map(UUID::toString).orElse(null), after.map(UUID::toString).orElse(null), most);
    }

    /** Keeps the differences of a stretch of people. {@code counts}: they are put right, so that one seen again did not help. */
    public void write(Instant at, boolean counts, List<Line> lines) {
        Columns rows = new Columns(9);
        lines.forEach(line -> rows.add(line.person(), line.part(), line.kind(), line.sentence(), line.adopts(), line.mails(), line.joins(), line.leaves(), line.leaver()));
        rows.write(sql, """
                insert into target_drift as d (key_kind, key, part, kind, sentence, adopts, pending, mails, joins, leaves, leaver, first_at, last_at)
                select 'person', t.key, t.part, t.kind, t.sentence, t.adopts, exists (select 1 from outbox o where o.kind = 'person' and o.key = t.key), t.mails, t.joins, t.leaves, t.leaver, a.at, a.at
                from (select ?::timestamptz as at, ?::boolean as counts) a,
                  unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::boolean[], ?::int[], ?::int[], ?::boolean[]) as t (key, part, kind, sentence, adopts, mails, joins, leaves, leaver) order by t.key, t.part
                on conflict (key_kind, key, part) do update set kind = excluded.kind, sentence = excluded.sentence, adopts = excluded.adopts, pending = excluded.pending, mails = excluded.mails, joins = excluded.joins,
                  leaves = excluded.leaves, leaver = excluded.leaver, last_at = excluded.last_at, rounds = case when excluded.pending or excluded.adopts or d.pending then d.rounds else d.rounds + 1 end""", at.toString(), counts);
    }

    /** Ends a comparison: adds what differs of workspaces, drops what differs no more, and closes findings that were not found again. @param renames whether workspaces can be given another name there, @param creates which missing ones are made, @param guarded folded names of those that are protected */
    public void finish(Instant at, long matching, boolean counts, boolean renames, Creates creates, Set<String> guarded) {
        transactions.executeWithoutResult(tx -> {
            workspaces(at, renames, creates, guarded);
            sql.run("delete from target_drift where last_at < ?::timestamptz", at);
            if (!counts) {
                sql.run("update target_drift set rounds = 1 where rounds > 1");
            }
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'unconverged', d.key || ' ' || d.part, 'after ' || d.rounds || ' readings Portkey still differs for ' || d.key_kind || ' ' || d.key || ', although it was put right each time: ' || d.kind,"
                    + " 'look at what else writes there: an IdP that still pushes into Portkey, another tool, or a rule of Portkey''s own' from target_drift d where d.rounds > ? and d.kind <> 'waits' and not d.adopts"
                    + " on conflict (kind, subject) where closed_at is null do update set sentence = excluded.sentence, last_at = now()", ROUNDS);
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'lost', w.id::text, 'workspace ' || w.name || ' was deleted at Portkey by hand; whoever should be in it waits',"
                    + " 'make it again there, read the target, and adopt it; or take the groups out that give it' from target_workspace t join workspace w on w.id = t.workspace_id where t.absent_at is not null and t.owner in ('managed', 'adopted') and w.status = 'active'"
                    + " on conflict (kind, subject) where closed_at is null do update set last_at = now()");
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'ambiguous', 'place ' || w.id, n.n || ' workspaces at Portkey have the name of workspace ' || w.name || ', and none is bound', 'bind the right one by its slug: target bind'"
                    + " from workspace w join (select name_folded, count(*) as n from target_workspace where workspace_id is null and owner = 'unmanaged' and active and absent_at is null group by 1 having count(*) > 1) n on n.name_folded = w.name_folded"
                    + " where w.status = 'active' and not exists (select 1 from target_workspace t where t.workspace_id = w.id) on conflict (kind, subject) where closed_at is null do update set last_at = now()");
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'ambiguous', 'user ' || t.id, 'several users at Portkey have one address: nobody knows which is ours', 'remove all but one there' from target_person t where t.twice"
                    + " on conflict (kind, subject) where closed_at is null do update set last_at = now()");
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'ambiguous', 'row ' || m.person || ' ' || m.workspace, 'somebody is in several groups of workspace ' || w.name || ', and Portkey leaves undefined what he is there: nothing of his is written in it', 'take him out of all but one there, then: target read, target adopt'"
                    + " from target_member m join target_workspace w on w.id = m.workspace where m.role is null and m.owner = 'unmanaged' and m.asked_at = m.shown_at on conflict (kind, subject) where closed_at is null do update set last_at = now()");
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'unmanaged', 'group ' || g.group_id, 'group ' || g.name || ' is at Portkey and was not made by the bridge: nobody is put in or taken out', 'adopt it, or delete it there'"
                    + " from target_group g join target_workspace w on w.id = g.workspace where g.owner = 'unmanaged' and g.role is not null and g.absent_at is null and w.owner in ('managed', 'adopted') on conflict (kind, subject) where closed_at is null do update set last_at = now()");
            sql.run("insert into target_finding (kind, subject, sentence, todo) select 'unmanaged', 'mapping ' || m.mapping_id, 'Portkey maps its SCIM group ' || m.group_name || ' to workspace ' || w.name || ' as ' || m.role || ': whoever pushes that group changes who is there',"
                    + " 'end what pushes it, then: target unmap ' || m.mapping_id || ' (its people stay)' from target_mapping m join target_workspace w on w.id = m.workspace where w.workspace_id is not null on conflict (kind, subject) where closed_at is null do update set sentence = excluded.sentence, last_at = now()");
            sql.run("update target_finding set closed_at = now() where closed_at is null and last_at < ?::timestamptz and kind in ('unmanaged', 'unpublishable', 'invite', 'unconverged', 'lost', 'ambiguous')"
                    + " and not exists (select 1 from outbox o where o.key::text = split_part(subject, ' ', 1)) and (kind = 'lost' or not exists (select 1 from workspace w where w.id::text = subject))", at); // what its own turn found of a workspace, its next one ends
            sql.run("update target set compared_at = ?::timestamptz, matching = ?", at, matching);
        });
    }

    private void workspaces(Instant at, boolean renames, Creates creates, Set<String> guarded) {
        sql.run("""
                insert into target_drift as d (key_kind, key, part, kind, sentence, adopts, pending, first_at, last_at)
                select 'workspace', w.id, '', case when t.absent_at is not null or t.id is null and not a.made then 'waits' when t.id is null then 'missing' else 'different' end,
                  case when t.absent_at is not null then 'workspace ' || w.name || ' was deleted at Portkey by hand'
                    when t.id is null and not a.made and a.creates = 'NONE' then 'workspace ' || w.name || ' is not at Portkey, and is not to be made'
                    when t.id is null and not a.made then 'workspace ' || w.name || ' may be at Portkey without a group, which SCIM does not show: it waits for target apply --make-workspaces'
                    when t.id is null and a.renames then 'create workspace ' || w.name
                    when t.id is null then 'create workspace ' || w.name || ', unless it is there without a group, which SCIM does not show: then whoever is put in has the role given here from then on'
                    else 'rename workspace ' || t.name || ' to ' || w.name end,
                  coalesce(t.owner = 'unmanaged', false), exists (select 1 from outbox o where o.kind = 'workspace' and o.key = w.id), a.at, a.at
                from workspace w left join target_workspace t on t.workspace_id = w.id, lateral (select q.*, q.creates = 'ALL' or q.creates = 'AGREED' and coalesce((select greatest(w.created_at, w.changed_at) <= made_until from target), true) as made from (select ?::timestamptz as at, ?::text as creates, ?::boolean as renames) q) a
                where w.status = 'active' and w.owner in ('managed', 'adopted') and not w.name_folded = any(?::text[]) and (t.id is null or t.absent_at is not null or t.name <> w.name and a.renames and t.owner in ('managed', 'adopted', 'unmanaged') and not t.shared)
                on conflict (key_kind, key, part) do update set kind = excluded.kind, sentence = excluded.sentence, adopts = excluded.adopts, last_at = excluded.last_at,
                  rounds = case when excluded.pending or d.pending then d.rounds else d.rounds + 1 end, pending = excluded.pending""", at.toString(), creates.name(), renames, guarded);
    }

    /** Puts everything that differs and is the bridge's into the outbox; gives how many keys. */
    public int repair() {
        return transactions.execute(tx -> sql.run("""
                insert into outbox (kind, key, leaver) select key_kind, key, bool_or(leaver) from target_drift where not adopts and not pending and kind <> 'waits' group by key_kind, key order by key_kind, key
                on conflict (kind, key) do update set generation = excluded.generation, leaver = outbox.leaver or excluded.leaver, due_at = now(), attempts = 0, first_failed_at = null, blocked = false"""));
    }
}
