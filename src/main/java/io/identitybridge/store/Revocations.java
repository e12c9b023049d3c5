package io.identitybridge.store;

import io.identitybridge.model.Controls;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Planner;
import io.identitybridge.plan.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** People whom an operator has ended at once, until he lifts it. The word is about the person: a new account of his meets it, too. */
public final class Revocations {
    private static final String DUE = "insert into due (account_id, source, cause) select account_id, source, ? from link where person_id = ? order by account_id on conflict (account_id) do update set at = now()";
    private final Sql sql;
    private final TransactionTemplate transactions;

    public Revocations(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** Archives him now, whatever waits or is spent, and keeps him so; gives the sentences. Refused where the last hop would. */
    public List<String> revoke(UUID person, String reason, Origin origin, Rules rules) {
        return transactions.execute(tx -> {
            sql.run(DUE, origin.origin(), person); // before his lock, as a convergence has it
            ByHand hand = new ByHand(sql, rules, origin);
            PersonNow now = hand.lock(List.of(person)).get(person);
            revoked(person).ifPresent(by -> {
                throw new Controls.Refused(now.email() + " is revoked already, by " + by);
            });
            if (!now.owned()) {
                throw new Controls.Refused(now.email() + " was made by hand or is protected: the bridge does not end him");
            }
            Wish wish = new Wish.Leaver(Optional.empty(), "revoked");
            PersonPlan plan = hand.checked(now, new Planner(rules.organisation()).plan(Optional.of(now), wish));
            if (!plan.refused().isEmpty()) {
                throw new Controls.Refused(String.join("; ", plan.refused()));
            }
            sql.run("update person set revoked_at = now(), revoked_by = ?, revoked_why = ?, changed_at = now() where id = ?", origin.actor(), reason, person);
            List<String> done = new ArrayList<>(List.of("revoke " + now.email()));
            hand.note(person, null, "revoke " + now.email() + ": " + reason);
            done.addAll(hand.write(person, now, plan, wish, null));
            return done;
        });
    }

    /**
     * The person who would come in by these accounts of one human, archived from the start, so that an operator can revoke him before any source places him. The oldest of
     * each source is linked to him; another one of that source stays a letter, as it would have been. Where his address is somebody else's already, it stays there.
     */
    public UUID comer(List<UUID> accounts, Origin origin) {
        return transactions.execute(tx -> {
            sql.run("insert into due (account_id, source, cause) select id, source, ? from account where id = any(?::uuid[]) order by id on conflict (account_id) do update set at = now()", origin.origin(), accounts); // a convergence that is at it ends first
            Optional<UUID> meanwhile = sql.rows("select person_id from link where account_id = any(?::uuid[]) order by at limit 1", (rs, n) -> rs.getObject(1, UUID.class), accounts).stream().findFirst();
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            UUID person = Ids.next();
            sql.run("insert into person (id, email, email_folded, user_name, display_name, person_key, status, archived_at, freed)"
                    + " select ?, a.email, lower(normalize(a.email)), a.mapped_name, coalesce(a.display_name, a.mapped_name), a.person_key, 'archived', now(),"
                    + " exists (select 1 from person p where p.email_folded = lower(normalize(a.email)) and not p.freed) from account a where a.id = ?", person, accounts.getFirst());
            sql.run("insert into link (account_id, person_id, source, linked_by) select distinct on (source) id, ?, source, ? from account where id = any(?::uuid[]) order by source, created_at, id", person, origin.actor(), accounts);
            return person;
        });
    }

    /** Takes it back: what his accounts say counts again. Gives his e-mail. */
    public String lift(UUID person, String reason, Origin origin, Rules rules) {
        return transactions.execute(tx -> {
            sql.run(DUE, origin.origin(), person);
            ByHand hand = new ByHand(sql, rules, origin);
            String email = hand.lock(List.of(person)).get(person).email();
            if (revoked(person).isEmpty()) {
                throw new Controls.Refused(email + " is not revoked");
            }
            sql.run("update person set revoked_at = null, revoked_by = null, revoked_why = null, changed_at = now() where id = ?", person);
            hand.note(person, null, "lift the revocation of " + email + ": " + reason);
            return email;
        });
    }

    private Optional<String> revoked(UUID person) {
        return sql.row("select revoked_by from person where id = ? and revoked_at is not null", (rs, n) -> rs.getString(1), person);
    }
}
