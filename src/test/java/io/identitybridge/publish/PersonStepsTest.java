package io.identitybridge.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Seen.Owner;
import io.identitybridge.store.TargetStage.Guarded;
import io.identitybridge.store.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PersonStepsTest {
    private static final Guarded NOBODY = new Guarded(Set.of(), Set.of());
    private static final Abilities ADMIN_API = new AdminApi(false, nobody -> java.util.Optional.empty()).abilities();
    private static final Abilities SCIM = new Abilities(false, true, true, true, true, false, false);
    private static final UUID ID = UUID.fromString("00000000-0000-7000-0000-000000000001");
    private static final Seen.Place SALES = place(1, "Sales", false, Owner.MANAGED);
    private static final Seen.Place LAB = place(2, "Lab", false, Owner.MANAGED);
    private static final Seen.Place SHARED = place(3, "Shared", true, Owner.PROTECTED);

    @Test
    void nobody_is_invited_before_the_workspaces_that_are_about_to_be_made() {
        Wanted.Person wanted = wanted(OrgRole.MEMBER, new Wanted.Membership(UUID.randomUUID(), "Sales", Role.ADMIN, Optional.empty(), true), in(LAB, Role.MEMBER));
        assertThat(of(wanted, Optional.empty())).isEqualTo(new PersonSteps(List.of(), List.of(), List.of("for workspace Sales"), true));
    }

    @Test
    void somebody_new_is_invited_with_all_his_workspaces() {
        assertThat(of(wanted(OrgRole.MEMBER, in(SALES, Role.ADMIN), in(LAB, Role.MEMBER)), Optional.empty()).steps())
                .containsExactly(new Step.Come("ada@acme.com", "ada@acme.com", "Ada", OrgRole.MEMBER, Map.of(SALES, Role.ADMIN, LAB, Role.MEMBER)));
    }

    @Test
    void nobody_is_invited_twice_while_the_invite_is_pending_and_gives_what_it_should() {
        assertThat(of(wanted(OrgRole.MEMBER, in(SALES, Role.ADMIN)), Optional.of(invited(Map.of(1L, Role.ADMIN)))).steps()).isEmpty();
        assertThat(of(wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER)), Optional.of(invited(Map.of(1L, Role.ADMIN)))).steps())
                .hasExactlyElementsOfTypes(Step.CancelInvite.class, Step.Come.class);
        assertThat(of(wanted(OrgRole.ADMIN, in(SALES, Role.ADMIN)), Optional.of(invited(Map.of(1L, Role.ADMIN)))).steps()).hasExactlyElementsOfTypes(Step.CancelInvite.class, Step.Come.class);
    }

    @Test
    void what_takes_away_comes_before_what_gives() {
        Seen.Person seen = user(OrgRole.ADMIN, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.MANAGED));
        assertThat(of(wanted(OrgRole.MEMBER, in(LAB, Role.MEMBER)), Optional.of(seen)).steps())
                .containsExactly(new Step.Remove("u1", SALES), new Step.SetRole("u1", OrgRole.MEMBER), new Step.Add("u1", LAB, Role.MEMBER));
    }

    @Test
    void a_leaver_goes_and_his_invite_with_him() {
        assertThat(of(left(), Optional.of(user(OrgRole.MEMBER, Owner.ADOPTED, row(SALES, Role.ADMIN, Owner.ADOPTED)))).steps()).containsExactly(new Step.Leave("u1"));
        assertThat(of(left(), Optional.of(invited(Map.of()))).steps()).containsExactly(new Step.CancelInvite("i1"));
        assertThat(of(left(), Optional.empty()).steps()).isEmpty();
    }

    @Test
    void nothing_is_written_of_whom_the_bridge_does_not_own() {
        for (Wanted.Person wanted : List.of(wanted(OrgRole.MEMBER), left())) {
            PersonSteps plan = of(wanted, Optional.of(user(OrgRole.ADMIN, Owner.UNMANAGED, row(SALES, Role.ADMIN, Owner.UNMANAGED))));
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.findings()).extracting(Finding::kind).containsExactly("unmanaged");
        }
        assertThat(PersonSteps.of(left(), Optional.of(user(OrgRole.MEMBER, Owner.MANAGED)), ADMIN_API, new Guarded(Set.of("ada@acme.com"), Set.of()), false).steps()).as("protected").isEmpty();
    }

    @Test
    void rows_made_by_hand_and_the_shared_workspace_are_left() {
        Seen.Person seen = user(OrgRole.MEMBER, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.UNMANAGED), row(SHARED, Role.MEMBER, Owner.MANAGED), row(LAB, Role.MEMBER, Owner.MANUAL));
        assertThat(of(wanted(OrgRole.MEMBER), Optional.of(seen)).steps()).isEmpty();
        PersonSteps other = of(wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER)), Optional.of(seen));
        assertThat(other.steps()).isEmpty();
        assertThat(other.findings()).extracting(Finding::sentence).containsExactly("a membership in Sales was made by hand as admin and should be member");
    }

    @Test
    void the_role_owner_is_neither_given_nor_taken_and_said_once() {
        PersonSteps up = of(wanted(OrgRole.OWNER), Optional.of(user(OrgRole.MEMBER, Owner.MANAGED)));
        assertThat(up.steps()).containsExactly(new Step.SetRole("u1", OrgRole.ADMIN));
        assertThat(up.findings()).hasSize(1);
        PersonSteps down = of(wanted(OrgRole.MEMBER), Optional.of(user(OrgRole.OWNER, Owner.MANAGED)));
        assertThat(down.steps()).isEmpty();
        assertThat(down.findings()).extracting(Finding::kind).containsExactly("unpublishable");
        assertThat(of(left(), Optional.of(user(OrgRole.OWNER, Owner.MANAGED))).steps()).as("an owner is never let go").isEmpty();
    }

    @Test
    void admins_get_no_rows_they_do_not_need_and_lose_none() {
        Seen.Person seen = user(OrgRole.ADMIN, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.MANAGED));
        assertThat(of(wanted(OrgRole.ADMIN, in(SALES, Role.MEMBER), in(LAB, Role.MEMBER)), Optional.of(seen)).steps()).isEmpty();
    }

    @Test
    void a_workspace_that_is_not_there_yet_is_waited_for() {
        Wanted.Person wanted = wanted(OrgRole.MEMBER, new Wanted.Membership(UUID.randomUUID(), "Sales", Role.ADMIN, Optional.empty(), false), in(LAB, Role.MEMBER));
        PersonSteps plan = of(wanted, Optional.of(user(OrgRole.MEMBER, Owner.MANAGED)));
        assertThat(plan.steps()).containsExactly(new Step.Add("u1", LAB, Role.MEMBER));
        assertThat(plan.waits()).containsExactly("for workspace Sales");
    }

    @Test
    void nobody_gets_the_user_of_who_had_his_address_before() {
        Wanted.Person heir = new Wanted.Person(ID, "ada@acme.com", "ada@acme.com", "Ada", OrgRole.MEMBER, true, true, false, Wanted.Taken.BY_LEAVER, List.of());
        assertThat(of(heir, Optional.empty())).isEqualTo(new PersonSteps(List.of(), List.of(), List.of("for his address, which is somebody else's at Portkey still"), false));
    }

    @Test
    void two_people_who_have_each_other_s_address_are_told_once_and_hold_nothing_else_back() {
        Seen.Person seen = new Seen.Person("bob@acme.com", Optional.of("u1"), Optional.empty(), Optional.empty(), OrgRole.MEMBER, true, Owner.MANAGED, Optional.of(ID), List.of(row(SALES, Role.ADMIN, Owner.MANAGED)), Instant.EPOCH);
        for (Abilities can : List.of(SCIM, ADMIN_API)) {
            PersonSteps plan = PersonSteps.of(taken(Wanted.Taken.CROSSED), Optional.of(seen), can, NOBODY, false);
            assertThat(plan.steps()).containsExactly(new Step.Remove("u1", SALES));
            assertThat(plan.waits()).containsExactly("for his address, which is somebody else's at Portkey still");
            assertThat(plan.findings()).extracting(Finding::sentence).containsExactly("two people have each other's address at Portkey, and neither can be given his own first");
        }
    }

    @Test
    void an_address_whose_holder_is_to_have_another_comes_free_by_scim_and_is_told_by_the_admin_api() {
        assertThat(PersonSteps.of(taken(Wanted.Taken.BY_RENAMED), Optional.empty(), SCIM, NOBODY, false).findings()).isEmpty();
        PersonSteps plan = of(taken(Wanted.Taken.BY_RENAMED), Optional.empty());
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.findings()).extracting(Finding::kind).containsExactly("unpublishable");
    }

    private static Wanted.Person taken(Wanted.Taken how) {
        return new Wanted.Person(ID, "ada@acme.com", "ada@acme.com", "Ada", OrgRole.MEMBER, true, true, false, how, List.of());
    }

    @Test
    void where_people_are_archived_rows_go_too_even_those_in_doubt_and_whoever_is_archived_is_revived() {
        Seen.Person seen = user(OrgRole.MEMBER, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.MANAGED), new Seen.Row(LAB, Optional.empty(), Owner.MANAGED), row(SHARED, Role.MEMBER, Owner.MANAGED));
        assertThat(PersonSteps.of(left(), Optional.of(seen), SCIM, NOBODY, false).steps()).containsExactly(new Step.Leave("u1"), new Step.Remove("u1", SALES), new Step.Remove("u1", LAB));
        Seen.Person archived = new Seen.Person("ada@acme.com", Optional.of("u1"), Optional.empty(), Optional.empty(), OrgRole.OWNER, false, Owner.MANAGED, Optional.of(ID), List.of(), Instant.EPOCH);
        assertThat(PersonSteps.of(wanted(OrgRole.MEMBER, in(SALES, Role.ADMIN)), Optional.of(archived), SCIM, NOBODY, false).steps())
                .containsExactly(new Step.Revive("u1"), new Step.SetRole("u1", OrgRole.MEMBER), new Step.Add("u1", SALES, Role.ADMIN));
    }

    @Test
    void the_last_owner_is_left_with_all_he_has_until_there_is_another() {
        Seen.Person owner = user(OrgRole.OWNER, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.MANAGED));
        for (Wanted.Person wanted : List.of(left(), wanted(OrgRole.MEMBER), wanted(OrgRole.ADMIN))) {
            PersonSteps plan = PersonSteps.of(wanted, Optional.of(owner), SCIM, NOBODY, true);
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.waits()).hasSize(1);
            assertThat(plan.findings()).extracting(Finding::kind).containsExactly("unpublishable");
            assertThat(PersonSteps.of(wanted, Optional.of(owner), SCIM, NOBODY, false).steps()).isNotEmpty();
        }
        assertThat(PersonSteps.of(wanted(OrgRole.OWNER), Optional.of(owner), SCIM, NOBODY, true).steps()).containsExactly(new Step.Remove("u1", SALES));
    }

    @Test
    void in_a_protected_workspace_nothing_is_written_and_an_invite_keeps_what_it_said_of_it() {
        Guarded sales = new Guarded(Set.of(), Set.of("sales"));
        Seen.Person admin = user(OrgRole.MEMBER, Owner.MANAGED, row(SALES, Role.ADMIN, Owner.MANAGED));
        for (Wanted.Person wanted : List.of(wanted(OrgRole.MEMBER), wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER)))) {
            PersonSteps plan = PersonSteps.of(wanted, Optional.of(admin), SCIM, sales, false);
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.findings()).isEmpty();
        }
        PersonSteps out = PersonSteps.of(wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER)), Optional.of(user(OrgRole.MEMBER, Owner.MANAGED)), ADMIN_API, sales, false);
        assertThat(out.steps()).isEmpty();
        assertThat(out.waits()).isEmpty();
        assertThat(PersonSteps.of(wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER)), Optional.of(invited(Map.of(1L, Role.ADMIN))), ADMIN_API, sales, false).steps()).isEmpty();
        assertThat(PersonSteps.of(wanted(OrgRole.MEMBER, in(SALES, Role.MEMBER), in(LAB, Role.MEMBER)), Optional.of(invited(Map.of(1L, Role.ADMIN))), ADMIN_API, sales, false).steps())
                .element(1).isEqualTo(new Step.Come("ada@acme.com", "ada@acme.com", "Ada", OrgRole.MEMBER, Map.of(SALES, Role.ADMIN, LAB, Role.MEMBER)));
        assertThat(PersonSteps.of(left(), Optional.of(admin), SCIM, sales, false).steps()).as("who leaves is taken out of all").containsExactly(new Step.Leave("u1"), new Step.Remove("u1", SALES));
    }

    private static PersonSteps of(Wanted.Person wanted, Optional<Seen.Person> seen) {
        return PersonSteps.of(wanted, seen, ADMIN_API, NOBODY, false);
    }

    private static Wanted.Person wanted(OrgRole role, Wanted.Membership... memberships) {
        return new Wanted.Person(ID, "ada@acme.com", "ada@acme.com", "Ada", role, true, true, false, Wanted.Taken.NO, List.of(memberships));
    }

    private static Wanted.Person left() {
        return new Wanted.Person(ID, "ada@acme.com", "ada@acme.com", "Ada", OrgRole.MEMBER, false, true, false, Wanted.Taken.NO, List.of());
    }

    private static Wanted.Membership in(Seen.Place place, Role role) {
        return new Wanted.Membership(UUID.randomUUID(), place.name(), role, Optional.of(place), false);
    }

    private static Seen.Person user(OrgRole role, Owner owner, Seen.Row... rows) {
        return new Seen.Person("ada@acme.com", Optional.of("u1"), Optional.empty(), Optional.empty(), role, true, owner, Optional.of(ID), List.of(rows), Instant.EPOCH);
    }

    private static Seen.Person invited(Map<Long, Role> carries) {
        return new Seen.Person("ada@acme.com", Optional.empty(), Optional.of(new Seen.Invite("i1", "pending", carries)), Optional.empty(), OrgRole.MEMBER, true, Owner.MANAGED, Optional.of(ID), List.of(), Instant.EPOCH);
    }

    private static Seen.Row row(Seen.Place place, Role role, Owner owner) {
        return new Seen.Row(place, Optional.of(role), owner);
    }

    private static Seen.Place place(long id, String name, boolean shared, Owner owner) {
        return new Seen.Place(id, Optional.of("w" + id), name, shared, true, owner, Optional.of(UUID.randomUUID()));
    }
}
