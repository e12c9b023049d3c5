package io.identitybridge.plan;

import static io.identitybridge.plan.Some.ENTRA;
import static io.identitybridge.plan.Some.OKTA;
import static io.identitybridge.plan.Some.account;
import static io.identitybridge.plan.Some.grant;
import static io.identitybridge.plan.Some.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Account;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Role;
import io.identitybridge.model.Standing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the accounts of one person come to. */
class WishesTest {
    private final Wishes wishes = new Wishes(Some.organisation());

    @Test
    void somebody_active_in_any_source_is_a_member() {
        Wished wished = wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.LEFT), account(new io.identitybridge.model.SourceName("lab"), "ada@acme.com", Standing.IN)));
        assertThat(wished.wish()).isInstanceOf(Wish.Member.class);
    }

    @Test
    void somebody_whom_every_source_lets_go_leaves() {
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.LEFT))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void somebody_no_longer_admitted_is_never_let_go_at_once() {
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.OUT_OF_SCOPE))).wish()).isInstanceOfSatisfying(Wish.Leaver.class, leaver -> assertThat(leaver.outOfScope()).contains("okta no longer admits him"));
    }

    @Test
    void whoever_has_left_elsewhere_waits_only_for_a_source_that_has_admitted_him_and_not_let_him_go() {
        Account out = account(ENTRA, "ada@acme.com", Standing.OUT_OF_SCOPE);
        Account letGo = new Account(out.id(), ENTRA, out.user(), Standing.OUT_OF_SCOPE, Standing.LEFT, false, false, List.of());
        Account left = account(OKTA, "ada@acme.com", Standing.LEFT);
        assertThat(wishes.of(List.of(left, out)).wish()).isInstanceOfSatisfying(Wish.Leaver.class, leaver -> assertThat(leaver.outOfScope()).contains("entra no longer admits him"));
        assertThat(wishes.of(List.of(left, letGo)).wish()).isInstanceOfSatisfying(Wish.Leaver.class, leaver -> assertThat(leaver.outOfScope()).isEmpty());
        assertThat(wishes.of(List.of(letGo)).wish()).as("nobody says that he has left").isInstanceOfSatisfying(Wish.Leaver.class, leaver -> assertThat(leaver.outOfScope()).isPresent());
    }

    @Test
    void a_source_has_let_somebody_go_once_an_operator_has_approved_that_he_loses_the_last_that_it_gave() {
        PersonNow ada = person("ada@acme.com", OrgRole.MEMBER, true, grant(OKTA, "Sales", Role.MEMBER), grant(ENTRA, "Labs", Role.MEMBER), grant(ENTRA, "Depot", Role.MEMBER));
        Wish.Member wish = (Wish.Member) wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.IN, grant(OKTA, "Sales", Role.MEMBER)), account(ENTRA, "ada@acme.com", Standing.OUT_OF_SCOPE))).wish();
        PersonPlan plan = new Planner(Some.organisation()).plan(java.util.Optional.of(ada), wish);
        assertThat(plan.lines()).extracting(Line::sentence).containsExactly("remove ada@acme.com from Depot", "remove ada@acme.com from Labs");
        assertThat(letGo(wish, ada, approving(plan))).as("nothing approved").isEmpty();
        assertThat(letGo(wish, ada, approving(plan, "remove ada@acme.com from Labs"))).as("Depot is left").isEmpty();
        assertThat(letGo(wish, ada, approving(plan, "remove ada@acme.com from Labs", "remove ada@acme.com from Depot"))).containsExactly(ENTRA);
    }

    @Test
    void whom_an_operator_archives_because_a_source_no_longer_admits_him_is_let_go_there() {
        PersonNow ada = person("ada@acme.com", OrgRole.MEMBER, true, grant(ENTRA, "Labs", Role.MEMBER));
        Wish wish = wishes.of(List.of(account(ENTRA, "ada@acme.com", Standing.OUT_OF_SCOPE))).wish();
        PersonPlan plan = new Planner(Some.organisation()).plan(java.util.Optional.of(ada), wish);
        assertThat(letGo(wish, ada, approving(plan, "remove ada@acme.com from Labs"))).isEmpty();
        assertThat(letGo(wish, ada, approving(plan, "remove ada@acme.com from Labs", "archive user ada@acme.com"))).containsExactly(ENTRA);
    }

    private static Set<io.identitybridge.model.SourceName> letGo(Wish wish, PersonNow before, Split split) {
        return wish.letGo(before, split, Set.of(ENTRA));
    }

    private static Split approving(PersonPlan plan, String... sentences) {
        UUID ada = UUID.randomUUID();
        return Split.of(plan, ada, Guard.approved(OKTA, "approve", Stream.of(sentences).map(sentence -> new ApprovedPlan.Allowed(ada, sentence)).collect(Collectors.toSet())));
    }

    @Test
    void somebody_whose_record_is_unreadable_stays_as_he_is() {
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.KEPT))).wish()).isInstanceOf(Wish.AsIs.class);
        assertThat(wishes.of(List.of()).wish()).isInstanceOf(Wish.AsIs.class);
    }

    @Test
    void admitted_only_if_placed_is_in_with_a_place_and_out_without() {
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.IN_IF_PLACED, grant(OKTA, "Sales", Role.MEMBER)))).wish()).isInstanceOf(Wish.Member.class);
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.IN_IF_PLACED))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void a_domain_that_may_not_become_a_member_is_a_letter_and_brings_nothing_new() {
        Wished wished = wishes.of(List.of(account(OKTA, "eve@elsewhere.example", Standing.IN)));
        assertThat(wished.wish()).isEqualTo(new Wish.Fading(List.of(), Set.of(), java.util.Optional.empty()));
        assertThat(wished.problems()).extracting(Problem::sentence).containsExactly("user oktaeve@elsewhere.example: email: domain 'elsewhere.example' may not become a member (portkey.yaml: domains)");
    }

    @Test
    void an_account_that_a_bound_silences_has_no_say_over_a_leaver() {
        assertThat(wishes.of(List.of(account(OKTA, "eve@elsewhere.example", Standing.IN), account(ENTRA, "eve@acme-labs.io", Standing.LEFT))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void no_source_gives_more_than_it_may() {
        Wished wished = wishes.of(List.of(account(ENTRA, "ada@acme-labs.io", Standing.IN, List.of("Owner"), grant(ENTRA, "Sales", Role.MEMBER), grant(ENTRA, "Subsidiary Sales", Role.ADMIN), grant(ENTRA, "Subsidiary Sales", Role.MANAGER))));
        assertThat(wished.wish()).isInstanceOfSatisfying(Wish.Member.class, member -> {
            assertThat(member.orgRole()).isEqualTo(OrgRole.MEMBER);
            assertThat(member.grants()).extracting(Grant::workspace, Grant::role).containsExactly(org.assertj.core.groups.Tuple.tuple("Subsidiary Sales", Role.MANAGER));
        });
        assertThat(wished.refused()).hasSize(3);
    }

    @Test
    void two_sources_that_disagree_about_the_organisation_role_give_the_lowest_with_a_finding() {
        io.identitybridge.model.SourceName lab = new io.identitybridge.model.SourceName("lab");
        Wished wished = wishes.of(List.of(account(OKTA, "ada@acme.com", Standing.IN, List.of("owner")), account(lab, "ada@acme.com", Standing.IN, List.of("member"))));
        assertThat(wished.wish()).isInstanceOfSatisfying(Wish.Member.class, member -> assertThat(member.orgRole()).isEqualTo(OrgRole.MEMBER));
        assertThat(wished.refused()).hasSize(1).first().asString().contains("sources disagree");
    }

    @Test
    void an_authority_that_only_gives_no_place_archives_nobody_whom_another_source_places() {
        Wishes okta = new Wishes(Some.organisation("authority: []", "authority: [okta]"));
        io.identitybridge.model.SourceName lab = new io.identitybridge.model.SourceName("lab");
        assertThat(okta.of(List.of(account(OKTA, "ada@acme.com", Standing.IN_IF_PLACED), account(lab, "ada@acme.com", Standing.IN))).wish()).isInstanceOf(Wish.Member.class);
        assertThat(okta.of(List.of(account(OKTA, "ada@acme.com", Standing.IN_IF_PLACED), account(lab, "ada@acme.com", Standing.LEFT))).wish()).isInstanceOf(Wish.Leaver.class);
        assertThat(okta.of(List.of(account(OKTA, "ada@acme.com", Standing.LEFT), account(lab, "ada@acme.com", Standing.IN))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void with_an_authority_the_first_listed_source_that_knows_the_person_decides() {
        Wishes okta = new Wishes(Some.organisation("authority: []", "authority: [okta]"));
        io.identitybridge.model.SourceName lab = new io.identitybridge.model.SourceName("lab");
        assertThat(okta.of(List.of(account(OKTA, "ada@acme.com", Standing.LEFT), account(lab, "ada@acme.com", Standing.IN))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void what_a_source_says_that_only_observes_changes_nobody_by_another_ones_change() {
        io.identitybridge.model.Organisation observes = Some.organisation("entra: {mode: propose,", "entra: {mode: observe,");
        Wishes wishes = new Wishes(observes, java.util.Optional.of(OKTA));
        Grant own = grant(OKTA, "Sales", Role.MEMBER);
        Grant theirs = grant(ENTRA, "Subsidiary Sales", Role.MANAGER);
        assertThat(new Planner(observes).plan(java.util.Optional.empty(), wishes.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.IN, own), account(ENTRA, "eve@acme-labs.io", Standing.IN, theirs))).wish()).lines())
                .extracting(Line::sentence).containsExactly("create user ada@acme-labs.io", "add ada@acme-labs.io to Sales as member");
        Wished left = wishes.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.LEFT), account(ENTRA, "ada@acme-labs.io", Standing.IN, theirs)));
        assertThat(left.of(java.util.Optional.of(person("ada@acme-labs.io", OrgRole.MEMBER, true, own, theirs))).wish()).as("there he stays as he is, and here he has left").isInstanceOfSatisfying(Wish.Fading.class, fading -> assertThat(fading.grants()).containsExactly(theirs));
        assertThat(left.of(java.util.Optional.of(person("ada@acme-labs.io", OrgRole.MEMBER, true, own))).wish()).as("who has nothing of the source that only observes is not kept by it").isInstanceOf(Wish.Leaver.class);
        assertThat(wishes.of(List.of(account(ENTRA, "ada@acme-labs.io", Standing.IN, theirs))).of(java.util.Optional.of(person("ada@acme-labs.io", OrgRole.MEMBER, true, own))).wish()).as("nobody says that he left").isInstanceOf(Wish.Fading.class);
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.IN, List.of("admin")), account(ENTRA, "ada@acme-labs.io", Standing.IN, List.of("member")))).wish()).as("nor does it lower his role").isInstanceOfSatisfying(Wish.Member.class, member -> assertThat(member.orgRole()).isEqualTo(OrgRole.ADMIN));
        assertThat(wishes.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.LEFT), account(ENTRA, "ada@acme-labs.io", Standing.LEFT))).wish()).as("a leaver is kept by nobody").isInstanceOf(Wish.Leaver.class);
        assertThat(new Words(observes).of(Words.Field.EMAIL, List.of(account(OKTA, "ada@acme.com", Standing.IN), account(ENTRA, "eve@acme-labs.io", Standing.IN)))).hasValueSatisfying(word -> {
            assertThat(word.by().source()).isEqualTo(OKTA);
            assertThat(word.lost()).extracting(Words.Lost::why).containsExactly("its source only observes (portkey.yaml)");
        });
        Wishes led = new Wishes(Some.organisation("authority: []", "authority: [entra]", "entra: {mode: propose,", "entra: {mode: observe,"), java.util.Optional.of(OKTA));
        assertThat(led.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.IN), account(ENTRA, "ada@acme-labs.io", Standing.LEFT))).wish()).as("neither ended nor brought back").isInstanceOf(Wish.AsIs.class);
        assertThat(led.of(List.of(account(OKTA, "ada@acme-labs.io", Standing.LEFT), account(ENTRA, "ada@acme-labs.io", Standing.LEFT))).wish()).isInstanceOf(Wish.Leaver.class);
    }

    @Test
    void the_order_of_accounts_means_nothing() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<io.identitybridge.model.SourceName> sources = List.of(OKTA, ENTRA, new io.identitybridge.model.SourceName("lab"), new io.identitybridge.model.SourceName("keycloak"));
        for (int round = 0; round < 500; round++) {
            List<io.identitybridge.model.Account> accounts = new ArrayList<>();
            for (io.identitybridge.model.SourceName source : sources) {
                Standing standing = Standing.values()[random.nextInt(Standing.values().length)];
                accounts.add(account(source, "ada@acme.com", standing, List.of(random.nextBoolean() ? "admin" : "member"), grant(source, "Sales", Role.values()[random.nextInt(3)])));
            }
            String first = wishes.of(accounts).wish().fingerprint();
            Collections.shuffle(accounts, random);
            assertThat(wishes.of(accounts).wish().fingerprint()).isEqualTo(first);
        }
    }
}
