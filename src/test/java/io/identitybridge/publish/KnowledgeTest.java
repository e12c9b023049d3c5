package io.identitybridge.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is known of somebody while calls go out whose answers may be lost. */
class KnowledgeTest {
    private static final UUID ADA = UUID.randomUUID();
    private static final Seen.Place SALES = new Seen.Place(7, Optional.of("uuid"), "Sales", false, true, Seen.Owner.MANAGED, Optional.empty(), Optional.of("sales"));
    private static final Wanted.Person WANTED = new Wanted.Person(ADA, "ada@acme.com", "ada", "Ada", OrgRole.MEMBER, true, true, false, Wanted.Taken.NO, List.of(new Wanted.Membership(UUID.randomUUID(), "Sales", Role.ADMIN, Optional.of(SALES), false)));
    private static final Step.Add ADD = new Step.Add("u1", SALES, Role.ADMIN);

    @Test
    void a_membership_that_was_looked_for_in_vain_and_is_then_given_is_not_forgotten_where_the_answer_is_lost() {
        Knowledge known = known(List.of(new Seen.Row(SALES, Optional.empty(), Seen.Owner.MANAGED)));
        known.learn(List.of(new Effect.RowGone("ada@acme.com", SALES.id())));
        known.begins(ADD);
        assertThat(known.effects()).as("whose it is outlasts the lost answer").contains(new Effect.RowIs("ada@acme.com", SALES.id(), Optional.empty(), Seen.Owner.MANAGED)).noneMatch(Effect.RowGone.class::isInstance);
        assertThat(known.places()).as("and it is looked for again").contains(SALES);
    }

    @Test
    void what_is_answered_is_known_with_its_role() {
        Knowledge known = known(List.of());
        known.begins(ADD);
        known.learn(List.of(new Effect.RowIs("ada@acme.com", SALES.id(), Optional.of(Role.ADMIN), Seen.Owner.MANAGED)));
        assertThat(known.effects()).contains(new Effect.RowIs("ada@acme.com", SALES.id(), Optional.of(Role.ADMIN), Seen.Owner.MANAGED));
    }

    private static Knowledge known(List<Seen.Row> rows) {
        return new Knowledge(WANTED, Optional.of(new Seen.Person("ada@acme.com", Optional.of("u1"), Optional.empty(), Optional.of("Ada"), OrgRole.MEMBER, true, Seen.Owner.MANAGED, Optional.of(ADA), rows, Instant.EPOCH, Optional.empty())), false);
    }
}
