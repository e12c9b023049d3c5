package io.identitybridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Change;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InverseTest {
    private static final String ADA = "ada@acme.com";
    private static final Grant MEMBER = new Grant(new SourceName("okta"), "group:1", "Sales", Role.MEMBER, "mappings/okta.yaml:26");
    private static final Inverse.Before WAS_MEMBER = new Inverse.Before(Optional.of("member"), List.of(MEMBER));
    private static final Inverse.Before NOTHING = new Inverse.Before(Optional.empty(), List.of());
    private final Organisation organisation = Some.organisation();

    @Test
    void somebody_archived_is_revived_and_put_back_where_he_was() {
        Inverse inverse = of(person(false, Map.of()));
        assertThat(inverse.of(new Change.ArchiveUser(ADA), NOTHING)).isEqualTo(new Inverse.Answer.Undone(new Change.ReviveUser(ADA)));
        assertThat(inverse.of(new Change.Remove(ADA, "Sales"), WAS_MEMBER)).isEqualTo(new Inverse.Answer.Undone(new Change.Add(ADA, "Sales", Role.MEMBER)));
        assertThat(inverse.plan().lines()).extracting(Line::sentence).containsExactly("revive user " + ADA, "add " + ADA + " to Sales as member");
        assertThat(inverse.plan().grants()).containsEntry("sales", List.of(MEMBER));
    }

    @Test
    void what_he_lost_by_an_archive_that_stays_is_not_given_back() {
        assertThat(why(of(person(false, Map.of())).of(new Change.Remove(ADA, "Sales"), WAS_MEMBER))).isEqualTo("he stays archived");
    }

    @Test
    void roles_go_back_only_where_nobody_has_changed_them_since() {
        PersonNow now = person(true, Map.of("sales", new PersonNow.MembershipNow("Sales", Role.MANAGER, true, List.of())));
        assertThat(of(now).of(new Change.Raise(ADA, "Sales", Role.MEMBER, Role.MANAGER), WAS_MEMBER)).isEqualTo(new Inverse.Answer.Undone(new Change.Lower(ADA, "Sales", Role.MANAGER, Role.MEMBER)));
        assertThat(why(of(now).of(new Change.Raise(ADA, "Sales", Role.MEMBER, Role.ADMIN), WAS_MEMBER))).contains("has changed since");
        assertThat(of(now).of(new Change.SetOrgRole(ADA, OrgRole.MEMBER, OrgRole.MEMBER), new Inverse.Before(Optional.of("admin"), List.of()))).isEqualTo(new Inverse.Answer.Undone(new Change.SetOrgRole(ADA, OrgRole.MEMBER, OrgRole.ADMIN)));
    }

    @Test
    void whoever_was_created_is_archived_with_all_he_has() {
        Inverse inverse = of(person(true, Map.of("sales", new PersonNow.MembershipNow("Sales", Role.MEMBER, true, List.of(MEMBER)))));
        inverse.of(new Change.Add(ADA, "Sales", Role.MEMBER), NOTHING);
        assertThat(inverse.of(new Change.CreateUser(ADA), NOTHING)).isEqualTo(new Inverse.Answer.Undone(new Change.ArchiveUser(ADA)));
        assertThat(inverse.plan().lines()).extracting(Line::sentence).containsExactly("remove " + ADA + " from Sales", "archive user " + ADA);
    }

    @Test
    void what_another_source_gives_him_as_well_by_now_is_not_taken_with_it() {
        Grant keycloak = new Grant(new SourceName("keycloak"), "group:9", "Sales", Role.MANAGER, "mappings/keycloak.yaml:9");
        PersonNow now = person(true, Map.of("sales", new PersonNow.MembershipNow("Sales", Role.MANAGER, true, List.of(MEMBER, keycloak))));
        assertThat(why(others(now).of(new Change.CreateUser(ADA), NOTHING))).isEqualTo("keycloak has him as well by now; end him there, or revoke him");
        assertThat(why(others(now).of(new Change.Add(ADA, "Sales", Role.MANAGER), NOTHING))).isEqualTo("keycloak gives him that workspace as well by now");
        assertThat(why(others(now).of(new Change.Raise(ADA, "Sales", Role.MEMBER, Role.MANAGER), WAS_MEMBER))).isEqualTo("keycloak gives him that workspace as well by now");
        assertThat(others(now).of(new Change.Raise(ADA, "Sales", Role.MEMBER, Role.MANAGER), new Inverse.Before(Optional.of("member"), List.of(MEMBER, keycloak)))).as("it did before").isInstanceOf(Inverse.Answer.Undone.class);
    }

    private Inverse others(PersonNow now) {
        return new Inverse(organisation, new LastHop(organisation, LocalDate.of(2026, 11, 25)), now, Set.of("sales"), Set.of(new SourceName("keycloak")));
    }

    @Test
    void what_cannot_be_undone_is_said_with_its_reason() {
        assertThat(why(of(person(true, Map.of())).of(new Change.ArchiveUser(ADA), NOTHING))).contains("active again already");
        assertThat(why(of(person(true, Map.of())).of(new Change.Remove(ADA, "Sales"), NOTHING))).contains("was not kept");
        assertThat(why(of(person(true, Map.of())).of(new Change.Remove(ADA, "Gone"), new Inverse.Before(Optional.of("member"), List.of(MEMBER))))).contains("is not there any more");
        assertThat(why(of(person(true, Map.of())).of(new Change.ArchiveWorkspace("Sales"), NOTHING))).contains("does not come back");
        assertThat(why(of(person(true, Map.of())).of(new Change.RenameUser("x@acme.com", "y@acme.com"), NOTHING))).contains("called otherwise");
    }

    private static String why(Inverse.Answer answer) {
        return ((Inverse.Answer.Cannot) answer).why();
    }

    private Inverse of(PersonNow now) {
        return new Inverse(organisation, new LastHop(organisation, LocalDate.of(2026, 11, 25)), now, Set.of("sales"));
    }

    private static PersonNow person(boolean active, Map<String, PersonNow.MembershipNow> memberships) {
        return new PersonNow(ADA, ADA, "Ada", OrgRole.MEMBER, active, true, memberships);
    }
}
