package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonNow.MembershipNow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what waits for a person: of each source one open plan for the pulls of a day and one for its pushes; every line with its reason. */
final class HeldPlans {
    private static final Logger LOG = LoggerFactory.getLogger("plans");
    /** Of each limit only the newest count: 3,000 pushes that pass one give one reason and not 3,000. */
    private static final String NEWEST = "array(select reason from (select distinct on (split_part(reason, ': ', 1)) reason, at from unnest(?::text[] || reasons) with ordinality as r (reason, at) order by split_part(reason, ': ', 1), at) newest order by at)";
    private final Sql sql;

    HeldPlans(Sql sql) {
        this.sql = sql;
    }

    /** One person's waiting lines, and the sentences that were done for him. */
    record Entry(Proposal proposal, Map<Line, String> waits, Set<String> done) {
    }

    /** Brings the held lines of these people up to date: new ones wait, done ones are applied, untrue ones are stale. */
    void record(SourceName source, String cause, List<String> reasons, String setHash, Collection<Entry> entries) {
        List<Entry> fresh = new ArrayList<>();
        for (Entry entry : entries) {
            Set<String> open = entry.proposal().seenBefore() ? settle(entry) : Set.of();
            if (entry.waits().keySet().stream().anyMatch(line -> !open.contains(line.sentence()))) {
                fresh.add(new Entry(entry.proposal(), without(entry.waits(), open), Set.of()));
            }
        }
        if (!fresh.isEmpty()) {
            long plan = open(source, cause, reasons, setHash);
            insert(plan, fresh);
            long flapping = fresh.stream().flatMap(entry -> entry.waits().values().stream()).filter(Flapping.WHY::equals).count();
            if (flapping > 0) {
                LOG.warn("plan {} of {}: {} memberships came and went and came, and wait now: {}", plan, source, flapping, Flapping.WHY);
            }
        }
        close(entries.stream().filter(entry -> entry.proposal().seenBefore()).flatMap(entry -> entry.proposal().accounts().stream()).toList());
    }

    private static Map<Line, String> without(Map<Line, String> waits, Set<String> open) {
        Map<Line, String> left = new java.util.LinkedHashMap<>(waits);
        left.keySet().removeIf(line -> open.contains(line.sentence()));
        return left;
    }

    /** Settles the person's open lines; gives the sentences that still wait. */
    private Set<String> settle(Entry entry) {
        List<UUID> accounts = entry.proposal().accounts();
        Set<String> waiting = new HashSet<>();
        entry.waits().keySet().forEach(line -> waiting.add(line.sentence()));
        was(entry).write(sql, "with his as (select unnest(?::uuid[]) as id, ?::uuid as person) update plan_line l set status = 'applied', at = now(), person_id = his.person, was_role = t.role, was_grants = string_to_array(t.grants, chr(31))"
                + " from his, unnest(?::text[], ?::text[], ?::text[]) as t (sentence, role, grants) where l.account_id = his.id and l.status in ('held', 'approved') and l.sentence = t.sentence", accounts, entry.proposal().subject().id());
        Columns untrue = new Columns(2);
        sql.rows("select plan_id, n, workspace, class from plan_line where account_id = any(?::uuid[]) and status = 'held' and not sentence = any(?::text[])", (rs, n) -> {
            Optional<String> workspace = Sql.text(rs, "workspace").map(Folded::of);
            if (!entry.proposal().unsure(workspace, rs.getString(4)) && !entry.proposal().keepsFromAway(workspace)) {
                untrue.add(rs.getLong(1), rs.getInt(2));
            }
            return 0;
        }, accounts, waiting);
        stale(untrue);
        outlive(accounts, entry.proposal());
        renew(entry, accounts);
        return new HashSet<>(sql.rows("select sentence from plan_line where account_id = any(?::uuid[]) and status = 'held'", (rs, n) -> rs.getString(1), accounts));
    }

    /** What still waits is about what is known by now: whoever decides has that before him, and a rejection is not over at once because it began to wait for something else. */
    private void renew(Entry entry, List<UUID> accounts) {
        Columns now = new Columns(4);
        entry.waits().forEach((line, why) -> now.add(line.sentence(), why, line.within().toString(), Prior.digest(entry.proposal().wish(), line)));
        now.write(sql, "with his as (select unnest(?::uuid[]) as id) update plan_line l set reason = t.reason, class = t.class, facts = t.facts from his, unnest(?::text[], ?::text[], ?::text[], ?::bytea[]) as t (sentence, reason, class, facts)"
                + " where l.account_id = his.id and l.status = 'held' and l.sentence = t.sentence and l.facts is distinct from t.facts", accounts);
    }

    /** A rejection is over once what it was about is another. */
    private void outlive(List<UUID> accounts, Proposal proposal) {
        Columns over = new Columns(2);
        sql.rows("select plan_id, n, workspace, class, facts from plan_line where account_id = any(?::uuid[]) and status = 'rejected'", (rs, n) -> {
            Optional<String> workspace = Sql.text(rs, "workspace").map(Folded::of);
            if (!proposal.unsure(workspace, rs.getString(4)) && !Prior.same(rs.getBytes(5), proposal.wish(), workspace, rs.getString(4))) {
                over.add(rs.getLong(1), rs.getInt(2));
            }
            return 0;
        }, accounts);
        stale(over);
    }

    private void stale(Columns lines) {
        lines.write(sql, "update plan_line l set status = 'stale', at = now() from unnest(?::bigint[], ?::int[]) as t (plan, n) where l.plan_id = t.plan and l.n = t.n");
    }

    /** Of each sentence that was done, what was there before it: an undo brings that back. */
    private static Columns was(Entry entry) {
        Columns was = new Columns(3);
        Optional<PersonNow> before = entry.proposal().subject().now();
        for (Line line : entry.proposal().plan().lines()) {
            if (entry.done().contains(line.sentence())) {
                Optional<MembershipNow> held = before.flatMap(now -> line.change().place().map(place -> now.memberships().get(Folded.of(place))));
                Optional<String> role = held.map(there -> there.role().toString()).or(() -> line.change() instanceof Change.SetOrgRole ? before.map(now -> now.orgRole().toString()) : Optional.empty());
                was.add(line.sentence(), role, held.map(there -> Sql.joined(Reasons.flat(there.grants()))));
            }
        }
        return was;
    }

    /** The open plan that such lines belong to, made where there is none. What waits of one day's pulls is one plan: a leaver every quarter of an hour is not 86 of them. */
    long open(SourceName source, String cause, List<String> reasons, String setHash) {
        String kind = cause.startsWith("push") ? "push" : cause;
        return sql.row("select id from plan where source = ? and (cause = ? or ? like 'run:%' and cause like 'run:%' and created_at > now() - interval '24 hours') and status = 'held' order by id desc limit 1 for no key update", (rs, n) -> rs.getLong(1), source.value(), kind, kind)
                .map(id -> {
                    sql.run("update plan set reasons = " + NEWEST + " where id = ?", reasons, id);
                    return id;
                })
                .orElseGet(() -> sql.row("insert into plan (source, cause, reasons, set_hash, expires_at) values (?, ?, ?::text[], ?, " + Expiry.END + ") returning id",
                        (rs, n) -> rs.getLong(1), source.value(), kind, reasons, setHash).orElseThrow());
    }

    private void insert(long plan, List<Entry> entries) {
        long next = sql.number("select coalesce(max(n), 0) from plan_line where plan_id = ?", plan);
        List<Object> numbers = new ArrayList<>();
        List<UUID> accounts = new ArrayList<>();
        List<Optional<UUID>> people = new ArrayList<>();
        List<Optional<String>> workspaces = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        List<byte[]> facts = new ArrayList<>();
        for (Entry entry : entries) {
            for (Map.Entry<Line, String> wait : entry.waits().entrySet()) {
                numbers.add(++next);
                accounts.add(entry.proposal().key());
                people.add(entry.proposal().subject().now().map(now -> entry.proposal().subject().id()));
                workspaces.add(wait.getKey().change().place());
                classes.add(wait.getKey().within().toString());
                sentences.add(wait.getKey().sentence());
                reasons.add(wait.getValue());
                facts.add(Prior.digest(entry.proposal().wish(), wait.getKey()));
            }
        }
        sql.run("insert into plan_line (plan_id, n, account_id, person_id, workspace, class, sentence, reason, facts)"
                + " select ?, * from unnest(?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])",
                plan, numbers, accounts, people, workspaces, classes, sentences, reasons, facts);
    }

    /** A plan with a line of these, none of whose lines waits any more, is closed; looked at under its lock, so that nobody adds a line meanwhile. */
    void close(List<UUID> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        List<Long> plans = sql.rows("select id from plan where status = 'held' and id in (select l.plan_id from unnest(?::uuid[]) as his (id) join plan_line l on l.account_id = his.id) order by id for no key update", (rs, n) -> rs.getLong(1), accounts);
        sql.run("update plan set status = 'closed', decided_at = coalesce(decided_at, now()) where id = any(?::bigint[]) and not exists (select 1 from plan_line l where l.plan_id = plan.id and l.status = 'held')", plans);
    }
}
