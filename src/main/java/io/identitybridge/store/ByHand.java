package io.identitybridge.store;

import io.identitybridge.model.Organisation;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Wish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Writes what an operator's word makes of one person: past the guard, and not past the last hop. Within a transaction, under the person's lock. */
final class ByHand {
    private final Sql sql;
    private final Rules rules;
    private final Origin origin;

    ByHand(Sql sql, Rules rules, Origin origin) {
        this.sql = sql;
        this.rules = rules;
        this.origin = origin;
    }

    /** These people as they are, under their locks. */
    Map<UUID, PersonNow> lock(List<UUID> people) {
        sql.rows("select id from person where id = any(?::uuid[]) order by id for no key update", (rs, n) -> 0, people);
        return new People(sql, rules).of(people, true);
    }

    /** The plan without what is protected, or would end the last owner; what is refused stands in it. */
    PersonPlan checked(PersonNow now, PersonPlan plan) {
        long owners = sql.number("select count(*) from (select id from person where org_role = 'owner' and status = 'active' order by id for no key update) owners");
        return rules.lastHop().check(plan, Optional.of(now), owners);
    }

    /** Does a checked plan; gives its sentences. */
    List<String> write(UUID person, PersonNow now, PersonPlan plan, Wish wish, String source) {
        Subject subject = new Subject(person, Optional.of(now), List.of(), Map.of(), List.of(), List.of(), List.of(), Optional.empty());
        Deeds deeds = new Deeds(new Workspaces(sql, false), rules.organisation());
        List<String> done = deeds.take(new Proposal(subject, person, wish, List.of(), plan, plan.refused(), List.of(), false, Set.of()), new Split(plan.lines(), plan.grants(), Map.of()), origin);
        Script script = new Script(sql);
        deeds.write(script, origin, source, rules.setHash(), rules.publishes());
        deeds.wake(script);
        script.send();
        return done;
    }

    /** Notes something about a person that is no change of him. */
    void note(UUID person, String source, String what) {
        sql.run("insert into audit (actor, via, source, origin, person_id, set_hash, changes) values (?, ?, ?, ?, ?, ?, array[?])", origin.actor(), origin.via(), source, origin.origin(), person, rules.setHash(), what);
    }
}
