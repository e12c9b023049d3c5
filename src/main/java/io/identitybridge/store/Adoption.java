package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Wish;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes over what was made at Portkey by hand, as a held plan of source {@code portkey}. Whoever is adopted keeps all he has there: what the mapping does not
 * give becomes a grant of reason manual, which only his own leaving ends.
 */
public final class Adoption {
    /** The source that plans of this kind stand under. */
    public static final SourceName SOURCE = new SourceName("portkey");
    private static final SourceName HAND = new SourceName("manual");
    private static final int CHUNK = 500;
    /** The class of a line by whose approval somebody is removed from Portkey. */
    private static final String LEAVER = "archive";

    private final Sql sql;
    private final TransactionTemplate transactions;

    public Adoption(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** Makes a plan of everybody and everything that matches now, in place of one that still waits; gives its number. Empty where nothing is to be adopted. */
    public Optional<Long> propose(String why, String setHash) {
        return transactions.execute(tx -> {
            sql.rows("select id from target for update", (rs, n) -> rs.getInt(1));
            close(sql, "a new plan took its place");
            long plan = sql.number("insert into plan (source, cause, reasons, set_hash) values (?, 'adopt', array[?], ?) returning id", SOURCE.value(), why, setHash);
            int lines = 0;
            for (String statement : List.of(AdoptionLines.WORKSPACES, AdoptionLines.GROUPS, AdoptionLines.UNKNOWN, AdoptionLines.PEOPLE, AdoptionLines.ROWS, AdoptionLines.LEAVERS)) {
                lines += sql.run(statement, plan, lines);
            }
            if (lines == 0) {
                sql.run("delete from plan where id = ?", plan);
                return Optional.<Long>empty();
            }
            return Optional.of(plan);
        });
    }

    /** A plan of this kind that still waits is over. Within a transaction. */
    static void close(Sql sql, String why) {
        sql.run("update plan_line set status = 'stale', at = now() where status = 'held' and plan_id in (select id from plan where source = ? and cause = 'adopt' and status = 'held')", SOURCE.value());
        sql.run("update plan set status = 'closed', decided_at = now(), decided_by = 'system', decision = ? where source = ? and cause = 'adopt' and status = 'held'", why, SOURCE.value());
    }

    /** A line that was approved. */
    private record Approved(int n, long target, Optional<UUID> workspace, Optional<UUID> person, String kind) {
    }

    /** By whom, until when it is to be looked at again, and why. */
    public record Word(Origin origin, LocalDate review, String why) {
    }

    /** Takes over what these lines say, as far as it is still true; gives their numbers. Without {@code leavers} no line of somebody who has left is done. */
    public Set<Integer> approve(long plan, List<Integer> numbers, boolean leavers, Word word, Rules rules) {
        Set<Integer> done = new HashSet<>();
        List<Integer> places = sql.rows("select n from plan_line where plan_id = ? and n = any(?::int[]) and person_id is null order by n", (rs, n) -> rs.getInt(1), plan, numbers);
        List<Integer> people = numbers.stream().filter(n -> !places.contains(n)).sorted().toList();
        if (!places.isEmpty()) {
            done.addAll(transactions.execute(tx -> places(lines(plan, places, leavers), word, rules)));
        }
        for (List<Integer> chunk : Sql.chunks(people, CHUNK)) {
            done.addAll(transactions.execute(tx -> people(lines(plan, chunk, leavers), word, rules)));
        }
        sql.run("update plan_line set status = case when n = any(?::int[]) then 'applied' else 'stale' end, at = now() where plan_id = ? and n = any(?::int[]) and status = 'held' and (? or class <> 'archive')", done, plan, numbers, leavers);
        sql.run("update target set adopted_at = now()");
        return done;
    }

    private List<Approved> lines(long plan, List<Integer> numbers, boolean leavers) {
        return sql.rows("select n, target, account_id, person_id, class from plan_line where plan_id = ? and n = any(?::int[]) and status = 'held' and (? or class <> 'archive') order by n for update",
                (rs, n) -> new Approved(rs.getInt(1), rs.getLong(2), Sql.uuid(rs, "account_id"), Sql.uuid(rs, "person_id"), rs.getString(5)), plan, numbers, leavers);
    }

    private Set<Integer> places(List<Approved> lines, Word word, Rules rules) {
        Set<Integer> done = new HashSet<>();
        List<Long> taken = new ArrayList<>();
        for (Approved line : lines) {
            boolean held = line.workspace().isPresent()
                    ? sql.run("update target_workspace set owner = case owner when 'unmanaged' then 'adopted' else owner end where id = ? and owner in ('unmanaged', 'managed', 'adopted') and workspace_id = ? and active", line.target(), line.workspace().get()) > 0
                    : keep(line.target(), word, rules);
            if (held) {
                sql.run("update target_group g set owner = case w.owner when 'manual' then 'manual' else 'adopted' end from target_workspace w where g.workspace = ? and w.id = g.workspace and g.owner = 'unmanaged' and g.role is not null", line.target());
                done.add(line.n());
                taken.add(line.target());
            }
        }
        List<UUID> known = sql.rows("select distinct t.person_id from target_member m join target_person t on t.id = m.person where m.workspace = any(?::bigint[]) and t.owner in ('managed', 'adopted') and t.person_id is not null", (rs, n) -> rs.getObject(1, UUID.class), taken);
        Sql.chunks(known, CHUNK).forEach(chunk -> take(chunk, word, rules));
        Outbox.wants(sql, "workspace", sql.rows("select workspace_id from target_workspace where id = any(?::bigint[]) and owner in ('managed', 'adopted')", (rs, n) -> rs.getObject(1, UUID.class), taken), List.of());
        return done;
    }

    /** A workspace that no mapping gives: it is here from now on as one made by hand, so that rows in it have a reason. */
    private boolean keep(long target, Word word, Rules rules) {
        UUID id = Ids.next();
        int made = sql.run("insert into workspace (id, name, name_folded, owner) select ?, name, name_folded, 'manual' from target_workspace where id = ? and owner = 'unmanaged' and workspace_id is null and active on conflict do nothing", id, target);
        if (made > 0) {
            sql.run("update target_workspace set owner = 'manual', workspace_id = ? where id = ?", id, target);
            sql.run("insert into audit (actor, via, source, origin, workspace_id, set_hash, changes) select ?, ?, ?, ?, id, ?, array['create workspace ' || name] from workspace where id = ?",
                    word.origin().actor(), word.origin().via(), SOURCE.value(), word.origin().origin(), rules.setHash(), id);
        }
        return made > 0;
    }

    private Set<Integer> people(List<Approved> lines, Word word, Rules rules) {
        Map<UUID, Integer> wanted = new LinkedHashMap<>();
        lines.forEach(line -> wanted.put(line.person().orElseThrow(), line.n()));
        List<UUID> mayGo = lines.stream().filter(line -> line.kind().equals(LEAVER)).map(line -> line.person().orElseThrow()).toList(); // who has left since is removed by no line that does not say it
        List<UUID> adopted = sql.rows("update target_person t set owner = 'adopted' from person p where p.id = t.person_id and p.id = any(?::uuid[]) and t.id = any(?::bigint[]) and (p.status = 'active' or p.id = any(?::uuid[])) and "
                        + AdoptionLines.ADOPTABLE + " returning p.id",
                (rs, n) -> rs.getObject(1, UUID.class), wanted.keySet(), lines.stream().map(Approved::target).toList(), mayGo);
        sql.run("insert into manual_role (person_id, role, owner, review_on, why) select p.id, 'admin', ?, ?::date, ? from target_person t join person p on p.id = t.person_id"
                + " where p.id = any(?::uuid[]) and p.status = 'active' and t.org_role = 'admin' and p.org_role = 'member' on conflict do nothing", word.origin().actor(), word.review().toString(), word.why(), adopted);
        List<UUID> known = sql.rows("select p.id from target_person t join person p on p.id = t.person_id where p.id = any(?::uuid[]) and t.id = any(?::bigint[]) and t.owner in ('managed', 'adopted') and p.status = 'active' order by 1",
                (rs, n) -> rs.getObject(1, UUID.class), wanted.keySet(), lines.stream().map(Approved::target).toList());
        take(Stream.concat(adopted.stream(), known.stream()).distinct().toList(), word, rules);
        List<UUID> gone = sql.rows("select id from person where id = any(?::uuid[]) and status = 'archived'", (rs, n) -> rs.getObject(1, UUID.class), adopted);
        Outbox.wants(sql, "person", adopted, gone);
        Outbox.wants(sql, "person", known.stream().filter(person -> !adopted.contains(person)).toList(), List.of());
        Set<Integer> done = new HashSet<>();
        adopted.forEach(person -> done.add(wanted.get(person)));
        known.forEach(person -> done.add(wanted.get(person)));
        return done;
    }

    /** A row at Portkey in a workspace that is bound. */
    private record Row(UUID person, UUID workspace, String name, Role role) {
    }

    /** Rows of adopted people in bound workspaces are the bridge's from now on, and what gives more than the mapping has a reason of its own. */
    private void take(List<UUID> people, Word word, Rules rules) {
        ByHand hand = new ByHand(sql, rules, word.origin());
        Map<UUID, PersonNow> now = hand.lock(people);
        Map<UUID, List<Row>> rows = new HashMap<>();
        sql.rows("update target_member m set owner = w.owner from target_workspace w, workspace v, target_person t where w.id = m.workspace and t.id = m.person and v.id = w.workspace_id and t.person_id = any(?::uuid[]) and m.owner = 'unmanaged' and m.role is not null"
                        + " and w.owner in ('adopted', 'managed', 'manual') and not w.shared and w.active returning t.person_id, v.id, v.name, m.role",
                (rs, n) -> rows.computeIfAbsent(rs.getObject(1, UUID.class), id -> new ArrayList<>()).add(new Row(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class), rs.getString(3), Role.of(rs.getString(4)).orElseThrow())), people);
        Deeds deeds = new Deeds(new Workspaces(sql, false), rules.organisation());
        Columns manual = new Columns(2);
        now.forEach((person, before) -> {
            if (before.active()) {
                kept(person, before, rows.getOrDefault(person, List.of()), deeds, word.origin(), manual);
            }
        });
        Script script = new Script(sql);
        deeds.write(script, word.origin(), SOURCE.value(), rules.setHash(), rules.publishes());
        script.send();
        manual.write(sql, "insert into manual_grant (person_id, workspace_id, owner, review_on, why) select t.person, t.workspace, ?, ?::date, ? from unnest(?::uuid[], ?::uuid[]) as t (person, workspace) order by 1, 2"
                + " on conflict (person_id, workspace_id) do update set owner = excluded.owner, review_on = excluded.review_on, why = excluded.why, at = now()", word.origin().actor(), word.review().toString(), word.why());
    }

    private static void kept(UUID person, PersonNow now, List<Row> rows, Deeds deeds, Origin origin, Columns manual) {
        List<Line> lines = new ArrayList<>();
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        for (Row row : rows) {
            String folded = Folded.of(row.name());
            Optional<PersonNow.MembershipNow> held = Optional.ofNullable(now.memberships().get(folded));
            if (held.filter(there -> there.role().compareTo(row.role()) >= 0).isPresent()) {
                continue;
            }
            List<Grant> reasons = new ArrayList<>(held.map(PersonNow.MembershipNow::grants).orElse(List.of()));
            reasons.add(new Grant(HAND, Grant.MANUAL, row.name(), row.role(), "adopted"));
            grants.put(folded, reasons);
            lines.add(Line.of(held.<Change>map(there -> new Change.Raise(now.email(), row.name(), there.role(), row.role())).orElseGet(() -> new Change.Add(now.email(), row.name(), row.role()))));
            manual.add(person, row.workspace());
        }
        Subject subject = new Subject(person, Optional.of(now), List.of(), Map.of(), List.of(), List.of(), List.of(), Optional.empty());
        PersonPlan plan = new PersonPlan(lines, grants, List.of());
        deeds.take(new Proposal(subject, person, new Wish.AsIs(), List.of(), plan, List.of(), List.of(), false, Set.of()), new Split(lines, grants, Map.of()), origin);
    }

    /** Says which workspace at Portkey one of ours is, by its slug or id; gives what it was called there. Empty where there is none that is free. */
    public Optional<String> bind(UUID workspace, String slug) {
        return transactions.execute(tx -> {
            sql.run("update target_workspace set workspace_id = null, bound = false where workspace_id = ? and owner in ('unmanaged', 'adopted', 'managed') and (owner = 'unmanaged' or absent_at is not null)", workspace);
            Optional<String> name = sql.row("update target_workspace set workspace_id = ?, bound = true where (slug = ? or uuid = ?) and owner = 'unmanaged' and active and not exists (select 1 from target_workspace o where o.workspace_id = ?) returning name", (rs, n) -> rs.getString(1), workspace, slug, slug, workspace);
            if (name.isEmpty()) {
                tx.setRollbackOnly(); // it stays what it was: one that was deleted there by hand would be made again else
            }
            return name;
        });
    }

    /** A mapping of Portkey's own is not there any more; gives whether it was known. */
    public boolean unmapped(String mapping) {
        sql.run("update target_finding set closed_at = now() where closed_at is null and kind = 'unmanaged' and subject = 'mapping ' || ?", mapping);
        return sql.run("delete from target_mapping where mapping_id = ?", mapping) > 0;
    }

    /** Lets another invite go out to somebody whose last one was cancelled by hand, or expired twice; gives whether one was held back. */
    public boolean invite(UUID person) {
        return Boolean.TRUE.equals(transactions.execute(tx -> {
            boolean held = sql.run("update target_person set invite_held = false, invite_expired = null, invite_id = null, invite_status = null, asked_at = now() where person_id = ? and invite_held", person) > 0;
            if (held) {
                Outbox.wants(sql, "person", List.of(person), List.of());
            }
            return held;
        }));
    }
}
