package io.identitybridge.plan;

import static io.identitybridge.plan.Some.OKTA;
import static io.identitybridge.plan.Some.grant;
import static io.identitybridge.plan.Some.person;
import static io.identitybridge.plan.Some.sentences;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Wishes minus deeds, one sentence a change. */
class PlannerTest {
    private final Planner planner = new Planner(Some.organisation());

    @Test
    void a_newcomer_is_created_with_role_and_workspaces() {
        assertThat(sentences(planner.plan(Optional.empty(), member(OrgRole.ADMIN, grant(OKTA, "Sales", Role.MANAGER))))).containsExactly("create user ada@acme.com", "make ada@acme.com organisation admin", "add ada@acme.com to Sales as manager");
    }

    @Test
    void what_is_as_wished_changes_nothing() {
        Grant sales = grant(OKTA, "Sales", Role.MEMBER);
        assertThat(planner.plan(Optional.of(person("ada@acme.com", OrgRole.MEMBER, true, sales)), member(OrgRole.MEMBER, sales)).changesNothing()).isTrue();
    }

    @Test
    void roles_rise_fall_and_go() {
        PersonNow now = person("ada@acme.com", OrgRole.MEMBER, true, grant(OKTA, "Sales", Role.MEMBER), grant(OKTA, "Research", Role.ADMIN), grant(OKTA, "Support", Role.MEMBER));
        assertThat(sentences(planner.plan(Optional.of(now), member(OrgRole.MEMBER, grant(OKTA, "Sales", Role.MANAGER), grant(OKTA, "Research", Role.MEMBER)))))
                .containsExactly("raise ada@acme.com in Sales from member to manager", "lower ada@acme.com in Research from admin to member", "remove ada@acme.com from Support");
    }

    @Test
    void several_reasons_give_the_highest_role_or_what_the_organisation_says() {
        List<Grant> two = List.of(grant(OKTA, "Sales", Role.MEMBER), grant(OKTA, "Sales", Role.ADMIN));
        assertThat(planner.effective(two)).contains(Role.ADMIN);
        assertThat(new Planner(Some.organisation("several-roles: highest", "several-roles: lowest")).effective(two)).contains(Role.MEMBER);
        assertThat(new Planner(Some.organisation("several-roles: highest", "several-roles: reject")).effective(two)).isEmpty();
    }

    @Test
    void a_leaver_loses_every_workspace_and_is_archived() {
        PersonPlan plan = planner.plan(Optional.of(person("ada@acme.com", OrgRole.MEMBER, true, grant(OKTA, "Sales", Role.MEMBER))), new Wish.Leaver(Optional.empty(), ""));
        assertThat(sentences(plan)).containsExactly("remove ada@acme.com from Sales", "archive user ada@acme.com");
    }

    @Test
    void somebody_made_by_hand_is_not_ended() {
        assertThat(planner.plan(Optional.of(person("ada@acme.com", OrgRole.MEMBER, false)), new Wish.Leaver(Optional.empty(), "")).lines()).isEmpty();
    }

    @Test
    void protected_people_the_last_owner_and_protected_workspaces_are_out_of_reach() {
        LastHop lastHop = new LastHop(Some.organisation(), LocalDate.of(2026, 11, 24));
        PersonNow ciso = person("ciso@acme.com", OrgRole.OWNER, true, grant(OKTA, "Sales", Role.MEMBER));
        assertThat(lastHop.check(planner.plan(Optional.of(ciso), new Wish.Leaver(Optional.empty(), "")), Optional.of(ciso), 5).lines()).isEmpty();
        PersonNow owner = person("ada@acme.com", OrgRole.OWNER, true);
        assertThat(lastHop.check(planner.plan(Optional.of(owner), new Wish.Leaver(Optional.empty(), "")), Optional.of(owner), 1).refused()).containsExactly("archive user ada@acme.com: the last owner of the organisation");
        assertThat(lastHop.check(planner.plan(Optional.of(owner), new Wish.Leaver(Optional.empty(), "")), Optional.of(owner), 2).lines()).hasSize(1);
        PersonPlan finance = lastHop.check(planner.plan(Optional.empty(), member(OrgRole.MEMBER, grant(OKTA, "Finance", Role.MEMBER), grant(OKTA, "Sales", Role.MEMBER))), Optional.empty(), 5);
        assertThat(sentences(finance)).containsExactly("create user ada@acme.com", "add ada@acme.com to Sales as member");
        assertThat(finance.refused()).hasSize(1).first().asString().contains("protected (audited by hand; portkey.yaml)");
    }

    private static Wish.Member member(OrgRole role, Grant... grants) {
        return new Wish.Member("ada@acme.com", "ada@acme.com", "ada@acme.com", role, Optional.empty(), List.of(grants), Set.of(), Set.of());
    }
}
