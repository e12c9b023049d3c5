package io.identitybridge.store;

import io.identitybridge.model.Controls;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Which account is whose, on an operator's word. Everybody it touches is due then; whom it leaves without an account is archived in the same transaction. */
public final class Linkage {
    private final Sql sql;
    private final TransactionTemplate transactions;

    public Linkage(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** An account as an operator knows it, with whose it is. */
    private record Held(UUID id, SourceName source, String name, Optional<UUID> person) {
    }

    /**
     * What was done.
     *
     * @param accounts who is to be converged
     */
    public record Done(List<String> sentences, Map<SourceName, Set<UUID>> accounts) {
    }

    /** The account is this person's. */
    public Done link(UUID account, UUID person, String reason, Origin origin, Rules rules) {
        return transactions.execute(tx -> {
            Step step = new Step(origin, rules, reason);
            Held held = step.take(account);
            step.move(held, person);
            return step.done();
        });
    }

    /** The account is not this person's: it becomes somebody else. One that is nobody's is not his who has its address now. */
    public Done unlink(UUID account, String reason, Origin origin, Rules rules) {
        return transactions.execute(tx -> {
            Step step = new Step(origin, rules, reason);
            Held held = step.take(account);
            UUID person = held.person().or(() -> namesake(account)).orElseThrow(() -> new Controls.Refused(held.name() + " is nobody's: there is nothing to unlink"));
            PersonNow now = step.hand.lock(List.of(person)).get(person);
            if (held.person().isPresent() && step.others(person, account).isEmpty()) {
                throw new Controls.Refused(held.name() + " is the only account of " + now.email() + ", and nobody would be left to say whether he is there; link it to whose it is, or revoke him");
            }
            held.person().ifPresent(his -> step.linesStay(account, his));
            sql.run("delete from link where account_id = ?", account);
            sql.run("insert into unlinked (account_id, person_id, by) values (?, ?, ?) on conflict do nothing", account, person, origin.actor());
            step.say(person, held.source(), "unlink " + held.name() + " from " + now.email());
            return step.done();
        });
    }

    private Optional<UUID> namesake(UUID account) {
        return sql.row("select p.id from account a join person p on p.email_folded = lower(normalize(a.email)) where a.id = ? and p.status = 'active'", (rs, n) -> rs.getObject(1, UUID.class), account);
    }

    /** The account goes by another id at its IdP. Gives what was done. */
    public Done anchor(UUID account, String id, String reason, Origin origin, Rules rules) {
        return transactions.execute(tx -> {
            Step step = new Step(origin, rules, reason);
            Held held = step.take(account);
            Optional<UUID> there = sql.row("select id from account where source = ? and external_id = ? and gone_at is null", (rs, n) -> rs.getObject(1, UUID.class), held.source().value(), id);
            if (there.filter(account::equals).isPresent()) {
                throw new Controls.Refused(held.name() + " is known by that id already");
            }
            there.ifPresentOrElse(other -> step.replace(held, step.take(other)), () -> {
                sql.run("update account set external_id = ?, pushed = case when jsonb_exists(pushed, 'externalId') then jsonb_set(pushed, '{externalId}', to_jsonb(?::text)) else pushed end, pulled_hash = null, missing_since = null, missing_run = null, version = version + 1, changed_at = now() where id = ?", id, id, account);
                step.say(held.person().orElse(null), held.source(), "re-anchor " + held.name() + " to " + id);
            });
            return step.done();
        });
    }

    /** One such word, under the locks it has taken so far. */
    private final class Step {
        private final Origin origin;
        private final Rules rules;
        private final String reason;
        private final ByHand hand;
        private final List<String> sentences = new ArrayList<>();
        private final Set<UUID> due = new LinkedHashSet<>();

        Step(Origin origin, Rules rules, String reason) {
            this.origin = origin;
            this.rules = rules;
            this.reason = reason;
            this.hand = new ByHand(sql, rules, origin);
        }

        /** An account under its lock, and due before any person is locked, as a convergence has it; with all whom the word may touch. */
        Held take(UUID account) {
            sql.rows("select 1 from account where id = ? for no key update", (rs, n) -> 0, account);
            due(List.of(account));
            Held held = sql.row("select a.source, a.source || ' ' || coalesce(a.external_id, a.id::text), l.person_id from account a left join link l on l.account_id = a.id where a.id = ?",
                    (rs, n) -> new Held(account, new SourceName(rs.getString(1)), rs.getString(2), Sql.uuid(rs, "person_id")), account).orElseThrow();
            held.person().ifPresent(person -> due(others(person, account)));
            return held;
        }

        void move(Held held, UUID person) {
            if (held.person().filter(person::equals).isPresent()) {
                throw new Controls.Refused(held.name() + " is his already");
            }
            due(others(person, held.id()));
            List<UUID> both = new ArrayList<>(List.of(person));
            held.person().ifPresent(both::add);
            Map<UUID, PersonNow> people = hand.lock(both);
            held.person().ifPresent(before -> linesStay(held.id(), before));
            sql.run("delete from unlinked where account_id = ? and person_id = ?", held.id(), person);
            sql.run("insert into link (account_id, person_id, source, linked_by) values (?, ?, ?, ?) on conflict (account_id) do update set person_id = excluded.person_id, linked_by = excluded.linked_by, at = now()",
                    held.id(), person, held.source().value(), origin.actor());
            say(person, held.source(), "link " + held.name() + " to " + people.get(person).email());
            held.person().ifPresent(before -> {
                hand.note(before, held.source().value(), "link " + held.name() + " to " + people.get(person).email() + ", no longer to " + people.get(before).email() + ": " + reason);
                left(before, people.get(before), held);
            });
        }

        /** The account that has come under the new id takes the place of the one that has been there. */
        void replace(Held before, Held after) {
            before.person().filter(person -> !after.person().equals(Optional.of(person))).ifPresent(person -> move(after, person));
            Facts facts = new Facts(sql);
            Instant now = sql.row("select now()", (rs, n) -> rs.getTimestamp(1).toInstant()).orElseThrow();
            facts.write(List.of(facts.byId(List.of(before.id())).get(before.id()).gone(now, Standing.LEFT)), new Trigger(origin.origin(), Optional.empty()));
            say(before.person().orElse(null), before.source(), "re-anchor " + before.name() + " to " + after.name() + ", which has taken its place");
        }

        /** What waits or was rejected is the person's, whoever's the account is by now: his other accounts go on with it. */
        private void linesStay(UUID account, UUID person) {
            Optional<UUID> heir = sql.row("select l.account_id from link l join account a on a.id = l.account_id where l.person_id = ? and l.account_id <> ? order by a.gone_at is not null, l.account_id limit 1", (rs, n) -> rs.getObject(1, UUID.class), person, account);
            heir.ifPresentOrElse(other -> sql.run("update plan_line set account_id = ?, person_id = ? where account_id = ? and status in ('held', 'rejected')", other, person, account),
                    () -> {
                        sql.run("update plan_line set status = 'stale', at = now() where account_id = ? and status in ('held', 'rejected')", account);
                        new HeldPlans(sql).close(List.of(account));
                    });
        }

        /** Whom no account is left to is archived: nobody would ever say that he has gone. */
        private void left(UUID person, PersonNow now, Held held) {
            if (others(person, held.id()).isEmpty()) {
                Wish wish = new Wish.Leaver(Optional.empty(), "linked away");
                PersonPlan plan = hand.checked(now, new Planner(rules.organisation()).plan(Optional.of(now), wish));
                if (!plan.refused().isEmpty()) {
                    throw new Controls.Refused("nothing would be left of " + now.email() + ", and that is refused: " + String.join("; ", plan.refused()));
                }
                sentences.addAll(hand.write(person, now, plan, wish, held.source().value()));
            }
        }

        /** His other accounts that are not gone. */
        List<UUID> others(UUID person, UUID account) {
            return sql.rows("select l.account_id from link l join account a on a.id = l.account_id where l.person_id = ? and l.account_id <> ? and a.gone_at is null order by 1", (rs, n) -> rs.getObject(1, UUID.class), person, account);
        }

        void say(UUID person, SourceName source, String what) {
            hand.note(person, source.value(), what + ": " + reason);
            sentences.add(what);
        }

        private void due(List<UUID> accounts) {
            new Facts(sql).due(accounts, id -> new Trigger(origin.origin(), Optional.empty()));
            due.addAll(accounts);
        }

        Done done() {
            Map<SourceName, Set<UUID>> bySource = new java.util.TreeMap<>();
            sql.rows("select source, id from account where id = any(?::uuid[]) order by id", (rs, n) -> bySource.computeIfAbsent(new SourceName(rs.getString(1)), source -> new LinkedHashSet<>()).add(rs.getObject(2, UUID.class)), due);
            return new Done(List.copyOf(sentences), bySource);
        }
    }
}
