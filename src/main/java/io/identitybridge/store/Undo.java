package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Sentences;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Inverse;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Wish;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes back what was done of a held plan, one transaction a person. A line taken back counts as rejected from then on: facts and deeds differ in it, and
 * stay so until the facts about that person change.
 */
public final class Undo {
    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Seals seals;

    public Undo(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        this.sql = new Sql(jdbc);
        this.seals = seals;
        this.transactions = transactions;
    }

    /** A line of the plan. {@code person}: who it was about; empty for a workspace's, or where he was never made. */
    private record Done(int n, String sentence, String status, Optional<UUID> person, Inverse.Before before, String kind, Optional<String> workspace) {
    }

    /** Says of each line what became of it, by number. {@code people} is told of everybody whom something was given back or taken from. */
    public Map<Integer, String> undo(long plan, Origin origin, Rules rules, Set<UUID> people) {
        Map<Integer, String> said = new TreeMap<>();
        Map<UUID, List<Done>> byPerson = new LinkedHashMap<>();
        for (Done line : lines(plan)) {
            if (line.status().equals("applied") && line.person().isPresent()) {
                byPerson.computeIfAbsent(line.person().get(), id -> new ArrayList<>()).add(line);
            } else {
                said.put(line.n(), line.sentence() + ": cannot be undone: " + why(line));
            }
        }
        byPerson.forEach((person, lines) -> {
            said.putAll(transactions.execute(tx -> person(plan, person, lines, origin, rules)));
            people.add(person);
        });
        return said;
    }

    private static String why(Done line) {
        return switch (line.status()) {
            case "applied" -> "an archived workspace does not come back; a group that gives it makes a new one";
            case "held", "approved" -> "it waits still, and was not done";
            default -> "it was not done (" + line.status() + ")";
        };
    }

    /** The last done first. */
    private List<Done> lines(long plan) {
        return sql.rows("select l.n, l.sentence, l.status, coalesce(l.person_id, k.person_id) as person, l.was_role, l.was_grants, l.workspace, l.class from plan_line l left join link k on k.account_id = l.account_id"
                + " where l.plan_id = ? and l.undone_at is null order by l.n desc", (rs, n) -> new Done(rs.getInt("n"), rs.getString("sentence"), rs.getString("status"), Sql.uuid(rs, "person"),
                        new Inverse.Before(Sql.text(rs, "was_role"), Reasons.of(Sql.texts(rs, "was_grants"), Sql.text(rs, "workspace").orElse(""))), rs.getString("class"), Sql.text(rs, "workspace").map(Folded::of)), plan);
    }

    private Map<Integer, String> person(long plan, UUID person, List<Done> lines, Origin origin, Rules rules) {
        List<UUID> accounts = sql.rows("select account_id from link where person_id = ? order by account_id", (rs, n) -> rs.getObject(1, UUID.class), person);
        new Facts(sql).due(accounts, id -> new Trigger(origin.origin(), Optional.empty()));
        ByHand hand = new ByHand(sql, rules, origin);
        PersonNow now = hand.lock(List.of(person)).get(person);
        Inverse inverse = new Inverse(rules.organisation(), rules.lastHop(), now, there(lines), others(person, source(plan), rules));
        Map<Integer, String> said = new TreeMap<>();
        Map<Integer, Change> by = new TreeMap<>();
        boolean given = sql.number("select count(*) from person where id = ? and freed", person) > 0;
        for (Done line : ordered(lines)) {
            Inverse.Answer answer = given ? new Inverse.Answer.Cannot("his e-mail address belongs to somebody else by now") : answer(inverse, line);
            switch (answer) {
                case Inverse.Answer.Undone undone -> by.put(line.n(), undone.by());
                case Inverse.Answer.Cannot cannot -> said.put(line.n(), line.sentence() + ": cannot be undone: " + cannot.why());
            }
        }
        Optional<Wish> wish = new Proposals(sql, seals, rules, false).of(accounts, true).stream().filter(p -> p.subject().id().equals(person)).findFirst().map(Proposal::wish);
        PersonPlan checked = hand.checked(now, inverse.plan());
        Set<String> done = new LinkedHashSet<>(hand.write(person, now, checked, new Wish.AsIs(), source(plan)));
        by.forEach((n, change) -> said.put(n, sentence(lines, n) + (done.contains(change.sentence()) ? ": undone (" + change.sentence() + ")" : ": cannot be undone: " + refusal(checked, change))));
        Columns undone = new Columns(2);
        lines.stream().filter(line -> by.containsKey(line.n()) && done.contains(by.get(line.n()).sentence())).forEach(line -> undone.add(line.n(), wish.map(facts -> Prior.digest(facts, line.workspace(), line.kind())).orElse(new byte[0])));
        undone.write(sql, "with undo as (select ?::text as actor, ?::bigint as plan) update plan_line l set status = 'rejected', facts = t.facts, undone_by = undo.actor, undone_at = now() from undo, unnest(?::int[], ?::bytea[]) as t (n, facts) where l.plan_id = undo.plan and l.n = t.n", origin.actor(), plan);
        return said;
    }

    /** Whoever was archived is revived before he is put back. */
    private static List<Done> ordered(List<Done> lines) {
        List<Done> ordered = new ArrayList<>(lines);
        ordered.sort(java.util.Comparator.comparing((Done line) -> !line.sentence().startsWith("archive user ")));
        return ordered;
    }

    private static Inverse.Answer answer(Inverse inverse, Done line) {
        return Sentences.read(line.sentence()).map(change -> inverse.of(change, line.before())).orElseGet(() -> new Inverse.Answer.Cannot("the bridge cannot read it back"));
    }

    private Set<String> there(List<Done> lines) {
        List<String> named = lines.stream().flatMap(line -> Sentences.read(line.sentence()).flatMap(Change::place).stream()).map(Folded::of).distinct().toList();
        return Set.copyOf(sql.rows("select name_folded from workspace where status = 'active' and name_folded = any(?::text[])", (rs, n) -> rs.getString(1), named));
    }

    /** Sources that have him as active and are heard, but for this one. */
    private Set<SourceName> others(UUID person, String source, Rules rules) {
        return sql.rows("select distinct a.source from link l join account a on a.id = l.account_id where l.person_id = ? and a.source <> ? and a.gone_at is null and a.standing in ('IN', 'IN_IF_PLACED')",
                (rs, n) -> new SourceName(rs.getString(1)), person, source).stream().filter(other -> rules.organisation().rule(other).mode() != Organisation.Mode.OBSERVE).collect(Collectors.toSet());
    }

    private String source(long plan) {
        return sql.row("select source from plan where id = ?", (rs, n) -> rs.getString(1), plan).orElseThrow();
    }

    private static String sentence(List<Done> lines, int n) {
        return lines.stream().filter(line -> line.n() == n).findFirst().orElseThrow().sentence();
    }

    private static String refusal(PersonPlan checked, Change change) {
        return checked.refused().stream().filter(why -> why.startsWith(change.sentence())).findFirst().orElse(change.sentence() + " was refused");
    }
}
